"""Where an indicator stands: its newest figure against the target, its way from the baseline, and what it owes.

A blank, 0 and "not measurable" differ: only a figure with a value is judged, and a newer period that could not be
measured is said. An indicator that is compared with another is judged on the newest period that both have. Figures
under a definition that cannot be compared with the baseline's are not judged at all. The order of figures says nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.enums import Operator, Progress, Reference, ScaleFormula, TargetKind, Toward
from indicators.rules.judging import Judgement, Target, judge, plain
from indicators.rules.scales import Graded, Scale, grade, share


@dataclass(frozen=True)
class Figure:
    """A value of a period of years, or the reason why there is none. `definition` is the version it was counted by."""

    start: int
    end: int
    value: Decimal | None
    reason: str = ""
    definition: int = 1

    @property
    def label(self) -> str:
        """2021年, 2016～2021年."""
        return period_text(self.start, self.end)


@dataclass(frozen=True)
class Definition:
    """A version of a definition: from which year on, and whether its figures can be held against the first one's."""

    number: int
    starts: int
    is_comparable: bool


@dataclass(frozen=True)
class Course:
    """The facts of one indicator. `other` holds all figures of the indicator it is compared with, its baseline first."""

    target: Target
    baseline: Figure
    figures: tuple[Figure, ...]
    target_start: int
    target_end: int
    unit: str = ""
    definitions: tuple[Definition, ...] = ()
    other: tuple[Figure, ...] = ()
    other_name: str = ""

    @property
    def higher_is_better(self) -> bool:
        """Whether a rising figure is a good one, by the target's comparison."""
        return self.target.operator in {Operator.AT_LEAST, Operator.ABOVE}

    @property
    def measured(self) -> list[Figure]:
        """Figures with a value, the baseline among them, oldest first."""
        rows = [row for row in (self.baseline, *self.figures) if row.value is not None]
        return sorted(rows, key=lambda row: (row.end, row.start))


@dataclass(frozen=True)
class Stand:
    """Where an indicator stands. `is_missed`: the target's year has come and its figure does not reach the target."""

    latest: Figure
    judged: Figure
    judgement: Judgement
    movement: Toward
    graded: Graded | None
    is_missed: bool


def period_text(start: int, end: int) -> str:
    """A year, or a span of years."""
    return f"{start}年" if start == end else f"{start}～{end}年"


def definition_at(definitions: Iterable[Definition], end: int) -> int:
    """The version of the definition for a figure whose period ends in this year."""
    return max((row.number for row in definitions if row.starts <= end), default=1)


def is_comparable(course: Course, number: int) -> bool:
    """Whether figures under a version can be held against baseline and target: every change up to it allows it."""
    return all(row.is_comparable for row in course.definitions if row.number <= number)


def stand(course: Course, scale: Scale | None = None) -> Stand:
    """Judge the course. `scale` adds its grade where the target is a value; the sentence says everything in one."""
    latest = course.measured[-1]
    used, other = _pair(course) if course.target.kind == TargetKind.COMPARE else (latest, None)
    judgement = _judged(course, latest, used, other)
    graded = None
    if scale is not None and judgement.progress is not Progress.UNKNOWN and used is not None:
        graded = _graded(course, scale, used)
    note = _unmeasured(course, latest)
    end = f"{judgement.sentence.removesuffix('。')}。"
    if graded is not None:
        end = f"{judgement.sentence.removesuffix('。')}（{graded.sentence}）。"
    missed = judgement.progress is Progress.NOT_MET and used is not None and used.end >= course.target_end
    return Stand(
        latest,
        used or latest,
        replace(judgement, sentence=note + end),
        _movement(course, used, other),
        graded,
        missed,
    )


def _judged(course: Course, latest: Figure, used: Figure | None, other: Figure | None) -> Judgement:
    if not is_comparable(course, latest.definition):
        return Judgement(
            Progress.UNKNOWN,
            f"{latest.label}の値は{plain(latest.value or Decimal(0))}{course.unit}ですが、定義が変わり、"
            "目標を決めたときの値と比べられないため、判断できません。",
        )
    if latest == course.baseline and _is_from_baseline(course.target):
        return Judgement(
            Progress.UNKNOWN,
            f"現状値（{latest.label}、{plain(latest.value or Decimal(0))}{course.unit}）の後の値がまだないため、"
            "どちらに動いたかを判断できません。",
        )
    judgement = judge(
        value=used.value if used else latest.value, target=course.target, baseline=course.baseline.value or Decimal(0),
        other=other.value if other else None, unit=course.unit, other_name=course.other_name,
        period=used.label if used else latest.label,
    )  # fmt: skip
    if used is not None and used != latest and course.target.kind == TargetKind.COMPARE:
        late = f"{latest.label}は{course.other_name or '比べる相手'}の値がまだないため、両方の値がある期間で比べると、"
        return replace(judgement, sentence=late + judgement.sentence)
    return judgement


