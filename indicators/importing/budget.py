"""予算・決算カルテ: any table with a measure in each row, opened, its headings found, its columns recognised.

Pure: no database, no clock. A workbook or CSV (UTF-8 with or without its mark, CP932, UTF-16; commas or tabs) becomes
`Page`s of texts. What a column is taken as (`Column`) is proposed by its heading and decided by a person;
`budget_rows.read_budget` reads the rows by it.
"""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indicators.enums import BudgetField
from indicators.importing.book import pages_of
from indicators.importing.ledger import as_kept
from indicators.importing.source import UnreadableSourceError, decode
from indicators.importing.words import fiscal_year, squeezed

MOST_ROWS, MOST_COLUMNS = 5_000, 80
_HEADINGS_WITHIN: Final = 20
_SHOWN: Final = 5
_ZIP: Final = b"PK\x03\x04"
_DATED: Final = re.compile(
    r"(?P<era>令和|平成|[RH])(?P<number>元|[0-9]{1,2})(?:年度?)?|(?P<western>20[0-9]{2})(?:年度?)"
)
_ALONE: Final = re.compile(
    r"(?P<era>令和|平成|[RH])(?P<number>元|[0-9]{1,2})(?:年度?)?|(?P<western>20[0-9]{2})(?:年度?)?"
)
_WORDS: Final = (
    (re.compile(r"施策(?:No|番号|コード)|^(?:No|番号|施策)[.．]?$", re.IGNORECASE), BudgetField.NUMBER),
    (re.compile(r"施策名|事業名"), BudgetField.TITLE),
    (re.compile(r"^(?:会計)?年度$"), BudgetField.YEAR),
    (re.compile(r"決算"), BudgetField.SETTLED),
    (re.compile(r"予算"), BudgetField.BUDGET),
    (re.compile(r"事業概要|事業の概要|^概要$"), BudgetField.OVERVIEW),
    (re.compile(r"事業内容|取組内容"), BudgetField.CONTENT),
    (re.compile(r"目標"), BudgetField.GOAL),
    (re.compile(r"実施結果|成果|実績"), BudgetField.RESULT),
    (re.compile(r"課題"), BudgetField.ISSUES),
    (re.compile(r"課名|所管|主管|担当課|部署"), BudgetField.DEPARTMENT),
)  # fmt: skip
_THOUSANDS: Final = {
    BudgetField.SETTLED: BudgetField.SETTLED_THOUSAND,
    BudgetField.BUDGET: BudgetField.BUDGET_THOUSAND,
}


@dataclass(frozen=True)
class Page:
    """A worksheet: its name and the texts of its cells, rows of any length."""

    name: str
    rows: tuple[tuple[str, ...], ...]

    def at(self, row: int, column: int) -> str:
        """The text of a cell by row and column, both from 0; "" outside."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""

    @property
    def width(self) -> int:
        """Columns up to the last filled cell."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True)
class Column:
    """What a column is taken as, and the fiscal year its values are of where the column says it."""

    field: BudgetField
    year: int | None = None


@dataclass(frozen=True)
class Choice:
    """How a page is to be read: the row of headings (from 0), the columns by place, the year of all that has no other."""

    page: str
    heading: int
    columns: Mapping[int, Column]
    year: int | None = None


def open_pages(data: bytes) -> tuple[Page, ...]:
    """The worksheets of a file that hold anything. Raises UnreadableSourceError with fault and cure."""
    wanted = "予算・決算カルテの .xlsx か .csv を指定してください。"
    found = pages_of(data, wanted) if data.startswith(_ZIP) else [("CSV", _csv(data))]
    pages = tuple(_page(name, rows) for name, rows in found)
    filled = tuple(page for page in pages if page.rows)
    if not filled:
        raise UnreadableSourceError(f"表に何も書かれていません。{wanted}")
    for page in filled:
        if len(page.rows) > MOST_ROWS or page.width > MOST_COLUMNS:
            raise UnreadableSourceError(
                f"{page.name}シートが{len(page.rows):,}行 × {page.width}列あります（{MOST_ROWS:,}行、{MOST_COLUMNS}列まで）。"
                "1つの計画の分だけにしてください。"
            )
    return filled


