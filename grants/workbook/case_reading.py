"""A case's workbook read again: every cell that was to be filled, with its address; every fault names sheet and cell.

Reading is bounded: sheets are streamed, and what lies beyond the form's own rows and columns is not looked at. Nothing is
evaluated: a formula counts as the value that was stored with it.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from core.exceptions import DomainError, Fault
from core.spreadsheet import number_text
from grants.workbook.case_book import ABOUT, ANSWERS, BUDGET_PREFIX, FIRST_ROW, FORMAT, INDICATORS

MAX_ROWS: Final = 400
_MAX_COLUMNS: Final = 12
_BLANK_LINES: Final = 3
_MAX_SHEETS: Final = 60
_AGAIN: Final = "Excelで開き、.xlsx で保存し直してください。"
_BROKEN: Final = (KeyError, ValueError, OSError, EOFError, BadZipFile, TypeError, AttributeError, SyntaxError)
"""What the reader of workbooks raises for files that are none, or broken ones."""
Row = Sequence[Any]


@dataclass(frozen=True)
class CellRead:
    """A cell that was to be filled: its text, where it stands (「設問」シートのD5), and the version it was made from."""

    text: str
    place: str
    version: int


@dataclass
class Returned:
    """What came back: answers by mark; by member the version and cells by (row, fiscal year; None: the note).

    `indicators` by (number, mark of the line).
    """

    answers: dict[str, CellRead] = field(default_factory=dict)
    budgets: dict[str, dict[tuple[str, int | None], CellRead]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    indicators: dict[tuple[int, str], CellRead] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, message: str, cure: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault("file", message, cure))


def read_case_workbook(
    data: bytes, *, application: str, form_version: int, years: Sequence[int], members: Mapping[str, str]
) -> Returned:
    """Read the bytes of an .xlsx that the archive guard let pass. `members` id → name of the towns it may hold."""
    returned = Returned()
    try:
        sheets = sheets_of(data, rows=MAX_ROWS, columns=_MAX_COLUMNS)
    except DomainError as error:
        returned.faults += error.faults
        return returned
    if not _is_ours(sheets.get(ABOUT), application, form_version, returned):
        return returned
    if ANSWERS in sheets:
        _read_answers(sheets[ANSWERS], returned)
    if INDICATORS in sheets:
        _read_indicators(sheets[INDICATORS], returned)
    budgets = {name: rows for name, rows in sheets.items() if name.startswith(BUDGET_PREFIX)}
    for name, rows in budgets.items():
        _read_budget(name, rows, years, members, returned)
    if not (returned.faults or returned.answers or returned.budgets or returned.indicators):
        returned.fault(
            f"「{ANSWERS}」と「{BUDGET_PREFIX}」のシートがありません。", "シートの名前を元に戻してください。"
        )
    return returned


def sheets_of(data: bytes, *, rows: int, columns: int) -> dict[str, list[Row]]:
    """The first rows and columns of each sheet of a workbook, by name. Raises DomainError where it cannot be read."""
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except _BROKEN:
        raise DomainError(Fault("file", "Excelのブックとして開けません。", _AGAIN)) from None
    try:
        return {
            sheet.title: list(sheet.iter_rows(max_row=rows, max_col=columns, values_only=True))
            for sheet in book.worksheets[:_MAX_SHEETS]
        }
    except _BROKEN:
        raise DomainError(Fault("file", "シートの中身を読み取れません。", _AGAIN)) from None
    finally:
        book.close()


def _is_ours(rows: "list[Row] | None", application: str, form_version: int, returned: Returned) -> bool:
    """Whether the first sheet names this very case and the form it stands on."""
    values = [cell_text(row[1]) if len(row) > 1 else "" for row in (rows or [])[:_BLANK_LINES]]
    if values[:1] != [FORMAT]:
        returned.fault(
            "このポータルの様式ではありません。", "この画面からダウンロードしたブックを使ってください。"
        )
        return False
    if values[1:2] != [application]:
        returned.fault("別の申請のブックです。", "この申請からダウンロードしたブックを使ってください。")
        return False
    if values[2:3] != [str(form_version)]:
        returned.fault("様式の版が違います。", "新しいブックをダウンロードし、書いた内容を写してください。")
        return False
    return True


def _read_answers(rows: "list[Row]", returned: Returned) -> None:
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        cells = [cell_text(value) for value in [*row, *[None] * 5][:5]]
        key, answer, version = cells[0].strip(), cells[3], cells[4].strip()
        if not key:
            if answer.strip():
                returned.fault(
                    place_of(ANSWERS, 1, number) + "の記号がありません。", "消した記号を元に戻してください。"
                )
            continue
        if key in returned.answers:
            returned.fault(
                place_of(ANSWERS, 1, number) + f"の記号「{key[:40]}」が二つあります。", "一つにしてください。"
            )
        elif not version.isdecimal():
            returned.fault(place_of(ANSWERS, 5, number) + "の版が読めません。", "元の数字に戻してください。")
        else:
            returned.answers[key] = CellRead(answer, place_of(ANSWERS, 4, number), int(version))


def _read_budget(
    name: str, rows: "list[Row]", years: Sequence[int], members: Mapping[str, str], returned: Returned
) -> None:
    head = [cell_text(value).strip() for value in [*(rows[0] if rows else ()), None, None, None][:3]]
    if head[0] not in members:
        returned.fault(
            place_of(name, 1, 1) + "の団体が、この申請で入力できる団体ではありません。",
            "元の値に戻してください。",
        )
        return
    if not head[2].isdecimal():
        returned.fault(place_of(name, 3, 1) + "の版が読めません。", "元の数字に戻してください。")
        return
    if head[0] in returned.budgets:
        returned.fault(place_of(name, 1, 1) + "の団体のシートが二つあります。", "一つにしてください。")
        return
    cells = returned.budgets.setdefault(head[0], {})
    version = returned.versions[head[0]] = int(head[2])
    columns: list[int | None] = [*years, None]
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        values = [cell_text(value) for value in [*row, *[None] * _MAX_COLUMNS]]
        key = values[0].strip()
        if not key:
            if any(value.strip() for value in values[2 : 2 + len(columns)]):
                returned.fault(
                    place_of(name, 1, number) + "の記号がありません。", "消した記号を元に戻してください。"
                )
            continue
        if (key, None) in cells:
            returned.fault(
                place_of(name, 1, number) + f"の記号「{key[:40]}」が二つあります。", "一つにしてください。"
            )
            continue
        for place, year in enumerate(columns, start=3):
            cells[key, year] = CellRead(values[place - 1], place_of(name, place, number), version)


def _read_indicators(rows: "list[Row]", returned: Returned) -> None:
    head = [cell_text(value).strip() for value in [*(rows[0] if rows else ()), None, None, None][:3]]
    if not head[2].isdecimal():
        returned.fault(place_of(INDICATORS, 3, 1) + "の版が読めません。", "元の数字に戻してください。")
        return
    version, seen = int(head[2]), set[str]()
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        values = [cell_text(value) for value in row]
        mark = values[0].strip() if values else ""
        if not mark and any(value.strip() for value in values[2:]):
            returned.fault(
                place_of(INDICATORS, 1, number) + "の記号がありません。", "消した記号を元に戻してください。"
            )
        elif mark in seen:
            returned.fault(
                place_of(INDICATORS, 1, number) + f"の記号「{mark[:40]}」が二つあります。",
                "一つにしてください。",
            )
        elif mark:
            seen.add(mark)
            for place, value in enumerate(values[2:], start=3):
                returned.indicators[place - 2, mark] = CellRead(
                    value, place_of(INDICATORS, place, number), version
                )


def place_of(sheet: str, column: int, row: int) -> str:
    """「設問」シートのD5."""
    return f"「{sheet}」シートの{get_column_letter(column)}{row}"


def cell_text(value: Any) -> str:
    """A cell as text. Whole numbers stand without a point, dates as 2026-04-01, line ends as newlines."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return canonical(str(value))


def canonical(text: str) -> str:
    """A text as a cell gives it back: one kind of line end, without the mark Excel writes for the other one."""
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
