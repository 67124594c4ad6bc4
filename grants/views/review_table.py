"""The table of points: criteria by reviewers, weighted sums, average and spread. Only points the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from grants import queries
from grants.actions.review import HIGHEST
from grants.models import ReviewAssignment, Score
from grants.views.review_frame import ReviewPage

WIDE_SPREAD: Final = 3
"""Points so far apart on one criterion are to be talked about."""


@dataclass(frozen=True)
class CriterionRow:
    """One criterion: points by reviewer (None: not scored), the average, how far the points lie apart."""

    label: str
    weight: int
    points: list[int | None]
    average: str
    spread: int
    remarks: list[tuple[str, str]]

    @property
    def is_wide(self) -> bool:
        """Whether it is to be talked about."""
        return self.spread >= WIDE_SPREAD


@dataclass(frozen=True)
class ScoreTable:
    """All points the person may see. `seats` are the assignments in the columns' order."""

    seats: list[ReviewAssignment]
    rows: list[CriterionRow]
    totals: list[int | None]
    average: str
    highest: int
    comments: list[tuple[str, str]]


def assignments_of(page: ReviewPage) -> list[ReviewAssignment]:
    """Who the case was given to, with declarations; empty for those who follow no review."""
    if not page.parties:
        return []
    rows = page.application.assignments.select_related("reviewer", "scored_by", "declaration")
    return list(rows.order_by("assigned_at", "pk"))


def score_table(page: ReviewPage, assignments: Sequence[ReviewAssignment]) -> ScoreTable | None:
    """The table, or None while there is no point this person may see."""
    points: dict[int, dict[str, Score]] = {}
    for score in queries.scores_for(page.actor, page.application):
        points.setdefault(score.assignment_id, {})[score.criterion] = score
    seats = [one for one in assignments if one.pk in points]
    if not seats:
        return None
    template = page.application.template
    rows = [_row(str(c["code"]), str(c["label"]), int(c["weight"]), seats, points) for c in template.criteria]
    totals = [sum(score.weighted for score in points[seat.pk].values()) for seat in seats]
    return ScoreTable(
        seats, rows, list(totals), _average(totals), HIGHEST * sum(template.weights().values()),
        [(seat.reviewer.name, seat.comment) for seat in seats if seat.comment],
    )  # fmt: skip


def _row(
    code: str, label: str, weight: int, seats: Sequence[ReviewAssignment], points: dict[int, dict[str, Score]]
) -> CriterionRow:
    found = [points[seat.pk].get(code) for seat in seats]
    given = [score.points for score in found if score is not None]
    remarks = [
        (seat.reviewer.name, score.comment)
        for seat, score in zip(seats, found, strict=True)
        if score is not None and score.comment
    ]
    spread = max(given) - min(given) if given else 0
    shown = [score.points if score is not None else None for score in found]
    return CriterionRow(label, weight, shown, _average(given), spread, remarks)


def _average(numbers: Sequence[int]) -> str:
    """One decimal, half up; "–" of nothing."""
    if not numbers:
        return "–"
    mean = Decimal(sum(numbers)) / len(numbers)
    return str(mean.quantize(Decimal("0.1"), ROUND_HALF_UP))
