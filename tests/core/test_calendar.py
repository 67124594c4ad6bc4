"""Fiscal years and business days."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import business_days as bd
from core import clock
from core import fiscal_year as fy

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2049, 12, 31))


# --- Fiscal years ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2028, 2, 29), 2027),
    ],
)
def test_fiscal_years_begin_in_april(day: date, year: int) -> None:
    assert fy.fiscal_year_of(day) == year


def test_an_instant_counts_by_its_japanese_date() -> None:
    assert fy.fiscal_year_of(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)) == 2026
    assert fy.fiscal_year_of(datetime(2026, 3, 31, 14, 59, tzinfo=UTC)) == 2025
    with clock.at(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)):
        assert fy.current_fiscal_year() == 2026


@given(days)
def test_every_day_lies_in_exactly_its_own_year(day: date) -> None:
    year = fy.fiscal_year_of(day)
    assert fy.fiscal_year_start(year) <= day <= fy.fiscal_year_end(year)
    assert fy.fiscal_year_end(year) + timedelta(days=1) == fy.fiscal_year_start(year + 1)


@given(st.integers(1990, 2100))
def test_books_close_on_31_may_of_the_next_year(year: int) -> None:
    end = fy.closing_period_end(year)
    assert (end.year, end.month, end.day) == (year + 1, 5, 31)
    assert fy.in_closing_period(end, year)
    assert fy.in_closing_period(fy.fiscal_year_start(year + 1), year)
    assert not fy.in_closing_period(end + timedelta(days=1), year)
    assert not fy.in_closing_period(fy.fiscal_year_end(year), year)


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2026, "令和8年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1989, "平成元年度"),
        (1926, "大正15年度"),
    ],
)
def test_years_are_named_as_budgets_name_them(year: int, label: str) -> None:
    assert fy.label(year) == label


# --- Business days --------------------------------------------------------------------------------------


def test_holidays_agree_with_an_independent_calendar_from_2020_to_2030() -> None:
    oracle = holidays.country_holidays("JP", years=range(2020, 2031))
    day, differing = date(2020, 1, 1), []
    while day <= date(2030, 12, 31):
        if bool(bd.holiday_name(day)) != (day in oracle):
            differing.append(day)
        expected = (
            day.weekday() < 5
            and day not in oracle
            and (day.month, day.day)
            not in {
                (12, 29),
                (12, 30),
                (12, 31),
                (1, 1),
                (1, 2),
                (1, 3),
            }
        )
        assert bd.is_business_day(day) == expected, day
        day += timedelta(days=1)
    assert differing == []


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2026, 5, 6), False),  # 振替休日
        (date(2026, 9, 22), False),  # 国民の休日 between two holidays
        (date(2026, 11, 21), False),  # a Saturday
    ],
)
def test_known_days(day: date, open_: bool) -> None:
    assert bd.is_business_day(day) is open_


def test_a_body_can_close_on_further_days() -> None:
    founding = frozenset({date(2026, 10, 1)})
    assert bd.is_business_day(date(2026, 10, 1))
    assert not bd.is_business_day(date(2026, 10, 1), founding)
    assert bd.next_business_day(date(2026, 10, 1), founding) == date(2026, 10, 2)
    assert bd.previous_business_day(date(2026, 10, 1), founding) == date(2026, 9, 30)


@given(days)
def test_terms_roll_forward_and_payments_back(day: date) -> None:
    forward, back = bd.next_business_day(day), bd.payment_day(day)
    assert back <= day <= forward
    assert bd.is_business_day(forward)
    assert bd.is_business_day(back)
    closed_between = [back + timedelta(days=n) for n in range(1, (forward - back).days)]
    assert not any(bd.is_business_day(between) for between in closed_between if between != day)
    assert (forward == day == back) or not bd.is_business_day(day)


def test_31_may_on_a_sunday_is_paid_on_the_friday_before() -> None:
    assert bd.payment_day(fy.closing_period_end(2025)) == date(2026, 5, 29)


@given(days, st.integers(-40, 40))
def test_adding_and_counting_are_inverse(day: date, count: int) -> None:
    there = bd.add_business_days(day, count)
    if count:
        assert bd.is_business_day(there)
    if count >= 0 or bd.is_business_day(day):
        assert bd.business_days_between(day, there) == count


@given(days, days, days)
def test_counting_adds_up(a: date, b: date, c: date) -> None:
    near = sorted([a, a + (b - a) % timedelta(days=60), a + (c - a) % timedelta(days=60)])
    first, middle, last = near
    assert bd.business_days_between(first, last) == bd.business_days_between(
        first, middle
    ) + bd.business_days_between(middle, last)
    assert bd.business_days_between(last, first) == -bd.business_days_between(first, last)


def test_a_term_counts_from_the_day_after_arrival_and_rolls_forward() -> None:
    assert bd.term_end(date(2026, 4, 1), 14) == date(2026, 4, 15)
    assert bd.term_end(date(2026, 12, 16), 14) == date(2027, 1, 4)  # 30 December is closed
    with pytest.raises(ValueError, match="1日以上"):
        bd.term_end(date(2026, 4, 1), 0)
