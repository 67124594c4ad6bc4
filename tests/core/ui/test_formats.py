"""Dates, money and what is not known."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.core.ui.rendering import render

# 31 December 2025, 15:30 in London is already New Year's Day in Tokyo.
NEW_YEAR = datetime(2025, 12, 31, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("wareki", "令和8年1月1日"),
        ("long_date", "令和8年（2026年）1月1日（木）"),
        ("month_day", "1月1日（木）"),
        ("short_date", "R8.1.1"),
        ("jst_time", "00:30"),
        ("jst_datetime", "令和8年（2026年）1月1日（木）00:30"),
        ("iso", "2026-01-01T00:30+09:00"),
    ],
)
def test_instants_are_read_in_japan(name: str, shown: str) -> None:
    assert render("{{ value|" + name + " }}", value=NEW_YEAR) == shown


def test_dates_need_no_zone() -> None:
    assert render("{{ d|wareki }} {{ d|iso }}", d=date(2019, 5, 1)) == "令和元年5月1日 2019-05-01"


@pytest.mark.parametrize(
    "name",
    [
        "wareki",
        "long_date",
        "month_day",
        "short_date",
        "jst_time",
        "jst_datetime",
        "fiscal_year",
        "yen",
        "compact_yen",
        "number",
    ],
)
def test_missing_is_a_dash(name: str) -> None:
    assert render("{{ value|" + name + " }}", value=None) == "–"


@pytest.mark.parametrize(
    ("name", "shown"), [("yen", "0円"), ("compact_yen", "0円"), ("number", "0"), ("known", "0")]
)
def test_zero_is_a_value(name: str, shown: str) -> None:
    assert render("{{ value|" + name + " }}", value=0) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (23031, "23,031"),
        (-1312, "−1,312"),
        (Decimal("0.0"), "0.0"),
        (Decimal("6.12"), "6.12"),
        (Fraction(2, 3), "2/3"),
        (Fraction(4, 2), "2"),
        ("", "–"),
        ("件数不明", "件数不明"),
    ],
)
def test_numbers(value: object, shown: str) -> None:
    assert render("{{ value|number }}", value=value) == shown


def test_money_and_years() -> None:
    assert (
        render("{{ n|yen }} {{ n|compact_yen }} {{ y|fiscal_year }}", n=20_000_000, y=2026)
        == "20,000,000円 2,000万円 令和8年度"
    )


def test_known_says_its_own_words() -> None:
    assert render("{{ value|known:'確認中' }}", value="") == '<span class="unknown">確認中</span>'
    assert render("{{ value|known }}", value=False) == "False"
