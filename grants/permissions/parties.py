"""What an actor is to one application. The lifecycle table names parties, never roles of a person."""

import re
from collections.abc import Iterable

from accounts.enums import Role
from core.actor import Actor
from grants.enums import Party
from grants.models import Application, Member, ReviewAssignment
from programs.models import Program

REVIEWING_ROLES = frozenset({Role.REVIEWER, Role.EXTERNAL_REVIEWER})
_BUREAU = re.compile(r"^\S*?局")


def bureau(department: str) -> str:
    """The 局 of a metropolitan department's name, or the whole name where there is none."""
    found = _BUREAU.match(department.strip())
    return found.group() if found else department.strip()


def in_charge(units: Iterable[tuple[int, str]], department: str) -> frozenset[int]:
    """Who works on a department's program and is told of it: row numbers of its own units (「…振興企画課」 with
    「…振興企画課 多摩振興担当」). Where the body has no unit of that name: those of the bureau; where the program names
    no department: all. `units`: row number and full name."""
    units = list(units)
    own = {pk for pk, name in units if name == department or name.startswith(f"{department} ")}
    return frozenset(own or of_bureau(units, department))


def of_bureau(units: Iterable[tuple[int, str]], department: str) -> frozenset[int]:
    """Who may know of a department's program: row numbers of its bureau's units; all where none is named."""
    return frozenset(pk for pk, name in units if not department or bureau(name) == bureau(department))


def oversees(actor: Actor, program: Program) -> bool:
    """Whether the actor's bureau owns the program (a program without a named department: the whole body)."""
    if not actor.belongs_to(program.owner_id):
        return False
    return not program.department or bureau(program.department) == bureau(actor.department_name)


def member_of(actor: Actor, application: Application) -> Member | None:
    """The member the actor acts for, the lead included; None for bodies that are not in (any more)."""
    if actor.organization_id is None:
        return None
    return application.members.present().filter(organization_id=actor.organization_id).first()


def parties(actor: Actor, application: Application) -> frozenset[Party]:
    """Everything the actor is to the application; empty for strangers and for the anonymous."""
    if actor.is_system:
        return frozenset({Party.SYSTEM})
    if actor.user_id is None:
        return frozenset()
    found = _town(actor, application)
    if oversees(actor, application.call.program):
        found |= {Party.OFFICER} if actor.has_role(Role.OFFICER) else set()
        found |= {Party.DECIDER} if actor.has_role(Role.DECIDER) else set()
    if actor.has_role(*REVIEWING_ROLES) and _is_assigned(actor, application):
        found |= {Party.REVIEWER}
    return frozenset(found)


def declared(actor: Actor, application: Application) -> bool:
    """Whether the actor has said to have no interest in the case: before that a reviewer sees no detail of it."""
    return ReviewAssignment.objects.filter(
        application=application, reviewer_id=actor.user_id or 0, declaration__has_interest=False
    ).exists()


def _town(actor: Actor, application: Application) -> set[Party]:
    if actor.belongs_to(application.lead_id):
        editor, approver = Party.LEAD_EDITOR, Party.LEAD_APPROVER
    elif member_of(actor, application) is not None:
        editor, approver = Party.PARTNER_EDITOR, Party.PARTNER_APPROVER
    else:
        return set()
    found = {editor} if actor.has_role(Role.EDITOR) else set()
    return found | ({approver} if actor.has_role(Role.APPROVER) else set())


def _is_assigned(actor: Actor, application: Application) -> bool:
    return ReviewAssignment.objects.filter(application=application, reviewer_id=actor.user_id).exists()
