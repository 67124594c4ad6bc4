"""The one question, asked of one application: hidden, wrong state, wrong party, unmet condition, or yes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.enums import Role
from accounts.models import Organization
from accounts.models.notice import heirs
from core import clock
from core.access import ALLOW, Decision, deny, register
from core.actor import Actor
from core.exceptions import Fault
from core.lifecycle import Transition
from grants.enums import (
    BACKED_STATES,
    EDITABLE_STATES,
    LEAD_PARTIES,
    PARTNER_PARTIES,
    PENDING_STATES,
    WAIVING_STATES,
    ApplicationStatus,
    Party,
    SectionScope,
)
from grants.lifecycle import APPLICATION
from grants.models import Application, Document, FormTemplate, Member, OpinionRequest, Shortening
from grants.permissions.conditions import CONDITIONS, open_return, window
from grants.permissions.judging import NOT_THEIRS, Ground, Judgement, not_now
from grants.permissions.papers import readable_documents
from grants.permissions.parties import member_of, oversees, parties
from grants.permissions.routing import limits, reaches
from grants.permissions.scanning import may_open, scan_fault
from grants.permissions.visibility import OVERSEERS, TOWN_READERS, sees, visible
from programs.models import Call

ORIGIN_ACTIONS = frozenset({"resubmit", "take_back"})
"""Actions that lead back to where the case came from: only that row of the table is theirs."""

_ROLES_OF_PARTY: dict[str, frozenset[str]] = {
    Party.LEAD_EDITOR: frozenset({Role.EDITOR}),
    Party.LEAD_APPROVER: frozenset({Role.APPROVER}),
    Party.PARTNER_EDITOR: frozenset({Role.EDITOR}),
    Party.PARTNER_APPROVER: frozenset({Role.APPROVER}),
    Party.OFFICER: frozenset({Role.OFFICER}),
    Party.REVIEWER: frozenset({Role.REVIEWER, Role.EXTERNAL_REVIEWER}),
    Party.DECIDER: frozenset({Role.DECIDER}),
    Party.SYSTEM: frozenset({"system"}),
}


@dataclass(frozen=True)
class EditTarget:
    """A part of the working copy: a section, for parts of one body the member, and one item of it where it matters."""

    application: Application
    section: str
    member: Member | None = None
    item: str = ""


def judge(actor: Actor, action: str, application: Application, at: datetime) -> Judgement:
    """May this actor do this lifecycle action to this application at this instant?"""
    if not sees(actor, application):
        return Judgement(Ground.HIDDEN)
    return _judge_seen(actor, action, application, at)


def _judge_seen(actor: Actor, action: str, application: Application, at: datetime) -> Judgement:
    rows = [row for row in APPLICATION.leaving(application.status) if row.action == action]
    if not rows:
        now = application.town_label() if actor.has_role(*TOWN_READERS) else application.state.label
        return not_now(APPLICATION, action, str(now))
    acting = parties(actor, application) & {Party(role) for row in rows for role in row.roles}
    if not acting:
        return NOT_THEIRS
    condition = CONDITIONS.get(action)
    fault = condition(actor, application, at) if condition else None
    if fault is not None:
        return Judgement(Ground.CONDITION, fault)
    return Judgement(Ground.YES, acting_as=min(acting, key=list(Party).index))


def available_actions(
    actor: Actor, application: Application, at: datetime
) -> list[tuple[Transition, Decision]]:
    """The rows of the table this actor could use now, each with yes or the reason why not (for a grey button)."""
    found: list[tuple[Transition, Decision]] = []
    if not sees(actor, application):
        return found
    for row in APPLICATION.leaving(application.status):
        if row.action in ORIGIN_ACTIONS and row.target != _origin(application):
            continue
        judgement = _judge_seen(actor, row.action, application, at)
        if judgement.ground in {Ground.YES, Ground.CONDITION}:
            found.append((row, judgement.decision()))
    return found


def _origin(application: Application) -> str | None:
    request = open_return(application)
    return request.origin if request else None


def judge_edit(actor: Actor, target: EditTarget, at: datetime) -> Judgement:
    """May this actor change this part of the working copy?

    The lead's people fill everything, a partner's people their own part, budget and files. A returned case is
    open only in the sections the request names; a submitted one until closing, for a replacement.
    """
    return judge_edits(actor, [target], at)[0]


def judge_edits(actor: Actor, targets: Sequence[EditTarget], at: datetime) -> list[Judgement]:
    """The same of parts of one application, at least one: whether the actor sees it is asked once."""
    application = targets[0].application
    if not (sees(actor, application) or reaches(actor, application, at)):
        return [Judgement(Ground.HIDDEN)] * len(targets)
    return [_judge_part(actor, target, at) for target in targets]


def _judge_part(actor: Actor, target: EditTarget, at: datetime) -> Judgement:
    application = target.application
    own = parties(actor, application) & (LEAD_PARTIES | PARTNER_PARTIES)
    if not own or not (own & LEAD_PARTIES or _is_own(actor, target)):
        return Judgement(Ground.PARTY, Fault("", "この部分を入力する権限がありません。"))
    if application.state not in EDITABLE_STATES:
        reason = f"いまの状態（{application.town_label()}）では内容を変えられません。"
        return Judgement(Ground.STATE, Fault("status", reason, "最新の画面を開き直して確かめてください。"))
    request = open_return(application) if application.state is ApplicationStatus.RETURNED else None
    if request is not None and target.section not in request.sections:
        label = application.template.section_label(target.section)
        return Judgement(
            Ground.CONDITION,
            Fault(
                target.section,
                f"「{label}」は修正の対象ではありません。",
                "修正依頼で示された部分だけを直してください。",
            ),
        )
    fault = window(actor, application, at) or _not_given(actor, target, at)
    return (
        Judgement(Ground.CONDITION, fault)
        if fault
        else Judgement(Ground.YES, acting_as=min(own, key=list(Party).index))
    )


def _not_given(actor: Actor, target: EditTarget, at: datetime) -> Fault | None:
    """What the town's own 庁内照会 has against it; a section of which some items are open is open."""
    left = limits(actor, target.application, target.section, target.member, at)
    if left.fault is not None or not target.item or left.allow(target.item):
        return left.fault
    return Fault(
        target.section,
        "この項目は、庁内照会で別の部署が受け持っています。",
        "庁内照会のページで確かめてください。",
    )


