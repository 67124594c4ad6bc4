"""What the page of a case shows: tasks in groups, who has consented, the next steps, the history in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.urls import reverse

from core.access import allowed
from core.actor import Actor
from grants import queries
from grants.enums import (
    BUDGET_SECTION,
    DOCUMENTS_SECTION,
    FIXED_SECTIONS,
    LINES_SECTION,
    MEMBERS_SECTION,
    ConsentState,
    MemberState,
    PrecheckState,
    TownStatus,
)
from grants.lifecycle import APPLICATION, REPORT
from grants.models import (
    ApplicationEvent,
    Certification,
    Consent,
    Decision,
    Member,
    Precheck,
    ReturnRequest,
    SupportRequest,
)
from grants.permissions import available_actions
from grants.queries.parts import Task
from grants.views.frame import CasePage

NOT_YET = "まだ始められない"
WAITING = "確認中"
TONES: Final = {
    "未着手": ("neutral", "ring"),
    "入力中": ("info", "half"),
    "完了": ("good", "check"),
    "修正依頼": ("bad", "exclamation"),
    NOT_YET: ("neutral", "ring-dashed"),
    WAITING: ("warn", "clock"),
}


@dataclass(frozen=True)
class Line:
    """One task: where it is done, its state in a word, and what to know beside it."""

    label: str
    url: str
    state: str
    note: str = ""
    at: datetime | None = None

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return TONES[self.state][0]

    @property
    def icon(self) -> str:
        """The badge's shape."""
        return TONES[self.state][1]


@dataclass(frozen=True)
class Group:
    """Tasks under one heading."""

    code: str
    title: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class MemberLine:
    """A body with the consent that holds or the last one that ended."""

    member: Member
    consent: Consent | None
    link: str = ""
    """Its invitation: "open", "ended" (past its instant), "used", or "" where there is none to open."""

    @property
    def may_renew(self) -> bool:
        """Whether the invitation still is one: nobody opened it or agreed, and there is somebody to write to."""
        holds = self.consent is not None and self.consent.state == ConsentState.GIVEN
        reached = self.member.organization_id is not None or bool(self.member.email)
        return self.link in {"open", "ended"} and reached and not holds

    @property
    def word(self) -> tuple[str, str, str]:
        """Word, tone and shape of its badge."""
        if self.member.is_lead:
            return "代表（提出で示す）", "neutral", "bar"
        if self.member.state == MemberState.LEAVING:
            return "離脱の申出", "bad", "exclamation"
        if not self.member.is_present:
            return str(MemberState(self.member.state).label), "neutral", "cross"
        if self.consent is None:
            return "同意待ち", "warn", "clock"
        words = {
            ConsentState.GIVEN: ("同意", "good", "check"),
            ConsentState.VOIDED: ("同意が失効", "bad", "cross"),
            ConsentState.WITHDRAWN: ("同意を撤回", "bad", "cross"),
        }
        return words[ConsentState(self.consent.state)]


@dataclass(frozen=True)
class Step:
    """Something the person can do now, or why it cannot be done."""

    action: str
    label: str
    url: str
    allowed: bool
    reason: str


@dataclass(frozen=True)
class Board:
    """Everything the page of a case shows."""

    groups: list[Group]
    members: list[MemberLine]
    certificate: Certification | None
    todo: list[Step]
    done: int
    total: int
    precheck: Precheck | None
    returned: ReturnRequest | None
    result: Decision | None
    supports: list[SupportRequest]
    may_ask: bool
    reports: bool


def board(page: CasePage) -> Board:
    """Read the case once and put it in order."""
    application = page.application
    tasks = queries.task_list(page.actor, application, page.at)
    members = member_lines(page)
    certificate = application.certifications.filter(voided_at__isnull=True).first()
    precheck = application.prechecks.order_by("-requested_at", "-pk").first()
    groups = [*_form_groups(page, tasks), _closing_group(page, members, certificate, precheck)]
    lines = [line for group in groups for line in group.lines]
    return Board(
        groups=groups,
        members=members,
        certificate=certificate,
        todo=next_steps(page),
        done=sum(line.state == "完了" for line in lines),
        total=len(lines),
        precheck=precheck,
        returned=application.returns.filter(closed_at__isnull=True).first(),
        result=_result(page),
        supports=list(SupportRequest.objects.filter(application=application).order_by("pk"))
        if page.is_lead
        else [],
        may_ask=allowed(page.actor, "grants.ask_support", application, page.at).permitted,
        reports=allowed(page.actor, "grants.view_reports", application, page.at).permitted,
    )


