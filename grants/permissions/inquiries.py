"""Who asks about a call, who answers, and who reads what was asked."""

from datetime import datetime

from django.db.models import Q

from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from core.access import ALLOW, Decision, deny, register
from core.actor import Actor
from core.exceptions import Fault
from grants.lifecycle import INQUIRY
from grants.models import Inquiry, QuestionDesk
from grants.models.inquiry import question_deadline
from grants.permissions.conditions import instant_text
from grants.permissions.judging import NOT_THEIRS, Ground, Judgement
from grants.permissions.parties import oversees
from programs.models import Call

ASKING_ROLES = frozenset({Role.EDITOR, Role.APPROVER, Role.LIAISON})


def judge_ask(actor: Actor, call: Call, at: datetime) -> Judgement:
    """May this actor ask about this call now?"""
    if not Call.objects.visible_to(actor, at).filter(pk=call.pk).exists():
        return Judgement(Ground.HIDDEN)
    town = Organization.objects.filter(pk=actor.organization_id or 0, kind=OrganizationKind.MUNICIPALITY)
    if actor.user_id is None or not actor.has_role(*ASKING_ROLES) or not town.exists():
        return Judgement(
            Ground.PARTY, Fault("", "質問できるのは、市町村の担当・承認者・取りまとめだけです。")
        )
    due = question_deadline(call, QuestionDesk.objects.filter(call=call).first())
    if at > due:
        reason = f"質問の期限（{instant_text(due)}）を過ぎました。"
        return Judgement(
            Ground.CONDITION, Fault("text", reason, "急ぐときは、都の担当に電話で相談してください。")
        )
    return Judgement(Ground.YES)


def own_inquiries(actor: Actor) -> Q:
    """The questions of the actor's own body, as a condition."""
    if actor.organization_id is None or not actor.has_role(*ASKING_ROLES):
        return Q(pk__in=[])
    return Q(body=actor.organization_id)


def judge_inquiry(actor: Actor, action: str, inquiry: Inquiry) -> Judgement:
    """May this actor do this to a question? Other bodies do not know of it."""
    office = oversees(actor, inquiry.call.program) and actor.has_role(Role.OFFICER)
    own = actor.belongs_to(inquiry.body_id) and actor.has_role(*ASKING_ROLES)
    if not (office or own):
        return Judgement(Ground.HIDDEN)
    rows = [row for row in INQUIRY.leaving(inquiry.status) if row.action == action]
    if not rows:
        reason = f"いまの状態（{inquiry.state.label}）では行えません。"
        return Judgement(Ground.STATE, Fault("status", reason, "最新の画面を開き直して確かめてください。"))
    acting = ({Role.OFFICER.value} if office else set()) | (
        {role.value for role in ASKING_ROLES} if own else set()
    )
    if not acting & {role for row in rows for role in row.roles}:
        return NOT_THEIRS
    return Judgement(Ground.YES)


@register("grants.ask")
def ask(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Asking about a call."""
    if call is None:
        return ALLOW if actor.has_role(*ASKING_ROLES) else deny()
    return judge_ask(actor, call, at).decision()


@register("grants.answer_questions")
def answer_questions(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Reading and answering what was asked about a call: the officers of the program's bureau."""
    del at
    if not actor.has_role(Role.OFFICER):
        return deny()
    return ALLOW if call is None or oversees(actor, call.program) else deny()
