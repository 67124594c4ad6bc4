"""The same paper as an editable draft (docx): A4, Japanese, the fonts every office has."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from core import clock
from indicators.papers.facts import Paper, Sheet

_FONT, _FONT_EAST_ASIAN = "Century", "ＭＳ 明朝"
_SIZE = Pt(10)
_HEADS = ("指標", "現状値", "目標", "いまの見方", "次回の更新")
_LABEL, _TEXT = Mm(38), Mm(136)


def render_docx(paper: Paper, *, at: datetime) -> bytes:
    """The bytes of the draft; `at` is written as its date of making."""
    draft = Document()
    _prepare(draft, paper, at)
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
    out = BytesIO()
    draft.save(out)
    return out.getvalue()


def _prepare(draft: Draft, paper: Paper, at: datetime) -> None:
    page = draft.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = page.left_margin = page.right_margin = Mm(18)
    facts = draft.core_properties
    facts.title, facts.author, facts.language, facts.comments = (
        paper.title[:255],
        paper.city[:255],
        "ja-JP",
        "",
    )
    facts.created = facts.modified = clock.local(at).replace(tzinfo=None)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        _japanese(draft.styles[name])
    if paper.mark:
        head = page.header.paragraphs[0]
        head.alignment = ALIGN.CENTER
        run = head.add_run(paper.mark)
        run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x9B, 0x1C, 0x1C)


def _japanese(style: Any) -> None:
    """Fonts and spacing of a style; the template's headings are blue and Latin."""
    size = {"Heading 1": Pt(15), "Heading 2": Pt(12)}.get(style.name, _SIZE)
    style.font.name, style.font.size = _FONT, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_after = Pt(3)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _FONT_EAST_ASIAN)


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
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no such setting
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(text or "–")