def _result(page: CasePage) -> Decision | None:
    """The decision in force, once it is announced."""
    if page.application.announced_at is None:
        return None
    return page.application.decisions.filter(superseded_at__isnull=True).first()


def member_lines(page: CasePage) -> list[MemberLine]:
    """Every body the person may know of, each with its consent."""
    lines = []
    for member in queries.members_for(page.actor, page.application):
        consents = list(member.consents.all())
        held = next((consent for consent in consents if consent.state == ConsentState.GIVEN), None)
        newest = max(consents, key=lambda consent: consent.given_at, default=None)
        lines.append(MemberLine(member, held or newest, _link_of(member, page.at)))
    return lines


def _link_of(member: Member, at: datetime) -> str:
    if not member.is_present or member.invitation_digest is None:
        return ""
    if member.invitation_used_at is not None:
        return "used"
    return "open" if member.invitation_open(at) else "ended"


def _form_groups(page: CasePage, tasks: Iterable[Task]) -> list[Group]:
    titles = {
        "common": "共通の部分",
        LINES_SECTION: "申請する取組",
        "part": "市町村ごとの部分",
        BUDGET_SECTION: "収支計画",
        "rest": "構成団体と書類",
    }
    groups = {code: Group(code, title) for code, title in titles.items()}
    touched = last_changes(page)
    for task in tasks:
        home = (
            task.section
            if task.section in {BUDGET_SECTION, LINES_SECTION}
            else "part"
            if task.member
            else "common"
        )
        home = "rest" if task.section in {DOCUMENTS_SECTION, MEMBERS_SECTION} else home
        last = touched.get((task.section, task.member.pk if task.member else None))
        who = task.member.name if task.member else page.application.lead.name
        note = f"担当：{who}" + (f"　最後の編集：{last[0]}" if last else "")
        groups[home].lines.append(
            Line(task.label, task_url(page, task), task.state, note, last[1] if last else None)
        )
    return [group for group in groups.values() if group.lines]


def task_url(page: CasePage, task: Task) -> str:
    """Where a part is filled in."""
    if task.section == BUDGET_SECTION and task.member:
        return page.url("budget_member", task.member.public_id)
    if task.section in FIXED_SECTIONS:
        return page.url(task.section)
    return (
        page.url("part", task.section, task.member.public_id)
        if task.member
        else page.url("section", task.section)
    )


def last_changes(page: CasePage) -> dict[tuple[str, int | None], tuple[str, datetime]]:
    """Who changed which part last, and when."""
    rows = page.application.revisions.order_by("content_version").values_list(
        "section", "member", "changed_by__name", "changed_at"
    )
    found: dict[tuple[str, int | None], tuple[str, datetime]] = {}
    for section, member, name, at in rows:
        found[section, None if section in {MEMBERS_SECTION, DOCUMENTS_SECTION} else member] = (name, at)
    return found


def _closing_group(
    page: CasePage, members: list[MemberLine], certificate: Certification | None, precheck: Precheck | None
) -> Group:
    partners = [line for line in members if not line.member.is_lead and line.member.is_present]
    given = [line for line in partners if line.word[0] == "同意"]
    alone = page.application.template.is_alone
    all_given = alone or (bool(partners) and len(given) == len(partners))
    consent_state = "完了" if all_given else "入力中" if given else "未着手"
    lines = [
        Line("案の事前確認", page.url("precheck"), _precheck_word(precheck), _precheck_note(page, precheck)),
    ]
    if not alone:
        words = f"{len(partners)}団体のうち{len(given)}団体が同意"
        lines.append(Line("構成団体の同意", page.url("consent"), consent_state, words))
    if page.is_lead:
        ready = "未着手" if all_given else NOT_YET
        note = (
            f"{certificate.document_number}"
            if certificate
            else ""
            if all_given
            else "全ての団体の同意の後に記録します"
        )
        lines.append(Line("庁内決裁の記録", page.url("certify"), "完了" if certificate else ready, note))
    return Group("closing", "確認・同意・決裁", lines)


