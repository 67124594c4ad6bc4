"""The one clock. No other module asks the machine what time it is.

Instants are aware datetimes in UTC; "today" is the calendar day in Japan (docs: domain, "Time").
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")

# The innermost entry is "now" while a test or a demo loader has set the clock. Process-wide on purpose:
# threads that race inside one test must see the same instant.
_set: list[datetime] = []
# Where the processes of one demo read by how many seconds its clock is ahead; empty everywhere else.
_followed: list[Path] = []


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _set[-1] if _set else datetime.now(UTC) + ahead()


def follow(file: Path) -> None:
    """From now on this process's clock is ahead by what `file` says. Only for the demo, whose visitors move time on."""
    _followed[:] = [file]


def is_followed() -> bool:
    """Whether the clock can be moved ahead at all."""
    return bool(_followed)


def ahead() -> timedelta:
    """By how much the demo's clock is ahead; zero where none is followed or nobody has moved it."""
    try:
        return timedelta(seconds=int(_followed[0].read_text(encoding="ascii"))) if _followed else timedelta()
    except FileNotFoundError:
        return timedelta()


def move_to(moment: datetime) -> None:
    """Move the demo's clock ahead to `moment`, for every process that follows the same file.

    Raises ValueError for an instant that has passed, since records are never written into the past, and
    RuntimeError where no clock is followed.
    """
    if not _followed:
        raise RuntimeError("only a demo's clock can be moved")
    further = _aware(moment) - now()
    if further < timedelta():
        raise ValueError("時刻は進めるだけで、戻せません。")
    written = _followed[0].with_suffix(".new")
    written.write_text(str(int((ahead() + further).total_seconds()) + 1), encoding="ascii")
    written.replace(_followed[0])


def local(instant: datetime) -> datetime:
    """The same instant on a Japanese wall clock. Raises ValueError for a naive datetime."""
    return _aware(instant).astimezone(JST)


def today(at: datetime | None = None) -> date:
    """The Japanese calendar day of `at` (default: now). 00:00-09:00 JST is already the new day."""
    return local(at if at is not None else now()).date()


def instant(day: date, at: time = time(0, 0)) -> datetime:
    """The instant, in UTC, of a Japanese wall-clock time on a day."""
    return datetime.combine(day, at.replace(tzinfo=None), tzinfo=JST).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last instant of a Japanese day: what a deadline given as a bare date means (never 00:00)."""
    return instant(day + timedelta(days=1)) - timedelta(microseconds=1)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock still at `moment`. Only for tests and demo loaders; may be nested.

    Raises ValueError for a naive datetime.
    """
    frozen = _aware(moment).astimezone(UTC)
    _set.append(frozen)
    try:
        yield frozen
    finally:
        _set.pop()


def is_set() -> bool:
    """Whether somebody holds the clock (the demo banner shows it)."""
    return bool(_set)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("時刻には時間帯が必要です（naive datetime）。")
    return moment
