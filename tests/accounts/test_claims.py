"""A claim on a batch: what is noted, what the database is told and when, and nothing of another worker's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import claims
from accounts.actions.addressing import address_due
from accounts.actions.claims import Claim, claim_due, release_abandoned
from accounts.actions.delivery import deliver, deliver_due
from accounts.models import Delivery
from core import logbook, processes
from core.clock import now as clock_now
from tests.accounts.notice_world import World, outside, world
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


def claimed(count: int) -> list[Delivery]:
    outside(count)
    address_due(at=clock_now())
    return claim_due(limit=count, lease_seconds=60, at=clock_now())


def test_a_batch_costs_the_database_the_same_whatever_its_size(people: World) -> None:
    costs = []
    for told_so_far, new in ((4, 4), (14, 10)):
        outside(told_so_far)
        address_due(at=clock_now())
        batch = claim_due(limit=new, lease_seconds=60, at=clock_now())
        with CaptureQueriesContext(connection) as statements:
            assert deliver(batch)[0].sent == new
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_a_slow_server_and_the_database_knows_after_a_second(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mail takes longer than that: at each the one before stands in the database, and the lease is new."""
    send, seen = EmailMessage.send, []

    def slowly(self: EmailMessage, fail_silently: bool = False) -> int:
        rows = Delivery.objects.order_by("pk")
        seen.append([(row.state, row.leased_until and row.leased_until > clock_now()) for row in rows])
        clock.advance(timedelta(seconds=50))
        return send(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", slowly)
    deliver(claimed(3))
    held = ("claimed", True)
    assert seen == [[held, held, held], [("sent", None), held, held], [("sent", None), ("sent", None), held]]
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_what_another_worker_holds_by_now_is_not_begun(people: World, clock: HeldClock) -> None:
    batch = claimed(2)
    clock.advance(timedelta(seconds=30))
    Delivery.objects.filter(pk=batch[1].pk).update(claim="of-another")
    claim = Claim(batch, lease_seconds=60)
    assert claim.begin(batch[0], at=clock_now())
    claim.sent(batch[0], at=clock_now())
    assert not claim.begin(batch[1], at=clock_now())
    claim.close()
    untouched = Delivery.objects.get(pk=batch[1].pk)
    assert (untouched.state, untouched.claim, untouched.attempts) == ("claimed", "of-another", 0)


def test_the_database_away_at_the_end_the_next_run_tells_what_was_sent(
    people: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mails are gone by then: none goes twice, none is forgotten."""

    def away(*_given: Any) -> int:
        raise DatabaseError

    batch = claimed(3)
    with monkeypatch.context() as outage:
        outage.setattr(claims, "_let_go", away)
        with pytest.raises(DatabaseError):
            deliver(batch)
    assert len(mail.outbox) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"claimed"}
    deliver_due()
    assert len(mail.outbox) == 3
    assert set(Delivery.objects.values_list("state", "attempts", "maybe_twice")) == {("sent", 1, False)}
    assert list(logbook.left(processes.own_mark())) == []


def test_a_book_that_makes_no_sense_says_nothing(people: World) -> None:
    """Cut short by a full disk, or of another version: its rows go again, flagged where they were begun."""
    batch = claimed(3)
    book = logbook.Logbook(batch[0].claim)
    for line in (f"begun {batch[0].pk}", "sent x y", f"sent {batch[0].pk} yesterday", "", "begun 1 2 3"):
        book.note(line)
    book.leave()
    assert release_abandoned(at=clock_now()) == 3
    rows = Delivery.objects.order_by("pk").values_list("state", "attempts", "maybe_twice")
    assert list(rows) == [("pending", 1, True), ("pending", 0, False), ("pending", 0, False)]
