"""A reader with an alert, for tests: ask, confirm, let days pass."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client

from accounts.actions.delivery import deliver_due
from programs.tasks import tell_alerts
from tests.conftest import HeldClock

READER = "reader@example.jp"
ASK = "/alerts/?search=移住&level=metropolitan"


def ask(client: Client, address: str = READER, query: str = ASK, frequency: str = "daily") -> Any:
    return client.post(query, {"address": address, "frequency": frequency})


def page_of(message: Any) -> str:
    """The path of the alert's page in a mail."""
    line = next(line for line in message.body.splitlines() if "/alerts/" in line)
    return urlsplit(line).path


def subscribed(client: Client, **given: Any) -> str:
    """Ask, deliver, confirm; returns the path of the alert's page. The outbox is empty afterwards."""
    ask(client, **given)
    deliver_due()
    path = page_of(mail.outbox[-1])
    assert client.post(path, {"act": "confirm"}).status_code == 200
    mail.outbox.clear()
    return path


def next_day(clock: HeldClock, days: int = 1) -> None:
    clock.advance(timedelta(days=days))
    tell_alerts()
    deliver_due()
