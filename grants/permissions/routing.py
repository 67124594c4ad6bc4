"""庁内照会: who inside a town distributes, who fills what, and who sees the rest. Other bodies never see any of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import Department
from accounts.models.notice import heirs
from core import clock
from core.access import ALLOW, Decision, deny, register
from core.actor import Actor
from core.exceptions import Fault
from grants.enums import (
    EDITABLE_STATES,
    FILLING_ROUTINGS,
    HELD_ROUTINGS,
    LIVE_ROUTINGS,
    PRESENT_MEMBER_STATES,
    DocumentPurpose,
    RoutingStatus,
)
from grants.lifecycle import ROUTING
from grants.models import Application, Distribution, Document, Member, Routing
from grants.permissions.conditions import window
from grants.permissions.judging import NOT_THEIRS, Ground, Judgement, not_now
from grants.permissions.parties import member_of
from grants.permissions.scanning import may_open, scan_fault

COORDINATING_ROLES = frozenset({Role.LIAISON, Role.EDITOR, Role.APPROVER})
FILLING_ROLES = frozenset({Role.EDITOR, Role.APPROVER})
_READ_ALL = frozenset({Role.FINANCE, Role.AUDITOR})
"""Roles that read the whole case of their town, whatever it hides from its other units."""
_GENERATIONS = 3
"""How often a unit may have been succeeded while a case runs and its successor still is let in."""


def does_work_of(actor: Actor, department_id: int, at: datetime) -> bool:
    """Whether the actor's unit is this one, or one of those its work went to."""
    if actor.department_id is None:
        return False
    if actor.department_id == department_id:
        return True
    return actor.department_id in heirs([department_id], clock.today(at))[department_id]


def coordinates(actor: Actor, member: Member, at: datetime) -> bool:
    """Whether the actor's unit distributes this town's part: a 取りまとめ窓口, the lead's unit, or who began."""
    if not (actor.belongs_to(member.organization_id) and actor.has_role(*COORDINATING_ROLES)):
        return False
    if Department.objects.filter(pk=actor.department_id or 0, is_liaison=True).exists():
        return True
    if member.is_lead and does_work_of(actor, member.application.lead_department_id, at):
        return True
    begun = Distribution.objects.filter(member=member).first()
    return begun is not None and does_work_of(actor, begun.department_id, at)


def own_routings(actor: Actor, application: Application, at: datetime) -> list[Routing]:
    """The parts the actor's unit is to fill or has filled, in order of their dates."""
    rows = Routing.objects.with_parts().filter(
        distribution__member__application=application,
        distribution__member__organization=actor.organization_id or 0,
        distribution__member__state__in=sorted(PRESENT_MEMBER_STATES),
    )
    return [row for row in rows if does_work_of(actor, row.department_id, at)]


def reaches(actor: Actor, application: Application, at: datetime) -> bool:
    """Whether a unit that sees nothing else of the case has a part of it to fill."""
    if not actor.has_role(*FILLING_ROLES):
        return False
    return any(row.status in LIVE_ROUTINGS for row in own_routings(actor, application, at))


def hidden_from(actor: Actor) -> Q:
    """The cases a town hides from this unit of its own, as a condition; its own part it still reaches."""
    if actor.has_role(*_READ_ALL):
        return Q(pk__in=[])
    units = _units_done_by(actor.department_id or 0)
    hiding = Distribution.objects.filter(
        member__application=OuterRef("pk"), member__organization=actor.organization_id, hides_others=True
    ).exclude(department__in=units)
    liaison = Exists(Department.objects.filter(pk=actor.department_id or 0, is_liaison=True))
    lead_unit = Q(lead=actor.organization_id, lead_department__in=units)
    return Q(Exists(hiding)) & ~Q(liaison) & ~lead_unit


def _units_done_by(unit: int) -> QuerySet[Department]:
    """The units whose work this one does: itself, and those it succeeded."""
    path, found = "succeeded_by", Q(pk=unit)
    for _ in range(_GENERATIONS):
        found |= Q(**{path: unit})
        path += "__succeeded_by"
    return Department.objects.filter(found)


# --- What may be filled ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What of a section an actor may change: `only` these items (None: every one), never those in `without`.

    `fault` says why nothing of it.
    """

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    fault: Fault | None = None

    def allow(self, item: str) -> bool:
        """Whether this item may be changed."""
        return self.fault is None and item not in self.without and (self.only is None or item in self.only)


FREE = Limits()


def limits(
    actor: Actor, application: Application, section: str, member: Member | None, at: datetime
) -> Limits:
    """What the actor's own town has left to its unit of a section; without 庁内照会 everything."""
    plan = (
        Distribution.objects.filter(
            member__application=application,
            member__organization=actor.organization_id or 0,
            member__state__in=sorted(PRESENT_MEMBER_STATES),
        )
        .select_related("member__application", "department")
        .first()
    )
    if plan is None:
        return FREE
    own = member is None or member.pk == plan.member_id
    parts = list(plan.routings.live().filter(section=section).select_related("department")) if own else []
    if coordinates(actor, plan.member, at):
        return _left_to_liaison(application, section, parts)
    given = [
        part
        for part in parts
        if part.status in FILLING_ROUTINGS and does_work_of(actor, part.department_id, at)
    ]
    if not given:
        label = application.template.section_label(section)
        cure = f"取りまとめの部署（{plan.department.name}）に相談してください。"
        return Limits(fault=Fault(section, f"「{label}」は、この部署に照会されていません。", cure))
    items = frozenset(part.item for part in given)
    return FREE if "" in items else Limits(only=items)


