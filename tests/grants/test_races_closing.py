"""A proposal for an earlier closing, two people at once; each race has its control without the lock on the call."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import Notice
from core import clock
from core.exceptions import Conflict
from grants.actions import locking, shortening
from grants.actions.extending import Extension, extend_call
from programs.models import Call, ProgramEvent
from programs.queries.integrity import event_chains
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_races import race
from tests.grants.test_shortening import EARLIER, propose

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]


@pytest.fixture
def world(settings: LazySettings) -> Iterator[World]:
    """Committed, so that every thread sees it."""
    settings.SHORTENING_BUSINESS_DAYS = 3
    with clock.at(cases.NOW):
        yield cases.world()


def confirming(world: World, name: str) -> Callable[[], Any]:
    made = propose(world) if not world.call.shortenings.exists() else world.call.shortenings.get()
    return lambda: shortening.confirm_shortening(shortening_id=made.pk, by=world[name])


def one_heard(results: list[Any], moves: int = 1) -> None:
    """One went through, the other was told."""
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, Conflict)], results
    assert ProgramEvent.objects.filter(action__in=["shorten_call", "extend_call"]).count() == moves
    assert list(event_chains()) == []


def confirmed_twice(world: World, *, locked: bool) -> None:
    """The towns hear of it once."""
    cases.start(world)
    jobs = [confirming(world, name) for name in ("second_officer", "drafting_decider")]
    one_heard(race(locking, "call", *jobs, locked=locked))
    assert Notice.objects.filter(kind="grants.shorten").count() == 1


def confirmed_while_extended(world: World, *, locked: bool) -> None:
    """Whoever comes second is told that the closing is another one."""
    later = Extension(cases.CLOSES + timedelta(days=7), None, None, "大雪のため", cases.CLOSES)

    def extend() -> Any:
        return extend_call(call=world.call, extension=later, by=world["second_officer"])

    one_heard(race(locking, "call", confirming(world, "drafting_decider"), extend, locked=locked))
    assert Call.objects.get(pk=world.call.pk).closes_at in {EARLIER, later.closes_at}


RACES = [confirmed_twice, confirmed_while_extended]


@pytest.mark.parametrize("meeting", RACES)
def test_one_after_the_other(world: World, meeting: Callable[..., None]) -> None:
    meeting(world, locked=True)


@pytest.mark.parametrize("meeting", RACES)
def test_control_without_the_lock_both_pass(world: World, meeting: Callable[..., None]) -> None:
    with pytest.raises(AssertionError):
        meeting(world, locked=False)
