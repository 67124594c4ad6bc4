"""Reads of indicators: where each stands, its figures with their breaks, and what was changed afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from core.actor import Actor
from indicators.enums import Operator, Reference, TargetKind
from indicators.models import (
    Direction,
    Indicator,
    IndicatorDefinition,
    Observation,
    ObservationCorrection,
    Plan,
    UpdateChange,
)
from indicators.rules import (
    Course,
    Definition,
    Figure,
    Judgement,
    RollUp,
    Scale,
    Stand,
    Target,
    definition_at,
    exact,
    period_text,
    plain,
    read_scale,
    roll_up,
    stand,
)


@dataclass(frozen=True)
class Standing:
    """An indicator with its latest value and the judgement of it.

    `owes` is the figure that missed the target without a word on why; `is_own_scale`: the city declared the scale.
    """

    indicator: Indicator
    latest: Decimal | None
    latest_text: str
    judgement: Judgement
    stand: Stand
    owes: Observation | None
    is_own_scale: bool


def with_figures(rows: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators with everything `standing` reads, in a fixed number of queries."""
    definitions = IndicatorDefinition.objects.order_by("number")
    observations = Observation.objects.order_by("period_end", "period_start")
    return rows.select_related("plan__organization", "direction", "target_other").prefetch_related(
        Prefetch("observations", observations),
        Prefetch("definitions", definitions),
        Prefetch("target_other__observations", observations),
    )


def indicators_of(plan: Plan) -> list[Standing]:
    """Every indicator of a plan with where it stands."""
    return [standing(row) for row in with_figures(Indicator.objects.filter(plan=plan)).order_by("number")]


def indicator_by_slug(actor: Actor, slug: str, indicator_slug: str) -> Indicator | None:
    """One indicator of a visible plan, with all its figures and what was changed of them."""
    corrections = ObservationCorrection.objects.order_by("corrected_at", "pk")
    changes = UpdateChange.objects.order_by("changed_at", "pk")
    rows = Indicator.objects.filter(
        plan__in=Plan.objects.visible_to(actor), plan__slug=slug, slug=indicator_slug
    )
    return (
        with_figures(rows)
        .prefetch_related(
            Prefetch("observations__corrections", corrections), Prefetch("update_changes", changes)
        )
        .first()
    )


def definitions_of(indicator: Indicator) -> tuple[Definition, ...]:
    """The versions of its definition after the first, as the rules see them."""
    return tuple(Definition(row.number, row.starts, row.is_comparable) for row in indicator.definitions.all())


def course_of(indicator: Indicator) -> Course:
    """The facts of an indicator from `with_figures`, for the rules."""
    definitions = definitions_of(indicator)
    other = indicator.target_other
    return Course(
        target=Target(
            kind=TargetKind(indicator.target_kind), operator=Operator(indicator.target_operator),
            value=indicator.target_value,
            reference=Reference(indicator.target_reference) if indicator.target_reference else None,
        ),
        baseline=_baseline(indicator), figures=_figures(indicator, definitions), definitions=definitions,
        target_start=indicator.target_start, target_end=indicator.target_end, unit=indicator.unit,
        other=(_baseline(other), *_figures(other)) if other else (), other_name=other.name if other else "",
    )  # fmt: skip


def _baseline(indicator: Indicator) -> Figure:
    return Figure(indicator.baseline_start, indicator.baseline_end, exact(indicator.baseline_value))


def _figures(indicator: Indicator, definitions: Iterable[Definition] = ()) -> tuple[Figure, ...]:
    known = tuple(definitions)
    return tuple(
        Figure(
            row.period_start, row.period_end, _exact(row.value), row.not_measurable_reason,
            definition_at(known, row.period_end),
        )
        for row in indicator.observations.all()
    )  # fmt: skip


def scale_of(plan: Plan) -> Scale | None:
    """The scale a plan declares, or None."""
    return read_scale(plan.scale)


def standing(indicator: Indicator) -> Standing:
    """Where an indicator stands: its latest measurable value (else the baseline) against its target."""
    scale = scale_of(indicator.plan)
    found = stand(course_of(indicator), scale)
    owes = None
    if found.is_missed:
        owes = next((row for row in indicator.observations.all() if _owes(row, found)), None)
    return Standing(
        indicator, found.latest.value, found.latest.label, found.judgement, found, owes,
        bool(scale and scale.own and found.graded),
    )  # fmt: skip


