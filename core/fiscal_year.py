"""Fiscal years: 1 April to 31 March by the Japanese date; named by the year they start in.

Source: 地方自治法 第208条（会計年度）, 第235条の5（出納の閉鎖: 翌年度の5月31日）.
"""

from datetime import date, datetime
from typing import TypeAlias

from core import clock
from core.wareki import wareki_year

FiscalYear: TypeAlias = int


def fiscal_year_of(day: date) -> FiscalYear:
    """The fiscal year a day lies in. An instant (aware datetime) counts by its Japanese date."""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return day.year if day >= date(day.year, 4, 1) else day.year - 1


def current_fiscal_year(at: datetime | None = None) -> FiscalYear:
    """The fiscal year of an instant (default: now)."""
    return fiscal_year_of(clock.today(at))


def fiscal_year_start(year: FiscalYear) -> date:
    """1 April."""
    return date(year, 4, 1)


def fiscal_year_end(year: FiscalYear) -> date:
    """31 March of the next calendar year."""
    return date(year + 1, 3, 31)


def closing_period_end(year: FiscalYear) -> date:
    """The last day of the 出納整理期間: 31 May after the fiscal year. Not rolled to a bank day."""
    return date(year + 1, 5, 31)


def in_closing_period(day: date, year: FiscalYear) -> bool:
    """Whether a day lies in the 出納整理期間 of a fiscal year (1 April to 31 May after it)."""
    return fiscal_year_end(year) < day <= closing_period_end(year)


def label(year: FiscalYear) -> str:
    """「令和8年度」."""
    return f"{wareki_year(year)}度"
