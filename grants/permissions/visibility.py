"""Who sees an application at all. What is not visible is answered like an unknown address."""

from django.db.models import Exists, OuterRef, Q

from accounts.enums import Role
from core.actor import Actor
from grants.models import Application, Member, Precheck, ReviewAssignment
from grants.permissions.parties import REVIEWING_ROLES, bureau
from grants.permissions.routing import hidden_from

TOWN_READERS = frozenset({Role.EDITOR, Role.APPROVER, Role.LIAISON, Role.FINANCE, Role.AUDITOR})
OVERSEERS = frozenset({Role.OFFICER, Role.DECIDER, Role.AUDITOR})


def visible(actor: Actor) -> Q:
    """The applications an actor sees, as a condition.

    The lead's and present members' people see theirs in every state, but for what a town hides from its own units
    (庁内照会). The program's bureau sees what was
    submitted; its officers also drafts whose precheck was asked for. Reviewers see what they are assigned and
    have declared no interest in. The system sees everything, everybody else nothing.
    """
    if actor.is_system:
        return Q()
    seen = Q(pk__in=[])
    if actor.user_id is None:
        return seen
    if actor.organization_id is not None and actor.has_role(*TOWN_READERS):
        joined = Member.objects.present().filter(
            application=OuterRef("pk"), organization=actor.organization_id
        )
        seen |= (Q(lead=actor.organization_id) | Q(Exists(joined))) & ~hidden_from(actor)
    if actor.organization_id is not None and actor.has_role(*OVERSEERS):
        seen |= _overseen(actor)
    if actor.has_role(*REVIEWING_ROLES):
        seen |= _assigned(actor)
    return seen


def _overseen(actor: Actor) -> Q:
    received = Q(submitted_at__isnull=False)
    if actor.has_role(Role.OFFICER):
        received |= Q(Exists(Precheck.objects.filter(application=OuterRef("pk"))))
    own = Q(call__program__department="")
    if part := bureau(actor.department_name):
        own |= Q(call__program__department__startswith=part)
    return Q(call__program__owner=actor.organization_id) & own & received


def _assigned(actor: Actor) -> Q:
    mine = ReviewAssignment.objects.filter(application=OuterRef("pk"), reviewer=actor.user_id or 0)
    return Q(Exists(mine.exclude(declaration__has_interest=True))) & Q(submitted_at__isnull=False)


def sees(actor: Actor, application: Application) -> bool:
    """Whether the actor sees this one."""
    return Application.objects.filter(visible(actor), pk=application.pk).exists()
