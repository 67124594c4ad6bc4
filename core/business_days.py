"""Business days: not weekends, not 国民の祝日・振替休日, not 29 December to 3 January.

Source: 行政機関の休日に関する法律 第1条 and the municipalities' like-worded ordinances (日曜日及び土曜日,
国民の祝日に関する法律に規定する休日, 12月29日から翌年の1月3日まで). Days a body is closed beyond that are data:
every function takes them as `closed`. Holidays are known up to the year jpholiday's tables reach (its
equinox formula included); years before 1948 had none of today's holidays.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import jpholiday

_SATURDAY = 5
_DAY = timedelta(days=1)
_YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def is_business_day(day: date, closed: Collection[date] = frozenset()) -> bool:
    """Whether offices work on this day."""
    if day.weekday() >= _SATURDAY or (day.month, day.day) in _YEAR_END:
        return False
    return not holiday_name(day) and day not in closed


@lru_cache(maxsize=8192)
def holiday_name(day: date) -> str:
    """The name of a 国民の祝日・振替休日, or ""."""
    return str(jpholiday.is_holiday_name(day) or "")


def next_business_day(day: date, closed: Collection[date] = frozenset()) -> date:
    """The day itself if offices work, else the first one after it: how procedural terms roll."""
    while not is_business_day(day, closed):
        day += _DAY
    return day


def previous_business_day(day: date, closed: Collection[date] = frozenset()) -> date:
    """The day itself if offices work, else the last one before it: how payment days roll."""
    while not is_business_day(day, closed):
        day -= _DAY
    return day


def add_business_days(day: date, count: int, closed: Collection[date] = frozenset()) -> date:
    """The `count`-th business day after the day, or before it if negative. The day itself is not counted.

    0 gives the day itself, business day or not.
    """
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day, closed):
            day += step
    return day


def business_days_between(start: date, end: date, closed: Collection[date] = frozenset()) -> int:
    """How many business days lie after `start` up to and including `end`; the other way round, negative.

    So `business_days_between(d, add_business_days(d, n)) == n` (for n < 0 from a business day).
    """
    if end < start:
        return -business_days_between(end, start, closed)
    return sum(is_business_day(start + _DAY * ahead, closed) for ahead in range(1, (end - start).days + 1))


def term_end(arrival: date, days: int, closed: Collection[date] = frozenset()) -> date:
    """The last day of a term "within `days` days", counted from the day after arrival, rolled forward.

    Source: 民法 第140条（初日不算入）・第142条, 行政機関の休日に関する法律 第2条.
    Raises ValueError for a term of less than a day.
    """
    if days < 1:
        raise ValueError("期間は1日以上にしてください。")
    return next_business_day(arrival + _DAY * days, closed)


def payment_day(day: date, closed: Collection[date] = frozenset()) -> date:
    """A payment day rolled back to a bank day, so that money moves within the term (and by 31 May)."""
    return previous_business_day(day, closed)
