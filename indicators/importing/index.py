"""The table of all measures (施策一覧): names, marks of themes, departments, indicators, as printed.

Its rows are known by what stands in them, since its columns slip from page to page. It backs up the sheets;
where it says something else than a sheet, the sheet holds and the difference is listed.
"""

from dataclasses import dataclass, field

from indicators.importing.draft import keep_numbered, keep_policy, read_departments
from indicators.importing.ledger import Ledger
from indicators.importing.sections import Section
from indicators.importing.source import Cell, Row
from indicators.importing.words import CIRCLED, is_circle, is_rule, key, mark, number, numeral, squeezed

_HEADS = (
    "方向性",
    "基本方針",
    "施策",
    "施策名",
    "成果指標",
    "重点テーマ",
    "関連課等",
    "関連課",
    "担当課等",
    "担当課",
)


@dataclass
class IndexRow:
    """A measure as the index prints it. `themes` are the sets of themes that its marks may mean."""

    number: str
    mark: str
    title: str
    direction: str
    policy: str
    themes: frozenset[tuple[int, ...]]
    departments: list[str]
    and_others: bool
    start: int
    end: int
    text: str


@dataclass
class Index:
    """The rows and the names of indicators printed beside them."""

    rows: list[IndexRow] = field(default_factory=list)
    indicators: list[tuple[str, int, int]] = field(default_factory=list)
    present: bool = False


@dataclass
class _State:
    columns: dict[str, int] = field(default_factory=dict)
    themes: list[int] = field(default_factory=list)
    direction: str = ""
    policy: str = ""
    padded: bool = False


def read_index(ledger: Ledger, parts: list[Section]) -> Index:
    """Every index of a text as one."""
    index = Index()
    for part in parts:
        index.present = True
        state = _State(
            padded=any(
                cell.text[:1] in "0０OＯ" and number(cell.text) for row in part.rows for cell in row.cells
            )
        )
        _header(ledger, state, part.rows[0])
        for row in part.rows[1:]:
            _row(ledger, index, state, row)
    return index


def _header(ledger: Ledger, state: _State, row: Row) -> None:
    for cell in row.cells:
        word = squeezed(cell.text)
        if word in _HEADS:
            state.columns[word.removesuffix("名")] = cell.column
            ledger.form(cell.start, cell.end)
        else:
            _doubt(ledger, cell)
    first = state.columns.get("重点テーマ")
    after = [column for column in state.columns.values() if first is not None and column > first]
    if first is not None:
        state.themes = list(range(first, min(after, default=first + 1)))


def _row(ledger: Ledger, index: Index, state: _State, row: Row) -> None:
    if all(is_rule(cell.text) for cell in row.cells) or _is_subheader(state, row):
        for cell in row.cells:
            ledger.form(cell.start, cell.end)
        return
    place = f"index:{row.line}"
    measure = _measure_cell(state, row)
    circles = [cell for cell in row.cells if cell is not measure and is_circle(cell.text)]
    departments: list[Cell] = []
    names: list[Cell] = []
    for cell in row.cells:
        if cell is measure:
            continue
        if cell in circles:
            ledger.keep(f"{place}/circles", cell.start, cell.end)
        elif cell.text[0] in CIRCLED:
            ledger.keep(f"{place}/indicators", cell.start, cell.end)
            index.indicators.append((cell.text[1:].strip(), cell.start, cell.end))
            names.append(cell)
        elif measure is None or cell.start < measure.start:
            _head(ledger, state, cell, place, before=measure)
        else:
            departments.append(cell)
    units = read_departments(ledger, f"{place}/departments", departments)
    if measure is not None:
        themes = _themes(state, measure, circles, names, departments)
        ledger.keep(f"{place}/measure", measure.start, measure.end)
        _add(index, state, measure, themes=themes, units=units)


