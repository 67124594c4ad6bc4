"""A workbook of progress sheets as the text `read` understands, with the cell that each line came from.

Every worksheet's rows in order, cells separated by tabs; blank rows stay, so that row numbers hold. A line
break inside a cell becomes `source.BREAK`. Nothing is evaluated: a formula is its stored value.
"""

import io
import re
from datetime import date
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from core.sheet_extent import TooWideError, inspect_extent
from core.spreadsheet import number_text
from core.zip_guard import UnsafeArchive, inspect_archive
from indicators.importing.source import BREAK, Decoded, UnreadableSourceError

_BROKEN: Final = "Excelのブックとして開けません。Excelで開き、.xlsx で保存し直してください。"
_SPREADSHEET: Final = "xl/workbook.xml"


def text_of_workbook(data: bytes) -> Decoded:
    """The text of an .xlsx file; `places` says for each line "worksheet row n". Raises UnreadableSourceError."""
    lines: list[str] = []
    places: list[str] = []
    for name, rows in pages_of(data, "進行管理表の .xlsx か、タブ区切りのテキストを指定してください。"):
        for number, row in enumerate(rows, start=1):
            lines.append("\t".join(row))
            places.append(f"{name}シート {number}行目")
        lines.append("")
        places.append(f"{name}シートの末尾")
    text = "\n".join(lines)
    if not text.strip():
        raise UnreadableSourceError(
            "ブックに何も書かれていません。進行管理表を書いたブックを指定してください。"
        )
    return Decoded(text, "utf-8", tuple(places))


def pages_of(data: bytes, wanted: str) -> list[tuple[str, list[list[str]]]]:
    """Every worksheet with its rows of texts. Raises UnreadableSourceError, which tells what is `wanted`."""
    try:
        archive = inspect_archive(io.BytesIO(data))
    except UnsafeArchive as error:
        raise UnreadableSourceError(str(error)) from None
    if _SPREADSHEET not in archive.names:
        raise UnreadableSourceError(f"Excelのブックではありません。{wanted}")
    try:
        inspect_extent(io.BytesIO(data))
    except TooWideError as error:
        raise UnreadableSourceError(str(error)) from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            (name, [[_text(value) for value in row] for row in _rows(book, name)])
            for name in book.sheet_names
        ]
    except CalamineError:
        raise UnreadableSourceError(_BROKEN) from None


def _rows(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _text(value: Any) -> str:
    """A cell as text. Numbers that are whole stand without a point; dates as 2026-04-01."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return re.sub(r"\r\n|[\r\n\x0c\x85\u2028\u2029]", BREAK, str(value).replace("\t", " "))
