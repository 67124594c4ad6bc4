"""予算要求シート as a workbook: one A4 page, landscape; text is text, never a formula."""

import io
from collections.abc import Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

HEADINGS: Final = (
    ("制度", 30), ("算定", 26), ("事業費", 14), ("国費", 14), ("都費", 14), ("地方債", 14), ("一般財源", 14),
    ("うち交付税措置の見込み", 14), ("資料の読み方による違い", 44), ("受付", 18), ("出典", 40),
)  # fmt: skip
_FIRST_ROW: Final = 4


def budget_workbook(title: str, note: str, rows: Sequence[Sequence[Any]], totals: Sequence[Any]) -> bytes:
    """The file. `rows` and `totals` have one value per heading; amounts are int (円)."""
    book = Workbook()
    sheet = book.active
    sheet.title = "予算要求シート"
    sheet.append([title])
    sheet.append([note])
    sheet.append([f"{name}（円）" if 2 <= place <= 7 else name for place, (name, _) in enumerate(HEADINGS)])  # noqa: PLR2004
    for row in [*rows, totals]:
        sheet.append(list(row))
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=cell.row >= _FIRST_ROW - 1, vertical="top")
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"
                cell.alignment = Alignment(vertical="top")
    for place, (_, width) in enumerate(HEADINGS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number in (1, _FIRST_ROW - 1, sheet.max_row):
        for cell in sheet[number]:
            cell.font = Font(bold=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.freeze_panes = f"C{_FIRST_ROW}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
