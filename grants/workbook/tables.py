"""Tables as files: CSV that Excel opens (UTF-8 with BOM, CRLF) and a workbook of one sheet, A4 landscape."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from core.spreadsheet import embolden, fit_a4, fitting_cp932, harmless, saved, storable, type_cells

Cell = str | int | None


def table_csv(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: str = "utf-8-sig"
) -> bytes:
    """The bytes. Text that a program could take for a formula is led by an apostrophe; numbers are bare.

    `encoding` is utf-8-sig, or cp932 for older systems: a character it lacks is written as 〓.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headings)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    text = stream.getvalue()
    return (fitting_cp932(text)[0] if encoding == "cp932" else text).encode(encoding)


def table_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes: title, headings, rows. Text cells are text whatever they begin with."""
    book = Workbook()
    sheet = book.active
    sheet.title = "一覧"
    sheet.append([storable(title)])
    sheet.append(list(headings))
    for row in rows:
        sheet.append([storable(cell) if isinstance(cell, str) else cell for cell in row])
    type_cells(sheet, wrap_from=sheet.max_row + 1)
    embolden(sheet, (1, 2))
    fit_a4(sheet)
    sheet.freeze_panes = "A3"
    return saved(book)
