"""庁内照会: the parts a town can distribute, where each of them is, the proposed date, and whose desk it is on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Final

from django.conf import settings

from accounts.enums import Role
from accounts.models import ClosingDay, Department
from core import clock
from core.actor import Actor
from core.business_days import add_business_days
from core.deadlines import Cases, Deadline
from grants.enums import (
    BUDGET_SECTION,
    DOCUMENTS_SECTION,
    EDITABLE_STATES,
    FILLING_ROUTINGS,
    FIXED_SECTIONS,
    MONEY_ITEM,
    OTHER_ITEM,
    WAITING_ROUTINGS,
    ApplicationStatus,
    SectionScope,
)
from grants.models import Application, Member, Routing, RoutingQuerySet
from grants.permissions import COORDINATING_ROLES, coordinates, does_work_of
from grants.permissions.conditions import open_return
from grants.queries.units import Units

END_OF_DAY: Final = time(17, 0)
_FILLERS = frozenset({Role.EDITOR.value, Role.APPROVER.value})


@dataclass(frozen=True)
class Part:
    """Something that can be sent to a unit: a section of the form, or one item of the budget or the documents."""

    section: str
    item: str
    label: str

    @property
    def key(self) -> str:
        """As `Routing.key`."""
        return f"{self.section}/{self.item}" if self.item else self.section


def parts_of(member: Member) -> list[Part]:
    """What a town has of its own in a case: the lead the common part too, everybody its budget and documents."""
    template = member.application.template
    scopes = {SectionScope.MEMBER, SectionScope.COMMON} if member.is_lead else {SectionScope.MEMBER}
    found = [
        Part(code, "", template.section_label(code))
        for code in template.section_codes()
        if code not in FIXED_SECTIONS and template.section_scope(code) in scopes
    ]
    found.append(Part(BUDGET_SECTION, "", "収支計画（全体）"))
    found += [
        Part(BUDGET_SECTION, code, f"収支計画のうち {template.item_label(code)}")
        for code in template.item_codes()
    ]
    found.append(Part(BUDGET_SECTION, MONEY_ITEM, "収支計画のうち 収入"))
    found.append(Part(DOCUMENTS_SECTION, "", "添付書類（全体）"))
    found += [
        Part(DOCUMENTS_SECTION, str(item["code"]), f"添付書類のうち {item['label']}")
        for item in template.documents
    ]
    return [*found, Part(DOCUMENTS_SECTION, OTHER_ITEM, "添付書類のうち その他の参考資料")]


def part_label(routing: Routing) -> str:
    """The Japanese name of the part of a row."""
    parts = parts_of(routing.distribution.member)
    return next((part.label for part in parts if part.key == routing.key), routing.key)


def routings_of(actor: Actor, member: Member, at: datetime) -> list[Routing]:
    """The parts of a town the actor may know of: all of them where parts are distributed, else the unit's own."""
    rows = Routing.objects.with_parts().filter(distribution__member=member)
    rows = rows.order_by("due_at", "pk")
    if coordinates(actor, member, at):
        return list(rows)
    return [row for row in rows if does_work_of(actor, row.department_id, at)]


# --- Dates ----------------------------------------------------------------------------------------------------


def outer_due(application: Application) -> datetime:
    """Tokyo's date: that of the request for correction that is open, else the closing of the call."""
    request = open_return(application) if application.state is ApplicationStatus.RETURNED else None
    return request.due_at if request else application.call.closes_at


def proposed_due(member: Member, at: datetime) -> datetime:
    """The town's own date: some business days of this very body before Tokyo's, at 17:00; never past, never later.

    How many is settings.ROUTING_BUSINESS_DAYS. Where that day has gone by, it is the next business day.
    """
    outer = outer_due(member.application)
    closed: set[date] = set(
        ClosingDay.objects.filter(organization=member.organization_id or 0).values_list("day", flat=True)
    )
    day = add_business_days(clock.today(outer), -settings.ROUTING_BUSINESS_DAYS, closed)
    found = clock.instant(day, END_OF_DAY)
    if found <= at:
        found = clock.instant(add_business_days(clock.today(at), 1, closed), END_OF_DAY)
    return min(found, outer)


