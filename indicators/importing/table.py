"""The table of indicators (成果指標): each row's name, baseline, next update, target and statistic, as printed.

Texts stay verbatim. The unit is read off the baseline; a target whose unit does not occur there is doubted.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from indicators.importing.draft import keep_numbered
from indicators.importing.ledger import Ledger
from indicators.importing.sections import Section
from indicators.importing.source import Cell, Row
from indicators.importing.words import is_rule, numeral, squeezed

FIELDS: Final = ("direction", "name", "baseline", "next_update", "target", "statistic")
NAMES: Final = {
    "direction": "方向性", "name": "成果指標", "baseline": "現状値", "next_update": "次回数値更新", "target": "目標",
    "statistic": "出典",
}  # fmt: skip
_HEADS: Final = (
    ("direction", "方向性"), ("baseline", "現状"), ("next_update", "次回"), ("target", "目標"), ("statistic", "出典"),
    ("name", "指標"),
)  # fmt: skip
_BEFORE_UPDATE: Final = (1, 2)
"""So many columns stand before the next update: the baseline, and the name where it is written."""
_FROM_UPDATE_ON: Final = 3
_UPDATE: Final = re.compile(
    r"(?:令和|平成|[RH])?[0-9元]{1,4}年度?(?:[0-9]{1,2}月)?(?:頃|ごろ|末|中|予定)*|未定|毎年度?"
)
_UNIT: Final = re.compile(r"[0-9][0-9,.]*\s*([^\s\d()（）,.~～、。]+)")
_NO_UNIT: Final = re.compile(r"(?:以上|以下|未満|超|程度|の|を|が|へ|に).*$")


@dataclass
class TableRow:
    """One indicator. Texts lie in the ledger under `key`/field; the direction is the last one printed."""

    key: str
    direction: str
    start: int
    end: int
    unit: str = ""


@dataclass
class Table:
    """All rows, and whether the text has such a table at all."""

    rows: list[TableRow] = field(default_factory=list)
    present: bool = False


def read_table(ledger: Ledger, parts: list[Section]) -> Table:
    """Every table of indicators of a text as one."""
    table = Table()
    for part in parts:
        table.present = True
        columns = _header(ledger, part.rows[0])
        direction = ""
        for row in part.rows[1:]:
            direction = _row(ledger, table, row, columns, direction)
    return table


def _header(ledger: Ledger, row: Row) -> dict[str, int]:
    """The columns by the words of the header; what stands behind a word (a year) is kept as printed."""
    columns: dict[str, int] = {}
    for cell in row.cells:
        word = squeezed(cell.text)
        name = next((name for name, head in _HEADS if head in word and name not in columns), None)
        if name is None:
            _doubt(ledger, cell)
        else:
            columns[name] = cell.column
            ledger.keep(f"table/header/{name}", cell.start, cell.end)
    return columns


def _row(ledger: Ledger, table: Table, row: Row, columns: dict[str, int], direction: str) -> str:
    if all(is_rule(cell.text) for cell in row.cells):
        for cell in row.cells:
            ledger.form(cell.start, cell.end)
        return direction
    key = f"indicator:{len(table.rows)}"
    cells = list(row.cells)
    if numeral(cells[0].text) and cells[0].column <= columns.get("direction", 0):
        keep_numbered(ledger, f"{key}/direction", cells[0], NAMES["direction"])
        direction = ledger.value(f"{key}/direction")
        cells = cells[1:]
    placed = _placed(cells, columns)
    if placed is None or "name" not in placed:
        for cell in cells:
            _doubt(ledger, cell)
        return direction
    slipped = [name for name, cell in placed.items() if cell.column != columns.get(name, cell.column)]
    for name, cell in placed.items():
        ledger.prose(f"{key}/{name}", cell.start, cell.end, NAMES[name])
    if slipped:
        ledger.note_repair(
            "slipped_column", "・".join(NAMES[name] for name in slipped), "", "", start=row.cells[0].start,
            end=row.cells[-1].end, place=key, fault="成果指標の行の列がずれています。",
            cure="値の形から列を判断しました。原本と見比べてください。",
        )  # fmt: skip
    table.rows.append(TableRow(key, direction, row.cells[0].start, row.cells[-1].end))
    _unit(ledger, table.rows[-1])
    return direction


def _placed(cells: list[Cell], columns: dict[str, int]) -> dict[str, Cell] | None:
    """Which field each cell is: by its column where the date of the next update stands in its own, else by form."""
    by_column = {column: name for name, column in columns.items()}
    straight = {by_column[cell.column]: cell for cell in cells if cell.column in by_column}
    anchor = next((place for place, cell in enumerate(cells) if _UPDATE.fullmatch(squeezed(cell.text))), None)
    if len(straight) == len(cells) and "name" in straight and "direction" not in straight:
        update = straight.get("next_update")
        if anchor is None or (update is not None and cells[anchor] is update):
            return straight
    if anchor not in _BEFORE_UPDATE or len(cells) - anchor > _FROM_UPDATE_ON:
        return None
    found = dict(zip(("name", "baseline"), cells[:anchor], strict=False)) | {"next_update": cells[anchor]}
    behind = cells[anchor + 1 :]
    if len(behind) == 1:
        gap = behind[0].column - cells[anchor].column
        return found | {"statistic" if gap > 1 else "target": behind[0]}
    return found | dict(zip(("target", "statistic"), behind, strict=False))


def unit_of(text: str) -> str:
    """The unit behind the first number of a text: 3,603事業所 → 事業所, 1,312人の流出過多 → 人."""
    found = _UNIT.search(unicodedata.normalize("NFKC", text))
    return _NO_UNIT.sub("", found[1]) if found else ""


def _unit(ledger: Ledger, row: TableRow) -> None:
    """The unit, and a doubt where the target's is another: a word misread in one of them."""
    baseline, target = ledger.value(f"{row.key}/baseline"), ledger.value(f"{row.key}/target")
    row.unit = unit_of(baseline)
    aimed = unit_of(target.split("(")[0].split("（")[0])
    if row.unit and aimed and aimed != row.unit:
        ledger.note_doubt(
            "unit_differs", NAMES["target"], target, after=target.replace(aimed, row.unit), place=row.key,
            fault=f"目標の単位「{aimed}」が現状値の単位「{row.unit}」と違います。",
            cure="読み違いなら目標の欄を直してください。資料の文字はそのまま残しています。",
            start=row.start, end=row.end,
        )  # fmt: skip
    row.unit = row.unit or aimed
    if not target:
        ledger.note_doubt(
            "blank_target", NAMES["target"], "", place=row.key, start=row.start, end=row.end,
            fault="目標の欄が空いています。", cure="上の行の目標と共通なら、そのままでかまいません。違うときは目標を書き足してください。",
        )  # fmt: skip


def _doubt(ledger: Ledger, cell: Cell) -> None:
    ledger.doubt(
        cell.start, cell.end, kind="unplaced", cell="成果指標の表", fault="表のどの欄か分かりません。",
        cure="原本を見て、正しい列に書き直してください。",
    )  # fmt: skip