def _is_subheader(state: _State, row: Row) -> bool:
    """The digits below 重点テーマ that number its columns."""
    columns = [cell.column for cell in row.cells]
    return columns == state.themes and all(
        len(squeezed(c.text)) == 1 and c.text.isdecimal() for c in row.cells
    )


def _measure_cell(state: _State, row: Row) -> Cell | None:
    """The cell with a measure's number: two digits where numbers are padded, else by its column."""
    numbered = [cell for cell in row.cells if not is_circle(cell.text) and number(cell.text)]
    if state.padded:
        numbered = [cell for cell in numbered if (found := number(cell.text)) and len(found.digits) > 1]
    elif len(numbered) == 1 and numbered[0].column == state.columns.get("基本方針", 1):
        numbered = []
    return numbered[-1] if numbered else None


def _head(ledger: Ledger, state: _State, cell: Cell, place: str, *, before: Cell | None) -> None:
    """A direction, a policy, or the rest of a direction that a page break has cut."""
    policy_column = state.columns.get("基本方針", 1)
    roman = numeral(cell.text)
    if roman is not None and (roman.sign not in "0123456789" or cell.column < policy_column):
        keep_numbered(ledger, f"{place}/direction", cell, "方向性")
        state.direction, state.policy = ledger.value(f"{place}/direction"), ""
    elif number(cell.text):
        keep_policy(ledger, f"{place}/policy", cell)
        state.policy = ledger.value(f"{place}/policy")
    elif cell.column == 0 and before is not None and state.direction:
        ledger.keep(f"{place}/direction", cell.start, cell.end)
        whole = state.direction + cell.text
        ledger.note_repair(
            "page_break", "施策一覧 方向性", f"{state.direction} / {cell.text}", whole, start=cell.start, end=cell.end,
            fault="方向性の名称がページの境で分かれています。", cure="前の行につなぎました。",
        )  # fmt: skip
        state.direction = whole
    else:
        _doubt(ledger, cell)


def _themes(
    state: _State, measure: Cell, circles: list[Cell], names: list[Cell], departments: list[Cell]
) -> frozenset[tuple[int, ...]]:
    """The themes the marks may mean, by each of the row's fixed points: name, indicator, department."""
    shifts = {0, state.columns.get("施策", measure.column) - measure.column}
    shifts |= {state.columns["成果指標"] - cell.column for cell in names[:1] if "成果指標" in state.columns}
    unit_column = next((state.columns[word] for word in _HEADS[6:] if word in state.columns), None)
    if departments and unit_column is not None:
        shifts.add(unit_column - departments[0].column)
    found = set()
    for shift in shifts:
        columns = [cell.column + shift for cell in circles]
        if all(column in state.themes for column in columns):
            found.add(tuple(sorted(state.themes.index(column) for column in columns)))
    return frozenset(found)


def _add(
    index: Index,
    state: _State,
    cell: Cell,
    *,
    themes: frozenset[tuple[int, ...]],
    units: tuple[list[str], bool],
) -> None:
    found = number(cell.text)
    if found is None:
        return
    rest = cell.text[found.end :].strip(" \u3000.．、:：")
    marked = mark(rest)
    row = IndexRow(
        number=str(int(found.digits)), mark=marked.signs if marked else "",
        title=(rest[: marked.start] if marked else rest).strip(), direction=state.direction, policy=state.policy,
        themes=themes, departments=units[0], and_others=units[1], start=cell.start, end=cell.end, text=cell.text,
    )  # fmt: skip
    index.rows.append(row)


def _doubt(ledger: Ledger, cell: Cell) -> None:
    ledger.doubt(
        cell.start, cell.end, kind="unplaced", cell="施策一覧", fault="一覧のどの欄か分かりません。",
        cure="原本を見て、正しい列に書き直してください。",
    )  # fmt: skip


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings mean one department: one name contains the other but for dots and brackets."""
    left, right = key(one), key(other)
    return bool(left and right) and (left in right or right in left)
