"""The 引継書 as a workbook: one sheet per table, A4 landscape; text is text, never a formula."""

import re
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.spreadsheet import embolden, fit_a4, saved, storable, type_cells
from tama_portal.handover.facts import Handover, Table

_UNIT_OF_WIDTH: Final = 5
_HEAD: Final = 3
_NOT_IN_NAMES: Final = re.compile(r"[\\/*?:\[\]]")
_LONGEST_NAME: Final = 31


def render_workbook(document: Handover) -> bytes:
    """The bytes. Amounts are numbers (円)."""
    book = Workbook()
    for number, table in enumerate(document.tables, start=1):
        sheet = book.active if number == 1 else book.create_sheet()
        sheet.title = _NOT_IN_NAMES.sub("", f"{number} {table.heading}")[:_LONGEST_NAME]
        _fill(sheet, document, table)
    return saved(book)


def _fill(sheet: Worksheet, document: Handover, table: Table) -> None:
    sheet.append([document.title])
    sheet.append([document.lines[0]])
    sheet.append([head for head, _ in table.columns])
    for row in table.rows:
        sheet.append([storable(cell) if isinstance(cell, str) else cell for cell in row])
    if not table.rows:
        sheet.append([table.empty])
    type_cells(sheet, wrap_from=_HEAD)
    for place, (_, share) in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = share * _UNIT_OF_WIDTH
    embolden(sheet, (1, _HEAD))
    fit_a4(sheet)
    sheet.freeze_panes = f"A{_HEAD + 1}"
