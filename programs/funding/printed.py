"""Rates and caps as the sources print them (`Program.money`), read exactly; what they leave open is None.

`money` rows are {label, text, value, unit}. Only a share that the program itself pays is its rate (補助率, 措置率);
the shares of a bond (充当率, 算入率, 交付税措置率) are not. A cap of the amount is a cap; a cap of the cost before
a rate (経費, 対象事業費, and every 上限 of 特別交付税 that is not called 措置上限) is not, nor what a town bears itself.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final

Row = Mapping[str, Any]

_RATE: Final = re.compile(r"補助率|措置率")
_NOT_ITS_RATE: Final = re.compile(r"充当率|算入率|交付税措置率")
_CAP: Final = re.compile(r"上限")
_CAP_OF_THE_AMOUNT: Final = re.compile(r"措置上限")
_NOT_ITS_CAP: Final = re.compile(r"負担|経費|対象")
_LOAN_CAP: Final = re.compile(r"融資限度額|借入限度額")
_WHOLE_UNITS: Final = frozenset({"円", "円/団体"})
_SHARE: Final = re.compile(r"(?P<top>\d+)/(?P<bottom>[1-9]\d*)|(?P<decimal>\d+(?:\.\d+)?)(?P<percent>%?)")


def shares(value: object) -> list[Fraction]:
    """Every share in a printed value: 2/3・3/4 has two, 50% is one half; words such as 定額 have none."""
    found = []
    for part in re.split(r"[・、,]", str(value or "")):
        match = _SHARE.fullmatch(part.strip())
        if match is None:
            continue
        if match["top"]:
            found.append(Fraction(int(match["top"]), int(match["bottom"])))
        else:
            found.append(Fraction(match["decimal"]) / (100 if match["percent"] else 1))
    return [share for share in found if 0 <= share <= 1]


def best_rate(money: Iterable[Row]) -> Fraction | None:
    """The largest rate of the program; None where the sources give none."""
    return max((share for row in _rate_rows(money) for share in shares(row.get("value"))), default=None)


def rate_text(money: Iterable[Row]) -> str:
    """The rates in words as printed: 2/3 for one 補助率, else each with what it is for; "" for none."""
    rows = _rate_rows(money)
    if len(rows) == 1 and rows[0]["label"] == "補助率":
        return str(rows[0]["value"])
    return "、".join(f"{row['label']} {row['value']}" for row in rows)


def percent(share: Fraction) -> str:
    """One decimal, half up: 2/3 → 66.7, 1/3 → 33.3 (DS-451-4)."""
    tenths = Decimal(share.numerator * 1000) / Decimal(share.denominator)
    return str((tenths.quantize(Decimal(1), rounding=ROUND_HALF_UP) / 10).quantize(Decimal("0.1")))


def cap(money: Iterable[Row], *, pays_directly: bool) -> int | None:
    """The largest cap of the amount in yen; None where the sources give none.

    `pays_directly`: a plain 上限 caps the amount only where the program pays a grant.
    """
    amounts = [
        row["value"]
        for row in money
        if isinstance(row.get("value"), int)
        and row.get("unit") in _WHOLE_UNITS
        and _is_cap(str(row.get("label") or ""), pays_directly=pays_directly)
    ]
    return max(amounts, default=None)


def loan_cap(money: Iterable[Row]) -> int | None:
    """How much can be borrowed, in yen; None where the sources give none."""
    amounts = [
        row["value"]
        for row in money
        if isinstance(row.get("value"), int) and _LOAN_CAP.search(str(row.get("label") or ""))
    ]
    return max(amounts, default=None)


def interest(money: Iterable[Row]) -> str:
    """The highest yearly interest of a loan as a percentage without its sign; "" for none."""
    found = [
        Decimal(str(row["value"]).rstrip("%"))
        for row in money
        if row.get("label") == "利率" and re.fullmatch(r"\d+(\.\d+)?%", str(row.get("value")))
    ]
    return str(max(found)) if found else ""


def _rate_rows(money: Iterable[Row]) -> list[Row]:
    rows = []
    for row in money:
        label = str(row.get("label") or "")
        own = _RATE.search(label) and not _NOT_ITS_RATE.search(label)
        if own and row.get("unit") == "率" and shares(row.get("value")):
            rows.append(row)
    return rows


def _is_cap(label: str, *, pays_directly: bool) -> bool:
    if _CAP_OF_THE_AMOUNT.search(label):
        return True
    return pays_directly and bool(_CAP.search(label)) and not _NOT_ITS_CAP.search(label)
