"""Money is whole yen (int), rates are fractions. No float ever touches it.

Formats are exact: compact notation is used only where nothing is lost, so that a page never shows a
rounded amount as if it were the amount.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

_PLAIN = re.compile(r"(?P<sign>[-△▲])?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)円?")
_UNITS = re.compile(r"[千万億兆百]")
_MAN, _OKU, _CHO = 10**4, 10**8, 10**12
_SPELLED = re.compile(
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?P<tenths>\.[0-9]{1,4})?(?P<unit>千|百万|万|億)円"
)
_UNIT_YEN = {"千": 10**3, "万": _MAN, "百万": 10**6, "億": _OKU}
LARGEST = 10**15  # 1,000兆円: far above any public budget, far inside a 64-bit column


def yen(value: str | int) -> int:
    """Read an amount a person typed: 「1,234円」, full width, ¥, △ for minus. Whole yen only.

    Raises ValueError (Japanese, with the cure) for units such as 千円, decimals, misplaced commas, anything
    else, and TypeError for a float: exactness cannot be restored.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"金額は整数か文字で渡してください（{type(value).__name__} は使えません）。")
    return _bounded(value, str(value)) if isinstance(value, int) else _read(value)


def spelled_yen(text: str) -> int | None:
    """A printed amount with its unit spelled out, exactly: 「５０万円」 500,000, 「1.5億円」 150,000,000.

    None for anything more than that (上限50万円, 約50万円, 50万), and where it is no whole yen. Not for typed amounts,
    whose unit is asked as yen: see `yen`.
    """
    found = _SPELLED.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if not found:
        return None
    amount = Fraction(found["number"].replace(",", "") + (found["tenths"] or "")) * _UNIT_YEN[found["unit"]]
    return int(amount) if amount.denominator == 1 and amount <= LARGEST else None


def _read(text: str) -> int:
    shown = text.strip()
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", shown)).replace("−", "-").replace("\\", "¥")
    compact = re.sub(r"^([-△▲]?)¥", r"\1", compact)
    if not compact:
        raise ValueError("金額を入力してください。例：1,234,000")
    if _UNITS.search(compact):
        raise ValueError(f"「{shown[:30]}」の単位は円にしてください。千円・万円は使えません。例：1,234,000")
    if "." in compact:
        raise ValueError(f"「{shown[:30]}」に小数は使えません。円の整数で入力してください。例：1,234,000")
    found = _PLAIN.fullmatch(compact)
    if not found:
        raise ValueError(
            f"「{shown[:30]}」は金額として読み取れません。数字とカンマで入力してください。例：1,234,000"
        )
    number = int(re.sub(r"\D", "", compact)) if len(compact) < 32 else LARGEST + 1  # noqa: PLR2004 - cap before int()
    return _bounded(-number if found["sign"] else number, shown)


def _bounded(amount: int, shown: str) -> int:
    if abs(amount) > LARGEST:
        raise ValueError(f"「{shown[:30]}」は大きすぎます。桁数を確かめてください。")
    return amount


def format_yen(amount: int) -> str:
    """「10,000,000円」; minus as 「△1,000円」, the way budgets write it."""
    return f"{'△' if amount < 0 else ''}{abs(amount):,}円"


def format_compact(amount: int) -> str:
    """「1億円」「2,000万円」「1億2,345万円」 where exact; otherwise the same as format_yen."""
    size = abs(amount)
    if size < _MAN or size % _MAN:
        return format_yen(amount)
    parts = ((size // _CHO, "兆"), (size % _CHO // _OKU, "億"), (size % _OKU // _MAN, "万"))
    return (
        ("△" if amount < 0 else "") + "".join(f"{number:,}{unit}" for number, unit in parts if number) + "円"
    )


def floor_to(amount: Fraction | int, unit: int = 1) -> int:
    """Round down to a multiple of `unit` yen (千円未満切捨て: 1000). Raises ValueError below zero.

    「切捨て」 of a negative amount has no agreed meaning; callers decide what a shortfall means.
    """
    if unit < 1:
        raise ValueError("端数処理の単位は1円以上にしてください。")
    if amount < 0:
        raise ValueError("マイナスの金額は切り捨てできません。")
    return int(amount // unit) * unit


def apply_rate(amount: int, rate: Fraction, unit: int = 1) -> int:
    """Amount × rate, exact, rounded down to `unit` yen. Raises TypeError for a rate that is not exact."""
    if not isinstance(rate, Fraction | int):
        raise TypeError("補助率は分数で渡してください（小数は使えません）。")
    return floor_to(yen(amount) * Fraction(rate), unit)


def split_shares(total: int, weights: Sequence[int | Fraction | Decimal]) -> list[int]:
    """Split whole yen by weights; each share rounded down, the remainder to the first (the lead).

    The shares sum to the total. Raises ValueError for no weights, a negative one, all zero, or a negative
    total; TypeError for a float.
    """
    if any(isinstance(weight, float) for weight in weights):
        raise TypeError("負担割合に小数（float）は使えません。")
    exact = [Fraction(weight) for weight in weights]
    if not exact or min(exact) < 0 or not (whole := sum(exact)):
        raise ValueError("負担割合は0以上で、少なくとも一つは0より大きくしてください。")
    shares = [floor_to(total * weight / whole) for weight in exact]
    shares[0] += total - sum(shares)
    return shares
