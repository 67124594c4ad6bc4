"""From one mail of a batch to the next: one statement, and nothing of another worker's."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import delivery
from accounts.actions.addressing import address_due
from accounts.actions.delivery import claim_due, deliver, mark_sent
from accounts.models import Delivery
from core.clock import now as clock_now
from tests.accounts.notice_world import World, outside, world
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


def test_one_step_marks_a_mail_and_begins_the_next(
    people: World, clock: HeldClock, django_assert_num_queries: Any
) -> None:
    """One statement; the next is not begun when another worker holds it by now, and then nobody sends it twice."""
    outside(3)
    address_due(at=clock_now())
    first, second, third = claim_due(limit=3, lease_seconds=60, at=clock_now())
    assert delivery.begin(first, lease_seconds=60, at=clock_now())
    clock.advance(timedelta(seconds=30))
    with django_assert_num_queries(1):
        assert mark_sent(first, at=clock_now(), following=second, lease_seconds=60)
    first.refresh_from_db()
    assert (first.state, first.claim, first.leased_until, first.attempts) == ("sent", "", None, 1)
    assert first.sent_at == clock_now()
    held = Delivery.objects.get(pk=second.pk)
    assert (held.state, held.claim, held.attempts, held.sent_at) == ("sending", second.claim, 1, None)
    assert held.leased_until == clock_now() + timedelta(seconds=60)
    Delivery.objects.filter(pk=third.pk).update(claim="of-another")
    assert not mark_sent(second, at=clock_now(), following=third, lease_seconds=60)
    untouched = Delivery.objects.get(pk=third.pk)
    assert (untouched.state, untouched.claim, untouched.attempts) == ("claimed", "of-another", 0)


def test_a_batch_costs_one_statement_a_mail(people: World, clock: HeldClock) -> None:
    """Beside what a batch costs whatever its size."""
    costs = []
    for told_so_far, new in ((4, 4), (14, 10)):
        outside(told_so_far)
        address_due(at=clock_now())
        batch = claim_due(limit=new, lease_seconds=60, at=clock_now())
        with CaptureQueriesContext(connection) as statements:
            assert deliver(batch)[0].sent == new
        costs.append(len(statements))
    assert costs[1] - costs[0] == 6
