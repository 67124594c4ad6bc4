"""The letter as a tagged PDF: PDF/A-2a to be kept, PDF/UA-1 to be read aloud. No network, no system fonts."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from grants.letters import glyphs, words
from grants.letters.facts import Letter

_HERE = Path(__file__).parent
_LONG_RUN = re.compile(r"([!-~]{16})(?=[!-~])")
_MAY_BREAK_HERE = "\u200b"


def render_pdf(letter: Letter, *, at: datetime) -> bytes:
    """The bytes of the PDF; `at` is its date of making. The letter's words reach the typesetter as JSON only."""
    data = glyphs.shown(letter.as_data() | {"family": glyphs.FAMILY, "end": words.RECORD})
    data = breakable(data) | {"title": data["subject"]}
    made = typst.compile(
        str(_HERE / "letter.typ"), root=str(_HERE), format="pdf", font_paths=[*glyphs.font_directories()],
        ignore_system_fonts=True, sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"], timestamp=at.astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip
    return bytes(made)


def breakable(data: Any) -> Any:
    """The same data with places to break in runs of Latin signs, such as addresses, that would leave the paper."""
    if isinstance(data, str):
        return _LONG_RUN.sub(rf"\1{_MAY_BREAK_HERE}", data)
    if isinstance(data, dict):
        return {key: breakable(value) for key, value in data.items()}
    return [breakable(value) for value in data] if isinstance(data, list) else data
