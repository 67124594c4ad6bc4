"""The 採点票 of one external member for one call as a workbook, and the same workbook read again.

One sheet says whose it is and how it is filled in; the other has, for each case in turn, a row for the interest, one for
each criterion and one for the words on the whole. Only the yellow cells can be typed in. Text is text, whatever it begins
with; nothing is evaluated on reading, and what lies beyond the sheet's own rows and columns is not looked at.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from core.exceptions import DomainError, Fault
from core.sheet_extent import TooWideError, inspect_extent
from core.spreadsheet import fit_a4, saved, storable
from grants.workbook.case_reading import Row, cell_text, place_of, sheets_of

FORMAT: Final = "tama-scores-1"
ABOUT, POINTS = "説明", "採点"
INTEREST, COMMENT = "#interest", "#comment"
"""Codes of the two rows of a case that are no criterion."""
NO, YES = "ない", "ある"
HEADS: Final = (
    "記号（変えない）", "受付番号", "代表市町村", "事業名", "観点（重み）", "着眼点", "点・利害関係", "所見", "版（変えない）",
)  # fmt: skip
MAX_ROWS: Final = 12_000
"""A call of a thousand cases with ten criteria each."""
_COLUMNS: Final = len(HEADS)
_FIRST: Final = 2
_TYPED, _MARK = PatternFill("solid", fgColor="FFF9E0"), PatternFill("solid", fgColor="EDEDED")
_WIDTHS: Final = (26, 14, 14, 34, 22, 40, 12, 50, 14)


@dataclass(frozen=True)
class BookLine:
    """One row of a case: its code, what it is called, guidance, and what is entered already."""

    code: str
    label: str
    help: str
    value: str
    remark: str


@dataclass(frozen=True)
class BookCase:
    """One case: its mark, how it is called, the version that is scored, and its rows."""

    case: str
    receipt: str
    lead: str
    title: str
    version: str
    lines: Sequence[BookLine]


@dataclass(frozen=True)
class ScoreBook:
    """Whose sheet it is (`call` and `member` as marks) and its cases."""

    call: str
    call_name: str
    member: str
    member_name: str
    made: str
    cases: Sequence[BookCase]


@dataclass(frozen=True)
class Typed:
    """What came back in one row: the two typed cells, the row's number and the version it was made for."""

    value: str
    remark: str
    row: int
    version: str

    @property
    def value_place(self) -> str:
        """Where the point stands."""
        return place_of(POINTS, 7, self.row)

    @property
    def remark_place(self) -> str:
        """Where the remark stands."""
        return place_of(POINTS, 8, self.row)


@dataclass
class ReturnedScores:
    """Rows by (case, code), and what could not be read."""

    rows: dict[tuple[str, str], Typed] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, message: str, cure: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault("file", message, cure))


def score_workbook(book: ScoreBook) -> bytes:
    """The bytes of the file."""
    made = Workbook()
    about = made.active
    about.title = ABOUT
    for number, (name, value) in enumerate(_about(book), start=1):
        _text(about, number, 1, name, bold=True)
        _text(about, number, 2, value)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 22, 90
    sheet = made.create_sheet(POINTS)
    for place, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True), start=1):
        _text(sheet, 1, place, head, bold=True)
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = width
    number = _FIRST
    points, interest = _choices('"1,2,3,4,5"', "1から5"), _choices(f'"{NO},{YES}"', f"{NO}か{YES}")
    for case in book.cases:
        for line in case.lines:
            _line(sheet, number, case, line)
            if line.code != COMMENT:
                (interest if line.code == INTEREST else points).add(f"G{number}")
            number += 1
    for rule in (points, interest):
        if rule.sqref:
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "E2"
    for page in made.worksheets:
        page.protection.sheet = True
        fit_a4(page)
    return saved(made)


def _about(book: ScoreBook) -> list[tuple[str, str]]:
    return [
        ("様式（変えない）", FORMAT), ("募集（変えない）", book.call), ("委員（変えない）", book.member),
        ("募集", book.call_name), ("外部委員", book.member_name), ("作成", book.made),
        ("利害関係", f"申請ごとに、はじめに「{NO}」か「{YES}」をえらびます。「{YES}」の申請は採点せず、所見の欄にどのような関係かを書きます。"),
        ("点", "観点ごとに1から5をえらびます（1 不十分、2 弱い、3 ふつう、4 よい、5 優れる）。一つの申請の点は、すべての観点に付けます。"),
        ("書き方", "黄色の欄だけに書きます。まだ採点しない申請は、空のままにします。"),
        ("戻し方", "保存したブックを事務局に渡します。事務局が代理で入力した印が付きます。"),
    ]  # fmt: skip


