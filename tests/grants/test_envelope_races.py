"""Two at once at the end of what there is: money, and uses. Each race has its control without the lock."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.exceptions import DomainError
from grants.actions import decision, visiting
from grants.actions.visiting import VisitPlan
from grants.models import Decision, SupportRequest, Visit
from grants.queries.envelope import envelope_of
from tests.factories import grants as cases
from tests.factories import other_calls
from tests.factories.grants import World
from tests.grants.test_races import race
from tests.grants.test_supports import SPRING

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]
LINES = {"1": (4_000_000, 3_000_000)}


@pytest.fixture
def world() -> Iterator[World]:
    """Committed, so that every thread sees it."""
    with clock.at(cases.NOW):
        yield cases.world()


def two_adoptions(world: World, kind: str, *, locked: bool) -> None:
    """Two deciders adopt two cases at once, one of them promoted from the reserve list; there is enough for one."""
    money = kind == "money"
    name, has = (
        (other_calls.LINES, {"budget": 5_000_000}) if money else (other_calls.ADVISER, {"capacity": 1})
    )
    call = other_calls.call_of(world, name, max_per_lead=2, **has)
    found = [other_calls.deciding(world, call, LINES if money else None) for _ in range(2)]

    def adopt(place: int, name: str) -> Callable[[], Any]:
        return lambda: decision.adopt(application_id=found[place].pk, by=world[name], **cases.PAPERS())

    with clock.at(cases.AFTER_CLOSING):
        other_calls.promoted(world, found[0])
        results = race(
            decision, "envelope_fault", adopt(0, "decider"), adopt(1, "second_decider"), locked=locked
        )
    held = envelope_of(call)
    assert (held.taken, held.decided) == (1, 3_000_000 if money else 0), results
    assert Decision.objects.filter(outcome="adopted").count() == 1
    assert sum(isinstance(result, DomainError) for result in results) == 1, results


@pytest.mark.parametrize("kind", ["money", "service"])
def test_two_adoptions_keep_to_what_there_is(world: World, kind: str) -> None:
    two_adoptions(world, kind, locked=True)


def test_control_two_adoptions_exceed_it_without_the_lock(world: World) -> None:
    with pytest.raises(AssertionError):
        two_adoptions(world, "service", locked=False)


def the_last_use(world: World, *, locked: bool) -> None:
    """The town and the officer plan the one visit there is, at once."""
    call = other_calls.call_of(world, other_calls.STUDENTS)
    case = other_calls.announced(world, call)
    support = SupportRequest.objects.get(application=case)

    def plan(name: str, days: int) -> Callable[[], Any]:
        wanted = VisitPlan(SPRING + timedelta(days=days), "市役所")
        return lambda: visiting.plan_visit(support_id=support.pk, plan=wanted, by=world[name])

    with clock.at(SPRING - timedelta(days=30)):
        results = race(visiting, "uses_left", plan("officer", 1), plan("lead_editor", 2), locked=locked)
    assert sum(isinstance(result, Visit) for result in results) == 1, results
    assert sum(isinstance(result, DomainError) for result in results) == 1, results


def test_the_last_use_is_planned_once(world: World) -> None:
    the_last_use(world, locked=True)


def test_control_the_last_use_breaks_without_the_lock(world: World) -> None:
    with pytest.raises(AssertionError):
        the_last_use(world, locked=False)
