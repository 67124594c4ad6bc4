"""JSON read without floats: whole numbers are int, decimals are Fraction, absurd numbers stay marked text."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

LONGEST_NUMBER: Final = 40
"""Signs of a number; longer ones (and exponents beyond) are absurd and never built."""

_RATIO = re.compile(r"(?P<over>-?[0-9]{1,18})\s*/\s*(?P<under>[0-9]{1,18})", re.ASCII)
_PLAIN = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)


@dataclass(frozen=True)
class AbsurdNumber:
    """A number in JSON that no amount, count or rate can be: 1e400, NaN, a thousand digits."""

    text: str


def loads(text: str) -> Any:
    """Parse JSON. Raises ValueError (json.JSONDecodeError) or RecursionError as `json.loads` does."""
    return json.loads(text, parse_int=_whole, parse_float=_decimal, parse_constant=AbsurdNumber)


def _whole(text: str) -> int | AbsurdNumber:
    return int(text) if len(text) <= LONGEST_NUMBER else AbsurdNumber(text[:LONGEST_NUMBER])


def _decimal(text: str) -> int | Fraction | AbsurdNumber:
    try:
        number = Decimal(text) if len(text) <= LONGEST_NUMBER else None
    except InvalidOperation:
        number = None
    if number is None or abs(number.adjusted()) > LONGEST_NUMBER:
        return AbsurdNumber(text[:LONGEST_NUMBER])
    exact = Fraction(number)
    return exact.numerator if exact.denominator == 1 else exact


def fraction_of(text: str) -> Fraction | None:
    """「2/3」「0.5」「12」 as an exact number; None for anything else. Raises ZeroDivisionError for n/0."""
    if found := _RATIO.fullmatch(text.strip()):
        return Fraction(int(found["over"]), int(found["under"]))
    return Fraction(text.strip()) if _PLAIN.fullmatch(text.strip()) else None
