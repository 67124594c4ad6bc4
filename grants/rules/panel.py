"""What the points of a panel say together: order, agreement, and how firm the order stands.

Points are 1 to 5 by criterion; a reviewer's total for a case is Σ(points × weight) ÷ (5 × Σ weight), a case has the
mean of its reviewers. Everything is exact (integers and fractions). Source: docs/adr/0018.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import floor
from typing import Final

HIGHEST: Final = 5
MOST_WEIGHT: Final = 20
"""No weight is tried above this."""

Weights = Mapping[str, int]
"""Weight by criterion, in the order of the form."""


@dataclass(frozen=True)
class Ballot:
    """The points of one reviewer for one case, in the order of the criteria."""

    case: str
    reviewer: int
    points: tuple[int, ...]


@dataclass(frozen=True)
class Panel:
    """All ballots on one set of criteria. `amounts` is what each case takes of the budget, in yen; None: no budget.

    Raises ValueError when a ballot does not answer every criterion with 1 to 5.
    """

    weights: Weights
    ballots: tuple[Ballot, ...]
    amounts: Mapping[str, int]
    budget: int | None = None

    def __post_init__(self) -> None:
        for ballot in self.ballots:
            if len(ballot.points) != len(self.weights):
                raise ValueError(f"a ballot has a point for each criterion: {ballot}")
            if not all(1 <= point <= HIGHEST for point in ballot.points):
                raise ValueError(f"points are 1 to 5: {ballot}")

    @property
    def reviewers(self) -> list[int]:
        """Who has scored, in the order of the first ballot."""
        return list(dict.fromkeys(ballot.reviewer for ballot in self.ballots))


@dataclass(frozen=True)
class Standing:
    """An order of the cases. `shares` out of 1, `ranks` (equal shares share one), `within` the cases in order whose
    amounts the budget covers before the first that it does not."""

    shares: Mapping[str, Fraction]
    ranks: Mapping[str, int]
    used: Mapping[str, int]
    within: tuple[str, ...]


@dataclass(frozen=True)
class CriterionFigures:
    """How the panel saw one criterion: mean points, and how far two reviewers of a case agree (1: the same points,
    0: 1 against 5; None where no case has two)."""

    code: str
    weight: int
    mean: Fraction
    widest: int
    agreement: Fraction | None


@dataclass(frozen=True)
class Shift:
    """What another count does to the order: cases whose rank moves (case, from, to), and who enters or leaves what the
    budget covers. A case that is not counted any more has the new rank None."""

    moved: tuple[tuple[str, int, int | None], ...]
    enters: tuple[str, ...]
    leaves: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Nothing moves."""
        return not (self.moved or self.enters or self.leaves)


@dataclass(frozen=True)
class WeightRange:
    """Between which weights of one criterion, the others as they are, the order stays; `below` and `above` say what
    happens one step outside (None: nothing down to 0, up to MOST_WEIGHT; the weights never sum to 0)."""

    code: str
    weight: int
    lowest: int
    highest: int
    below: Shift | None
    above: Shift | None


def standing(panel: Panel, *, weights: Weights | None = None, without: int | None = None) -> Standing:
    """The order by the panel's weights or others, with all reviewers or without one."""
    chosen = list((weights or panel.weights).values())
    return ordered(_shares(_sums(panel, without), chosen), panel.amounts, panel.budget)


def criteria(panel: Panel) -> list[CriterionFigures]:
    """Each criterion over all cases."""
    by_case: dict[str, list[tuple[int, ...]]] = {}
    for ballot in panel.ballots:
        by_case.setdefault(ballot.case, []).append(ballot.points)
    found = []
    for place, (code, weight) in enumerate(panel.weights.items()):
        given = [[points[place] for points in rows] for rows in by_case.values()]
        points = [point for row in given for point in row]
        apart = [abs(a - b) for row in given for a, b in combinations(row, 2)]
        found.append(
            CriterionFigures(
                code,
                weight,
                mean=Fraction(sum(points), len(points)) if points else Fraction(0),
                widest=max(apart, default=0),
                agreement=1 - Fraction(sum(apart), len(apart) * (HIGHEST - 1)) if apart else None,
            )
        )
    return found


