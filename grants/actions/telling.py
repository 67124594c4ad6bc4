"""Who is told what when something happens to a case. Data; `tell` writes the notices in the action's transaction.

Mails carry the kind of event and the call's name, never content, names of persons or results: those stand
behind the link.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.actions.notice import Audience, Told, notify, notify_all, sayable
from accounts.enums import Role
from core import clock
from grants.enums import ApplicationStatus
from grants.models import Application, ApplicationEvent, FormTemplate, Member
from grants.queries import forms
from grants.queries.units import in_charge_of
from programs.models import Program

_TOWN = (Role.EDITOR, Role.APPROVER)


def case_path(application: Application) -> str:
    """Where towns open the case."""
    return f"/applications/{application.public_id}/"


def review_path(application: Application) -> str:
    """Where the metropolitan side opens the case."""
    return f"/review/{application.public_id}/"


# --- Audiences ------------------------------------------------------------------------------------------


def lead(application: Application, _event: ApplicationEvent) -> Audience:
    """The lead's department."""
    return Audience.of_department(application.lead_department_id, *_TOWN)


def body(member: Member) -> Audience:
    """One member: its people here, or its mailbox."""
    found = Audience.of_mailbox(member.email)
    if member.organization_id is not None:
        found += Audience.of_organization(member.organization_id, *_TOWN)
    return found


def partners(application: Application, _event: ApplicationEvent) -> Audience:
    """Every member that is in, but the lead; only those with people here."""
    audience = Audience()
    for member in application.members.present().partners().filter(organization__isnull=False):
        audience += body(member)
    return audience


def towns(application: Application, event: ApplicationEvent) -> Audience:
    """The lead and all partners."""
    return lead(application, event) + partners(application, event)


def concerned(application: Application, event: ApplicationEvent) -> Audience:
    """The members named in the event, also those that are out now."""
    named = event.payload.get("members", [])
    audience = Audience()
    for member in application.members.filter(public_id__in=named):
        audience += body(member)
    return audience


def office(program: Program, role: Role) -> Audience:
    """Those who hold a role in the units in charge of a program."""
    audience = Audience()
    for unit in sorted(in_charge_of(program)):
        audience += Audience.of_department(unit, role)
    return audience


def officers(application: Application, _event: ApplicationEvent) -> Audience:
    """The officers of the units in charge of the program."""
    return office(application.call.program, Role.OFFICER)


def deciders(application: Application, _event: ApplicationEvent) -> Audience:
    """The deciders of the units in charge of the program."""
    return office(application.call.program, Role.DECIDER)


def lead_of(application: Application) -> Audience:
    """The lead's department, where there is no event of the case."""
    return Audience.of_department(application.lead_department_id, *_TOWN)


def reviewers(_application: Application, event: ApplicationEvent) -> Audience:
    """The people newly assigned."""
    return Audience.of_users(*event.payload.get("reviewers", []))


# --- What is told -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Telling:
    """One notice: to whom, its title, what to do next, whether the link is the review's, and the due instant's name."""

    audience: Callable[[Application, ApplicationEvent], Audience]
    title: str
    line: str = ""
    review: bool = False
    due: str = ""


