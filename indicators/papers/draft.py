"""The same paper as an editable draft (docx): A4, Japanese, the fonts every office has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from core.word import Margins, keep_on_one_page, number_pages, prepare, repeat_on_each_page, word_bytes
from indicators.papers.facts import Paper, Sheet

_SIZES: Final = {"Normal": Pt(10), "Heading 1": Pt(15), "Heading 2": Pt(12), "Heading 3": Pt(10)}
_MARGINS: Final = Margins(18, 18, 18, 18)
_HEADS = ("指標", "現状値", "目標", "いまの見方", "次回の更新")
_LABEL, _TEXT = Mm(38), Mm(136)


def render_docx(paper: Paper, *, at: datetime) -> bytes:
    """The bytes of the draft; `at` is written as its date of making."""
    draft = Document()
    prepare(
        draft, title=paper.title, author=paper.city, at=at, margins=_MARGINS, sizes=_SIZES, mark=paper.mark
    )
    number_pages(draft)
    draft.add_paragraph(f"{paper.city}　{paper.made}").alignment = ALIGN.RIGHT
    draft.add_heading(paper.title, level=1)
    if paper.goal:
        draft.add_paragraph(f"計画の目標　{paper.goal}")
    draft.add_heading("成果指標", level=2)
    for part in paper.parts:
        draft.add_paragraph(f"{part.title}　{part.sentence}")
    if paper.indicators:
        _grid(draft, _HEADS, paper.indicators)
    for sheet in paper.sheets:
        _sheet(draft, sheet)
    return word_bytes(draft)


def _sheet(draft: Draft, sheet: Sheet) -> None:
    place = draft.add_paragraph(sheet.place)
    place.paragraph_format.page_break_before = True
    draft.add_heading(sheet.title, level=2)
    _facts(draft, sheet.facts)
    for year in sheet.years:
        draft.add_heading(year.label, level=3)
        _facts(draft, year.rows)


def _facts(draft: Draft, rows: Sequence[tuple[str, str]]) -> None:
    """Two columns: a name, and a text that may run over pages."""
    grid = draft.add_table(rows=0, cols=2, style="Table Grid")
    grid.autofit = False
    for name, text in rows:
        cells = grid.add_row().cells
        cells[0].width, cells[1].width = _LABEL, _TEXT
        cells[0].paragraphs[0].add_run(name).bold = True
        cells[1].paragraphs[0].add_run(text or "–")


def _grid(draft: Draft, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose first row is a header that is repeated on each page."""
    grid = draft.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, text in zip(grid.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeat_on_each_page(grid.rows[0])
    for row in rows:
        added = grid.add_row()
        keep_on_one_page(added)
        for cell, text in zip(added.cells, row, strict=True):
            cell.paragraphs[0].add_run(text or "–")
