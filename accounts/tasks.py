"""Background work of accounts: woken by the schedule in tama_portal/celery.py, safe to repeat."""

from celery import shared_task

from accounts import reminders
from accounts.actions import calendars, delivery, digests, tokens
from core import clock


@shared_task(name="accounts.deliver_due")
def deliver_due() -> None:
    """Send the mails that are due."""
    delivery.deliver_due()


@shared_task(name="accounts.plan_reminders")
def plan_reminders() -> None:
    """Write the notices of the reminders that are due."""
    reminders.plan_due(clock.now())


@shared_task(name="accounts.keep_calendars")
def keep_calendars() -> None:
    """Note which dates have moved or are off since the calendars last said them."""
    calendars.keep(at=clock.now())


@shared_task(name="accounts.compose_digests")
def compose_digests() -> None:
    """Write the digests that are due."""
    digests.compose_due(at=clock.now())


@shared_task(name="accounts.carry_tokens")
def carry_tokens() -> None:
    """Let API tokens follow units that have become others."""
    tokens.carry_tokens(at=clock.now())