TELLINGS: Mapping[str, tuple[Telling, ...]] = {
    "start": (Telling(lead, "申請の作成が始まりました", "入力の状況を確かめてください。", due="closes_at"),),
    "discard": (Telling(towns, "作成中の申請が破棄されました", "破棄は受付期間中であれば取り消せます。"),),
    "restore": (Telling(towns, "破棄した申請が作成中に戻りました", due="closes_at"),),
    "expire": (Telling(towns, "作成中の申請が期限切れになりました", "内容は残っており、次の募集に写せます。"),),
    "reopen": (Telling(towns, "締切が延び、申請が作成中に戻りました", "締切までに提出してください。", due="closes_at"),),
    "invite": (Telling(concerned, "申請への参加の依頼が届きました", "内容を確かめ、同意か辞退を選んでください。", due="closes_at"),),
    "remove_member": (Telling(concerned, "申請の構成団体から外れました"),),
    "consent": (Telling(lead, "構成団体が同意しました"),),
    "record_consent": (Telling(concerned, "文書による同意が登録されました"),),
    "decline": (Telling(lead, "構成団体が参加を辞退しました", "構成を確かめてください。"),),
    "withdraw_consent": (Telling(lead, "構成団体が同意を撤回しました", "内容を相談してください。"),),
    "void_consents": (Telling(concerned, "内容が変わり、同意が失効しました", "新しい内容を確かめ、改めて同意してください。", due="closes_at"),),
    "request_precheck": (Telling(officers, "案の事前確認の依頼が届きました", "内容を確かめて回答してください。", review=True, due="precheck_due_at"),),
    "answer_precheck": (Telling(towns, "案の事前確認の回答が届きました", "指摘を確かめてください。"),),
    "certify": (Telling(lead, "庁内決裁が記録されました", "提出できます。", due="closes_at"),),
    "submit": (
        Telling(towns, "申請を提出しました", "受付番号と受付日時は、申請のページで確かめられます。"),
        Telling(officers, "申請が提出されました", review=True),
    ),
    "replace": (
        Telling(towns, "申請を差し替えました", "新しい枝番の受付番号を、申請のページで確かめられます。"),
        Telling(officers, "申請が差し替えられました", review=True),
    ),
    "resubmit": (
        Telling(towns, "申請を再提出しました", "新しい枝番の受付番号を、申請のページで確かめられます。"),
        Telling(officers, "申請が再提出されました", "前の版との違いを確かめてください。", review=True),
    ),
    "waive_check": (Telling(towns, "点検の一部が免除されました", "免除された点検は、提出の条件から外れました。理由は「提出前の確認」で確かめてください。"),),
    "revoke_waiver": (Telling(towns, "点検の免除が取り消されました", "提出の条件に戻りました。「提出前の確認」で確かめてください。"),),
    "return": (Telling(towns, "修正の依頼が届きました", "示された部分を直し、期限までに再提出してください。", due="return"),),
    "take_back": (Telling(towns, "修正の期限が過ぎ、前に提出した内容で手続きを進めます"),),
    "withdraw": (
        Telling(towns, "申請を取り下げました"),
        Telling(officers, "申請が取り下げられました", review=True),
    ),
    "leave": (
        Telling(lead, "構成団体から離脱の申出がありました", "都の担当と相談してください。"),
        Telling(officers, "構成団体から離脱の申出がありました", "修正を依頼するなどして解決してください。", review=True),
    ),
    "start_review": (Telling(towns, "審査が始まりました"),),
    "assign": (Telling(reviewers, "審査の割当てがありました", "利害関係を申告してから採点してください。", review=True, due="announce_at"),),
    "recommend": (Telling(deciders, "起案が届きました", "内容を確かめて決定してください。", review=True, due="announce_at"),),
    "promote": (Telling(deciders, "繰上げの起案が届きました", "内容を確かめて決定してください。", review=True),),
    "send_back": (Telling(officers, "起案が差し戻されました", "理由を確かめてください。", review=True),),
    "answer_opinion": (Telling(officers, "意見照会に回答がありました", "内容を確かめてください。", review=True),),
    "adopt": (Telling(officers, "決定が記録されました", "公表の日時を確かめてください。", review=True, due="announce_at"),),
    "reject": (Telling(officers, "決定が記録されました", "公表の日時を確かめてください。", review=True, due="announce_at"),),
    "reserve": (Telling(officers, "決定が記録されました", review=True),),
    "release": (Telling(officers, "決定が記録されました", "公表の日時を確かめてください。", review=True),),
    "correct": (Telling(officers, "決定の訂正が始まりました", review=True),),
    "announce": (Telling(towns, "審査の結果が出ました", "結果は、申請のページで確かめられます。"),),
    "request_change_members": (Telling(deciders, "構成の変更の申出がありました", "内容を確かめてください。", review=True),),
    "change_members": (Telling(towns, "構成の変更が承認されました"),),
    "request_discontinuation": (Telling(deciders, "廃止の申出がありました", "内容を確かめてください。", review=True),),
    "discontinue": (Telling(towns, "廃止が承認されました"),),
    "complete": (Telling(towns, "事業が完了として記録されました"),),
    "hand_in_report": (Telling(officers, "年次報告が提出されました", "内容を確かめ、受理するか修正を依頼してください。", review=True),),
    "return_report": (Telling(lead, "年次報告の修正の依頼が届きました", "理由と期限を確かめ、直して提出し直してください。"),),
    "take_report": (Telling(towns, "年次報告が受理されました", "採択事業のページに載りました。"),),
}  # fmt: skip