def _is_own(actor: Actor, target: EditTarget) -> bool:
    mine = member_of(actor, target.application)
    return mine is not None and target.member is not None and mine.pk == target.member.pk


def judge_start(actor: Actor, call: Call, at: datetime) -> Judgement:
    """May this actor start (or open) an application to a call?"""
    if not Call.objects.visible_to(actor, at).filter(pk=call.pk).exists():
        return Judgement(Ground.HIDDEN)
    body = Organization.objects.filter(pk=actor.organization_id).first() if actor.organization_id else None
    if actor.user_id is None or not actor.has_role(Role.EDITOR) or body is None or not body.is_municipality:
        return Judgement(Ground.PARTY, Fault("", "申請を始められるのは、市町村の担当だけです。"))
    template = FormTemplate.objects.asked_by(call).first()
    if template is None:
        return Judgement(
            Ground.CONDITION,
            Fault("call", "この募集の申請様式はまだ用意されていません。", "都の担当に問い合わせてください。"),
        )
    areas = set(template.eligibility.get("areas", []))
    if areas and body.area not in areas:
        label = template.eligibility.get("area_label", "")
        return Judgement(
            Ground.CONDITION,
            Fault("lead", f"この募集に申請できるのは{label}の市町村です。{body}は対象外です。"),
        )
    return Judgement(Ground.YES, acting_as=Party.LEAD_EDITOR)


# --- The rules as core.access knows them ------------------------------------------------------------------


