"""Filters that turn values into the words of the portal: dates, money, numbers, and what is not known.

0, an empty value and "does not apply" are three different things: 0 is shown as 0, None and "" become the
sign or the words for "not known". Part of `{% load ui %}`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import clock, money, text
from core import fiscal_year as fiscal
from core.wareki import WEEKDAYS

register = template.Library()

NO_VALUE: Final = "–"


def _day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


@register.filter
def wareki(value: date | datetime | None) -> str:
    """令和8年10月26日; an instant is read in Japan's time, a missing date gives –."""
    return text.wareki(_day(value)) if value else NO_VALUE


@register.filter
def long_date(value: date | datetime | None) -> str:
    """令和8年（2026年）10月26日（月）; a missing date gives –."""
    return text.long_date(_day(value)) if value else NO_VALUE


@register.filter
def short_date(value: date | datetime | None) -> str:
    """R8.10.26, for narrow table columns; a missing date gives –."""
    return text.short_date(_day(value)) if value else NO_VALUE


@register.filter
def month_day(value: date | datetime | None) -> str:
    """10月26日（月）, where the year is plain from the context; a missing date gives –."""
    if not value:
        return NO_VALUE
    day = _day(value)
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


@register.filter
def jst_time(value: datetime | None) -> str:
    """17:00 in Japan's time; a missing instant gives –."""
    return f"{clock.local(value):%H:%M}" if value else NO_VALUE


@register.filter
def jst_datetime(value: datetime | None) -> str:
    """令和8年（2026年）10月26日（月）17:00 in Japan's time; a missing instant gives –."""
    return f"{long_date(value)}{jst_time(value)}" if value else NO_VALUE


@register.filter
def iso(value: date | datetime | None) -> str:
    """The machine-readable form for `<time datetime>`; Japan's time with its offset, or an empty text."""
    if not value:
        return ""
    return (
        clock.local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()
    )


@register.filter
def fiscal_year(value: int | None) -> str:
    """2026 → 令和8年度; None gives –."""
    return fiscal.label(value) if value is not None else NO_VALUE


@register.filter
def yen(value: int | None) -> str:
    """10000000 → 10,000,000円; 0 → 0円; None gives –."""
    return money.format_yen(value) if value is not None else NO_VALUE


@register.filter
def compact_yen(value: int | None) -> str:
    """20000000 → 2,000万円; 0 → 0円; None gives –."""
    return money.format_compact(value) if value is not None else NO_VALUE


@register.filter
def number(value: int | Decimal | Fraction | str | None) -> str:
    """1234 → 1,234; a negative number gets the true minus sign; None and "" give –; words stay as they are."""
    if value is None or value == "":
        return NO_VALUE
    if isinstance(value, Fraction):
        return (
            f"{value.numerator:,}/{value.denominator:,}".replace("-", "−")
            if value.denominator != 1
            else f"{value.numerator:,}"
        )
    if isinstance(value, (int, Decimal)):
        return f"{value:,}".replace("-", "−")
    return str(value)


@register.filter
def known(value: object, words: str = "記載なし") -> str | SafeString:
    """The value itself, or the marked words when the source gives none. 0 and False are values."""
    if value is None or (isinstance(value, (str, list, tuple)) and not value):
        return format_html('<span class="unknown">{}</span>', words)
    return value if isinstance(value, str) else str(value)
