"""Keeping due reminders as notices, chunk by chunk; safe to repeat and to run twice at once."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from accounts.actions.notice import notify_all, unknown
from accounts.models import notice_bulk
from accounts.reminders.planning import Book, Reminder, due, told
from core import clock
from core.deadlines import Deadline

CHUNK: Final = 5000
"""Reminders recorded in one transaction: large enough to be fast, small enough to keep nobody waiting."""


def plan_due(at: datetime) -> int:
    """Record what is due at an instant; returns how many notices are new."""
    return record(due(at), at)


def record(reminders: Iterable[Reminder], at: datetime, *, book: Book | None = None) -> int:
    """Record reminders as notices of an instant, in chunks; returns how many were not known yet.

    Never inside a transaction of the caller: what was recorded stays recorded when a later chunk fails.
    """
    read, source = book or Book(), iter(reminders)
    chunks = iter(lambda: list(islice(source, CHUNK)), [])
    return sum(_keep(chunk, read, at) for chunk in chunks)


def _keep(chunk: list[Reminder], book: Book, at: datetime) -> int:
    keys = [(reminder.deadline.case_key, reminder.key) for reminder in chunk]
    new = unknown(keys)
    news = [reminder for reminder, (_, key) in zip(chunk, keys, strict=True) if key in new]
    return notify_all(told(reminder, book, at) for reminder in _due_today(news, at)) if news else 0


def _due_today(chunk: list[Reminder], at: datetime) -> Iterable[Reminder]:
    """Leave out who has been reminded of another task of the case today; a moved deadline is told again."""
    spoken = _spoken_today(chunk, at)
    return [reminder for reminder in chunk if not _others(reminder.deadline, spoken)] if spoken else chunk


def _others(deadline: Deadline, spoken: dict[tuple[str, str], set[str]]) -> set[str]:
    """The other kinds of task of which the same people have been reminded."""
    return spoken.get((deadline.case_key, deadline.target), set()) - {deadline.kind}


def _spoken_today(chunk: list[Reminder], at: datetime) -> dict[tuple[str, str], set[str]]:
    """(case, whose task) → the kinds of deadline they have been reminded of on this day (JST)."""
    cases = {reminder.deadline.case_key for reminder in chunk}
    spoken: dict[tuple[str, str], set[str]] = {}
    for case, key, kind in notice_bulk.reminded(cases, clock.instant(clock.today(at)), at):
        spoken.setdefault((case, key.rpartition(":")[2]), set()).add(kind.partition(".")[2])
    return spoken
