"""Reads of plans: the overview, one sheet, one indicator, each at a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from django.db.models import Count, Prefetch

from accounts.enums import Role
from core import clock, fiscal_year
from core.actor import Actor
from core.deadlines import Cases, Deadline
from core.events import verify_chain
from core.invariants import invariant
from indicators.enums import GoalStatus, Outlook, Progress
from indicators.models import (
    Direction,
    Indicator,
    Measure,
    Plan,
    PlanEvent,
    Policy,
    SheetCorrection,
    SheetYear,
)
from indicators.models.plan import PlanQuerySet
from indicators.queries.figures import Standing
from indicators.rules import update_day
from indicators.rules.sheets import Activity, label_of, shown


def plans(actor: Actor) -> PlanQuerySet:
    """Plans the person may see, with their city."""
    return Plan.objects.visible_to(actor).select_related("organization")


def plan_by_slug(actor: Actor, slug: str) -> Plan | None:
    """One visible plan with its whole tree: directions, policies, measures, themes, years."""
    years = SheetYear.objects.select_related("refers_to").order_by("fiscal_year")
    measures = Measure.objects.prefetch_related("themes", Prefetch("years", years)).order_by("position")
    policies = Policy.objects.prefetch_related(Prefetch("measures", measures)).order_by("number")
    directions = Direction.objects.prefetch_related(Prefetch("policies", policies)).order_by("number")
    return (
        plans(actor).prefetch_related("themes", Prefetch("directions", directions)).filter(slug=slug).first()
    )


def measure_by_number(actor: Actor, slug: str, number: str) -> Measure | None:
    """One sheet of a visible plan with its years, themes and programs."""
    years = SheetYear.objects.select_related("refers_to").order_by("fiscal_year")
    return (
        Measure.objects.filter(plan__in=Plan.objects.visible_to(actor), plan__slug=slug, number=number)
        .select_related("plan__organization", "policy__direction")
        .prefetch_related(
            "themes", Prefetch("years", years), "programs", "referred_by__measure", "activities__years"
        )
        .first()
    )


@dataclass(frozen=True)
class CorrectionLine:
    """A correction of a published cell, in words."""

    label: str
    before: str
    after: str
    reason: str
    at: datetime


def corrections_of(measure: Measure) -> list[CorrectionLine]:
    """What was corrected on a sheet after its publication, newest first; names of persons are left out."""
    rows = SheetCorrection.objects.filter(task__measure=measure).order_by("-corrected_at", "-pk")
    activities = [Activity(row.pk, row.name, row.unit) for row in measure.activities.all()]
    return [
        CorrectionLine(
            f"{fiscal_year.label(row.fiscal_year)}　{label_of(row.name, activities)}", shown(row.name, row.before),
            shown(row.name, row.after), row.reason, row.corrected_at,
        )
        for row in rows
    ]  # fmt: skip


def measures_of(plan: Plan, department: str = "") -> list[Measure]:
    """The sheets of a plan from `plan_by_slug` in its order; those that name a department, if one is given."""
    rows = [row for d in plan.directions.all() for p in d.policies.all() for row in p.measures.all()]
    rows.sort(key=lambda row: row.position)
    if not department:
        return rows
    return [
        row
        for row in rows
        if department in [row.lead_department, *(unit["name"] for unit in row.related_departments)]
    ]


def neighbours(measure: Measure) -> tuple[Measure | None, Measure | None]:
    """The sheets before and after one, in the order of the plan."""
    sheets = Measure.objects.filter(plan=measure.plan)
    before = sheets.filter(position__lt=measure.position).order_by("-position").first()
    after = sheets.filter(position__gt=measure.position).order_by("position").first()
    return before, after


def plans_of_municipality(actor: Actor, organization_id: int) -> PlanQuerySet:
    """The plans of one city that the person may see."""
    return plans(actor).filter(organization_id=organization_id)


@dataclass(frozen=True)
class PlanSummary:
    """A plan with the sizes that a list shows."""

    plan: Plan
    measures: int
    indicators: int


def plan_summaries(actor: Actor) -> list[PlanSummary]:
    """Visible plans with the number of their sheets and indicators, in three queries."""
    rows = list(plans(actor))
    sheets = Measure.objects.filter(plan__in=rows).values_list("plan").annotate(n=Count("pk")).order_by()
    indicators = (
        Indicator.objects.filter(plan__in=rows).values_list("plan").annotate(n=Count("pk")).order_by()
    )
    by_plan, figures = dict(sheets), dict(indicators)
    return [PlanSummary(row, by_plan.get(row.pk, 0), figures.get(row.pk, 0)) for row in rows]


@dataclass(frozen=True)
class Counts:
    """What a plan's overview says in numbers."""

    measures: int
    by_outlook: list[tuple[str, int]]
    met: int
    not_met: int
    unknown: int
    without_goal: int


def counts(plan: Plan, standings: list[Standing]) -> Counts:
    """Sheets by outlook, indicators by standing, sheets whose newest year sets no goal."""
    sheets = [m for d in plan.directions.all() for p in d.policies.all() for m in p.measures.all()]
    outlooks = Counter(sheet.outlook for sheet in sheets)
    progress = Counter(row.judgement.progress for row in standings)
    return Counts(
        measures=len(sheets),
        by_outlook=[(Outlook(code).label, outlooks[code]) for code in Outlook.values if outlooks[code]],
        met=progress[Progress.MET],
        not_met=progress[Progress.NOT_MET],
        unknown=progress[Progress.UNKNOWN],
        without_goal=sum(
            1 for sheet in sheets if any(year.goal_status == GoalStatus.NOT_SET for year in sheet.years.all())
        ),
    )


# --- Updates that are due -------------------------------------------------------------------------------

_OFFICE_CLOSES: Final = time(17)
_CASE: Final = "indicator-"


def desk_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """The figures that the actor's city has to update, soonest first."""
    return sorted(task for task in planned_deadlines(at) if task.is_for(actor))


def planned_deadlines(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """Every city's indicators whose next update the plan names, 17:00 on the last day it may mean.

    The words are the source's; the task is done once the coordinator has written when the update after it comes.
    """
    del at  # an update stays due until somebody says when the next one is
    rows = Indicator.objects.exclude(next_update_text="").select_related("plan").order_by("pk")
    if cases is not None:
        rows = rows.filter(pk__in=[key.removeprefix(_CASE) for key in cases if key.startswith(_CASE)])
    for indicator in rows.iterator(chunk_size=500):
        day = update_day(indicator.next_update_text)
        if day is not None:
            plan = indicator.plan
            yield Deadline(
                kind="indicators.update", at=clock.instant(day, _OFFICE_CLOSES),
                title=f"成果指標の数値を更新してください：{indicator}",
                url=f"/plans/{plan.slug}/indicators/{indicator.slug}/", organization_id=plan.organization_id,
                audience_roles=frozenset({Role.COORDINATOR.value}), case_key=f"{_CASE}{indicator.pk}",
                what="成果指標の数値の更新", about=f"指標：{indicator}",
            )  # fmt: skip


# --- What must always hold --------------------------------------------------------------------------------


@invariant("indicators.event_chains")
def event_chains() -> Iterable[str]:
    """The record of what was done to plans is whole."""
    return verify_chain(PlanEvent.objects.all())
