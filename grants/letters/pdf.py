"""The letter as a tagged PDF: PDF/A-2a to be kept, PDF/UA-1 to be read aloud. No network, no system fonts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import typst

from core import glyphs
from grants.letters import words
from grants.letters.facts import Letter

_HERE = Path(__file__).parent


def render_pdf(letter: Letter, *, at: datetime) -> bytes:
    """The bytes of the PDF; `at` is its date of making. The letter's words reach the typesetter as JSON only."""
    data = glyphs.shown(letter.as_data() | {"family": glyphs.FAMILY, "end": words.RECORD})
    data = glyphs.breakable(data) | {"title": data["subject"]}
    made = typst.compile(
        str(_HERE / "letter.typ"), root=str(_HERE), format="pdf", font_paths=[*glyphs.font_directories()],
        ignore_system_fonts=True, sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"], timestamp=at.astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip
    return bytes(made)
