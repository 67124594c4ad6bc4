"""Work of the schedule; safe to repeat."""

from celery import shared_task

from core import clock
from grants.actions.announcing import announce_due
from grants.actions.closing import expire_due, reopen_due


@shared_task
def sweep() -> None:
    """What falls due by the clock: drafts at closing and after an extension, results at their instant."""
    at = clock.now()
    reopen_due(at=at)
    expire_due(at=at)
    announce_due(at=at)
