"""Sheets that come to a section after collection has ended: asked for like returned ones, with a date of their own."""

from datetime import datetime
from typing import Final

from core import clock
from core.actor import Actor
from core.business_days import add_business_days
from core.exceptions import Refused
from indicators.enums import RoundStatus, SheetStatus
from indicators.models import SheetReturn, SheetTask
from indicators.queries.cells import activities_of
from indicators.rules import sheets

DAYS: Final = 5
"""Business days a section has; the round's own date is over by then."""


def asked_again(task: SheetTask, *, why: str, by: Actor, at: datetime) -> SheetStatus:
    """The state of a sheet that its section is to fill now: open while the round collects, else returned.

    Returned, all its cells are asked for, until the hour of the round's date five business days on. Needs a sheet
    without an open return.
    """
    if task.round.state is RoundStatus.OPEN:
        return SheetStatus.OPEN
    if by.user_id is None:
        raise Refused
    keys = sheets.opened(task.round.open_cells, activities_of(task.measure))
    day = add_business_days(clock.today(at), DAYS)
    due = datetime.combine(day, clock.local(task.round.due_at).time(), clock.JST)
    SheetReturn.objects.create(
        task=task, cells={sheets.key_text(key): why for key in keys}, due_at=due, returned_at=at,
        returned_by_id=by.user_id,
    )  # fmt: skip
    return SheetStatus.RETURNED
