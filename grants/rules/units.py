"""Amounts in the unit a call asks for: 円, or 千円; and the doubt whether somebody typed in the other one."""

import re
import unicodedata

from core.money import LARGEST, format_yen, yen

THOUSAND = 1_000
_PLAUSIBLE = 100
"""A town's expenditure below a hundredth of the cap (or above a hundred of them) is asked about, never refused."""
_IN_THOUSANDS = re.compile(r"千円$")


def read_amount(text: str, *, thousand: bool) -> int:
    """Whole yen from what somebody typed; in 千円 a bare number is thousands, one that ends in 円 is yen.

    Raises ValueError (Japanese, with the cure).
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if not thousand or (folded.endswith("円") and not _IN_THOUSANDS.search(folded)):
        return yen(text)
    amount = yen(_IN_THOUSANDS.sub("", folded)) * THOUSAND
    if abs(amount) > LARGEST:
        raise ValueError(f"「{text.strip()[:30]}」は大きすぎます。千円単位で入力しているか確かめてください。")
    return amount


def show_amount(amount: int, *, thousand: bool) -> str:
    """How a cell shows an amount: exact in either unit, 「1,234」 or 「1,234,567円」 where thousands do not suffice."""
    if not thousand:
        return f"{amount:,}"
    return f"{amount // THOUSAND:,}" if amount % THOUSAND == 0 else format_yen(amount)


def unit_doubt(total: int, *, cap: int, thousand: bool) -> str:
    """The question a total raises, or "": `total` and `cap` (of the first year) in yen."""
    if not thousand and 0 < total < cap // _PLAUSIBLE:
        return f"支出の計が {format_yen(total)} です。千円で入力していませんか。"
    if thousand and total > cap * _PLAUSIBLE > 0:
        return f"支出の計が {format_yen(total)} です。円で入力していませんか。"
    return ""
