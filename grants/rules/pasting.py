"""A block copied from a spreadsheet, read into the cells of a budget: rows by name, columns by fiscal year."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.exceptions import Fault
from core.fiscal_year import label

MAX_LINES, MAX_CHARACTERS = 200, 20_000
_REIWA, _WEST = re.compile(r"(?:令和|R)(\d{1,2}|元)(?:年度?)?"), re.compile(r"(20\d\d)(?:年度?)?")
_REIWA_BEFORE = 2018
_TOTALS = frozenset(
    {
        "計",
        "合計",
        "小計",
        "総計",
        "支出",
        "支出計",
        "収入",
        "収入計",
        "財源",
        "財源計",
        "費目",
        "節",
        "区分",
        "項目",
    }
)
_NOTES = frozenset({"内訳", "積算", "内訳・積算", "備考", "説明"})


@dataclass
class Reading:
    """What was read: yen by (row, fiscal year), notes by row, lines that say nothing, and every fault."""

    amounts: dict[tuple[str, int], int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Columns:
    """Which column is which fiscal year, and which holds the notes; `headed` whether a heading said so."""

    years: Mapping[int, int]
    note: int | None
    headed: bool


def read_block(
    text: str, names: Mapping[str, Sequence[str]], years: Sequence[int], amount: Callable[[str], int]
) -> Reading:
    """Read a tab-separated block. `names` row key → what it may be called; `amount` reads a cell, raising ValueError.

    A heading row may name the years (令和9年度, R9, 2027) and the column of notes; without one the columns follow the
    years, and one more is the notes. Lines of totals are left out. Every fault names line and column.
    """
    reading = Reading()
    lines = _lines(text, reading)
    known = {_folded(name): key for key, called in names.items() for name in called}
    columns = _Columns(dict(enumerate(years, start=1)), len(years) + 1, headed=False)
    for number, cells in lines:
        found = _heading(cells) if _folded(cells[0]) not in known else None
        if found is not None and not reading.amounts:
            columns = _within(found, years, number, reading)
            continue
        _line(number, cells, columns, known, amount, reading)
    if not reading.faults and not reading.amounts and not reading.notes:
        reading.faults.append(
            Fault(
                "block",
                "読み取れる行がありません。",
                "費目の列と年度の列を選び、Excelから写して貼り付けてください。",
            )
        )
    return reading


def _lines(text: str, reading: Reading) -> list[tuple[int, list[str]]]:
    if len(text) > MAX_CHARACTERS:
        fault = f"長すぎます（上限{MAX_CHARACTERS:,}字）。"
        reading.faults.append(Fault("block", fault, "費目と年度の列だけを選んで貼り付けてください。"))
        return []
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    except csv.Error:
        reading.faults.append(
            Fault("block", "表として読み取れません。", "Excelの範囲を選んで写し直してください。")
        )
        return []
    if len(rows) > MAX_LINES:
        fault = f"行が多すぎます（上限{MAX_LINES}行）。"
        reading.faults.append(Fault("block", fault, "費目の行だけを選んで貼り付けてください。"))
        return []
    return [(number, cells) for number, cells in enumerate(rows, start=1) if any(c.strip() for c in cells)]


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _year_of(text: str) -> int | None:
    folded = _folded(text)
    if found := _REIWA.fullmatch(folded):
        return _REIWA_BEFORE + (1 if found[1] == "元" else int(found[1]))
    found = _WEST.fullmatch(folded)
    return int(found[1]) if found else None


def _heading(cells: Sequence[str]) -> _Columns | None:
    found = {
        place: year for place, cell in enumerate(cells) if place and (year := _year_of(cell)) is not None
    }
    if not found or any(
        _folded(cell).isdecimal() for place, cell in enumerate(cells) if place and place not in found
    ):
        return None
    note = next((place for place, cell in enumerate(cells) if _folded(cell) in _NOTES), None)
    return _Columns(found, note, headed=True)


def _within(found: _Columns, years: Sequence[int], number: int, reading: Reading) -> _Columns:
    for place, year in found.years.items():
        if year not in years:
            fault = f"{number}行目の{place + 1}列：{label(year)}は補助の期間の外です。"
            reading.faults.append(Fault("block", fault, "その列を除いて貼り付けてください。"))
    return found


def _line(  # noqa: PLR0917 - one line of the block
    number: int,
    cells: Sequence[str],
    columns: _Columns,
    known: Mapping[str, str],
    amount: Callable[[str], int],
    reading: Reading,
) -> None:
    name = cells[0].strip()
    key = known.get(_folded(name))
    if key is None:
        if _folded(name) in _TOTALS:
            reading.skipped.append(f"{number}行目「{name}」")
            return
        fault = f"{number}行目「{name or '（名前なし）'}」は、費目にも財源にもありません。"
        reading.faults.append(Fault("block", fault, "費目の番号か名前を、この画面と同じにしてください。"))
        return
    for place, year in columns.years.items():
        cell = cells[place].strip() if place < len(cells) else ""
        if not cell:
            continue
        where = f"{number}行目「{name}」の{label(year)}"
        try:
            value = amount("0" if cell in {"-", "－", "―", "–"} else cell)
        except ValueError as error:
            reading.faults.append(Fault("block", f"{where}：{error}"))
            continue
        if value < 0:
            reading.faults.append(
                Fault("block", f"{where}：マイナスの金額は使えません。", "0円以上にしてください。")
            )
        elif (key, year) in reading.amounts:
            reading.faults.append(
                Fault("block", f"{where}：同じ費目が二つあります。", "一つにまとめてください。")
            )
        else:
            reading.amounts[key, year] = value
    note = cells[columns.note].strip() if columns.note is not None and columns.note < len(cells) else ""
    if note:
        reading.notes[key] = note
