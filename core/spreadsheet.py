"""What every table that leaves as a file has in common: text stays text, pages fit A4, bytes come out.

A spreadsheet takes text that begins with one of FORMULA_SIGNS for a formula. In CSV an apostrophe leads it; in a
workbook the cell is marked as text, whatever it begins with.
"""

import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LACKING: Final = "〓"
_SAME_SIGN: Final = str.maketrans("〜−—‖¢£¬", "～－―∥￠￡￢")
"""Signs that CP932 has under another number; exchanging them loses nothing."""


def harmless(text: str) -> str:
    """A text for CSV, led by an apostrophe where a program could take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def fitting_cp932(words: str) -> tuple[str, list[str]]:
    """The words in characters CP932 has, and those it lacks, for which 〓 stands."""
    if _in_cp932(words):  # nearly all are, and asking once is a hundredth of asking for each character
        return words, []
    exchanged = words.translate(_SAME_SIGN)
    lost = [char for char in exchanged if not _in_cp932(char)]
    return ("".join(char if _in_cp932(char) else _LACKING for char in exchanged) if lost else exchanged), lost


def _in_cp932(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def storable(text: str, instead: str = "") -> str:
    """A text without the control characters that no workbook can hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub(instead, text))


def number_text(value: float) -> str:
    """A number as a reader of workbooks gives it, exactly: whole ones stand without a point, none has an exponent."""
    number = Decimal(repr(value))
    return str(int(number)) if number == number.to_integral_value() else f"{number:f}"


def type_cells(sheet: Any, *, wrap_from: int) -> None:
    """Mark text as text and group the digits of numbers; rows from `wrap_from` on wrap and stand at the top."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=cell.row >= wrap_from, vertical="top")
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"
                cell.alignment = Alignment(vertical="top")


def embolden(sheet: Any, rows: Iterable[int]) -> None:
    """Bold rows, by number from 1."""
    for number in rows:
        for cell in sheet[number]:
            cell.font = Font(bold=True)


def fit_a4(sheet: Any, *, landscape: bool = True) -> None:
    """Print on A4, as wide as the paper, as long as it takes."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def saved(book: Workbook) -> bytes:
    """The bytes of the file."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
