"""The same letter as an editable draft (docx) for the office's own document system.

Built from python-docx's own template, which is set to A4, Japanese and the fonts every office has.
"""

from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Draft
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from core import clock
from grants.letters import words
from grants.letters.facts import Item, Letter, Table

_FONT, _FONT_EAST_ASIAN = "Century", "ＭＳ 明朝"
_SIZE = Pt(10.5)


def render_docx(letter: Letter, *, at: datetime) -> bytes:
    """The bytes of the draft; `at` is written as its date of making."""
    draft = Document()
    prepare(draft, title=letter.subject, author=letter.sender, mark=letter.mark, at=at)
    _head(draft, letter)
    for number, item in enumerate(letter.items, start=1):
        draft.add_heading(f"{number}　{item.heading}", level=2)
        write_item(draft, item)
    _say(draft, words.RECORD, ALIGN.RIGHT)
    for line in ("担当", *letter.contact):
        _say(draft, line, ALIGN.RIGHT)
    if letter.attachment is not None:
        draft.add_section(WD_SECTION.NEW_PAGE)
        draft.add_heading(letter.attachment.heading, level=1)
        write_item(draft, letter.attachment)
    out = BytesIO()
    draft.save(out)
    return out.getvalue()


def prepare(draft: Draft, *, title: str, author: str, mark: str, at: datetime) -> None:
    """A4 in Japanese, with its facts, and the mark of what is invented on every page."""
    page = draft.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(25), Mm(24), Mm(27), Mm(25)
    facts = draft.core_properties
    facts.title, facts.author, facts.language, facts.comments = (title[:255], author[:255], "ja-JP", "")
    facts.created = facts.modified = clock.local(at).replace(tzinfo=None)
    for name in ("Normal", "Heading 1", "Heading 2", "List Paragraph"):
        _japanese(draft.styles[name], name)
    if mark:
        _mark(page.header.paragraphs[0], mark)


def _japanese(style: Any, name: str) -> None:
    """Fonts, language and spacing of a style; the template's headings are blue and Latin."""
    style.font.name, style.font.size = _FONT, Pt(12) if name == "Heading 1" else _SIZE
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_after = Pt(3)
    marks = style.element.get_or_add_rPr()
    fonts = marks.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _FONT_EAST_ASIAN)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ja-JP")
    language.set(qn("w:eastAsia"), "ja-JP")
    marks.append(language)


def _mark(paragraph: Any, text: str) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x9B, 0x1C, 0x1C)


def _head(draft: Draft, letter: Letter) -> None:
    _say(draft, letter.number, ALIGN.RIGHT)
    _say(draft, letter.day, ALIGN.RIGHT)
    _say(draft, letter.addressee).paragraph_format.space_before = Pt(14)
    _say(draft, letter.sender, ALIGN.RIGHT).paragraph_format.space_before = Pt(14)
    _say(draft, f"（{letter.sender_unit}）", ALIGN.RIGHT)
    subject = draft.add_heading(letter.subject, level=1)
    subject.alignment = ALIGN.CENTER
    opening = _say(draft, letter.opening)
    opening.paragraph_format.first_line_indent = _SIZE
    _say(draft, "記", ALIGN.CENTER)


def _say(draft: Draft, text: str, alignment: ALIGN | None = None) -> Any:
    paragraph = draft.add_paragraph(text)
    if alignment is not None:
        paragraph.alignment = alignment
    return paragraph


def write_item(draft: Draft, item: Item) -> None:
    """The paragraphs, points and tables of an item, in this order."""
    for text in item.paragraphs:
        _say(draft, text).paragraph_format.left_indent = Pt(21)
    for number, text in enumerate(item.points, start=1):
        point = draft.add_paragraph(f"（{number}）{text}", style="List Paragraph")
        point.paragraph_format.left_indent, point.paragraph_format.first_line_indent = Pt(31.5), Pt(-21)
    for table in item.tables:
        _table(draft, table)


def _table(draft: Draft, source: Table) -> None:
    """Caption, then the grid; its first row is a header that is repeated on each page."""
    caption = _say(draft, source.caption)
    caption.paragraph_format.keep_with_next = True
    grid = draft.add_table(rows=1, cols=len(source.columns), style="Table Grid")
    _row(grid.rows[0], [name for name, _ in source.columns], [ALIGN.CENTER] * len(source.columns))
    grid.rows[0]._tr.get_or_add_trPr().append(_on("w:tblHeader"))  # noqa: SLF001 - python-docx has no such setting
    sides = [ALIGN.RIGHT if is_amount else ALIGN.LEFT for _, is_amount in source.columns]
    for cells in source.rows:
        row = grid.add_row()
        _row(row, cells, sides)
        row._tr.get_or_add_trPr().append(_on("w:cantSplit"))  # noqa: SLF001 - as above
    draft.add_paragraph()


def _row(row: Any, cells: Any, sides: list[ALIGN]) -> None:
    for cell, text, side in zip(row.cells, cells, sides, strict=True):
        cell.paragraphs[0].add_run(text)
        cell.paragraphs[0].alignment = side


def _on(name: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    return element
