"""Exact values in Japanese words."""

from fractions import Fraction
from typing import TypeAlias

from core.money import format_yen

Scalar: TypeAlias = Fraction | bool | str | None
Value: TypeAlias = "Scalar | tuple[Fraction, ...]"

UNKNOWN = "不明"


def spelled(value: Value, unit: str = "") -> str:
    """A value for people: 10,000,000円, 6,666,666と2/3円, 2/3, はい, 「企画」; lists are joined."""
    if isinstance(value, tuple):
        return "、".join(spelled(item, unit) for item in value) if value else "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return f"「{value}」"
    return _number(value, unit)


def _number(value: Fraction, unit: str) -> str:
    whole, rest = divmod(abs(value).numerator, abs(value).denominator)
    sign = "△" if value < 0 else ""
    if unit == "円" and not rest:
        return format_yen(int(value))
    if not rest:
        return f"{sign}{whole:,}{unit}"
    if unit == "円" and whole:
        return f"{sign}{whole:,}と{rest}/{value.denominator}円"
    return f"{sign}{abs(value).numerator}/{value.denominator}{unit}"
