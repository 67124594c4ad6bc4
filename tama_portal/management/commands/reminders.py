"""Which reminders go out, to whom and why: for a day, an instant or a span. Nothing is sent; see --record."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import reminders
from accounts.reminders import Book, Reminder
from core import clock
from tama_portal.reminder_plan import Line, lines


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no instant; write 2027-03-31T09:00+09:00") from None
    return found if found.tzinfo else found.replace(tzinfo=clock.JST)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write 2027-03-31") from None


class Command(BaseCommand):
    """`manage.py reminders [--on DAY [--days N] | --at INSTANT] [--dry-run] [--format table|json]`."""

    help = (
        "Prints which reminders go out on a day (JST; default: today), to whom and why, as the data stands now. "
        "With --at: what is due at that instant, catching up as the schedule does; without --dry-run it is recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Span and form."""
        span = parser.add_mutually_exclusive_group()
        span.add_argument("--on", type=_day, help="a day (JST)")
        span.add_argument("--at", type=_instant, help="an instant; without a time zone it is JST")
        parser.add_argument("--days", type=int, default=1, help="how many days from --on")
        parser.add_argument("--dry-run", action="store_true", help="record nothing (always so with --on)")
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, and with --at also record unless --dry-run is given."""
        book, at = Book(), options["at"]
        if at is not None:
            found = list(reminders.due(at))
            self._write(lines(found, book, clock.today(at)), options["format"])
            if not options["dry_run"]:
                recorded = reminders.record(found, at, book=book)
                self.stderr.write(f"{recorded} recorded, {len(found) - recorded} known already")
            return
        if not 1 <= options["days"] <= settings.REMINDER_MOST_DAYS:
            raise CommandError(f"--days: 1 to {settings.REMINDER_MOST_DAYS}")
        first = options["on"] or clock.today()
        self._write(lines(self._of_days(first, options["days"], book), book, first), options["format"])

    def _of_days(self, first: date, days: int, book: Book) -> Iterable[Reminder]:
        """What goes out from a day on, by the data as it stands now and, for days to come, as of that day."""
        start = clock.instant(first) - timedelta(microseconds=1)
        end = clock.end_of_day(first + timedelta(days=days - 1))
        return sorted(reminders.between(start, end, data_at=max(clock.now(), start), book=book))

    def _write(self, found: list[Line], form: str) -> None:
        if form == "json":
            rows = [line.facts() for line in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for line in found:
            at = clock.local(line.at)
            due = clock.local(line.due_at)
            self.stdout.write(
                f"{at:%Y-%m-%d %H:%M}  {line.whom}\n    {line.title}（{line.about}）\n"
                f"    {line.why}／期限 {due:%Y-%m-%d %H:%M}／決まり {line.rule}"
            )
        self.stdout.write(f"{len(found)}件")
