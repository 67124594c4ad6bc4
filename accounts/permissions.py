"""Who may do what with people and posts: the only answers to "may I?" of this app.

An administrator acts for one body and sees its people only; everybody else's are unknown (404). The portal
itself (loaders, `invite_administrator`) may do all of it.
"""

from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from accounts.enums import OrganizationKind, Role
from accounts.models import ApiToken, CalendarToken, Department, Membership, Organization, User
from accounts.models.audience import with_predecessors
from accounts.rules import TOKEN_ROLES
from core import clock
from core.access import Decision, deny, register
from core.actor import Actor


def _administers(actor: Actor, organization_id: int | None) -> bool:
    if actor.is_system:
        return True
    return actor.second_factor and actor.has_role(Role.ADMINISTRATOR) and actor.belongs_to(organization_id)


def _stands_in(actor: Actor, organization_id: int | None, at: datetime) -> bool:
    """都's administrator for a town in which nobody is within reach who could let people in; goes on record."""
    if organization_id is None or not _administers_metropolis(actor):
        return False
    town = Organization.objects.municipalities().filter(pk=organization_id)
    here = Membership.objects.within_reach(clock.today(at)).filter(department__organization=organization_id)
    return town.exists() and not here.exists()


def _administers_metropolis(actor: Actor) -> bool:
    """Whether this is an administrator of 都 itself."""
    if not actor.second_factor or not actor.has_role(Role.ADMINISTRATOR):
        return False
    body = Organization.objects.filter(pk=actor.organization_id or 0, kind=OrganizationKind.METROPOLITAN)
    return body.exists()


def _body_of(obj: Any) -> int | None:
    match obj:
        case Organization():
            return obj.pk
        case Department():
            return obj.organization_id
        case Membership():
            return obj.department.organization_id
    return None


@register("accounts.manage_people")
def manage_people(actor: Actor, obj: Organization | Department | Membership | None, at: datetime) -> bool:
    """List, invite, place and end posts in one's own body. Without an object: may the page be opened at all?"""
    if obj is None:
        return _administers(actor, actor.organization_id)
    return _administers(actor, _body_of(obj)) or _stands_in(actor, _body_of(obj), at)


@register("accounts.help_towns")
def help_towns(actor: Actor, obj: Organization | None, at: datetime) -> Decision | bool:
    """Let an administrator into a town that has none within reach: 都's administrator only."""
    if not _administers_metropolis(actor):
        return False
    if obj is not None and not _stands_in(actor, obj.pk, at):
        return deny("この団体には、利用者管理の担当者がいます。その担当者が招待できます。")
    return True


@register("accounts.read_transfer")
def read_transfer(actor: Actor, obj: Department | None, at: datetime) -> bool:
    """Open the handover pages: everybody acting in a unit; of a unit, those who act in it."""
    del at
    acting = actor.second_factor and actor.department_id is not None
    return acting and (obj is None or obj.pk == actor.department_id)


@register("accounts.manage_person")
def manage_person(actor: Actor, obj: User | None, at: datetime) -> Decision | bool:
    """See and place a person who has, had or will have a post in one's own body."""
    del at
    if obj is None or actor.is_system or actor.organization_id is None:
        return _administers(actor, actor.organization_id)
    here = Membership.objects.filter(user=obj, department__organization_id=actor.organization_id)
    return _administers(actor, actor.organization_id) and here.exists()


@register("accounts.secure_person")
def secure_person(actor: Actor, obj: User | None, at: datetime) -> Decision | bool:
    """Reset a person's factors or close the account: only when no other body counts on that person."""
    if not manage_person(actor, obj, at):
        return False
    if obj is None or actor.is_system or actor.organization_id is None:
        return True
    elsewhere = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today(at)), user=obj
    ).exclude(department__organization_id=actor.organization_id)
    if elsewhere.exists():
        return deny("ほかの団体にも配属があるため、この団体だけでは行えません。配属を終える操作は行えます。")
    return True


@register("accounts.keep_calendar")
def keep_calendar(actor: Actor, obj: CalendarToken | None, at: datetime) -> bool:
    """Make an address of the acting department's calendar, and revoke any of that department's or those it succeeded."""
    del at
    if not actor.second_factor or actor.department_id is None:
        return False
    return obj is None or obj.department_id in with_predecessors(actor.department_id)


@register("accounts.make_token")
def make_token(actor: Actor, obj: Membership | None, at: datetime) -> bool:
    """Make a token for a post of one's own in the acting department, in a role a machine may act in."""
    if not actor.second_factor or actor.department_id is None:
        return False
    if obj is None:
        return actor.has_role(*TOKEN_ROLES)
    own = obj.user_id == actor.user_id and obj.department_id == actor.department_id
    return own and obj.role in TOKEN_ROLES and obj in Membership.objects.in_force(clock.today(at))


@register("accounts.keep_tokens")
def keep_tokens(actor: Actor, obj: ApiToken | None, at: datetime) -> bool:
    """See and revoke tokens: one's own, and as an administrator those of the body."""
    if not actor.second_factor:
        return False
    if obj is None:
        return make_token(actor, None, at) or _administers(actor, actor.organization_id)
    if obj.membership.user_id == actor.user_id:
        return True
    return _administers(actor, obj.membership.department.organization_id)


_PLAN_READERS: Final = {
    OrganizationKind.METROPOLITAN: (Role.OFFICER, Role.ADMINISTRATOR),
    OrganizationKind.MUNICIPALITY: (Role.LIAISON, Role.ADMINISTRATOR),
}


@register("accounts.read_reminders")
def read_reminders(actor: Actor, obj: Organization | None, at: datetime) -> bool:
    """See which reminders are to go out: towns those of their own body; of 都, what the reader may know."""
    del at
    if not actor.second_factor or actor.organization_id is None:
        return False
    body = obj or Organization.objects.filter(pk=actor.organization_id).first()
    if body is None or not actor.belongs_to(body.pk):
        return False
    return actor.has_role(*_PLAN_READERS.get(OrganizationKind(body.kind), ()))


@register("accounts.run_operations")
def run_operations(actor: Actor, obj: object, at: datetime) -> bool:
    """See how outbox and schedule stand, and send a parked mail again: 都's administrators."""
    del obj, at
    return _administers_metropolis(actor)
