"""Identifiers in the form existing clients know: 18 characters, 15 and 3 that say which letters are upper case.

Derived from a public id (slug of a program, number of a call) by SHA-256, so that they stay the same after every
load and on every engine, and need no column.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Final

PROGRAM: Final = "a0P"
ROUND: Final = "a0R"
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHAPE: Final = re.compile(r"[0-9A-Za-z]{15}[A-Z0-5]{3}")
_BODY: Final = 12
_GROUP: Final = 5
_NUMBERS: Final = 10**8

_slugs: dict[str, str] = {}
"""Identifiers met so far in this process; a slug never changes, so an entry is never wrong."""


def checksum(fifteen: str) -> str:
    """Three characters, one for each five: bit i is set where character i is an upper case letter."""
    groups = (fifteen[place : place + _GROUP] for place in range(0, len(fifteen), _GROUP))
    return "".join(
        _CHECKS[sum(1 << place for place, char in enumerate(group) if "A" <= char <= "Z")] for group in groups
    )


def identifier(prefix: str, public_id: str) -> str:
    """The 18 characters of something: `PROGRAM` with its slug, `ROUND` with the number of its call."""
    number = int.from_bytes(hashlib.sha256(f"{prefix}:{public_id}".encode()).digest())
    body = ""
    for _ in range(_BODY):
        number, place = divmod(number, len(_DIGITS))
        body += _DIGITS[place]
    return f"{prefix}{body}{checksum(prefix + body)}"


def label(slug: str) -> str:
    """`S-` and eight digits, stable per program. A label for people: the key is the identifier."""
    number = int.from_bytes(hashlib.sha256(f"name:{slug}".encode()).digest()) % _NUMBERS
    return f"S-{number:08d}"


def slug_of(wanted: str, slugs: Callable[[], Iterable[str]]) -> str | None:
    """The slug behind a program's identifier; None for one that is malformed or of no program.

    `slugs` reads every slug there is; it is asked only for an identifier this process has not met.
    """
    if not (_SHAPE.fullmatch(wanted) and wanted.startswith(PROGRAM) and wanted[15:] == checksum(wanted[:15])):
        return None
    if wanted not in _slugs:
        _slugs.update((identifier(PROGRAM, slug), slug) for slug in slugs())
    return _slugs.get(wanted)