def _could(actor: Actor, action: str) -> Decision:
    """Whether any application could let this actor do it: opens the route."""
    wanted = {role for row in APPLICATION.transitions if row.action == action for role in row.roles}
    roles = frozenset[str]().union(*(_ROLES_OF_PARTY[party] for party in wanted))
    return ALLOW if actor.has_role(*roles) else deny()


def _rule_of(action: str) -> Callable[[Actor, Application | None, datetime], Decision]:
    def rule(actor: Actor, application: Application | None, at: datetime) -> Decision:
        if application is None:
            return _could(actor, action)
        return judge(actor, action, application, at).decision()

    return rule


for _action in APPLICATION.actions:
    if _action != "start":
        register(f"grants.{_action}")(_rule_of(_action))


@register("grants.start")
def start(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Starting (or opening) the application of one's municipality to a call."""
    return _could(actor, "start") if call is None else judge_start(actor, call, at).decision()


@register("grants.view", machine=True)
def view(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Seeing a case; without one, whether there could be any."""
    if application is None:
        roles = TOWN_READERS | OVERSEERS | _ROLES_OF_PARTY[Party.REVIEWER]
        return ALLOW if actor.is_system or actor.has_role(*roles) else deny()
    seen = Application.objects.filter(visible(actor), pk=application.pk).exists()
    return ALLOW if seen else deny()


@register("grants.view_documents", machine=True)
def view_documents(actor: Actor, document: Document | None, at: datetime) -> Decision:
    """Opening a file: grants.permissions.papers says which of a visible case."""
    if document is None:
        return view(actor, None, at)
    application = document.application
    if not view(actor, application, at):
        return deny()
    readable = application.documents.filter(readable_documents(actor, application), pk=document.pk)
    if not readable.exists():
        return deny()
    fault = scan_fault(document)
    return ALLOW if may_open(actor, document) else deny(str(fault or ""))


@register("grants.edit", machine=True)
def edit(actor: Actor, target: EditTarget | None, at: datetime) -> Decision:
    """Changing a part of the working copy."""
    if target is None:
        return ALLOW if actor.has_role(Role.EDITOR, Role.APPROVER) else deny()
    return judge_edit(actor, target, at).decision()


@register("grants.edit_part")
def edit_part(actor: Actor, member: Member | None, at: datetime) -> Decision:
    """Changing a member's own part: any of the sections that each body fills, where open."""
    if member is None:
        return edit(actor, None, at)
    template = member.application.template
    sections = [
        code for code in template.section_codes() if template.section_scope(code) is SectionScope.MEMBER
    ]
    targets = [EditTarget(member.application, code, member) for code in (*sections, "budget")]
    verdicts = judge_edits(actor, targets, at)
    return next((v.decision() for v in verdicts if v.ground is Ground.YES), verdicts[0].decision())


@register("grants.record_backing")
def record_backing(actor: Actor, member: Member | None, at: datetime) -> Decision:
    """Saying how far a town's own budget has come: its own editors and approvers, the lead's for the lead alone."""
    del at
    if member is None:
        return ALLOW if actor.has_role(Role.EDITOR, Role.APPROVER) else deny()
    mine = actor.belongs_to(member.organization_id) and actor.has_role(Role.EDITOR, Role.APPROVER)
    if not (mine and member.is_present and member.is_municipality):
        return deny("予算措置状況は、その団体の担当と承認者が入力します。")
    if member.application.state not in BACKED_STATES:
        return deny(f"いまの状態（{member.application.town_label()}）では変えられません。")
    return ALLOW


@register("grants.add_note")
def add_note(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Noting something for the bureau's own people: its officers and deciders, once a case is theirs to see."""
    return attach_letter(actor, application, at)


@register("grants.ask_opinion")
def ask_opinion(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Asking another unit for its opinion, and entering what it answered on paper: the bureau's officers, while the
    case is in review."""
    if application is None:
        return ALLOW if actor.has_role(Role.OFFICER) else deny()
    if Party.OFFICER not in parties(actor, application):
        return deny()
    if application.state not in PENDING_STATES:
        return deny(f"いまの状態（{application.state.label}）では意見照会を行えません。")
    return ALLOW


@register("grants.answer_opinion")
def answer_opinion(actor: Actor, asked: OpinionRequest | None, at: datetime) -> Decision:
    """Reading a request and answering it: officers and deciders of the unit asked, or of the unit that took it over."""
    if not actor.has_role(Role.OFFICER, Role.DECIDER) or actor.department_id is None:
        return deny()
    if asked is None:
        return ALLOW
    if asked.withdrawn_at is not None:
        return deny()
    return (
        ALLOW
        if actor.department_id in heirs([asked.department_id], clock.today(at))[asked.department_id]
        else deny()
    )


@register("grants.waive_check")
def waive_check(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Doing without a check: the bureau's officers, from the moment they see the case until a decision is drafted."""
    return _checking(actor, application, WAIVING_STATES)


@register("grants.revoke_waiver")
def revoke_waiver(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Asking for a waived check again: the bureau's officers, until the case is decided."""
    return _checking(actor, application, WAIVING_STATES | {ApplicationStatus.DECIDING})


def _checking(
    actor: Actor, application: Application | None, states: frozenset[ApplicationStatus]
) -> Decision:
    if application is None:
        return ALLOW if actor.has_role(Role.OFFICER) else deny()
    if Party.OFFICER not in parties(actor, application) or not sees(actor, application):
        return deny()
    if application.state not in states:
        return deny(f"いまの状態（{application.state.label}）では、点検の免除を変えられません。")
    return ALLOW


@register("grants.record_meeting")
def record_meeting(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Recording a 審査会: the officers of the program's bureau."""
    if not actor.has_role(Role.OFFICER):
        return deny()
    return ALLOW if call is None or oversees(actor, call.program) else deny()


@register("grants.enter_scores")
def enter_scores(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Handing out and entering the score sheets of external members: the officers of the program's bureau."""
    return record_meeting(actor, call, at)


@register("grants.view_call")
def view_call(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Seeing a call as a whole, money and points: the officers and deciders of the program's bureau."""
    del at
    if not actor.has_role(Role.OFFICER, Role.DECIDER):
        return deny()
    return ALLOW if call is None or oversees(actor, call.program) else deny()


@register("grants.extend_call")
def extend_call(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Moving the closing of a call to a later instant: the officers of the program's bureau."""
    return record_meeting(actor, call, at)


@register("grants.propose_shortening")
def propose_shortening(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Proposing an earlier closing, and reading what is proposed: the officers of the program's bureau."""
    return record_meeting(actor, call, at)


@register("grants.answer_shortening")
def answer_shortening(actor: Actor, proposal: Shortening | None, at: datetime) -> Decision:
    """Confirming or refusing an earlier closing: an officer of the bureau who did not propose it."""
    verdict = record_meeting(actor, proposal.call if proposal else None, at)
    if verdict and proposal is not None and proposal.proposed_by_id == actor.user_id:
        return deny("提案した人は、確認も見送りもできません。")
    return verdict


@register("grants.withdraw_shortening")
def withdraw_shortening(actor: Actor, proposal: Shortening | None, at: datetime) -> Decision:
    """Taking a proposal for an earlier closing back: who made it, still an officer of the bureau."""
    verdict = record_meeting(actor, proposal.call if proposal else None, at)
    return verdict if proposal is None or proposal.proposed_by_id == actor.user_id else deny()


@register("grants.attach_letter")
def attach_letter(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Keeping a letter with a decision: the bureau's officers and deciders."""
    if application is None:
        return ALLOW if actor.has_role(Role.OFFICER, Role.DECIDER) else deny()
    return ALLOW if parties(actor, application) & {Party.OFFICER, Party.DECIDER} else deny()
