"""通知番号: six digits that people type from a mail, because gateways of town halls cut links.

The number is worked out from the row's own number, so that nothing has to be drawn, reserved or retried: five
digits that run through all 90,000 values in a scattered order, and a check digit (Damm) that notices every
single wrong digit and every swap of neighbours. A number comes back after 90,000 notices; a reader's newest wins.
It is no secret: opening a notice by number asks whether it is the reader's.
"""

import unicodedata
from typing import Final

PERIOD: Final = 90_000
_FIRST: Final = 10_000
_STEP: Final = 61_801  # no common factor with PERIOD, so that the steps reach every value once
_SHIFT: Final = 31_337
_LENGTH: Final = 6
_DAMM: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def code_of(number: int) -> str:
    """The six digits of the notice with this row number."""
    body = str(_FIRST + (number * _STEP + _SHIFT) % PERIOD)
    return body + str(_check(body))


def turn_of(code: str) -> int | None:
    """The remainder, modulo PERIOD, of the row numbers that have this code; None for a mistyped one.

    Full-width digits, spaces and hyphens are taken as they are meant.
    """
    digits = "".join(unicodedata.normalize("NFKC", code).replace("-", " ").split())
    if len(digits) != _LENGTH or not (digits.isascii() and digits.isdigit()) or _check(digits) != 0:
        return None
    place = int(digits[:-1]) - _FIRST
    if place < 0:
        return None
    return (place - _SHIFT) * pow(_STEP, -1, PERIOD) % PERIOD


def _check(digits: str) -> int:
    row = 0
    for digit in digits:
        row = int(_DAMM[row][int(digit)])
    return row
