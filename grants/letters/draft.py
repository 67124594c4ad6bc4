"""The same letter as an editable draft (docx) for the office's own document system."""

from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.document import Document as Draft
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt

from core import word
from grants.letters import words
from grants.letters.facts import Item, Letter, Table

_SIZE: Final = Pt(10.5)
_SIZES: Final = {"Normal": _SIZE, "Heading 1": Pt(12), "Heading 2": _SIZE, "List Paragraph": _SIZE}
_MARGINS: Final = word.Margins(25, 24, 27, 25)


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
    return word.word_bytes(draft)


def prepare(draft: Draft, *, title: str, author: str, mark: str, at: datetime) -> None:
    """A4 in Japanese with the margins of letters, its facts, and the mark of what is invented on every page."""
    word.prepare(draft, title=title, author=author, at=at, margins=_MARGINS, sizes=_SIZES, mark=mark)


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
    word.repeat_on_each_page(grid.rows[0])
    sides = [ALIGN.RIGHT if is_amount else ALIGN.LEFT for _, is_amount in source.columns]
    for cells in source.rows:
        row = grid.add_row()
        _row(row, cells, sides)
        word.keep_on_one_page(row)
    draft.add_paragraph()


def _row(row: Any, cells: Any, sides: list[ALIGN]) -> None:
    for cell, text, side in zip(row.cells, cells, sides, strict=True):
        cell.paragraphs[0].add_run(text)
        cell.paragraphs[0].alignment = side