def _owes(row: Observation, found: Stand) -> bool:
    same = (row.period_start, row.period_end) == (found.judged.start, found.judged.end)
    return same and not row.missed_text


@dataclass(frozen=True)
class DirectionLine:
    """A direction of a plan with its indicators, and what they say together."""

    direction: Direction
    standings: list[Standing]
    roll_up: RollUp


def by_direction(plan: Plan, standings: Iterable[Standing]) -> list[DirectionLine]:
    """The roll-up of each direction of a plan from `plan_by_slug`."""
    rows = list(standings)
    lines = []
    for direction in plan.directions.all():
        own = [row for row in rows if row.indicator.direction_id == direction.pk]
        lines.append(DirectionLine(direction, own, roll_up(row.stand for row in own)))
    return lines


# --- Figures for tables and charts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """One row of an indicator's table: a label, a value or the reason it is missing; `breaks`: a new definition begins."""

    label: str
    kind: str
    value: Decimal | None
    note: str = ""
    start: int = 0
    end: int = 0
    definition: int = 1
    breaks: bool = False
    not_measurable: bool = False
    source: str = ""


def points(indicator: Indicator) -> list[Point]:
    """Baseline, observations and the target's value in order of time; a missing value is None, never 0."""
    start, end = indicator.baseline_start, indicator.baseline_end
    rows = [
        Point(
            period_text(start, end),
            "現状値",
            exact(indicator.baseline_value),
            indicator.baseline_text,
            start,
            end,
        )
    ]
    definitions, before = definitions_of(indicator), 1
    for row in sorted(indicator.observations.all(), key=lambda row: (row.period_end, row.period_start)):
        number = definition_at(definitions, row.period_end)
        rows.append(
            Point(
                period_text(row.period_start, row.period_end), "観測値", _exact(row.value), row.not_measurable_reason,
                row.period_start, row.period_end, number, number != before, row.value is None, row.source_text,
            )
        )  # fmt: skip
        before = number
    start, end = indicator.target_start, indicator.target_end
    rows.append(
        Point(
            period_text(start, end), "目標", _exact(indicator.target_value), indicator.target_text, start, end
        )
    )
    return rows


def chart_series(indicator: Indicator) -> list[dict[str, object]]:
    """The lines of an indicator's chart: itself, and the indicator it is compared with."""
    lines: list[dict[str, object]] = [
        {"name": indicator.name, "points": [_drawn(row) for row in points(indicator)[:-1]]}
    ]
    other = indicator.target_other
    if other is not None:
        figures = sorted((_baseline(other), *_figures(other)), key=lambda row: (row.end, row.start))
        drawn: list[dict[str, object]] = [
            {"label": row.label, "x": row.end, "value": row.value, "note": _gap(row)} for row in figures
        ]
        lines.append({"name": other.name, "points": drawn})
    return lines


def _gap(row: Figure) -> str:
    return f"測定不能（{row.reason}）" if row.value is None else ""


def _drawn(row: Point) -> dict[str, object]:
    notes = [f"第{row.definition}版の定義"] if row.breaks else []
    notes += [f"測定不能（{row.note}）"] if row.not_measurable else []
    return {
        "label": row.label, "x": row.end, "value": row.value, "breaks": row.breaks, "note": "。".join(notes),
    }  # fmt: skip


def chart_target(indicator: Indicator) -> dict[str, object] | None:
    """Where the chart's line is meant to arrive; a mere direction has no value."""
    if not indicator.target_text:
        return None
    return {
        "x": indicator.target_end,
        "label": period_text(indicator.target_start, indicator.target_end),
        "value": _exact(indicator.target_value),
        "words": indicator.target_text,
    }


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else exact(value)


# --- What was changed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureCorrection:
    """A correction of a published figure, in words."""

    period: str
    before: str
    after: str
    reason: str
    at: datetime


def figure_words(value: Decimal | None, reason: str) -> str:
    """3,700, or 測定不能（調査が中止された）."""
    return f"測定不能（{reason}）" if value is None else plain(value)


def figure_corrections(indicator: Indicator) -> list[FigureCorrection]:
    """What was corrected of an indicator from `indicator_by_slug`, newest first; names of persons are left out."""
    rows = [
        FigureCorrection(
            period_text(observation.period_start, observation.period_end), figure_words(row.before, row.before_reason),
            figure_words(row.after, row.after_reason), row.reason, row.corrected_at,
        )
        for observation in indicator.observations.all()
        for row in observation.corrections.all()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.at, reverse=True)