def _precheck_word(precheck: Precheck | None) -> str:
    if precheck is None:
        return "未着手"
    return {PrecheckState.REQUESTED: WAITING, PrecheckState.ISSUES: "修正依頼"}.get(
        PrecheckState(precheck.state), "完了"
    )


def _precheck_note(page: CasePage, precheck: Precheck | None) -> str:
    if precheck is None:
        return "必須" if page.application.template.requires_precheck else "任意"
    return str(PrecheckState(precheck.state).label)


# --- What can be done ----------------------------------------------------------------------------------------

_PAGES: Final[dict[str, str]] = {
    "request_precheck": "precheck", "consent": "consent", "record_consent": "consent", "certify": "certify",
    "submit": "submit", "replace": "submit", "resubmit": "submit", "invite": "members",
}  # fmt: skip
_OWN_PAGES: Final = frozenset({"discard", "restore", "withdraw", "leave", "decline", "withdraw_consent"})


def next_steps(page: CasePage) -> list[Step]:
    """The acts of the table this person has here now; those whose pages are not for towns are left out."""
    found: dict[str, Step] = {}
    for row, decision in available_actions(page.actor, page.application, page.at):
        if row.action in _PAGES:
            url = page.url(_PAGES[row.action])
        elif row.action in _OWN_PAGES:
            url = reverse("applications:act", args=[page.application.public_id, row.action])
        else:
            continue
        found.setdefault(row.action, Step(row.action, row.label, url, decision.permitted, decision.reason))
    return list(found.values())


def steps(page: CasePage) -> list[dict[str, str]]:
    """The stages towns see."""
    order = [TownStatus.DRAFTING, TownStatus.RECEIVED, TownStatus.IN_REVIEW, TownStatus.RESULT]
    now = page.application.town_status()
    place = order.index(TownStatus.RECEIVED if now is TownStatus.RETURNED else now)
    details = {
        TownStatus.DRAFTING: "まだ提出していません",
        TownStatus.RECEIVED: "修正依頼に答えています"
        if now is TownStatus.RETURNED
        else "提出すると受付番号が出ます",
        TownStatus.IN_REVIEW: "修正依頼が来ることがあります",
        TownStatus.RESULT: page.application.town_label()
        if now is TownStatus.RESULT
        else "公表の日に知らせます",
    }
    return [
        {
            "label": str(stage.label),
            "detail": details[stage] if n >= place else "",
            "state": "now" if n == place else "done" if n < place else "todo",
        }
        for n, stage in enumerate(order)
    ]


# --- The history in words --------------------------------------------------------------------------------------

_WORDS: Final = {row.action: row.label for row in REPORT.transitions} | {
    "waive_check": "点検を免除",
    "revoke_waiver": "点検の免除を取消し",
    "record_backing": "予算措置状況を更新",
    "acknowledge_invitation": "案内を確認",
    "renew_invitation": "案内を送り直し",
    "renew_form": "新しい版の様式に移行",
    "confirm_prefilled": "あらかじめ入っていた値を確認",
    "void_consents": "内容の変更により、同意が失効",
    "quarantine": "添付ファイルから危険な内容が見つかり、隔離",
    "void_certification": "内容の変更により、庁内決裁の記録が失効",
}


@dataclass(frozen=True)
class Moment:
    """One thing that happened, in words."""

    at: datetime
    who: str
    what: str
    comment: str


def timeline(page: CasePage) -> list[Moment]:
    """What happened, newest first; a run of edits of one part by one person is told once."""
    labels = {row.action: row.label for row in APPLICATION.transitions} | _WORDS
    found: list[Moment] = []
    for event in reversed(queries.events_for(page.actor, page.application)):
        moment = Moment(event.at, who(page.actor, event), _what(page, event, labels), event.comment)
        last = found[-1] if found else None
        if event.action == "edit" and last and (last.who, last.what) == (moment.who, moment.what):
            continue
        found.append(moment)
    return found


def who(actor: Actor, event: ApplicationEvent) -> str:
    """The body, department and person of an event, as far as they are known."""
    return " ".join(
        part for part in (event.organization_name, queries.unit_of(actor, event), event.actor_name) if part
    )


def _what(page: CasePage, event: ApplicationEvent, labels: dict[str, str]) -> str:
    if event.action == "edit":
        return f"「{page.application.template.section_label(event.payload.get('section', ''))}」を変更"
    return labels.get(event.action, event.action)