def _left_to_liaison(application: Application, section: str, parts: list[Routing]) -> Limits:
    held = [part for part in parts if part.status in HELD_ROUTINGS]
    whole = next((part for part in held if not part.item), None)
    if whole is None:
        return Limits(without=frozenset(part.item for part in held))
    label = application.template.section_label(section)
    return Limits(
        fault=Fault(
            section,
            f"「{label}」は{whole.department.name}に照会しています（{whole.state.label}）。",
            "庁内照会のページで、とりまとめ済にするか引き取ると記入できます。",
        )
    )


# --- What may be done with a part -------------------------------------------------------------------------------


def judge_routing(actor: Actor, action: str, routing: Routing, at: datetime) -> Judgement:
    """May this actor do this to this part now? People of other bodies, and of units it is no business of: hidden."""
    member = routing.distribution.member
    application = member.application
    if not (actor.belongs_to(member.organization_id) and member_of(actor, application)):
        return Judgement(Ground.HIDDEN)
    acting = set[str]()
    if coordinates(actor, member, at):
        acting.add(Role.LIAISON)
    if actor.has_role(*FILLING_ROLES) and does_work_of(actor, routing.department_id, at):
        acting |= {Role.EDITOR, Role.APPROVER}
    if not acting:
        return Judgement(Ground.HIDDEN)
    if action == "view":
        return Judgement(Ground.YES)
    rows = [row for row in ROUTING.leaving(routing.status) if row.action == action]
    if not rows:
        return not_now(ROUTING, action, str(routing.state.label))
    if not acting & {role for row in rows for role in row.roles}:
        return NOT_THEIRS
    fault = running(actor, application, at)
    return Judgement(Ground.CONDITION, fault) if fault else Judgement(Ground.YES)


def running(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """What stands in the way of work on the case: its state, or the time."""
    if application.state not in EDITABLE_STATES:
        reason = f"いまの状態（{application.town_label()}）では庁内照会を行えません。"
        return Fault("status", reason, "最新の画面を開き直して確かめてください。")
    return window(actor, application, at)


def judge_distribution(actor: Actor, member: Member, at: datetime) -> Judgement:
    """May this actor distribute parts of this town's work on the case?"""
    if not (actor.belongs_to(member.organization_id) and member_of(actor, member.application)):
        return Judgement(Ground.HIDDEN)
    if not member.is_municipality or not coordinates(actor, member, at):
        return Judgement(Ground.PARTY, Fault("", "庁内照会を行えるのは、取りまとめの部署だけです。"))
    fault = running(actor, member.application, at)
    return Judgement(Ground.CONDITION, fault) if fault else Judgement(Ground.YES)


@register("grants.distribute")
def distribute(actor: Actor, member: Member | None, at: datetime) -> Decision:
    """Distributing a town's work on a case among its units."""
    if member is None:
        return ALLOW if actor.has_role(*COORDINATING_ROLES) else deny()
    return judge_distribution(actor, member, at).decision()


@register("grants.see_routing")
def see_routing(actor: Actor, routing: Routing | None, at: datetime) -> Decision:
    """Seeing a part that was sent to a unit: that unit, and the one that compiles."""
    if routing is None:
        return ALLOW if actor.has_role(*COORDINATING_ROLES) else deny()
    return judge_routing(actor, "view", routing, at).decision()


@register("grants.view_own_upload")
def view_own_upload(actor: Actor, document: Document | None, at: datetime) -> Decision:
    """Opening a file one has attached oneself for a part one was given, though the town hides the rest of the case."""
    del at
    if document is None:
        return ALLOW if actor.has_role(*FILLING_ROLES) else deny()
    mine = actor.user_id is not None and document.uploaded_by_id == actor.user_id
    if not (mine and document.is_attached and document.purpose == DocumentPurpose.ATTACHMENT):
        return deny()
    return ALLOW if may_open(actor, document) else deny(str(scan_fault(document) or ""))


def available_routing_actions(actor: Actor, routing: Routing, at: datetime) -> list[str]:
    """The acts of the table this actor may do now, in its order; filling has its own page."""
    rows = [row.action for row in ROUTING.leaving(routing.status) if row.action != "fill"]
    return [
        action
        for action in dict.fromkeys(rows)
        if judge_routing(actor, action, routing, at).ground is Ground.YES
    ]


def taken_over(application: Application, organization_id: int | None, section: str) -> list[Routing]:
    """The parts of a section that a town's liaison unit fills in the place of the unit that was asked."""
    return list(
        Routing.objects.filter(
            distribution__member__application=application,
            distribution__member__organization=organization_id or 0,
            section=section,
            status=RoutingStatus.TAKEN_OVER,
        ).select_related("distribution", "department")
    )
