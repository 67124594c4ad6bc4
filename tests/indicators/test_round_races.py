"""Two people at one cell at once: one order wins, the other is shown both values. With a control without the lock."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.db import connection

from core import clock
from core.events import verify_chain
from core.exceptions import DomainError
from indicators.actions import filling, locking, publishing, rounds
from indicators.actions.filling import Saved, Typed
from indicators.models import PlanEvent, SheetCell, SheetCellVersion, SheetYear
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]
WAIT = 2.0
KEY = (2025, "result")


@pytest.fixture
def world() -> Iterator[World]:
    """Committed, so that every thread sees it."""
    with clock.at(made.NOW):
        yield made.world()


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads at once: what each returned or raised, in order."""
    results: list[Any] = [None] * len(jobs)
    start = Barrier(len(jobs))

    def one(place: int, job: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            results[place] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=one, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a deadlock"
    return results


def one_cell(world: World, monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> None:
    """Two colleagues change the same cell from the same page; both stand before the write at once."""
    task = made.sheet(made.opened(world))
    filling.save_cells(task_id=task.pk, typed=[Typed(KEY, "はじめの文", 0)], by=world["editor"])
    met, original = Barrier(2), filling.write

    def paused(*given: Any, **named: Any) -> Any:
        with suppress(BrokenBarrierError):  # the other one waits for the lock, as it should
            met.wait(timeout=WAIT)
        return original(*given, **named)

    monkeypatch.setattr(filling, "write", paused)
    if not locked:
        monkeypatch.setattr(locking, "sheet", locking.read_sheet)

    def save(name: str) -> Callable[[], Any]:
        typed = [Typed(KEY, f"{name}の文", 1)]
        return lambda: filling.save_cells(task_id=task.pk, typed=typed, by=world[name])

    results = together(save("editor"), save("colleague"))
    assert all(isinstance(result, Saved) for result in results), results
    assert sorted(len(result.keys) for result in results) == [0, 1]
    winner = next(result for result in results if result.keys)
    loser = next(result for result in results if not result.keys)
    assert [(row.mine != row.cell.value, row.cell.version) for row in loser.clashes] == [(True, 2)]
    assert winner.clashes == []
    assert SheetCell.objects.get().version == 2
    assert SheetCellVersion.objects.count() == 2


def test_two_people_at_one_cell_see_both_values(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one_cell(world, monkeypatch, locked=True)


def test_control_one_cell_breaks_without_the_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        one_cell(world, monkeypatch, locked=False)


def test_a_correction_and_a_second_publication_keep_one_order(world: World) -> None:
    """The publication happens once, and nothing of it is lost."""
    round_ = made.opened(world)
    made.settle(world, round_, "2")

    def publish() -> Any:
        return publishing.publish_round(round_id=round_.pk, by=world["coordinator"])

    results = together(publish, publish)
    assert sum(isinstance(result, DomainError) for result in results) == 1, results
    assert PlanEvent.objects.filter(action="publish_round").count() == 1
    assert SheetYear.objects.filter(measure__number="2").count() == 2
    assert verify_chain(PlanEvent.objects.all()) == []


def test_two_coordinators_open_a_round_once(world: World) -> None:
    row = rounds.plan_round(
        plan=world.plan,
        fiscal_year=2026,
        kind="start",
        open_cells=made.CELLS,
        due_at=made.DUE,
        by=world["coordinator"],
    )
    results = together(*[lambda: rounds.open_round(round_id=row.pk, by=world["coordinator"])] * 2)
    assert sum(isinstance(result, DomainError) for result in results) == 1, results
    assert row.tasks.count() == 4
