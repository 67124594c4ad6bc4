"""Alerts survive crashes without repeating anything, and stop with everything they held."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client

from accounts.actions.delivery import deliver_due
from accounts.models import Delivery, Notice, NoticeAudience
from programs.actions import alerts
from programs.filters import CriteriaForm
from programs.models import AlertItem, SavedSearch
from programs.queries.alerts import restored, stored
from programs.queries.search import Criteria
from programs.tasks import tell_alerts
from tama_portal.celery import app
from tests.conftest import HeldClock
from tests.factories import programs as make
from tests.programs.alerting import READER, next_day, subscribed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(clock: HeldClock) -> HeldClock:
    """Saturday 21 November 2026, 10:00."""
    return clock


# --- Crashes --------------------------------------------------------------------------------------------


def test_a_crash_while_ordering_loses_and_repeats_nothing(
    client: Client, clock: HeldClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subscribed(client)
    subscribed(client, address="second@example.jp")
    make.published(slug="fresh", title="移住の支援")
    whole: Callable[..., Any] = alerts.notify
    calls = []

    def dies_first(**given: Any) -> Any:
        calls.append(given["key"])
        if len(calls) == 1:
            raise RuntimeError(READER)
        return whole(**given)

    monkeypatch.setattr(alerts, "notify", dies_first)
    with caplog.at_level(logging.DEBUG):
        next_day(clock)
    assert [message.to for message in mail.outbox] == [["second@example.jp"]]
    assert READER not in caplog.text
    tell_alerts()
    deliver_due()
    tell_alerts()
    deliver_due()
    assert sorted(message.to[0] for message in mail.outbox) == [READER, "second@example.jp"]


def test_a_crash_between_order_and_mail_sends_the_same_mail_once(client: Client, clock: HeldClock) -> None:
    subscribed(client)
    make.published(title="移住の支援")
    clock.advance(timedelta(days=1))
    tell_alerts()
    tell_alerts()
    clock.advance(timedelta(days=1))
    tell_alerts()  # the mail still waits; nothing is ordered a second time
    deliver_due()
    deliver_due()
    assert len(mail.outbox) == 1
    assert Delivery.objects.filter(notice__kind=alerts.TOLD).count() == 1


def test_the_database_keeps_one_row_for_a_fact(client: Client, clock: HeldClock) -> None:
    make.published(title="移住の支援")
    subscribed(client)
    item = AlertItem.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertItem.objects.create(search=item.search, key=item.key, told_at=item.told_at)


def test_the_schedule_wakes_it() -> None:
    assert "programs.tell_alerts" in {row["task"] for row in app.conf.beat_schedule.values()}


# --- Stopping -------------------------------------------------------------------------------------------


def test_stopping_deletes_the_address_and_waiting_mails(client: Client, clock: HeldClock) -> None:
    path = subscribed(client)
    make.published(title="移住の支援")
    clock.advance(timedelta(days=1))
    tell_alerts()
    assert client.get(path).status_code == 200
    assert SavedSearch.objects.exists()
    text = client.post(path, {"act": "stop"}).content.decode()
    assert "お知らせを止めました" in text
    deliver_due()
    assert mail.outbox == []
    assert not SavedSearch.objects.exists()
    assert not NoticeAudience.objects.filter(mailbox=READER).exists()
    assert not Delivery.objects.filter(mailbox=READER).exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200  # twice is no fault
    assert client.get(path).status_code == 404


def test_stopping_one_leaves_the_others(client: Client, clock: HeldClock) -> None:
    for number in range(11):  # the numbers 1 and 11 begin alike
        subscribed(client, query=f"/alerts/?search=移住{number}", address=f"r{number}@example.jp")
        clock.advance(timedelta(minutes=1))
    first = SavedSearch.objects.order_by("pk")[0]
    asked = Notice.objects.filter(kind=alerts.ASKED).count()
    assert alerts.stop(token=first.token)
    assert SavedSearch.objects.count() == 10
    assert Notice.objects.filter(kind=alerts.ASKED).count() == asked - 1


def test_tokens_cannot_be_guessed_from_the_table(client: Client, clock: HeldClock) -> None:
    subscribed(client)
    row = SavedSearch.objects.get()
    assert row.token not in {row.seed, row.digest, row.key}
    for guess in (row.seed, row.digest, str(row.pk), "x", "x" * 500):
        assert client.get(f"/alerts/{guess}/").status_code == 404
        client.post(f"/alerts/{guess}/", {"act": "stop"})
    assert SavedSearch.objects.exists()


# --- Criteria as data -----------------------------------------------------------------------------------


def test_criteria_come_back_as_they_were(reference: None) -> None:
    query = "search=「移住」+観光&municipality=132241&fit=yes&theme=tourism&amount=to_5m&open=1&fiscal_year=2026&area=tama"
    made = CriteriaForm(QueryDict(query)).criteria()
    assert restored(stored(made)) == made
    assert restored({**stored(made), "gone": 1}) == made
    assert restored({}) == Criteria()
