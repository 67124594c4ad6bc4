"""執行管理: one call as a whole for the office that answers for it: money, points, and the order against the budget.

Amounts in yen of the call's fiscal year. Points are each reviewer's Σ(points × weight) out of the most there is,
as an exact fraction; a case has the mean of its reviewers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Final

from django.db.models import Prefetch

from core.actor import Actor
from grants.enums import FUNDED_STATES, NEVER_SUBMITTED_STATES, ApplicationStatus
from grants.models import Application, ApplicationQuerySet, Member, Recommendation, ReviewAssignment
from grants.queries.reviewing import review_cases
from grants.rules.panel import HIGHEST, one_decimal, ordered
from programs.models import Call

S = ApplicationStatus
OUT_STATES: Final = frozenset({S.WITHDRAWN, S.REJECTED, S.DISCONTINUED})
"""Received, and asking for nothing any more."""


@dataclass(frozen=True)
class CaseLine:
    """One received case. `proposed` is 補助予定額 of the draft decision that holds, `score` out of 1 or None."""

    application: Application
    title: str
    bodies: tuple[str, ...]
    requested: int
    requested_total: int
    proposed: int | None
    decided: int | None
    score: Fraction | None
    reviewers: int
    scored: int
    rank: int | None = None
    used: int | None = None

    @property
    def counts(self) -> int:
        """What the case takes of the budget as it stands: decided, else proposed, else requested; 0 once it is out."""
        if self.application.state in OUT_STATES:
            return 0
        if self.decided is not None:
            return self.decided
        return self.requested if self.proposed is None else self.proposed

    @property
    def percent(self) -> str:
        """The score as a percentage with one decimal, rounded half up; "" without one."""
        return "" if self.score is None else one_decimal(100 * self.score)


@dataclass(frozen=True)
class TownLine:
    """The cases one municipality leads, in sums."""

    code: str
    name: str
    cases: int
    requested: int
    decided: int


@dataclass(frozen=True)
class CallBoard:
    """`lines` by rank (unscored last, in 建制順), `towns` in 建制順; `drafts` is a number only."""

    call: Call
    lines: list[CaseLine]
    towns: list[TownLine]
    drafts: int

    @property
    def requested(self) -> int:
        """Of all received cases."""
        return sum(line.requested for line in self.lines)

    @property
    def decided(self) -> int:
        """Of all decided to be funded."""
        return sum(line.decided or 0 for line in self.lines)

    @property
    def left(self) -> int | None:
        """What of the budget is not decided; None where the call names no budget."""
        return None if self.call.budget is None else self.call.budget - self.decided

    @property
    def within(self) -> int:
        """How many ranked cases, in order, the budget covers."""
        if self.call.budget is None:
            return sum(line.rank is not None for line in self.lines)
        return sum(line.used is not None and line.used <= self.call.budget for line in self.lines)


def call_board(actor: Actor, call: Call, at: datetime) -> CallBoard:
    """The received cases of a call that the actor sees. A fixed number of queries."""
    found = [line_of(row, actor) for row in received(actor, call, at)]
    drafts = Application.objects.filter(call=call, status=S.DRAFT).count()
    return CallBoard(call, _ranked(found), _towns(found), drafts)


def received(actor: Actor, call: Call, at: datetime) -> ApplicationQuerySet:
    """The received cases of a call that the actor sees in 建制順, each with `present` members, the draft decision that
    holds (`drafted`) and the assignments with their points (`seats`)."""
    rows = review_cases(actor, at).filter(call=call).exclude(status__in=NEVER_SUBMITTED_STATES)
    return rows.prefetch_related(*parts()).order_by("lead__code", "pk")


def points_for(row: Application, actor: Actor) -> list[ReviewAssignment]:
    """The assignments of a received case whose points count and may be seen: nobody who stands back, and none at all
    while the reader's own are missing."""
    if own_first(row, actor):
        return []
    seats: list[ReviewAssignment] = vars(row)["seats"]
    return [seat for seat in seats if seat.scored_at is not None and not _stands_back(seat)]


def own_first(row: Application, actor: Actor) -> bool:
    """Whether the reader has to score a received case itself, or stands back from it, and so sees nobody's points."""
    return any(_must_not_see(seat, actor) for seat in vars(row)["seats"])


def parts() -> "list[Prefetch[str]]":
    """What `line_of` reads of a case, for prefetch_related."""
    seats = ReviewAssignment.objects.select_related("declaration", "reviewer").prefetch_related("scores")
    return [
        Prefetch(
            "members", Member.objects.present().select_related("organization").order_by("position"), "present"
        ),
        Prefetch(
            "recommendations",
            Recommendation.objects.filter(ended_at__isnull=True).select_related("drafted_by"),
            "drafted",
        ),
        Prefetch("assignments", seats, "seats"),
    ]


def line_of(row: Application, actor: Actor) -> CaseLine:
    """A received case in figures."""
    members: list[Member] = vars(row)["present"]
    drafted: list[Recommendation] = vars(row)["drafted"]
    seats = [seat for seat in vars(row)["seats"] if not _stands_back(seat)]
    scores = [score for seat in points_for(row, actor) if (score := _score(seat)) is not None]
    return CaseLine(
        application=row,
        title=getattr(row, "shown_title", "") or str(row),
        bodies=tuple(member.name for member in members),
        requested=row.requested_amount or 0,
        requested_total=row.requested_total or 0,
        proposed=drafted[0].amount if drafted else None,
        decided=row.decided_amount if row.state in FUNDED_STATES - OUT_STATES else None,
        score=sum(scores, Fraction(0)) / len(scores) if scores else None,
        reviewers=len(seats),
        scored=sum(seat.scored_at is not None for seat in seats),
    )


def _stands_back(seat: ReviewAssignment) -> bool:
    declaration = getattr(seat, "declaration", None)
    return declaration is not None and declaration.has_interest


def _must_not_see(seat: ReviewAssignment, actor: Actor) -> bool:
    """One's own points come first, and who stands back sees none."""
    return seat.reviewer_id == actor.user_id and (seat.scored_at is None or _stands_back(seat))


def _score(seat: ReviewAssignment) -> Fraction | None:
    """One reviewer's points out of the most there is; None of a form without criteria."""
    rows = list(seat.scores.all())
    most = sum(row.weight for row in rows) * HIGHEST
    return Fraction(sum(row.weighted for row in rows), most) if most else None


def _ranked(found: list[CaseLine]) -> list[CaseLine]:
    """By score, equal scores sharing a rank; `used` is the budget taken up to and with this case."""
    by_case = {line.application.public_id: line for line in found}
    shares = {case: line.score for case, line in by_case.items() if line.score is not None}
    order = ordered(shares, {case: line.counts for case, line in by_case.items()}, None)
    ranked = [replace(by_case[case], rank=rank, used=order.used[case]) for case, rank in order.ranks.items()]
    return [*ranked, *(line for line in found if line.score is None)]


def _towns(found: Iterable[CaseLine]) -> list[TownLine]:
    by_lead = sorted(found, key=lambda line: line.application.lead.code)
    return [
        TownLine(
            code=lead.code,
            name=lead.name,
            cases=len(lines),
            requested=sum(line.requested for line in lines),
            decided=sum(line.decided or 0 for line in lines),
        )
        for lead, lines in (
            (lead, list(group)) for lead, group in groupby(by_lead, key=lambda line: line.application.lead)
        )
    ]
