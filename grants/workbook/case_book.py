"""The 様式 of one case as a workbook: prefilled, to be filled offline and brought back.

A sheet says which case and form it is, one holds the answers, one each a town's budget. Column A of answers and
budgets holds the mark of each row; whoever fills it in leaves that column alone. Text is text, whatever it begins with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from core.fiscal_year import label
from core.spreadsheet import fit_a4, saved, storable

FORMAT: Final = "tama-application-1"
ABOUT, ANSWERS, INDICATORS = "説明", "設問", "成果指標"
BUDGET_PREFIX: Final = "収支"
ANSWER_HEADS: Final = ("記号（変えない）", "部分", "設問", "答え", "版（変えない）")
FIRST_ROW: Final = 3
_TYPED = PatternFill("solid", fgColor="FFF9E0")
_MARK = PatternFill("solid", fgColor="EDEDED")
_WIDTHS = {ANSWERS: (18, 22, 34, 80, 10)}


@dataclass(frozen=True)
class BookAnswer:
    """One question: its mark ("purpose", or "role/<member>"), words for people, the text and its version."""

    key: str
    section: str
    label: str
    value: str
    version: int


@dataclass(frozen=True)
class BookRow:
    """One row of a budget: its mark, its name, what is saved by fiscal year as the cells show it, and the note."""

    key: str
    label: str
    amounts: Mapping[int, int | str]
    note: str


@dataclass(frozen=True)
class BookBudget:
    """One town's budget with the version it has."""

    member: str
    name: str
    version: int
    rows: Sequence[BookRow]


@dataclass(frozen=True)
class BookIndicators:
    """The project's indicators with their version: `rows` mark and name of each line, `columns` its texts by mark."""

    version: int
    rows: Sequence[tuple[str, str]]
    columns: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Book:
    """Everything a workbook of a case holds; `unit` of its amounts is 円 or 千円."""

    application: str
    title: str
    form_version: int
    made: str
    unit: str
    years: Sequence[int]
    answers: Sequence[BookAnswer] = field(default=())
    budgets: Sequence[BookBudget] = field(default=())
    indicators: BookIndicators | None = None


def case_workbook(book: Book) -> bytes:
    """The bytes of the file."""
    made = Workbook()
    first = made.active
    first.title = ABOUT
    _about(first, book)
    if book.answers:
        _answers(made.create_sheet(ANSWERS), book)
    if book.indicators is not None:
        _indicators(made.create_sheet(INDICATORS), book.indicators)
    for number, budget in enumerate(book.budgets, start=1):
        _budget(made.create_sheet(f"{BUDGET_PREFIX}{number}"), book, budget)
    for sheet in made.worksheets:
        fit_a4(sheet)
    return saved(made)


def _about(sheet: Any, book: Book) -> None:
    rows = [
        ("様式（変えない）", FORMAT), ("申請（変えない）", book.application), ("様式の版（変えない）", str(book.form_version)),
        ("事業名", book.title), ("作成", book.made), ("金額の単位", book.unit),
        ("書き方", "黄色の欄だけに書きます。行・列・シートの名前と、灰色の欄は変えません。"),
        ("戻し方", "保存したブックを、申請の「Excelで書く」の画面で読み取らせます。違いを確かめてから取り込みます。"),
    ]  # fmt: skip
    for number, (name, value) in enumerate(rows, start=1):
        _text(sheet, number, 1, name, bold=True)
        _text(sheet, number, 2, value)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 80


def _answers(sheet: Any, book: Book) -> None:
    _text(sheet, 1, 1, "設問と答え", bold=True)
    for place, head in enumerate(ANSWER_HEADS, start=1):
        _text(sheet, 2, place, head, bold=True)
    for number, answer in enumerate(book.answers, start=FIRST_ROW):
        _text(sheet, number, 1, answer.key, fill=_MARK)
        _text(sheet, number, 2, answer.section)
        _text(sheet, number, 3, answer.label)
        _text(sheet, number, 4, answer.value, fill=_TYPED)
        _text(sheet, number, 5, str(answer.version), fill=_MARK)
    for letter, width in zip("ABCDE", _WIDTHS[ANSWERS], strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "D3"


def _indicators(sheet: Any, indicators: BookIndicators) -> None:
    """A line per part or year, a column per indicator."""
    _text(sheet, 1, 1, INDICATORS, fill=_MARK)
    _text(sheet, 1, 2, "事業の成果指標", bold=True)
    _text(sheet, 1, 3, str(indicators.version), fill=_MARK)
    heads = ("記号（変えない）", "項目", *(f"{INDICATORS}{n}" for n in range(1, len(indicators.columns) + 1)))
    for place, head in enumerate(heads, start=1):
        _text(sheet, 2, place, head, bold=True)
        sheet.column_dimensions[sheet.cell(2, place).column_letter].width = 18 if place == 1 else 34
    for number, (mark, name) in enumerate(indicators.rows, start=FIRST_ROW):
        _text(sheet, number, 1, mark, fill=_MARK)
        _text(sheet, number, 2, name)
        for place, texts in enumerate(indicators.columns, start=3):
            _text(sheet, number, place, texts.get(mark, ""), fill=_TYPED)
    sheet.freeze_panes = "C3"


def _budget(sheet: Any, book: Book, budget: BookBudget) -> None:
    _text(sheet, 1, 1, budget.member, fill=_MARK)
    _text(sheet, 1, 2, f"{budget.name}の収支計画（単位：{book.unit}）", bold=True)
    _text(sheet, 1, 3, str(budget.version), fill=_MARK)
    heads = ("記号（変えない）", "費目・財源", *(label(year) for year in book.years), "内訳・積算")
    for place, head in enumerate(heads, start=1):
        _text(sheet, 2, place, head, bold=True)
    for number, row in enumerate(budget.rows, start=FIRST_ROW):
        _text(sheet, number, 1, row.key, fill=_MARK)
        _text(sheet, number, 2, row.label)
        for place, year in enumerate(book.years, start=3):
            amount = row.amounts.get(year, "")
            if isinstance(amount, int):
                cell = sheet.cell(number, place, amount)
                cell.number_format, cell.fill = "#,##0", _TYPED
            else:
                _text(sheet, number, place, amount, fill=_TYPED, form="#,##0")
        _text(sheet, number, 3 + len(book.years), row.note, fill=_TYPED)
    for place in range(1, len(heads) + 1):
        sheet.column_dimensions[sheet.cell(2, place).column_letter].width = 18 if place != 2 else 40  # noqa: PLR2004 - names
    sheet.freeze_panes = "C3"


def _text(
    sheet: Any, row: int, column: int, value: str, *, bold: bool = False, fill: Any = None, form: str = "@"
) -> None:
    """A cell of text; an empty one is still there, to be filled in. Line breaks stay, controls go."""
    cell = sheet.cell(row, column)
    if value:
        cell.value = storable(value)
        cell.data_type = "s"
    cell.number_format = form if not value else "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    if fill is not None:
        cell.fill = fill
