"""Work of the schedule; safe to repeat."""

from celery import shared_task

from core import clock
from grants.actions.announcing import announce_due
from grants.actions.closing import expire_due, reopen_due
from grants.actions.reconciling import reconcile
from grants.actions.scanning import scan_waiting
from grants.actions.visiting import close_years


@shared_task
def sweep() -> None:
    """What falls due by the clock: drafts at closing and after an extension, results at their instant, services with their year."""
    at = clock.now()
    reopen_due(at=at)
    expire_due(at=at)
    announce_due(at=at)
    close_years(at=at)


@shared_task
def scan_files() -> None:
    """Files that wait for the virus scanner, where there is one."""
    scan_waiting(at=clock.now())


@shared_task
def reconcile_files() -> None:
    """Files left behind go; attached ones are read again."""
    reconcile(at=clock.now())
