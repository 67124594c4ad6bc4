"""The paper as a tagged PDF: PDF/A-2a to be kept, PDF/UA-1 to be read aloud. No network, no system fonts."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from core import glyphs
from indicators.papers.facts import Paper

_HERE = Path(__file__).parent


def render_pdf(paper: Paper, *, at: datetime) -> bytes:
    """The bytes; `at` is the date of making. The words reach the typesetter as JSON only."""
    data = paper.as_data() | {"family": glyphs.FAMILY}
    words = json.dumps(glyphs.breakable(_shown(data)), ensure_ascii=False)
    made = typst.compile(
        str(_HERE / "paper.typ"), root=str(_HERE), format="pdf", font_paths=[*glyphs.font_directories()],
        ignore_system_fonts=True, sys_inputs={"paper": words}, pdf_standards=["a-2a", "ua-1"],
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip
    return bytes(made)


def _shown(data: Any) -> Any:
    """As `glyphs.shown`, line by line: the end of a line has no shape and needs none."""
    if isinstance(data, str):
        return "\n".join(glyphs.shown(line) for line in data.split("\n"))
    if isinstance(data, dict):
        return {key: _shown(value) for key, value in data.items()}
    return [_shown(value) for value in data]