def tell(application: Application, event: ApplicationEvent) -> None:
    """Write the notices of an event, once each; nothing for events nobody waits for."""
    for number, telling in enumerate(TELLINGS.get(event.action, ())):
        review = telling.review
        notify(
            kind=f"grants.{event.action}",
            key=f"grants:{application.public_id}:{event.sequence}:{number}",
            audience=telling.audience(application, event),
            title=telling.title,
            lines=[f"募集：{application.call}", *([telling.line] if telling.line else [])],
            path=review_path(application) if review else case_path(application),
            due_at=_due(application, telling.due, event.at),
            at=event.at,
        )


def tell_invitation(application: Application, member: Member, event: ApplicationEvent, token: str) -> None:
    """The one notice whose link carries a secret: it opens the case for the invited body's people only."""
    telling = TELLINGS["invite"][0]
    notify(
        kind="grants.invite",
        key=f"grants:{application.public_id}:{event.sequence}:0",
        audience=body(member),
        title=telling.title,
        lines=[f"募集：{application.call}", f"代表：{application.lead}", telling.line],
        path=f"/invitations/{token}/",
        due_at=_due(application, telling.due, event.at),
        at=event.at,
    )


# --- A new version of the form ------------------------------------------------------------------------------------


def tell_new_form(form: FormTemplate, at: datetime) -> int:
    """Tell everybody with an open draft, once each, that its call asks by a new version now, and where it differs.

    Returns how many notices are new.
    """
    rows = Application.objects.filter(
        call__program=form.program_id, status=ApplicationStatus.DRAFT, call__closes_at__gte=at
    ).exclude(template=form)
    calls = {draft.call_id: draft.call for draft in rows.select_related("call")}
    asking = [pk for pk, call in calls.items() if FormTemplate.objects.asked_by(call).first() == form]
    drafts = list(rows.filter(call__in=asking).select_related("call__program", "template").order_by("pk"))
    bodies: dict[int, set[int]] = {}
    joined = Member.objects.present().partners().filter(application__in=drafts, organization__isnull=False)
    for case, body_id in joined.values_list("application", "organization"):
        bodies.setdefault(case, set()).add(body_id or 0)
    words = {template.pk: _what_changed(template, form) for template in {draft.template for draft in drafts}}
    return notify_all(
        Told(
            "grants.new_form", f"grants:{draft.public_id}:form:{form.version}",
            sum((Audience.of_organization(one, *_TOWN) for one in sorted(bodies.get(draft.pk, set()))), lead_of(draft)),
            "申請の様式が新しい版になりました", (f"募集：{draft.call}", *words[draft.template_id]),
            f"{case_path(draft)}form/", draft.call.closes_at if form.demanded else None, at,
        )
        for draft in drafts
    )  # fmt: skip


def _what_changed(old: FormTemplate, new: FormTemplate) -> tuple[str, ...]:
    """How much of what differs, in which parts, and what is to be done about it: words of the form alone."""
    changes = forms.form_changes(old, new)
    numbers = "、".join(f"{of}{number}件" for of, number in Counter(change.of for change in changes).items())
    sections = forms.changed_sections(changes)
    labels = [new.section_label(code) for code in new.section_codes() if code in sections]
    where = "".join(f"「{label}」" for label in labels if sayable(label))
    told = [f"変わった所：{numbers}" if numbers else "", f"変わった部分：{where}" if where else ""]
    todo = "締切までに、この版に移る必要があります。" if new.demanded else "いまの版のままでも提出できます。"
    return (*(line for line in told if line), f"{todo}変わった所の一覧を確かめてください。")


def _due(application: Application, name: str, at: datetime) -> datetime | None:
    """The instant behind a name, if it is still ahead."""
    if name == "return":
        request = application.returns.filter(closed_at__isnull=True).first()
        found = request.due_at if request else None
    else:
        found = getattr(application.call, name) if name else None
    return found if found is not None and clock.local(found) >= clock.local(at) else None
