"""予算要求シート as a workbook: one A4 page, landscape; text is text, never a formula."""

from collections.abc import Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from core.spreadsheet import embolden, fit_a4, saved, type_cells

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
    type_cells(sheet, wrap_from=_FIRST_ROW - 1)
    for place, (_, width) in enumerate(HEADINGS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    embolden(sheet, (1, _FIRST_ROW - 1, sheet.max_row))
    fit_a4(sheet)
    sheet.freeze_panes = f"C{_FIRST_ROW}"
    return saved(book)
