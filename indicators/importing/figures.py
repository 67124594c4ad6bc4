"""Values out of an indicator's printed texts: baseline, period, and the typed target.

Only what the words say is read. Where they leave it open the answer is None, and the indicator has to be
entered by hand. Values are Decimals in the printed unit; outflow counts negative.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from indicators.enums import Operator, Reference, TargetKind
from indicators.importing.words import fiscal_year, key

_VALUE: Final = re.compile(r"[-−△▲]?[0-9][0-9,]{0,18}(?:\.[0-9]{1,4})?(?![0-9,.]*[0-9])")
_PERIOD: Final = re.compile(
    r"(?P<era>令和|平成|[RH])?(?P<start>[0-9]{1,4}|元)年?度?(?:[~〜～\-](?P<end>[0-9]{1,4}))?年(?:度)?"
)
_NEGATIVE: Final = re.compile(r"[-−△▲]|流出(?:過多|超過)|転出超過")
_COMPARISON: Final = re.compile(r"(?P<one>.+?)[がは](?P<other>.+?)を(?P<way>上回|下回)")
_WAYS: Final = {"上回": Operator.ABOVE, "下回": Operator.BELOW}
_OPPOSITE: Final = {Operator.ABOVE: Operator.BELOW, Operator.BELOW: Operator.ABOVE}
_LIMITS: Final = (
    ("以上", Operator.AT_LEAST), ("以下", Operator.AT_MOST), ("未満", Operator.BELOW), ("超", Operator.ABOVE),
)  # fmt: skip


@dataclass(frozen=True)
class Baseline:
    """The value a plan starts from, with the years it was measured in."""

    value: Decimal
    start: int
    end: int


@dataclass(frozen=True)
class Aim:
    """A target as `Indicator` types it. `other` is the name of the indicator it is compared with."""

    kind: TargetKind
    operator: Operator
    start: int
    end: int
    value: Decimal | None = None
    reference: str = ""
    other: str = ""


def period(text: str) -> tuple[int, int] | None:
    """The last year or span of years a text names: (2016~2021年) → 2016, 2021."""
    found = None
    for match in _PERIOD.finditer(re.sub(r"\s", "", unicodedata.normalize("NFKC", text))):
        start = fiscal_year(match["era"] or "", match["start"])
        end = fiscal_year(match["era"] or "", match["end"]) if match["end"] else start
        if start is not None and end is not None and start <= end:
            found = (start, end)
    return found


def baseline(text: str) -> Baseline | None:
    """3,603事業所 (2021年) → 3603 in 2021; 1,312人の流出過多 (2020年) → -1312."""
    years, number = period(text), _number(text)
    if years is None or number is None:
        return None
    return Baseline(-abs(number) if _NEGATIVE.search(text) else number, *years)


def _number(text: str) -> Decimal | None:
    plain = _without_period(text)
    found = _VALUE.search(plain)
    return Decimal(found[0].replace(",", "").lstrip("-−△▲")) if found else None


def _without_period(text: str) -> str:
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(rf"\({_PERIOD.pattern}\)", "", plain)


def aim(text: str, name: str, others: Sequence[tuple[str, str]]) -> Aim | None:
    """The target of the indicator `name`. `others` are all (name, target): a blank target may stand with another's."""
    years = period(text)
    if not text.strip():
        return _shared(name, others)
    if years is None:
        return None
    compared = _compared(text, name, [other for other, _ in others], years)
    if compared is not None:
        return compared
    words = _without_period(text)
    number = _number(text)
    if number is not None:
        operator = next((limit for word, limit in _LIMITS if word in words), Operator.AT_LEAST)
        value = -number if _NEGATIVE.match(words) else number
        return Aim(TargetKind.THRESHOLD, operator, *years, value=value)
    return _headed(words, years)


def _headed(words: str, years: tuple[int, int]) -> Aim | None:
    """A target that names a direction only."""
    if re.search(r"(?:流入|転入)(?:過多|超過)", words):
        return Aim(TargetKind.DIRECTION, Operator.ABOVE, *years, reference=Reference.ZERO)
    for pattern, operator in (
        ("増加|増やす|向上|上昇", Operator.ABOVE),
        ("減少|減らす|低下|縮減", Operator.BELOW),
    ):
        if re.search(pattern, words):
            return Aim(TargetKind.DIRECTION, operator, *years, reference=Reference.BASELINE)
    return None


def _compared(text: str, name: str, names: Sequence[str], years: tuple[int, int]) -> Aim | None:
    found = _COMPARISON.match(_without_period(text))
    if found is None:
        return None
    known = {key(other): other for other in names}
    one, other = key(found["one"]), key(found["other"])
    operator = _WAYS[found["way"]]
    if one == key(name) and other in known:
        return Aim(TargetKind.COMPARE, operator, *years, other=known[other])
    if other == key(name) and one in known:
        return Aim(TargetKind.COMPARE, _OPPOSITE[operator], *years, other=known[one])
    return None


def _shared(name: str, others: Sequence[tuple[str, str]]) -> Aim | None:
    """The comparison in another row that names this indicator."""
    for other, text in others:
        years = period(text)
        if other != name and years is not None:
            found = _compared(text, name, [row for row, _ in others], years)
            if found is not None:
                return found
    return None