def weight_ranges(panel: Panel) -> list[WeightRange]:
    """For each criterion how far its weight can be changed alone before the order changes."""
    sums, before = _sums(panel, None), standing(panel)
    found = []
    for place, (code, weight) in enumerate(panel.weights.items()):

        def tried(value: int, at: int = place) -> Shift:
            weights = list(panel.weights.values())
            weights[at] = value
            return shift(before, ordered(_shares(sums, weights), panel.amounts, panel.budget))

        least = 0 if sum(panel.weights.values()) > weight else 1
        lowest, below = _first_change(tried, range(weight - 1, least - 1, -1), weight)
        highest, above = _first_change(tried, range(weight + 1, MOST_WEIGHT + 1), weight)
        found.append(WeightRange(code, weight, lowest, highest, below, above))
    return found


def without_each(panel: Panel) -> dict[int, Shift]:
    """For each reviewer what leaving the points out would do to the order."""
    before = standing(panel)
    return {who: shift(before, standing(panel, without=who)) for who in panel.reviewers}


def shift(before: Standing, after: Standing) -> Shift:
    """The difference between two orders, by the ranks before."""
    moved = tuple(
        (case, rank, after.ranks.get(case))
        for case, rank in sorted(before.ranks.items(), key=lambda item: item[1])
        if after.ranks.get(case) != rank
    )
    return Shift(
        moved,
        enters=tuple(case for case in after.within if case not in before.within),
        leaves=tuple(case for case in before.within if case not in after.within),
    )


# --- Arithmetic -----------------------------------------------------------------------------------------

_Trial = Callable[[int], "Shift"]
_Sums = Mapping[str, tuple[tuple[int, ...], int]]
"""Points summed over reviewers by criterion, and how many reviewers, by case."""


def _sums(panel: Panel, without: int | None) -> _Sums:
    rows: dict[str, list[tuple[int, ...]]] = {}
    for ballot in panel.ballots:
        if ballot.reviewer != without:
            rows.setdefault(ballot.case, []).append(ballot.points)
    return {case: (tuple(map(sum, zip(*points, strict=True))), len(points)) for case, points in rows.items()}


def _shares(sums: _Sums, weights: Sequence[int]) -> dict[str, Fraction]:
    most = HIGHEST * sum(weights)
    if not most:
        return {}
    return {
        case: Fraction(sum(a * b for a, b in zip(points, weights, strict=True)), most * reviewers)
        for case, (points, reviewers) in sums.items()
    }


def ordered(shares: Mapping[str, Fraction], amounts: Mapping[str, int], budget: int | None) -> Standing:
    """Cases by share; equal ones in the order the amounts are given in."""
    order = sorted((case for case in amounts if case in shares), key=lambda case: -shares[case])
    ranks: dict[str, int] = {}
    used: dict[str, int] = {}
    taken, within = 0, list[str]()
    for place, case in enumerate(order):
        same = place and shares[order[place - 1]] == shares[case]
        ranks[case] = ranks[order[place - 1]] if same else place + 1
        taken += amounts[case]
        used[case] = taken
        if len(within) == place and (budget is None or taken <= budget):
            within.append(case)
    return Standing(shares, ranks, used, tuple(within))


def one_decimal(number: Fraction) -> str:
    """「83.3」: one decimal, half up."""
    tenths = floor(number * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def _first_change(tried: _Trial, weights: Iterable[int], stays: int) -> tuple[int, Shift | None]:
    """The last weight that changes nothing, and what the next one does."""
    for weight in weights:
        found = tried(weight)
        if not found.is_none:
            return stays, found
        stays = weight
    return stays, None
