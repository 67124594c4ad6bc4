"""What a call has to give, and what of it is given: yen of its budget, places of its capacity.

Discontinued and withdrawn cases give back what they held. Exact sums, counted from the cases themselves.
"""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from core.exceptions import Fault
from core.money import format_yen
from grants.enums import HOLDING_STATES, PENDING_STATES
from grants.models import Application
from programs.models import Call


@dataclass(frozen=True)
class Envelope:
    """`requested` of all received cases that are still in; `decided` yen and `taken` places of the adopted ones."""

    call: Call
    requested: int
    decided: int
    taken: int

    @property
    def left(self) -> int | None:
        """Yen that are not decided; None where the call names no budget."""
        return None if self.call.budget is None else self.call.budget - self.decided

    @property
    def places_left(self) -> int | None:
        """Places that are not taken; None where the call names no capacity."""
        return None if self.call.capacity is None else self.call.capacity - self.taken


def envelope_of(call: Call) -> Envelope:
    """One query."""
    inside = Q(status__in=sorted(HOLDING_STATES))
    sums = Application.objects.filter(call=call).aggregate(
        requested=Sum("requested_amount", filter=inside | Q(status__in=sorted(PENDING_STATES))),
        decided=Sum("decided_amount", filter=inside),
        taken=Count("pk", filter=inside),
    )
    return Envelope(call, sums["requested"] or 0, sums["decided"] or 0, sums["taken"])


def envelope_fault(call: Call, amount: int) -> Fault | None:
    """Why a further adoption with this amount (yen) does not fit any more, or None."""
    held = envelope_of(call)
    if held.left is not None and amount > held.left:
        return Fault(
            "amount",
            f"決定額の合計が予算 {format_yen(call.budget or 0)} を超えます（決定済み {format_yen(held.decided)}、"
            f"残り {format_yen(held.left)}、この案 {format_yen(amount)}）。",
            "起案を差し戻して額を下げるか、補欠にしてください。",
        )
    if held.places_left is not None and held.places_left < 1:
        return Fault(
            "capacity",
            f"採択の数が定員（{call.capacity}{call.capacity_unit}）に達しています。",
            "補欠にするか、起案を差し戻してください。",
        )
    return None
