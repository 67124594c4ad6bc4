"""Letters and receipts as tagged PDF: PDF/A-2a to be kept, PDF/UA-1 to be read aloud. No network, no system fonts."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from core import glyphs
from grants.letters import words
from grants.letters.facts import Letter

_HERE = Path(__file__).parent


def render_pdf(letter: Letter, *, at: datetime) -> bytes:
    """The bytes of the PDF; `at` is its date of making."""
    data = letter.as_data()
    return typeset("letter", data | {"title": data["subject"], "end": words.RECORD}, at=at)


def typeset(name: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The paper `<name>.typ` filled with `data`, whose words reach the typesetter as JSON under the paper's name only.

    `data` has the paper's `title`; it and `exact` get no places to break, so that they can be copied as they are.
    """
    shown = glyphs.shown({**data, "family": glyphs.FAMILY})
    said = glyphs.breakable(shown) | {key: shown[key] for key in ("title", "exact") if key in shown}
    made = typst.compile(
        str(_HERE / f"{name}.typ"), root=str(_HERE), format="pdf", font_paths=[*glyphs.font_directories()],
        ignore_system_fonts=True, sys_inputs={name: json.dumps(said, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"], timestamp=at.astimezone(UTC).replace(microsecond=0),
    )  # fmt: skip
    return bytes(made)
