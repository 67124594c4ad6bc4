"""Keeping due reminders as notices, chunk by chunk; safe to repeat and to run twice at once."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from accounts.actions.notice import notify_all
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
    keys = [reminder.key for reminder in chunk]
    cases = [(reminder.deadline.case_key, key) for reminder, key in zip(chunk, keys, strict=True)]
    known = notice_bulk.written(cases, clock.instant(clock.today(at)), at)
    told_keys, spoken = {each.key for each in known}, _spoken(known)
    news = [
        told(reminder, book, at, key)
        for reminder, key in zip(chunk, keys, strict=True)
        if key not in told_keys and not (spoken and _others(reminder.deadline, spoken))
    ]
    return notify_all(news) if news else 0


def _others(deadline: Deadline, spoken: dict[tuple[str, str], set[str]]) -> set[str]:
    """The other kinds of task of which the same people have been reminded today; a moved deadline is told again."""
    return spoken.get((deadline.case_key, deadline.target), set()) - {deadline.kind}


def _spoken(known: Iterable[notice_bulk.Written]) -> dict[tuple[str, str], set[str]]:
    """(case, whose task) → the kinds of deadline they have been reminded of on this day (JST)."""
    spoken: dict[tuple[str, str], set[str]] = {}
    for each in known:
        if each.in_time:
            target, kind = each.deadline.rpartition(":")[2], each.kind.partition(".")[2]
            spoken.setdefault((each.case, target), set()).add(kind)
    return spoken
