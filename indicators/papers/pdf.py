"""The paper as a tagged PDF: PDF/A-2a to be kept, PDF/UA-1 to be read aloud. No network, no system fonts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import typst

from core import glyphs
from indicators.papers.facts import Paper

_HERE = Path(__file__).parent


def render_pdf(paper: Paper, *, at: datetime) -> bytes:
    """The bytes; `at` is the date of making. The words reach the typesetter as JSON only."""
    data = paper.as_data() | {"family": glyphs.FAMILY}
    words = json.dumps(glyphs.breakable(glyphs.shown(data)), ensure_ascii=False)
    made = typst.compile(
        str(_HERE / "paper.typ"), root=str(_HERE), format="pdf", font_paths=[*glyphs.font_directories()],
        ignore_system_fonts=True, sys_inputs={"paper": words}, pdf_standards=["a-2a", "ua-1"],
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip
    return bytes(made)
