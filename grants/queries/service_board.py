"""執行管理 of a call that ends in a service: uses asked for, planned and held instead of money.

A case asks for as many uses as the call allows one municipality. Visits are those of the service itself, not of technical
support beside money. A case that is out asks for nothing any more; what was held before stays held.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q

from grants.enums import HOLDING_STATES
from grants.enums.supports import HELD_VISITS, SupportOrigin, VisitStatus
from grants.models import SupportRequest
from grants.queries.call_board import OUT_STATES, CallBoard, CaseLine
from programs.models import Call


@dataclass(frozen=True)
class Uses:
    """Uses of a case, a town or a call; `asked` is None where the call names no number."""

    asked: int | None
    planned: int
    held: int
    cancelled: int


@dataclass(frozen=True)
class TownUses:
    """The cases one municipality leads, in sums."""

    name: str
    cases: int
    uses: Uses


@dataclass(frozen=True)
class ServiceBoard:
    """`lines` in the order of the call's board, each with its uses; `towns` in 建制順; `adopted` cases hold a place."""

    call: Call
    lines: list[tuple[CaseLine, Uses]]
    towns: list[TownUses]
    adopted: int
    whole: Uses

    @property
    def places_left(self) -> int | None:
        """Places that are not taken; None where the call names no capacity."""
        return None if self.call.capacity is None else self.call.capacity - self.adopted


def service_board(board: CallBoard) -> ServiceBoard:
    """The uses of the cases of a board. One query."""
    counted = _counted(board.lines)
    each = board.call.uses_per_member
    lines = [(line, _uses(line, each, counted)) for line in board.lines]
    by_lead = sorted(lines, key=lambda pair: pair[0].application.lead.code)
    towns = []
    for lead, found in groupby(by_lead, key=lambda pair: pair[0].application.lead):
        held = [uses for _, uses in found]
        towns.append(TownUses(lead.name, len(held), _sum(held)))
    adopted = sum(line.application.state in HOLDING_STATES for line in board.lines)
    return ServiceBoard(board.call, lines, towns, adopted, _sum([uses for _, uses in lines]))


def _counted(lines: Iterable[CaseLine]) -> Mapping[int, tuple[int, int, int]]:
    """Case → visits planned, held, cancelled."""
    rows = SupportRequest.objects.filter(
        origin=SupportOrigin.CALL, application__in=[line.application.pk for line in lines]
    )
    counts = (
        rows.order_by()
        .values_list("application")
        .annotate(
            planned=Count("visits", filter=Q(visits__status=VisitStatus.PLANNED)),
            held=Count("visits", filter=Q(visits__status__in=sorted(HELD_VISITS))),
            cancelled=Count("visits", filter=Q(visits__status=VisitStatus.CANCELLED)),
        )
    )
    return {case: (planned, held, cancelled) for case, planned, held, cancelled in counts}


def _uses(line: CaseLine, each: int | None, counted: Mapping[int, tuple[int, int, int]]) -> Uses:
    asked = 0 if line.application.state in OUT_STATES else 1
    return Uses(None if each is None else each * asked, *counted.get(line.application.pk, (0, 0, 0)))


def _sum(rows: list[Uses]) -> Uses:
    unknown = any(row.asked is None for row in rows)
    return Uses(
        None if unknown else sum(row.asked or 0 for row in rows), sum(row.planned for row in rows),
        sum(row.held for row in rows), sum(row.cancelled for row in rows),
    )  # fmt: skip
