"""A plan at a glance: what moves and what stands still, themes by measures, two plans side by side.

All of it is counted from `plan_by_slug` and `indicators_of`, which read a plan at a fixed number of queries.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.actor import Actor
from core.text import fold
from indicators.enums import Motion, Outlook
from indicators.models import Direction, Measure, Plan, Theme
from indicators.queries.figures import DirectionLine, Standing, by_direction, indicators_of
from indicators.queries.overview import Counts, counts, plan_by_slug
from indicators.rules.motion import motion_of, motion_of_sheet


@dataclass(frozen=True)
class MeasureLine:
    """A measure with its motion and why."""

    measure: Measure
    motion: Motion
    why: str


@dataclass(frozen=True)
class Tally:
    """How many move, stand still, go back, say nothing."""

    moves: int = 0
    still: int = 0
    back: int = 0
    silent: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.moves + self.still + self.back + self.silent


def tally(motions: Iterable[Motion]) -> Tally:
    """Count them."""
    found = Counter(motions)
    return Tally(*(found[motion] for motion in (Motion.MOVES, Motion.STILL, Motion.BACK, Motion.SILENT)))


def motion_of_measure(measure: Measure) -> MeasureLine:
    """One measure with its years read."""
    years = list(measure.years.all())
    contents = {(row.fiscal_year, "content"): row.content or row.content_summary for row in years}
    return MeasureLine(measure, *motion_of_sheet({row.fiscal_year: row.toward for row in years}, contents))


@dataclass(frozen=True)
class DirectionGlance:
    """One direction: its policies' measures, its indicators, both counted by motion."""

    line: DirectionLine
    policies: list[tuple[str, list[MeasureLine]]]
    measures: Tally
    indicators: Tally

    @property
    def direction(self) -> Direction:
        """The direction itself."""
        return self.line.direction


@dataclass(frozen=True)
class Glance:
    """A whole plan."""

    plan: Plan
    standings: list[Standing]
    directions: list[DirectionGlance]
    counts: Counts
    measures: Tally
    indicators: Tally


def glance(plan: Plan) -> Glance:
    """A plan from `plan_by_slug`, counted."""
    standings = indicators_of(plan)
    lines = by_direction(plan, standings)
    directions = []
    for line in lines:
        policies = [
            (str(policy), [motion_of_measure(row) for row in policy.measures.all()])
            for policy in line.direction.policies.all()
        ]
        directions.append(
            DirectionGlance(
                line, policies, tally(row.motion for _, rows in policies for row in rows),
                tally(motion_of(row.stand.movement) for row in line.standings),
            )
        )  # fmt: skip
    everything = [row.motion for found in directions for _, rows in found.policies for row in rows]
    return Glance(
        plan, standings, directions, counts(plan, standings), tally(everything),
        tally(motion_of(row.stand.movement) for row in standings),
    )  # fmt: skip


# --- Themes by measures --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatrixRow:
    """A measure and, theme by theme, whether it serves it."""

    line: MeasureLine
    marks: list[bool]


@dataclass(frozen=True)
class Matrix:
    """The measures of each direction by the plan's themes; `totals` counts each column."""

    themes: list[Theme]
    parts: list[tuple[str, list[MatrixRow]]]
    totals: list[int]


def matrix(plan: Plan) -> Matrix:
    """A plan from `plan_by_slug` as themes × measures."""
    themes = list(plan.themes.all())
    parts: list[tuple[str, list[MatrixRow]]] = []
    for direction in plan.directions.all():
        rows = []
        for policy in direction.policies.all():
            for measure in policy.measures.all():
                held = {theme.pk for theme in measure.themes.all()}
                rows.append(MatrixRow(motion_of_measure(measure), [theme.pk in held for theme in themes]))
        parts.append((str(direction), rows))
    everything = [row for _, rows in parts for row in rows]
    totals = [sum(row.marks[place] for row in everything) for place in range(len(themes))]
    return Matrix(themes, parts, totals)


# --- Two plans -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """One line of a comparison: what it is called, and what each plan says."""

    label: str
    left: str
    right: str


@dataclass(frozen=True)
class Both:
    """Two plans side by side: facts in pairs, and the indicators and themes that both name alike."""

    left: Glance
    right: Glance
    pairs: list[Pair]
    shared: list[tuple[Standing, Standing]]
    shared_themes: list[str]


def beside(actor: Actor, left: str, right: str) -> Both | None:
    """Two visible plans by their names, None where one is not to be seen."""
    one, two = plan_by_slug(actor, left), plan_by_slug(actor, right)
    if one is None or two is None:
        return None
    a, b = glance(one), glance(two)
    names = {fold(row.indicator.name): row for row in b.standings}
    shared = [
        (row, names[fold(row.indicator.name)]) for row in a.standings if fold(row.indicator.name) in names
    ]
    other = {fold(row.label) for row in two.themes.all()}
    themes = [row.label for row in one.themes.all() if fold(row.label) in other]
    return Both(a, b, _pairs(a, b), shared, themes)


def _pairs(a: Glance, b: Glance) -> list[Pair]:
    rows = [
        Pair("団体", a.plan.organization.name, b.plan.organization.name),
        Pair("計画の目標", a.plan.goal, b.plan.goal),
        Pair("計画の期間", _years(a.plan), _years(b.plan)),
        Pair("重点テーマ", _themes(a.plan), _themes(b.plan)),
        Pair("施策（個票）", f"{a.counts.measures}", f"{b.counts.measures}"),
    ]
    outlooks = [dict(found.counts.by_outlook) for found in (a, b)]
    for outlook in Outlook:
        left, right = (found.get(outlook.label, 0) for found in outlooks)
        if left or right:
            rows.append(Pair(f"展望　{outlook.label}", f"{left}", f"{right}"))
    rows += [
        Pair("施策の動き", _tally(a.measures), _tally(b.measures)),
        Pair("目標設定なし（検討段階）の個票", f"{a.counts.without_goal}", f"{b.counts.without_goal}"),
        Pair("成果指標", _counts(a), _counts(b)),
        Pair("成果指標の動き", _tally(a.indicators), _tally(b.indicators)),
    ]
    return rows


def _years(plan: Plan) -> str:
    if plan.starts is None and plan.ends is None:
        return ""
    words = [f"{year}年度" if year else "" for year in (plan.starts, plan.ends)]
    return "～".join(words)


def _themes(plan: Plan) -> str:
    return "、".join(row.label for row in plan.themes.all())


def _tally(found: Tally) -> str:
    pairs: Sequence[tuple[Motion, int]] = (
        (Motion.MOVES, found.moves), (Motion.STILL, found.still), (Motion.BACK, found.back),
        (Motion.SILENT, found.silent),
    )  # fmt: skip
    return "、".join(f"{motion.label} {number}" for motion, number in pairs if number) or "なし"


def _counts(found: Glance) -> str:
    numbers = found.counts
    return f"{len(found.standings)}（届いている {numbers.met}、届いていない {numbers.not_met}、判断できない {numbers.unknown}）"
