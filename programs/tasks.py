"""Background work of the catalogue: woken by the schedule in tama_portal/celery.py, safe to repeat."""

from celery import shared_task

from core import clock
from programs.actions import alerts


@shared_task(name="programs.tell_alerts")
def tell_alerts() -> None:
    """Order the mails of alerts that are due, and forget addresses nobody confirmed."""
    at = clock.now()
    alerts.tell_due(at=at)
    alerts.forget_unconfirmed(at=at)
