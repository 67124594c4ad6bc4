"""Who sees a support and what somebody is to it: the lead's people, the bureau, the assigned body's advisers."""

from datetime import datetime

from django.db.models import Q

from accounts.enums import Role
from core.access import ALLOW, Decision, deny, register
from core.actor import Actor
from grants.enums import ApplicationStatus, Party
from grants.models import Application, SupportRequest
from grants.permissions.parties import bureau, parties

_TOWN = frozenset({Role.EDITOR, Role.APPROVER, Role.LIAISON, Role.FINANCE, Role.AUDITOR})
_BUREAU = frozenset({Role.OFFICER, Role.DECIDER, Role.AUDITOR})
_ASKING_STATES = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.ADOPTED})


def visible_supports(actor: Actor) -> Q:
    """The supports an actor sees, as a condition: those of its own cases, its bureau's, or assigned to its body."""
    if actor.is_system:
        return Q()
    seen = Q(pk__in=[])
    if actor.user_id is None or actor.organization_id is None:
        return seen
    if actor.has_role(*_TOWN):
        seen |= Q(application__lead=actor.organization_id)
    if actor.has_role(*_BUREAU):
        own = Q(application__call__program__department="")
        if part := bureau(actor.department_name):
            own |= Q(application__call__program__department__startswith=part)
        seen |= Q(application__call__program__owner=actor.organization_id) & own
    if actor.has_role(Role.ADVISER):
        seen |= Q(adviser=actor.organization_id)
    return seen


def support_parties(actor: Actor, support: SupportRequest) -> frozenset[Party]:
    """What the actor is to a support."""
    wanted = {Party.LEAD_EDITOR, Party.LEAD_APPROVER, Party.OFFICER, Party.SYSTEM}
    found = parties(actor, support.application) & wanted
    if actor.user_id is not None and actor.has_role(Role.ADVISER) and actor.belongs_to(support.adviser_id):
        found |= {Party.ADVISER}
    return frozenset(found)


@register("grants.view_support")
def view_support(actor: Actor, support: SupportRequest | None, at: datetime) -> Decision:
    """Seeing a support; without one, whether there could be any."""
    del at
    if support is None:
        return ALLOW if actor.has_role(*_TOWN, *_BUREAU, Role.ADVISER) else deny()
    seen = SupportRequest.objects.filter(visible_supports(actor), pk=support.pk).exists()
    return ALLOW if seen else deny()


@register("grants.ask_support")
def ask_support(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Asking for technical support beside the money: the lead's editors, for a draft or an adopted case."""
    del at
    if application is None:
        return ALLOW if actor.has_role(Role.EDITOR) else deny()
    if Party.LEAD_EDITOR not in parties(actor, application):
        return deny()
    if not application.template.visits or not application.template.has_money:
        return deny("この募集には、申し込む技術的支援がありません。")
    if application.state not in _ASKING_STATES:
        return deny("技術的支援を申し込めるのは、作成中と採択された申請です。")
    if application.state is ApplicationStatus.ADOPTED and application.announced_at is None:
        return deny("技術的支援を申し込めるのは、作成中と採択された申請です。")
    return ALLOW
