"""A sheet while it is read, and the ways in which its cells' texts go into the ledger."""

from dataclasses import dataclass, field

from indicators.importing.ledger import Ledger
from indicators.importing.source import Cell
from indicators.importing.words import number, numeral


@dataclass
class Draft:
    """A sheet as far as it can be read alone. Texts lie in the ledger under `key`."""

    key: str
    first: int
    last: int
    seen: set[str] = field(default_factory=set)
    number: str = ""
    printed: str = ""
    mark: str = ""
    themes: list[Cell] = field(default_factory=list)
    circles: list[Cell] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    width: int = 0
    title_column: int = 1
    departments: list[str] = field(default_factory=list)
    and_others: bool = False
    years: dict[int, dict[str, str]] = field(default_factory=dict)
    hints: dict[tuple[str, int], str] = field(default_factory=dict)
    previous: tuple[str, str] | None = None


def keep_numbered(ledger: Ledger, key: str, cell: Cell, name: str) -> None:
    """A direction: its numeral in the form's own signs, its name as it stands."""
    found = numeral(cell.text)
    printed = cell.text[: found.end] if found else ""
    if found is None or printed == found.sign:
        ledger.keep(key, cell.start, cell.end)
        return
    ledger.repair(
        key, cell.start, cell.start + found.end, found.sign, kind="numeral", cell=name,
        fault="方向性の番号が別の文字で書かれています。", cure="同じ番号として、様式の字にそろえました。",
    )  # fmt: skip
    ledger.keep(key, cell.start + found.end, cell.end)


def keep_policy(ledger: Ledger, key: str, cell: Cell) -> None:
    """A policy: its number in ASCII digits, its name as it stands."""
    found = number(cell.text)
    printed = cell.text[: found.end] if found else ""
    if found is None or found.digits == printed:
        ledger.keep(key, cell.start, cell.end)
        return
    ledger.repair(
        key, cell.start, cell.start + found.end, found.digits, kind="digits", cell="基本方針",
        fault="番号が全角か、数字に似た文字で書かれています。",
    )  # fmt: skip
    ledger.keep(key, cell.start + found.end, cell.end)


def read_departments(ledger: Ledger, key: str, cells: list[Cell]) -> tuple[list[str], bool]:
    """The names of departments in some cells, and whether 「など」 follows them."""
    names: list[str] = []
    others = False
    for cell in cells:
        ledger.keep(key, cell.start, cell.end)
        for token in cell.text.replace("、", " ").replace("，", " ").split():
            name = token
            if name.endswith(("など", "ほか")):
                others, name = True, name[:-2]
            if names and name and (name[0] in "（(" or name == "担当"):
                names[-1] += name
            elif name:
                names.append(name)
    return list(dict.fromkeys(names)), others


def take_prose(ledger: Ledger, draft: Draft, key: str, cells: list[Cell], name: str) -> None:
    """A cell's text, also where it slipped to another column or was spread over several."""
    draft.previous = (key, name)
    if not cells:
        return
    if len(cells) > 1:
        ledger.note_repair(
            "split_cell", name, "\t".join(cell.text for cell in cells), "\n".join(cell.text for cell in cells),
            fault="1つの欄の文が複数の列に分かれています。", cure="列の順につなぎました。原本と見比べてください。",
            start=cells[0].start, end=cells[-1].end, place=draft.key,
        )  # fmt: skip
    elif cells[0].column > 1:
        ledger.note_repair(
            "slipped_column", name, cells[0].text, cells[0].text, start=cells[0].start, end=cells[0].end,
            fault=f"本文が{cells[0].column + 1}列目にずれています。", place=draft.key,
            cure="見出しの行の本文として読みました。原本と見比べてください。",
        )  # fmt: skip
    for place, cell in enumerate(cells):
        if place:
            joined(ledger, key, cells[place - 1].end, cell.start, name)
        ledger.prose(key, cell.start, cell.end, name)


def joined(ledger: Ledger, key: str, start: int, end: int, name: str) -> None:
    """A line break for what separated two parts of one cell in the source."""
    ledger.repair(
        key, start, end, "\n", kind="joined", cell=name, fault="1つの欄の文が分かれています。",
        cure="改行でつなぎました。原本と見比べてください。",
    )  # fmt: skip


def doubt_cell(ledger: Ledger, draft: Draft, cell: Cell, near: str) -> None:
    ledger.doubt(
        cell.start, cell.end, kind="unplaced", cell=near, place=draft.key,
        fault="どの欄の文か分かりません。", cure="原本を見て、正しい見出しの行に書き直してください。",
    )  # fmt: skip


def doubt_row(ledger: Ledger, draft: Draft, cells: list[Cell], name: str) -> None:
    """A row that the sheet has already. An empty one says nothing; a filled one is doubted."""
    draft.previous = None
    for cell in cells:
        ledger.doubt(
            cell.start, cell.end, kind="repeated_row", cell=name, place=draft.key,
            fault="同じ見出しの行が2つあります。", cure="どちらが正しいかを原本で確かめ、1つにしてください。",
        )  # fmt: skip
    if not cells:
        ledger.note_doubt(
            "repeated_row", name, "", fault="同じ見出しの行が2つあります。",
            cure="どちらが正しいかを原本で確かめ、1つにしてください。", place=draft.key, start=draft.first,
        )  # fmt: skip
