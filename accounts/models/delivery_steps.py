"""The step from one mail to the next, in SQL of its own: one statement and one commit for each mail of a batch.

Two updates through the ORM cost more than building the mail and handing it to the server (bench/README.md). Called by
accounts.actions.delivery alone.
"""

from datetime import datetime
from typing import Final

from django.db import connection

from accounts.models.delivery import Delivery, DeliveryState

_STEP: Final = f"""UPDATE {Delivery._meta.db_table} SET
    state = CASE WHEN id = %(sent)s THEN '{DeliveryState.SENT}' ELSE '{DeliveryState.SENDING}' END,
    attempts = CASE WHEN id = %(sent)s THEN attempts ELSE attempts + 1 END,
    claim = CASE WHEN id = %(sent)s THEN '' ELSE claim END,
    leased_until = CASE WHEN id = %(sent)s THEN NULL ELSE {{instant}} END,
    sent_at = CASE WHEN id = %(sent)s THEN {{sent_at}} ELSE NULL END,
    last_error = CASE WHEN id = %(sent)s THEN '' ELSE last_error END
WHERE claim = %(claim)s AND (
    (id = %(sent)s AND state IN ('{DeliveryState.CLAIMED}', '{DeliveryState.SENDING}'))
    OR (id = %(begun)s AND state = '{DeliveryState.CLAIMED}'))
RETURNING id"""  # noqa: S608 - names of ours
_NOBODY: Final = 0
"""No row has this number."""


def step(
    claim: str, *, lease: datetime, at: datetime, sent: int | None = None, begun: int | None = None
) -> set[int]:
    """Mark a row held by a claim as sent at an instant, and another as about to go until its lease ends.

    Returns the numbers of the rows this claim still held, which alone are changed.
    """
    cast = "%({})s::timestamptz" if connection.vendor == "postgresql" else "%({})s"
    statement = _STEP.format(instant=cast.format("lease"), sent_at=cast.format("at"))
    given: dict[str, str | int] = {
        "claim": claim,
        "sent": _NOBODY if sent is None else sent,
        "begun": _NOBODY if begun is None else begun,
        "lease": str(connection.ops.adapt_datetimefield_value(lease)),
        "at": str(connection.ops.adapt_datetimefield_value(at)),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return {number for (number,) in cursor.fetchall()}
