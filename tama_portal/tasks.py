"""Background work of the roof; safe to repeat."""

from celery import shared_task

from core import clock
from tama_portal.open_data import dump


@shared_task(name="tama_portal.dump_open_data")
def dump_open_data() -> None:
    """Write the open data of the night."""
    dump.write(clock.now())
