"""External members of a call: who they are, and the cases one of them scores, with what is entered already."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.actor import Actor
from grants.enums import ApplicationStatus
from grants.models import Application, ReviewAssignment, Snapshot
from grants.queries.call_board import own_first, received
from programs.models import Call


@dataclass(frozen=True)
class ExternalMember:
    """One external member and how far its sheet has come: cases given, scored, stood back from."""

    user: User
    cases: int
    scored: int
    stood_back: int


@dataclass(frozen=True)
class ExternalSeat:
    """One case an external member scores. `version` is the fingerprint of the version submitted last."""

    application: Application
    assignment: ReviewAssignment
    title: str
    version: str

    @property
    def declared(self) -> bool | None:
        """Whether there is an interest; None before anything was said."""
        declaration = getattr(self.assignment, "declaration", None)
        return declaration.has_interest if declaration is not None else None


@dataclass(frozen=True)
class ExternalSheet:
    """The cases of a member in 建制順; `held_back` counts those the reader has to score itself before."""

    seats: list[ExternalSeat]
    held_back: int


def external_members(actor: Actor, call: Call, at: datetime) -> list[ExternalMember]:
    """The external members with a case of the call that is in review, by name. A fixed number of queries."""
    seats = [
        seat
        for row in received(actor, call, at).filter(status=ApplicationStatus.UNDER_REVIEW)
        for seat in vars(row)["seats"]
        if seat.is_external
    ]
    people = {seat.reviewer_id: seat.reviewer for seat in seats}
    cases = Counter(seat.reviewer_id for seat in seats)
    scored = Counter(seat.reviewer_id for seat in seats if seat.scored_at is not None)
    back = Counter(seat.reviewer_id for seat in seats if _stood_back(seat))
    return [
        ExternalMember(user, cases[pk], scored[pk], back[pk])
        for pk, user in sorted(people.items(), key=lambda item: (item[1].name, item[0]))
    ]


def external_sheet(actor: Actor, call: Call, member_id: int, at: datetime) -> ExternalSheet:
    """The cases in review that an external member has and does not stand back from.

    A reader who has to score a case too sees nobody's points of it before, and so is not shown it here.
    """
    rows = list(received(actor, call, at).filter(status=ApplicationStatus.UNDER_REVIEW))
    held = {row: seat for row in rows if (seat := _seat_of(row, member_id)) is not None}
    newest = dict(
        Snapshot.objects.filter(application__in=[row.pk for row in held])
        .order_by("branch")
        .values_list("application_id", "sha256")
    )
    seats = [
        ExternalSeat(row, seat, vars(row).get("shown_title") or str(row), newest.get(row.pk, ""))
        for row, seat in held.items()
        if not own_first(row, actor)
    ]
    return ExternalSheet(seats, len(held) - len(seats))


def _seat_of(row: Application, member_id: int) -> ReviewAssignment | None:
    seats: list[ReviewAssignment] = vars(row)["seats"]
    mine = (seat for seat in seats if seat.reviewer_id == member_id and seat.is_external)
    return next((seat for seat in mine if not _stood_back(seat)), None)


def _stood_back(seat: ReviewAssignment) -> bool:
    declaration = getattr(seat, "declaration", None)
    return declaration is not None and declaration.has_interest
