"""A town's paper as a document it can go on writing in, and as a workbook it can go on counting in."""

from datetime import datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from openpyxl import Workbook

from core.spreadsheet import embolden, fit_a4, saved, storable, type_cells
from core.word import word_bytes
from grants.letters.draft import prepare, write_item
from grants.letters.papers import Paper

_SHEET_NAME = 31
_NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")
_WIDTHS = (26, 60)


def paper_docx(paper: Paper, *, at: datetime) -> bytes:
    """The bytes of the document; `at` is written as its date of making."""
    draft = Document()
    prepare(draft, title=paper.title, author=paper.body, mark=paper.mark, at=at)
    heading = draft.add_heading(paper.title, level=1)
    heading.alignment = ALIGN.CENTER
    draft.add_paragraph(paper.body).alignment = ALIGN.RIGHT
    for number, part in enumerate(paper.parts, start=1):
        draft.add_heading(f"{number}　{part.heading}", level=2)
        write_item(draft, part.as_item())
    draft.add_paragraph(paper.made)
    return word_bytes(draft)


def paper_xlsx(paper: Paper) -> bytes:
    """The bytes of the workbook: the text on the first sheet, one sheet per table with amounts as numbers (円)."""
    book = Workbook()
    first = book.active
    first.title = "概要"
    first.append([storable(paper.title), storable(paper.body)])
    for number, part in enumerate(paper.parts, start=1):
        for line in part.paragraphs or ("別のシートの表のとおり",):
            first.append([f"{number}　{storable(part.heading)}", storable(line)])
    first.append(["作成", paper.made])
    if paper.mark:
        first.append(["注意", paper.mark])
    for place, width in zip("AB", _WIDTHS, strict=True):
        first.column_dimensions[place].width = width
    type_cells(first, wrap_from=2)
    embolden(first, (1,))
    fit_a4(first, landscape=False)
    for part in paper.parts:
        for grid in part.grids:
            sheet = book.create_sheet(_name(grid.caption, book.sheetnames))
            sheet.append([f"{storable(grid.caption)}（単位：円）"])
            sheet.append([head for head, _ in grid.columns])
            for row in grid.rows:
                sheet.append([storable(cell) if isinstance(cell, str) else cell for cell in row])
            for index in range(len(grid.columns)):
                sheet.column_dimensions[sheet.cell(2, index + 1).column_letter].width = 20
            type_cells(sheet, wrap_from=3)
            embolden(sheet, (1, 2))
            fit_a4(sheet)
            sheet.freeze_panes = "B3"
    return saved(book)


def _name(caption: str, taken: list[str]) -> str:
    """A sheet's name: 31 signs at most, none that a workbook refuses, once."""
    stem = caption.translate(_NOT_IN_NAMES)[: _SHEET_NAME - 3]
    return stem if stem not in taken else f"{stem}{len(taken)}"