# --- Desks, reminders and calendars -------------------------------------------------------------------------------


def routing_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """What is on the desk of the actor's unit, soonest first."""
    rows = _running().filter(distribution__member__organization=actor.organization_id or 0)
    return sorted(task for task in _deadlines(rows.iterator(chunk_size=500), at) if task.is_for(actor))


def planned_routings(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The same of all towns and units, for reminders and calendars."""
    rows = _running()
    if cases is not None:
        numbers = {key.split(":")[1] for key in cases if key.startswith("routing:")}
        rows = rows.filter(distribution__public_id__in=numbers)
    found = _deadlines(rows.iterator(chunk_size=500), at)
    return (task for task in found if cases is None or task.case_key in cases)


def _running() -> RoutingQuerySet:
    """Parts somebody still has to act on, of cases that may change."""
    return (
        Routing.objects.live()
        .with_parts()
        .filter(distribution__member__application__status__in=sorted(EDITABLE_STATES))
        .order_by("distribution", "department", "due_at", "pk")
    )


def _deadlines(rows: Iterator[Routing], at: datetime) -> Iterator[Deadline]:
    units = Units(at)
    for _, found in groupby(rows, key=lambda row: row.distribution_id):
        live = list(found)
        if outer_due(live[0].distribution.member.application) < at:
            continue
        yield from _of_units(live, units)
        yield _of_liaison(live, at, units)


def _of_units(live: list[Routing], units: Units) -> Iterator[Deadline]:
    waiting = [row for row in live if row.status in FILLING_ROUTINGS]
    for (unit, due), found in groupby(waiting, key=lambda row: (row.department_id, row.due_at)):
        parts = list(found)
        case = parts[0].distribution.member.application
        named = f"{part_label(parts[0])}{f' ほか{len(parts) - 1}件' if len(parts) > 1 else ''}"
        yield Deadline(
            kind="grants.routing", at=due, title=f"庁内照会に回答してください（{named}）：{case}",
            url=f"/applications/{case.public_id}/routing/", organization_id=parts[0].distribution.member.organization_id,
            departments=_doing(unit, units), audience_roles=_FILLERS,
            case_key=f"routing:{parts[0].distribution.public_id}:{unit}", what="庁内照会への回答",
            about=f"募集：{case.call}", since=max(row.moved_at for row in parts),
        )  # fmt: skip


def _of_liaison(live: list[Routing], at: datetime, units: Units) -> Deadline:
    plan = live[0].distribution
    case = plan.member.application
    back = sum(row.status in WAITING_ROUTINGS for row in live)
    late = sum(row.status in FILLING_ROUTINGS and row.is_overdue(at) for row in live)
    counted = "、".join(
        [f"残り{len(live)}件"] + [f"{word}{n}件" for word, n in (("戻り", back), ("期限超過", late)) if n]
    )
    return Deadline(
        kind="grants.routing_compile", at=outer_due(case), title=f"庁内照会をとりまとめてください（{counted}）：{case}",
        url=f"/applications/{case.public_id}/routing/", organization_id=plan.member.organization_id,
        departments=_doing(plan.department_id, units), audience_roles=frozenset(role.value for role in COORDINATING_ROLES),
        case_key=f"routing:{plan.public_id}", what="庁内照会のとりまとめ", about=f"募集：{case.call}", since=plan.begun_at,
    )  # fmt: skip


def _doing(unit: int, units: Units) -> frozenset[int]:
    """The unit, or its successors; a unit that nobody succeeded keeps its tasks."""
    return units.doing(unit) or frozenset({unit})


def units_to_ask(member: Member, on: date) -> list[Department]:
    """The units of a town that exist on a day: where parts may be sent."""
    return list(Department.objects.filter(organization=member.organization_id).in_force(on))
