"""Tables as files: CSV that Excel opens (UTF-8 with BOM, CRLF) and a workbook of one sheet, A4 landscape."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

Cell = str | int | None
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes. Text that a program could take for a formula is led by an apostrophe; numbers are bare."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def table_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes: title, headings, rows. Text cells are text whatever they begin with."""
    book = Workbook()
    sheet = book.active
    sheet.title = "一覧"
    sheet.append([_clean(title)])
    sheet.append(list(headings))
    for row in rows:
        sheet.append([_clean(cell) if isinstance(cell, str) else cell for cell in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"
    for number in (1, 2):
        for cell in sheet[number]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(vertical="top")
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.freeze_panes = "A3"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def _clean(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
