"""Which characters the font of typeset papers can show. What it lacks is set as 〓, the mark for a missing type.

A PDF/A must not hold a character without a shape; a paper is not refused because a title holds a pictograph.
Source: OpenType specification, table `cmap`, subtable format 12.
"""

import re
import struct
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from typing import Any

import noto_cjk

_LONG_RUN = re.compile(r"([!-~]{16})(?=[!-~])")
_MAY_BREAK_HERE = "\u200b"
STYLES = ("regular", "bold")
FAMILY = "Noto Sans CJK JP"
GETA = "〓"
_SEGMENTED_COVERAGE = 12


@lru_cache(maxsize=1)
def font_directories() -> tuple[str, ...]:
    """Where the wheels keep the fonts; nothing of the system is used."""
    return tuple(str(Path(noto_cjk.font_path("sans", "jp", style)).parent) for style in STYLES)


def shown(data: Any) -> Any:
    """The same data (lists, mappings, text) with 〓 for every character the font has no shape for; a line's end needs
    none."""
    if isinstance(data, str):
        return "".join(sign if sign == "\n" or _has_shape(sign) else GETA for sign in data)
    if isinstance(data, dict):
        return {key: shown(value) for key, value in data.items()}
    return [shown(value) for value in data] if isinstance(data, list | tuple) else data


def breakable(data: Any) -> Any:
    """The same data with places to break in runs of Latin signs, such as addresses, that would leave the paper."""
    if isinstance(data, str):
        return _LONG_RUN.sub(rf"\1{_MAY_BREAK_HERE}", data)
    if isinstance(data, dict):
        return {key: breakable(value) for key, value in data.items()}
    return [breakable(value) for value in data] if isinstance(data, list) else data


def _has_shape(sign: str) -> bool:
    """Variation selectors choose a shape of the character before them and need none of their own."""
    code = ord(sign)
    if unicodedata.name(sign, "").startswith("VARIATION SELECTOR"):
        return True
    firsts, lasts = _groups()
    at = bisect_right(firsts, code) - 1
    return at >= 0 and code <= lasts[at]


@lru_cache(maxsize=1)
def _groups() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Ranges of code points the regular font maps to shapes, in order: their first ones, and their last ones."""
    raw = Path(noto_cjk.font_path("sans", "jp", STYLES[0])).read_bytes()
    (tables,) = struct.unpack_from(">H", raw, 4)
    records = (struct.unpack_from(">4sIII", raw, 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", raw, start + 2)
    offsets = (struct.unpack_from(">HHI", raw, start + 4 + 8 * number)[2] for number in range(count))
    for offset in offsets:
        at = start + offset
        (kind,) = struct.unpack_from(">H", raw, at)
        if kind == _SEGMENTED_COVERAGE:
            (groups,) = struct.unpack_from(">I", raw, at + 12)
            found = [struct.unpack_from(">III", raw, at + 16 + 12 * number) for number in range(groups)]
            return tuple(first for first, _, _ in found), tuple(last for _, last, _ in found)
    raise RuntimeError("the papers' font has no full table of characters")
