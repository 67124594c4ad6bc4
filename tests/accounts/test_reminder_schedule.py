"""When the reminders of one deadline go out: business days, the turn of the year, closing days, midnight."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.reminders import Rule, steps
from core import business_days, clock

RULE = Rule("grants.submit", before=(14, 7, 3, 1, 0), after=(1, 3), escalates_after=3)


def jst(year: int, month: int, day: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.JST)


def said(deadline: datetime, rule: Rule = RULE, closed: frozenset[date] = frozenset()) -> list[str]:
    return [f"{step.offset:+d} {clock.local(step.at):%m-%d %H:%M}" for step in steps(rule, deadline, closed)]


def test_offsets_count_business_days() -> None:
    """Wednesday 9 December 2026: weekends do not count, nor does 23 November (勤労感謝の日)."""
    assert said(jst(2026, 12, 9)) == [
        "-14 11-18 09:00", "-7 11-30 09:00", "-3 12-04 09:00", "-1 12-08 09:00", "+0 12-09 09:00",
        "+1 12-10 09:00", "+3 12-14 09:00",
    ]  # fmt: skip


def test_the_turn_of_the_year_and_the_new_fiscal_year() -> None:
    """29 December to 3 January are no business days; 31 March and 1 April are."""
    assert said(jst(2027, 1, 4)) == [
        "-14 12-09 09:00", "-7 12-18 09:00", "-3 12-24 09:00", "-1 12-28 09:00", "+0 01-04 09:00",
        "+1 01-05 09:00", "+3 01-07 09:00",
    ]  # fmt: skip
    assert said(jst(2027, 3, 31), Rule("k.k", before=(1, 0), after=(1,))) == [
        "-1 03-30 09:00", "+0 03-31 09:00", "+1 04-01 09:00",
    ]  # fmt: skip


def test_a_deadline_on_a_day_off_is_told_on_the_business_day_before_once() -> None:
    """Saturday: "the day itself" and "one business day before" are both Friday, and one reminder goes out."""
    assert said(jst(2026, 11, 21), Rule("k.k", before=(1, 0), after=(1,))) == [
        "+0 11-20 09:00",
        "+1 11-24 09:00",
    ]


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (jst(2026, 12, 9, 23, 59), ["-1 12-08 09:00", "+0 12-09 09:00"]),
        (jst(2026, 12, 9, 9, 1), ["-1 12-08 09:00", "+0 12-09 09:00"]),
        (jst(2026, 12, 9, 9, 0), ["+0 12-08 09:00"]),
        (jst(2026, 12, 9, 0, 0), ["+0 12-08 09:00"]),
        (jst(2026, 12, 8, 23, 59), ["-1 12-07 09:00", "+0 12-08 09:00"]),
        (jst(2026, 12, 7, 0, 0), ["+0 12-04 09:00"]),
    ],
)
def test_nothing_stands_at_or_after_the_deadline(deadline: datetime, expected: list[str]) -> None:
    assert said(deadline, Rule("k.k", before=(1, 0))) == expected


def test_a_body_closed_that_day_is_told_the_day_before() -> None:
    closed = frozenset({date(2026, 12, 8), date(2026, 12, 10)})
    rule = Rule("k.k", before=(1,), after=(1,))
    assert said(jst(2026, 12, 9), rule) == ["-1 12-08 09:00", "+1 12-10 09:00"]
    assert said(jst(2026, 12, 9), rule, closed) == ["-1 12-07 09:00", "+1 12-11 09:00"]


def test_escalation_begins_where_the_rule_says() -> None:
    assert [step.escalated for step in steps(RULE, jst(2026, 12, 9))] == [False] * 6 + [True]


offsets = st.lists(st.integers(0, 30), max_size=5, unique=True).map(tuple)
instants = st.integers(0, 60 * 24 * 880).map(lambda minutes: jst(2025, 12, 1, 0) + timedelta(minutes=minutes))
closings = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=12)


@given(offsets, offsets, st.integers(0, 23), instants, closings)
def test_what_always_holds(
    before: tuple[int, ...], after: tuple[int, ...], hour: int, deadline: datetime, closed: frozenset[date]
) -> None:
    """At the hour, on a business day of the body, one a day, and on the right side of the deadline."""
    rule = Rule("k.k", before=before, after=tuple(days + 1 for days in after), hour=hour)
    found = steps(rule, deadline, closed)
    days = [clock.today(step.at) for step in found]
    assert len(set(days)) == len(days)
    assert days == sorted(days)
    for step, day in zip(found, days, strict=True):
        assert business_days.is_business_day(day, closed)
        assert clock.local(step.at).time() == time(hour)
        assert step.at > deadline if step.overdue else step.at < deadline
    assert bool(found) == bool(before or after)
    assert all(deadline - step.at < timedelta(days=100) for step in found)
