"""A plan's progress sheets as a workbook in the printed layout: one A4 page a sheet; text is text, never a formula.

First the table of indicators and the list of measures, then one worksheet for each measure: head with themes,
課名等, and four rows for each fiscal year. `importing.book` reads the same file back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from core.exceptions import DomainError, Fault
from core.spreadsheet import fit_a4, saved, storable
from indicators.models import Indicator, Measure, Plan, SheetYear

_REIWA: Final = 2018
_LONGEST: Final = 32_767  # characters in one cell of a workbook
_HINTS: Final = {
    "goal": "・注力する所\n・ポイント、変更箇所など",
    "result": "・前年と比べ何が良かった(悪かった)\n・方向性・目標等に近づいているのか離れたのか\n・簡潔に。可能ならば数値等を記載",
}
_LINE: Final = Side(style="thin", color="808080")
_FRAME: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD: Final = PatternFill("solid", fgColor="EDEDED")
_STYLES: Final = {(True, True): "見出し", (False, True): "記入欄", (True, False): "表題"}
"""Styles of a cell by whether it is bold and whether it is framed; each is worked out once for a file."""
_LABEL_WIDTH, _TEXT_WIDTH, _MARK_WIDTH = 24, 62, 11
_WIDTHS = {1: _LABEL_WIDTH, 2: _TEXT_WIDTH}
_PER_LINE, _LINE_HEIGHT = 44, 15


Years = Mapping[int, Sequence[SheetYear]]


def plan_workbook(
    plan: Plan, indicators: Sequence[Indicator], measures: Sequence[Measure], years: Years | None = None
) -> bytes:
    """The file. Measures come with policy, direction, themes and years; `plan` with its themes.

    `years` replaces the published years of a measure, by its key in the database, with what stands in a round.
    Raises DomainError naming the cell for a text that a workbook cannot hold.
    """
    themes = [theme.label for theme in plan.themes.all()]
    book = Workbook()
    for (bold, framed), name in _STYLES.items():
        book.add_named_style(_style(name, bold=bold, framed=framed))
    first = book.active
    first.title = "成果指標"
    _indicators(first, indicators)
    _index(book.create_sheet("施策一覧"), plan, measures, themes)
    for measure in measures:
        rows = list(measure.years.all()) if years is None else years[measure.pk]
        _sheet(book.create_sheet(_name(measure)), measure, themes, rows)
    for page in book.worksheets:
        _print(page)
    return saved(book)


def _name(measure: Measure) -> str:
    """A worksheet's name: the printed number and its mark, as 11④⑤."""
    return f"{measure.printed_number or measure.number}{measure.branch or measure.series_mark}"[:31]


def year_label(fiscal_year: int) -> str:
    """R7年度; years before 令和 in the Western count."""
    return f"R{fiscal_year - _REIWA}年度" if fiscal_year > _REIWA else f"{fiscal_year}年度"


def _indicators(page: Any, indicators: Sequence[Indicator]) -> None:
    heads = ("方向性", "対応する成果指標", "現状値", "次回数値更新 (予定)", "目標", "出典")
    _row(page, 1, heads, head=True)
    for place, item in enumerate(indicators, start=2):
        name = item.printed_name or item.name
        _row(
            page, place,
            (str(item.direction), name, item.baseline_text, item.next_update_text, item.target_text, item.statistic),
        )  # fmt: skip
    for column, width in enumerate((26, 32, 26, 18, 30, 16), start=1):
        page.column_dimensions[get_column_letter(column)].width = width


def _index(page: Any, plan: Plan, measures: Sequence[Measure], themes: Sequence[str]) -> None:
    _write(page, 1, 1, f"{plan.title} 進行管理表", bold=True, framed=False)
    _row(page, 3, ("計画の目標", plan.goal))
    more = ["重点テーマ", *[""] * (len(themes) - 1)] if themes else []
    _row(page, 5, ("方向性", "基本方針", "施策", "成果指標", *more, "関連課等"), head=True)
    if themes:
        _row(page, 6, ("", "", "", "", *(str(number) for number in range(1, len(themes) + 1)), ""))
    start = 7 if themes else 6
    for place, measure in enumerate(measures, start=start):
        policy = measure.policy
        _row(
            page, place,
            (str(policy.direction), str(policy), _title(measure), "", *_circles(measure, themes), _units(measure)),
        )  # fmt: skip
    for column, width in enumerate((26, 30, 44, 10, *[7] * len(more), 24), start=1):
        page.column_dimensions[get_column_letter(column)].width = width


