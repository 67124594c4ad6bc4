"""Reminders in numbers: planning and recording many, chunks beside one at a time, memory, the plan of a year.

    DATABASE_URL=postgres://… python bench/reminders.py [--count 100000] [--memory 300000]

Everything happens in a database of its own, made and dropped as the tests do. Prints one line a figure.
"""

import argparse
import os
import resource
import sys
import time
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases

from accounts import reminders
from accounts.actions.notice import notify
from accounts.models import Addressees, Department, Notice, NoticeAudience, Organization, ReminderRule
from accounts.queries import municipalities
from accounts.reminders import Book
from core import clock, deadlines
from core.deadlines import Cases, Deadline
from tama_portal.collector import spare_collector
from tama_portal.reminder_plan import lines

AT = datetime(2026, 12, 8, 9, 0, tzinfo=clock.JST)
CLOSES = datetime(2026, 12, 9, 17, 0, tzinfo=clock.JST)
ONE_BY_ONE = 400


class Invented:
    """So many drafts, all due tomorrow, of the 39 towns in turn."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.units = [
            Department.objects.get_or_create(organization=town, name="企画政策課")[0]
            for town in municipalities().supported()
        ]

    def plan(self, at: datetime, cases: Cases = None) -> Iterator[Deadline]:
        """The planner."""
        roles, since = frozenset({"editor", "approver"}), CLOSES - timedelta(days=60)
        for number in range(self.count):
            unit = self.units[number % len(self.units)]
            yield Deadline(
                kind="grants.submit", at=CLOSES, title="提出", url=f"/applications/c{number}/",
                organization_id=unit.organization_id, department_id=unit.pk, audience_roles=roles,
                case_key=f"c{number}", what="申請の提出", about="募集：令和9年度 第1次募集", since=since,
            )  # fmt: skip


def tell(count: int) -> None:
    """Let only the invented drafts be told."""
    deadlines._planners.clear()
    deadlines._planners["bench"] = Invented(count).plan


def emptied() -> None:
    """No notices, and statistics that say so."""
    NoticeAudience.objects.all().delete()
    Notice.objects.all()._raw_delete("default")
    Addressees.objects.all().delete()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE accounts_notice, accounts_noticeaudience, accounts_addressees")


def processor() -> tuple[float, float]:
    """Seconds of a processor used so far: here, and by the server's process of this connection (Linux, PostgreSQL)."""
    there, backend = 0.0, connection.connection
    if connection.vendor == "postgresql":
        stat = Path(f"/proc/{backend.info.backend_pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        user, system = stat.split()[11:13]
        there = (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return time.process_time(), there


def timed(what: Any) -> tuple[float, Any]:
    """Seconds of the wall clock and the result."""
    start = time.perf_counter()
    found = what()
    return time.perf_counter() - start, found


def many(count: int) -> float:
    """Plan only, then plan and record; returns recorded a second."""
    tell(count)
    seconds, found = timed(lambda: sum(1 for _ in reminders.due(AT)))
    print(f"planned only: {found:,} in {seconds:.2f} s ({found / seconds:,.0f}/s)")
    emptied()
    here, there = processor()
    seconds, found = timed(lambda: reminders.plan_due(AT))
    used_here, used_there = (now - before for now, before in zip(processor(), (here, there), strict=True))
    print(f"planned and recorded: {found:,} in {seconds:.2f} s ({found / seconds:,.0f}/s)")
    print(f"of a processor: {used_here:.2f} s here, {used_there:.2f} s in the database")
    rate = found / seconds
    assert Notice.objects.count() == count
    assert not Notice.objects.filter(addressees__audiences=None).exists()
    seconds, found = timed(lambda: reminders.plan_due(AT))
    print(f"planned again, all known: {found:,} new in {seconds:.2f} s")
    return rate


def one_by_one(rate: float) -> None:
    """The same reminders through `notify`, a transaction each, as one task each would."""
    emptied()
    book = Book()
    chosen = [reminders.told(reminder, book, AT) for reminder in islice(reminders.due(AT), ONE_BY_ONE)]

    def each() -> None:
        for told in chosen:
            with transaction.atomic():
                notify(
                    kind=told.kind, key=told.key, audience=told.audience, title=told.title, lines=told.lines,
                    path=told.path, due_at=told.due_at, at=told.at,
                )  # fmt: skip

    seconds, _ = timed(each)
    single = ONE_BY_ONE / seconds
    print(f"one transaction each, no queue: {single:,.0f}/s; chunks are {rate / single:.0f} times as fast")
    print(
        f"chunks beside one Celery task each (440 to 660/s measured): {rate / 660:.0f} to {rate / 440:.0f} times"
    )


def memory(count: int) -> None:
    """Peak of Python's memory while planning and recording a tenth and the whole."""
    peaks = []
    for size in (count // 10, count):
        tell(size)
        emptied()
        tracemalloc.start()
        reminders.plan_due(AT)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        print(f"peak memory over {size:,}: {peaks[-1]:.1f} MiB")
    print(f"resident: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def year() -> None:
    """The plan of a year for the 39 towns, 20 cases each, in words, as the command prints it."""
    tell(39 * 20)
    start = clock.instant(clock.today(AT)) - timedelta(days=60)
    book = Book()

    def plan() -> int:
        found = sorted(reminders.between(start, start + timedelta(days=365), data_at=AT, book=book))
        return len(lines(found, book, clock.today(AT)))

    seconds, found = timed(plan)
    print(f"plan of a year for 39 towns: {found:,} reminders in {seconds:.2f} s")


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--memory", type=int, default=300_000)
    options = parser.parse_args()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_reference", stdout=StringIO())
        assert ReminderRule.objects.exists()
        assert Organization.objects.exists()
        print(f"engine: {connection.vendor}")
        spare_collector()  # as the worker does that plans
        with clock.at(AT):
            rate = many(options.count)
            one_by_one(rate)
            year()
            memory(options.memory)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