def _choices(formula: str, words: str) -> DataValidation:
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.error = f"{words}をえらんでください。"
    return rule


def _line(sheet: Any, number: int, case: BookCase, line: BookLine) -> None:
    fixed = (f"{case.case}/{line.code}", case.receipt, case.lead, case.title, line.label, line.help)
    for place, value in enumerate(fixed, start=1):
        _text(sheet, number, place, value, fill=_MARK if place == 1 else None)
    if line.code == COMMENT:
        _text(sheet, number, 7, "")
    else:
        _typed(sheet, number, 7, line.value)
    _typed(sheet, number, 8, line.remark)
    _text(sheet, number, 9, case.version, fill=_MARK)


def _typed(sheet: Any, row: int, column: int, value: str) -> None:
    """A cell to be filled in: unlocked. A point is a number, so that Excel's own list of choices fits it."""
    cell = _text(sheet, row, column, value, fill=_TYPED)
    is_point = column == 7  # noqa: PLR2004 - the column of points
    if is_point and value.isdecimal():
        cell.value = int(value)
    cell.number_format = "General" if is_point else "@"
    cell.protection = Protection(locked=False)


def _text(sheet: Any, row: int, column: int, value: str, *, bold: bool = False, fill: Any = None) -> Any:
    cell = sheet.cell(row, column)
    if value:
        cell.value = storable(value)
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    if fill is not None:
        cell.fill = fill
    return cell


# --- Read again -----------------------------------------------------------------------------------------------------


def read_score_workbook(data: bytes, *, call: str, member: str) -> ReturnedScores:
    """Read the bytes of an .xlsx that the archive guard let pass; every fault names its cell and its cure."""
    returned = ReturnedScores()
    try:
        inspect_extent(io.BytesIO(data))
        sheets = sheets_of(data, rows=MAX_ROWS + 1, columns=_COLUMNS)
    except TooWideError as error:
        returned.fault(str(error), "")
        return returned
    except DomainError as error:
        returned.faults += error.faults
        return returned
    held = [cell_text(row[1]) if len(row) > 1 else "" for row in sheets.get(ABOUT, [])[:3]]
    if held != [FORMAT, call, member]:
        returned.fault(
            "この募集の、この委員の採点票ではありません。", "この画面からダウンロードした採点票を使ってください。"
        )  # fmt: skip
    elif POINTS not in sheets:
        returned.fault(f"「{POINTS}」のシートがありません。", "シートの名前を元に戻してください。")
    elif len(sheets[POINTS]) > MAX_ROWS:
        returned.fault(f"「{POINTS}」シートの行が多すぎます。", "加えた行を消してください。")
    else:
        _read_rows(sheets[POINTS], returned)
    return returned


def _read_rows(rows: Sequence[Row], returned: ReturnedScores) -> None:
    for number, row in enumerate(rows[_FIRST - 1 :], start=_FIRST):
        cells = [cell_text(value) for value in [*row, *[None] * _COLUMNS][:_COLUMNS]]
        case, _, code = cells[0].strip().partition("/")
        if not code:
            if any(cell.strip() for cell in (cells[0], *cells[6:8])):
                returned.fault(
                    f"{place_of(POINTS, 1, number)}の記号が変わっています。", "元の記号に戻してください。"
                )
        elif (case, code) in returned.rows:
            returned.fault(
                f"{place_of(POINTS, 1, number)}の記号が二つあります。", "重なった行を消してください。"
            )
        else:
            returned.rows[case, code] = Typed(cells[6].strip(), cells[7].strip(), number, cells[8].strip())


def as_data(returned: ReturnedScores) -> list[list[Any]]:
    """The rows as plain data, to be carried from the page that shows the difference to the act."""
    return [[*key, one.value, one.remark, one.row, one.version] for key, one in returned.rows.items()]


def from_data(data: Any) -> ReturnedScores:
    """The rows again. Raises ValueError for anything else."""
    return ReturnedScores(dict(_rows_of(data)))


def _rows_of(data: Any) -> Iterator[tuple[tuple[str, str], Typed]]:
    for one in data if isinstance(data, list) else [None]:
        match one:
            case [str(case), str(code), str(value), str(remark), int(row), str(version)]:
                yield (case, code), Typed(value, remark, row, version)
            case _:
                raise ValueError("a row of six was expected")