def _sheet(page: Any, measure: Measure, themes: Sequence[str], years: Sequence[SheetYear]) -> None:
    last = 3 + max(len(themes), 1)
    policy = measure.policy
    _row(page, 1, ("方向性", str(policy.direction), "展望", "重点テーマ" if themes else ""), labels=(1, 3, 4))
    _row(page, 2, ("基本方針", str(policy), measure.get_outlook_display(), *themes), labels=(1,))
    _row(page, 3, ("施策名", _title(measure), "", *_circles(measure, themes)), labels=(1,))
    _wide(page, 4, "事業概要", measure.overview, last)
    _row(page, 6, ("課名等", _units(measure)), labels=(1,))
    row = 8
    for year in years:
        row = _year(page, row, year, last)
    for column in range(1, last + 1):
        page.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(column, _MARK_WIDTH)


def _year(page: Any, row: int, year: SheetYear, last: int) -> int:
    """Four rows and an empty one; the row after them."""
    this, following = year_label(year.fiscal_year), year_label(year.fiscal_year + 1)
    _wide(page, row, f"{this}\n事業内容", year.content, last)
    _wide(page, row + 1, f"{this}\n・目標\n{_HINTS['goal']}", year.goal, last)
    _wide(page, row + 2, f"{this}\n実施結果\n{_HINTS['result']}", year.result, last)
    _wide(page, row + 3, f"{following}\n以降の課題", year.issues, last)
    return row + 5


def _title(measure: Measure) -> str:
    return f"{measure.printed_number} {measure.full_title}"


def _circles(measure: Measure, themes: Sequence[str]) -> list[str]:
    held = {theme.label for theme in measure.themes.all()}
    return ["○" if label in held else "" for label in themes]


def _units(measure: Measure) -> str:
    names = [measure.lead_department, *(unit["name"] for unit in measure.related_departments)]
    return " ".join(filter(None, names)) + ("など" if measure.and_others else "")


# --- Cells ------------------------------------------------------------------------------------------------


def _row(
    page: Any, row: int, values: Sequence[str], *, head: bool = False, labels: Sequence[int] = ()
) -> None:
    for column, value in enumerate(values, start=1):
        _write(page, row, column, value, bold=head or column in labels)


def _wide(page: Any, row: int, label: str, text: str, last: int) -> None:
    """A label and a text over all the other columns, high enough to be read when printed."""
    _write(page, row, 1, label, bold=True)
    _write(page, row, 2, text)
    for column in range(3, last + 1):  # what is merged is framed by all its cells
        _write(page, row, column, "")
    page.merged_cells.add(CellRange(min_row=row, min_col=2, max_row=row, max_col=last))
    lines = max(_lines(text, _PER_LINE), _lines(label, _LABEL_WIDTH // 2))
    page.row_dimensions[row].height = min(_LINE_HEIGHT * lines + 4, 400)


def _lines(text: str, width: int) -> int:
    return sum(max(1, -(-len(line) // width)) for line in text.split("\n"))


def _style(name: str, *, bold: bool, framed: bool) -> NamedStyle:
    style = NamedStyle(name, alignment=Alignment(wrap_text=True, vertical="top"))
    if bold:
        style.font, style.fill = Font(bold=True), _HEAD
    if framed:
        style.border = _FRAME
    return style


def _write(page: Any, row: int, column: int, value: str, *, bold: bool = False, framed: bool = True) -> None:
    if len(value) > _LONGEST:
        raise DomainError(
            Fault(
                f"{page.title} {row}行目",
                f"{page.title}シート{row}行目の文が{len(value)}文字あり、Excelの1つの欄に入りません。",
                f"{_LONGEST}文字以内に分けてください。",
            )
        )
    cell = page.cell(row=row, column=column)
    cell.style = _STYLES[bold, framed]
    cell.value = storable(value, " ") or None
    if cell.value is not None:
        cell.data_type = "s"


def _print(page: Any) -> None:
    """A4; the sheets upright, the two lists across."""
    lists = page.title in {"成果指標", "施策一覧"}
    fit_a4(page, landscape=lists)
    page.oddFooter.center.text = "&A　&P／&N"
