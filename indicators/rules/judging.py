"""Judging an indicator against its typed target, exactly and with a sentence that says why.

Values are Decimals in the indicator's unit. The scale is the portal's own (ポータル独自): the source states
targets but no scale, so only 届いている / 届いていない / 判断できない is said, never a percentage.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.wareki import parse_date
from indicators.enums import Operator, Progress, Reference, TargetKind

_WORDS = {
    Operator.AT_LEAST: "以上",
    Operator.ABOVE: "を上回ること",
    Operator.AT_MOST: "以下",
    Operator.BELOW: "を下回ること",
}

_PERCENT = {"%", "％"}  # what lies between two percentages is counted in points


@dataclass(frozen=True)
class Target:
    """What is aimed at. `value` for a threshold; `reference` for a direction; the other's value comes with the call."""

    kind: TargetKind
    operator: Operator
    value: Decimal | None = None
    reference: Reference | None = None


@dataclass(frozen=True)
class Judgement:
    """The result and the sentence that explains it."""

    progress: Progress
    sentence: str


def compare(left: Decimal, operator: Operator, right: Decimal) -> bool:
    """Exact comparison by the target's operator."""
    match operator:
        case Operator.AT_LEAST:
            return left >= right
        case Operator.ABOVE:
            return left > right
        case Operator.AT_MOST:
            return left <= right
        case Operator.BELOW:
            return left < right


def judge(
    *,
    value: Decimal | None,
    target: Target,
    baseline: Decimal,
    other: Decimal | None = None,
    unit: str = "",
    other_name: str = "",
    period: str = "",
) -> Judgement:
    """Judge a value. Without a value, or without the other indicator's value, nothing is claimed."""
    aim = _aim(target, baseline=baseline, other=other)
    if value is None:
        return Judgement(Progress.UNKNOWN, "まだ値がないため、判断できません。")
    if aim is None:
        who = f"「{other_name}」" if other_name else "相手"
        return Judgement(Progress.UNKNOWN, f"比べる{who}の同じ期間の値がないため、判断できません。")
    met = compare(value, target.operator, aim)
    name = f"{other_name}の" if target.kind == TargetKind.COMPARE and other_name else ""
    aim_text = f"{name}{plain(aim)}{unit}{_WORDS[target.operator]}"
    when = f"（{period}）" if period else ""
    head = f"最新の値{when}は{plain(value)}{unit}、目標は{aim_text}"
    if met:
        return Judgement(Progress.MET, f"{head}なので、目標に届いています。")
    gap = (
        f"差は{plain(abs(aim - value))}{'ポイント' if unit in _PERCENT else unit}"
        if aim != value
        else "同じ値"
    )
    return Judgement(Progress.NOT_MET, f"{head}なので、目標に届いていません（{gap}）。")


def _aim(target: Target, *, baseline: Decimal, other: Decimal | None) -> Decimal | None:
    if target.kind == TargetKind.THRESHOLD:
        return target.value
    if target.kind == TargetKind.COMPARE:
        return other
    return baseline if target.reference == Reference.BASELINE else Decimal(0)


def exact(value: Decimal) -> Decimal:
    """The same value without the trailing zeros its column adds."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def plain(value: Decimal) -> str:
    """A decimal as people write it: thousands separated, no trailing zeros, a true minus sign."""
    return f"{exact(value):,}".replace("-", "−")


_VALUE = re.compile(
    r"(?P<sign>[-−△▲]?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})(?P<rest>\.[0-9]{1,4})?"
)
_MOST_DIGITS = 16


def value_of(text: str) -> Decimal | None:
    """A figure as people type it: 3,700, 99.5, −1,312, △1,312; None for blank. Raises ValueError in words for the rest."""
    plain_text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not plain_text:
        return None
    found = _VALUE.fullmatch(plain_text)
    whole = found["whole"].replace(",", "") if found else ""
    if found is None or len(whole) > _MOST_DIGITS:
        raise ValueError(
            f"数値「{text}」を読み取れません。3,700、99.5、−1,312のように、小数は4桁までで書いてください。"
        )
    number = Decimal(whole + (found["rest"] or ""))
    return -number if found["sign"] else number


_UPDATE = re.compile(r"(?P<year>(?:令和|平成)?[0-9元]{1,4}年)(?:(?P<month>[0-9]{1,2})月)?(?:頃|ごろ|末|中)?")
_DECEMBER = 12


def update_day(words: str) -> date | None:
    """By when a figure is to be updated: the last day of the month or year named, None where none can be read.

    「令和7年12月頃」 → 2025-12-31, 「令和8年」 → 2026-12-31: the sources name no day, so the span's last one counts.
    """
    found = _UPDATE.fullmatch(re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)))
    if found is None:
        return None
    month = int(found["month"] or _DECEMBER)
    try:
        first = parse_date(f"{found['year']}{month}月1日")
    except ValueError:
        return None
    return first.replace(day=monthrange(first.year, first.month)[1])
