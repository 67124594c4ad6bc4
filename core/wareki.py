"""Japanese era dates (和暦). Converted at input and display only; stored dates are Gregorian.

Boundaries: each era begins on the day it was proclaimed for (大正 1912-07-30, 昭和 1926-12-25,
平成 1989-01-08, 令和 2019-05-01). Before 1873 Japan used a lunisolar calendar, so earlier dates have no
exact counterpart and are refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

WEEKDAYS = "月火水木金土日"
_EXAMPLES = "「令和8年4月1日」「R8.4.1」「2026/4/1」のように入力してください。"


@dataclass(frozen=True)
class Era:
    """An era: its name, its letter, its first day, and the Gregorian year before its first."""

    name: str
    letter: str
    starts_on: date
    offset: int


ERAS = (
    Era("令和", "R", date(2019, 5, 1), 2018),
    Era("平成", "H", date(1989, 1, 8), 1988),
    Era("昭和", "S", date(1926, 12, 25), 1925),
    Era("大正", "T", date(1912, 7, 30), 1911),
    Era("明治", "M", date(1873, 1, 1), 1867),
)
_ERA_BY_WORD = {word: era for era in ERAS for word in (era.name, era.letter)}


def era_of(day: date) -> Era:
    """The era a day lies in. Raises ValueError before 1873-01-01."""
    for era in ERAS:  # newest first
        if day >= era.starts_on:
            return era
    raise ValueError("明治5年以前の日付は暦が異なるため、和暦に直せません。")


def wareki(day: date) -> str:
    """「令和8年10月26日」; the first year of an era is 元年."""
    era = era_of(day)
    return f"{era.name}{_ordinal(day.year - era.offset)}年{day.month}月{day.day}日"


def near_date(day: date, today: date) -> str:
    """「10月26日」 for a day of today's year, else with its year: 「令和9年1月13日」."""
    return f"{day.month}月{day.day}日" if day.year == today.year else wareki(day)


def wareki_year(year: int) -> str:
    """「令和8年」 for a fiscal year given by its first calendar year; 2019 is 令和元年.

    The era is the one on 1 May, which names fiscal 2019 令和元年度 as the national and local budgets do.
    """
    era = era_of(date(year, 5, 1))
    return f"{era.name}{_ordinal(year - era.offset)}年"


def long_date(day: date) -> str:
    """「令和8年（2026年）10月26日（月）」: both calendars and the weekday."""
    era = era_of(day)
    years = f"{era.name}{_ordinal(day.year - era.offset)}年（{day.year}年）"
    return f"{years}{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def short_date(day: date) -> str:
    """「R8.10.26」, for narrow table columns; 元年 is written 1."""
    era = era_of(day)
    return f"{era.letter}{day.year - era.offset}.{day.month}.{day.day}"


def _ordinal(year_of_era: int) -> str:
    return "元" if year_of_era == 1 else str(year_of_era)


# --- Reading -----------------------------------------------------------------------------------------

_NUMBER = r"(?:元|[0-9]{1,4}|[〇一二三四五六七八九十]{1,4})"
_DATE = re.compile(
    rf"(?P<era>令和|平成|昭和|大正|明治|[RHSTM])?(?P<year>{_NUMBER})"
    rf"(?:年(?:\((?P<gregorian>[0-9]{{4}})年?\))?|[./-])"
    rf"(?P<month>{_NUMBER})(?:月|[./-])(?P<day>{_NUMBER})日?"
    r"(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\)|(?P<bare_weekday>[月火水木金土日])曜日?)?",
    re.IGNORECASE,
)
_KANJI_DIGITS = {char: number for number, char in enumerate("〇一二三四五六七八九")}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def parse_date(text: str) -> date:
    """Read a date a person typed: 令和8年4月1日, R8.4.1, 2026/4/1, 元年, 漢数字, full width, with weekday.

    Raises ValueError with a Japanese message that names the fault and the cure: not a date, a day that
    does not exist, an era that had not begun or was over, a weekday or Gregorian year that disagrees.
    """
    shown = text.strip()
    compact = re.sub(r"\s+", "", unicodedata.normalize("NFKC", shown)).translate(_DASHES)
    found = _DATE.fullmatch(compact)
    if not found:
        raise ValueError(f"「{_shorten(shown)}」は日付として読み取れません。{_EXAMPLES}")
    month, day = _number(found["month"]), _number(found["day"])
    year = _gregorian_year(found["era"], found["year"], shown)
    try:
        result = date(year, month, day)
    except ValueError:
        raise ValueError(f"「{_shorten(shown)}」という日はありません。月と日を確かめてください。") from None
    _check_era(found["era"], result, shown)
    _check_companions(found, result, shown)
    return result


def _number(digits: str) -> int:
    if digits == "元":
        return 1
    if digits[0].isascii():
        return int(digits)
    if "十" not in digits:
        return int("".join(str(_KANJI_DIGITS[char]) for char in digits))
    tens, _, ones = digits.partition("十")
    if any(len(part) > 1 or part in {"〇", "十"} for part in (tens, ones)):
        return -1
    return (_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0)


def _gregorian_year(era_word: str | None, year_text: str, shown: str) -> int:
    if era_word:
        number = _number(year_text)
        if not 1 <= number <= 99:  # noqa: PLR2004 - no era lasts a hundred years
            raise ValueError(f"「{_shorten(shown)}」の年が読み取れません。{_EXAMPLES}")
        return _ERA_BY_WORD[era_word.upper()].offset + number
    if len(year_text) != 4:  # noqa: PLR2004 - a Gregorian year has four digits
        raise ValueError(
            f"「{_shorten(shown)}」の年は、元号を付けるか西暦4桁にしてください。例：R8.4.1、2026/4/1"
        )
    return _number(year_text)


def _check_era(era_word: str | None, day: date, shown: str) -> None:
    if not era_word:
        return
    named = _ERA_BY_WORD[era_word.upper()]
    if day < ERAS[-1].starts_on:
        raise ValueError(
            f"「{_shorten(shown)}」は明治5年以前のため扱えません。明治6年1月1日以後の日付にしてください。"
        )
    actual = era_of(day)
    if actual is not named:
        raise ValueError(f"「{_shorten(shown)}」は{named.name}にありません。{wareki(day)}ではありませんか。")


def _check_companions(found: re.Match[str], day: date, shown: str) -> None:
    if found["gregorian"] and int(found["gregorian"]) != day.year:
        raise ValueError(f"「{_shorten(shown)}」の和暦と西暦が合いません。{long_date(day)}ではありませんか。")
    weekday = found["weekday"] or found["bare_weekday"]
    if weekday and weekday != WEEKDAYS[day.weekday()]:
        raise ValueError(
            f"「{_shorten(shown)}」の曜日が合いません。{day.month}月{day.day}日は{WEEKDAYS[day.weekday()]}曜日です。"
        )


def _shorten(text: str) -> str:
    limit = 30
    return text if len(text) <= limit else text[:limit] + "…"