def _is_from_baseline(target: Target) -> bool:
    """Whether it asks for a movement away from the baseline, which the baseline itself cannot show."""
    return target.kind == TargetKind.DIRECTION and target.reference == Reference.BASELINE


def _pair(course: Course) -> tuple[Figure | None, Figure | None]:
    """The newest period both indicators have a value for."""
    others = {(row.start, row.end): row for row in course.other if row.value is not None}
    for row in reversed(course.measured):
        if (row.start, row.end) in others:
            return row, others[row.start, row.end]
    return None, None


def _unmeasured(course: Course, latest: Figure) -> str:
    """The words about newer periods that could not be measured."""
    newer = [
        row
        for row in course.figures
        if row.value is None and (row.end, row.start) > (latest.end, latest.start)
    ]
    if not newer:
        return ""
    last = max(newer, key=lambda row: (row.end, row.start))
    return f"{last.label}は測定できなかったため、その前の値で判断すると、"


def _movement(course: Course, used: Figure | None, other: Figure | None) -> Toward:
    """From the baseline to the newest figure: nearer to the target, the same, farther, or not to be said."""
    if used is None or (used.start, used.end) == (course.baseline.start, course.baseline.end):
        return Toward.UNKNOWN
    if not is_comparable(course, used.definition) or used.value is None or course.baseline.value is None:
        return Toward.UNKNOWN
    change = used.value - course.baseline.value
    if course.target.kind == TargetKind.COMPARE:
        first = next(
            (
                row
                for row in course.other
                if (row.start, row.end) == (course.baseline.start, course.baseline.end)
            ),
            None,
        )
        if first is None or first.value is None or other is None or other.value is None:
            return Toward.UNKNOWN
        change -= other.value - first.value
    if change == 0:
        return Toward.SAME
    return Toward.NEARER if (change > 0) is course.higher_is_better else Toward.FARTHER


def _graded(course: Course, scale: Scale, used: Figure) -> Graded | None:
    aim = course.target.value if course.target.kind == TargetKind.THRESHOLD else None
    if aim is None or used.value is None or course.baseline.value is None:
        return None
    if scale.formula is ScaleFormula.PACE and used.end > course.target_end:
        used_years = course.target_end - course.baseline.end
    else:
        used_years = used.end - course.baseline.end
    reached = share(
        scale.formula, value=used.value, baseline=course.baseline.value, target=aim,
        higher_is_better=course.higher_is_better, passed=used_years, whole=course.target_end - course.baseline.end,
    )  # fmt: skip
    return None if reached is None else grade(scale, reached)


# --- Several indicators ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RollUp:
    """How many indicators stand where, and which way they have gone since their baselines."""

    met: int
    not_met: int
    unknown: int
    nearer: int
    same: int
    farther: int
    unmoved: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.met + self.not_met + self.unknown

    @property
    def sentence(self) -> str:
        """In one sentence; what is 0 is left out, but never all of it."""
        if not self.total:
            return "成果指標はありません。"
        stands = (("届いている", self.met), ("届いていない", self.not_met), ("判断できない", self.unknown))
        moves = (
            ("目標に近づいた", self.nearer), ("変わらない", self.same), ("離れた", self.farther),
            ("新しい値がまだない・比べられない", self.unmoved),
        )  # fmt: skip
        return (
            f"{self.total}指標のうち、目標に" + "、".join(f"{word}もの{n}" for word, n in stands if n)
            + "。現状値からみて、" + "、".join(f"{word}もの{n}" for word, n in moves if n) + "。"
        )  # fmt: skip


def roll_up(stands: Iterable[Stand]) -> RollUp:
    """Count them."""
    rows = list(stands)
    progress = Counter(row.judgement.progress for row in rows)
    moves = Counter(row.movement for row in rows)
    return RollUp(
        progress[Progress.MET], progress[Progress.NOT_MET], progress[Progress.UNKNOWN],
        moves[Toward.NEARER], moves[Toward.SAME], moves[Toward.FARTHER], moves[Toward.UNKNOWN],
    )  # fmt: skip
