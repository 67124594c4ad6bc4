"""The rows actions wait for. Order of locks, to rule out deadlocks: round, sheet, event chain."""

from core.exceptions import Refused
from indicators.models import ProgressRound, SheetTask


def sheet(task_id: int) -> SheetTask:
    """One sheet of a round, locked until the transaction ends, read after the lock. Raises Refused if there is none.

    Every change of a sheet waits for this one row, which puts what two people type into one order.
    """
    SheetTask.objects.select_for_update().filter(pk=task_id).first()
    return read_sheet(task_id)


def read_sheet(task_id: int) -> SheetTask:
    """The sheet with what every action names, not locked. Raises Refused if there is none."""
    row = (
        SheetTask.objects.select_related("round__plan__organization", "measure", "department", "assignee")
        .prefetch_related("measure__activities")
        .filter(pk=task_id)
        .first()
    )
    if row is None:
        raise Refused
    return row


def progress_round(round_id: int) -> ProgressRound:
    """One round, locked, read after the lock. Raises Refused if there is none."""
    ProgressRound.objects.select_for_update().filter(pk=round_id).first()
    row = ProgressRound.objects.select_related("plan__organization").filter(pk=round_id).first()
    if row is None:
        raise Refused
    return row


def sheets_of(round_: ProgressRound) -> list[SheetTask]:
    """All sheets of a locked round, locked in one order."""
    list(SheetTask.objects.select_for_update().filter(round=round_).order_by("pk").values_list("pk"))
    return list(
        SheetTask.objects.filter(round=round_)
        .select_related("round__plan__organization", "measure", "department", "assignee")
        .prefetch_related("cells", "measure__activities")
        .order_by("measure__position")
    )
