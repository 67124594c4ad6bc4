"""Two planners at once on PostgreSQL: each reminder is kept once; without the unique key it is kept twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from accounts import reminders
from accounts.models import Addressees, Notice, NoticeAudience, notice_bulk
from core import clock, invariants
from tests.accounts.notice_world import world
from tests.accounts.reminding import deadline, rule, told_by
from tests.chaos.test_outbox_races import together

pytestmark = [
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
    pytest.mark.django_db(transaction=True),
]
CASES = 50
AT = datetime(2026, 12, 8, 9, 0, tzinfo=clock.JST)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fifty cases with a reminder due now."""
    with clock.at(AT):
        people = world()
        rule()
        told_by(monkeypatch).extend(deadline(people, case_key=f"case{number:02}") for number in range(CASES))
        yield


@contextmanager
def meeting_after_the_check() -> Iterator[None]:
    """Both planners have found that nothing is known before either writes."""
    met, original = Barrier(2), notice_bulk.written

    def paused(*asked: Any) -> list[notice_bulk.Written]:
        found = original(*asked)
        with suppress(BrokenBarrierError):
            met.wait(timeout=5)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notice_bulk, "written", paused)
        yield


@contextmanager
def without_the_key() -> Iterator[None]:
    """The control: the table takes the same key twice."""
    editor: Callable[[], Any] = connection.schema_editor
    [once] = [each for each in Notice._meta.constraints if each.name == "notice_once"]
    with editor() as schema:
        schema.remove_constraint(Notice, once)
    try:
        yield
    finally:
        Addressees.objects.all().delete()
        with editor() as schema:
            schema.add_constraint(Notice, once)


def plan_twice_at_once() -> None:
    with meeting_after_the_check():
        together(*[lambda: reminders.plan_due(AT)] * 2)


def test_two_planners_at_once_keep_each_reminder_once(told: None) -> None:
    plan_twice_at_once()
    assert Notice.objects.count() == CASES
    assert Addressees.objects.count() == NoticeAudience.objects.count() == 1
    assert invariants.run_all()["accounts.outbox"] == []


def test_without_the_unique_key_they_keep_each_twice(told: None) -> None:
    with without_the_key():
        plan_twice_at_once()
        assert Notice.objects.count() == 2 * CASES