def _csv(data: bytes) -> list[list[str]]:
    text = decode(data).text
    delimiter = "\t" if any("\t" in line for line in text.splitlines()[:_HEADINGS_WITHIN]) else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise UnreadableSourceError(
            'CSVとして読めません（引用符「"」が閉じていないか、欄の外に文字があります）。Excelで開き、CSVで保存し直してください。'
        ) from None


def _page(name: str, rows: Sequence[Sequence[str]]) -> Page:
    """Texts without spaces at their ends; empty cells and rows at the end are left out, those between stay."""
    kept = [[as_kept(cell).strip() for cell in row] for row in rows]
    for row in kept:
        while row and not row[-1]:
            row.pop()
    while kept and not kept[-1]:
        kept.pop()
    return Page(name, tuple(map(tuple, kept)))


def packed_pages(pages: Sequence[Page]) -> str:
    """Pages as a text that can be carried along."""
    return json.dumps([[page.name, page.rows] for page in pages], ensure_ascii=False, separators=(",", ":"))


def unpacked_pages(text: str) -> tuple[Page, ...]:
    """The pages again. Raises ValueError for anything else."""
    try:
        return tuple(
            Page(str(name), tuple(tuple(map(str, row)) for row in rows)) for name, rows in json.loads(text)
        )
    except TypeError as error:
        raise ValueError("no pages") from error


def heading_row(page: Page) -> int:
    """The row, from 0, with the most cells that read like headings; the first filled row where none does."""
    near = range(min(len(page.rows), _HEADINGS_WITHIN))
    scores = {row: len({column.field for column in proposed(page, row).values()}) for row in near}
    best = max(scores.values(), default=0)
    return next(row for row in near if (scores[row] == best if best else any(page.rows[row])))


def proposed(page: Page, heading: int, known: Mapping[str, str] | None = None) -> dict[int, Column]:
    """What the columns seem to be: by what the plan's last sheet was taken as, else by their words; each thing once."""
    found: dict[int, Column] = {}
    for place in range(page.width):
        column = _recognised(page.at(heading, place), known or {}, _in_thousands(page, heading))
        if column is not None and column not in found.values():
            found[place] = column
    return found


def _recognised(heading: str, known: Mapping[str, str], thousands: bool) -> Column | None:
    said, year = heading_key(heading), year_in(heading)
    if said in known:
        return Column(BudgetField(known[said]), year) if known[said] in BudgetField.values else None
    plain = squeezed(heading)
    field = next((field for pattern, field in _WORDS if pattern.search(plain)), None)
    if field is None:
        return None
    if field in _THOUSANDS:
        if "千円" in plain or (thousands and "円" not in plain):
            field = _THOUSANDS[field]
        elif "円" not in plain:
            return None  # yen or thousands of yen: a person says so
    return Column(field, year)


def _in_thousands(page: Page, heading: int) -> bool:
    """Whether a note above the headings says 単位：千円."""
    return any("千円" in squeezed(cell) for row in page.rows[:heading] for cell in row)


def heading_key(heading: str) -> str:
    """A heading as the mapping remembers it: one width, no spaces, without the year in it."""
    return _DATED.sub("", squeezed(heading))


def year_in(heading: str) -> int | None:
    """The fiscal year a heading names, as 令和6年度決算額 or R7予算."""
    found = _DATED.search(squeezed(heading))
    return _year(found) if found else None


def spoken_year(text: str) -> int | None:
    """A fiscal year that stands alone: 令和7年度, R7, 2025; None for anything else, also a bare 7."""
    found = _ALONE.fullmatch(squeezed(text))
    return _year(found) if found else None


def _year(found: re.Match[str]) -> int | None:
    return int(found["western"]) if found["western"] else fiscal_year(found["era"], found["number"])


def first_rows(page: Page, heading: int) -> list[tuple[str, ...]]:
    """The first rows below the headings, each as wide as the page."""
    rows = page.rows[heading + 1 : heading + 1 + _SHOWN]
    return [tuple(row) + ("",) * (page.width - len(row)) for row in rows]
