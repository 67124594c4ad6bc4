"""The 引継書 as a tagged PDF (PDF/A-2a, PDF/UA-1), A4 landscape, with the fonts of the letters. No network."""

import json
from datetime import UTC, datetime
from pathlib import Path

import typst

from core import glyphs
from grants.letters.facts import plain
from tama_portal.handover.facts import Handover, in_words

_HERE = Path(__file__).parent


def render_pdf(document: Handover, *, at: datetime) -> bytes:
    """The bytes; `at` is the date of making. The words reach the typesetter as JSON only."""
    data = {
        "title": plain(document.title),
        "lines": [plain(line) for line in document.lines],
        "family": glyphs.FAMILY,
        "tables": [
            {
                "heading": table.heading,
                "heads": [head for head, _ in table.columns],
                "shares": [share for _, share in table.columns],
                "rows": [[plain(in_words(cell)) for cell in row] for row in table.rows],
                "amounts": [any(isinstance(row[at_], int) for row in table.rows) for at_ in range(len(table.columns))],
                "empty": table.empty,
            }
            for table in document.tables
        ],
    }  # fmt: skip
    made = typst.compile(
        str(_HERE / "handover.typ"), root=str(_HERE), format="pdf", font_paths=[*glyphs.font_directories()],
        ignore_system_fonts=True, sys_inputs={"handover": json.dumps(glyphs.breakable(glyphs.shown(data)), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"], timestamp=at.astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip
    return bytes(made)
