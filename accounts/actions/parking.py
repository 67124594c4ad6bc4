"""Mails the server refused for good: a person looks, and lets one go again or leaves it."""

from django.db import transaction

from accounts.models import Delivery
from accounts.models.delivery import DeliveryState
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, Refused


@transaction.atomic
def send_again(*, number: int, by: Actor) -> Delivery:
    """Put a parked mail back into the queue, with its Message-ID and with new tries.

    Raises Refused for anybody but 都's administrators and for an unknown number, Conflict for a mail that is not parked.
    """
    require(by, "accounts.run_operations")
    row = Delivery.objects.select_for_update(of=("self",)).select_related("notice").filter(pk=number).first()
    if row is None:
        raise Refused
    if row.state != DeliveryState.FAILED:
        raise Conflict("このメールは、もう止まっていません。")
    row.state, row.next_try_at = DeliveryState.PENDING, clock.now()
    row.attempts = row.deferrals = 0
    row.save(update_fields=["state", "next_try_at", "attempts", "deferrals"])
    return row
