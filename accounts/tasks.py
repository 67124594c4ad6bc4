"""Background work of accounts: woken by the schedule in tama_portal/celery.py, safe to repeat."""

from celery import shared_task

from accounts.actions import delivery


@shared_task(name="accounts.deliver_due")
def deliver_due() -> None:
    """Send the mails that are due."""
    delivery.deliver_due()
