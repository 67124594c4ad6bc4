"""The 引継書 as a workbook: one sheet per table, A4 landscape; text is text, never a formula."""

import io
import re
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tama_portal.handover.facts import Handover, Table

_UNIT_OF_WIDTH: Final = 5
_NOT_IN_NAMES: Final = re.compile(r"[\\/*?:\[\]]")
_LONGEST_NAME: Final = 31


def render_workbook(document: Handover) -> bytes:
    """The bytes. Amounts are numbers (円)."""
    book = Workbook()
    for number, table in enumerate(document.tables, start=1):
        sheet = book.active if number == 1 else book.create_sheet()
        sheet.title = _NOT_IN_NAMES.sub("", f"{number} {table.heading}")[:_LONGEST_NAME]
        _fill(sheet, document, table)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, document: Handover, table: Table) -> None:
    sheet.append([document.title])
    sheet.append([document.lines[0]])
    sheet.append([head for head, _ in table.columns])
    for row in table.rows:
        sheet.append([_clean(cell) if isinstance(cell, str) else cell for cell in row])
    if not table.rows:
        sheet.append([table.empty])
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=cell.row > 2, vertical="top")  # noqa: PLR2004
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"
                cell.alignment = Alignment(vertical="top")
    for place, (_, share) in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = share * _UNIT_OF_WIDTH
    for number in (1, 3):
        for cell in sheet[number]:
            cell.font = Font(bold=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.freeze_panes = "A4"


def _clean(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
