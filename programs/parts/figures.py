"""数値と出典: what a program brought (figures, events), its printed budgets, and where its text comes from.

Values are exact decimals in text, amounts yen, `lines` line numbers of the source. `id` names the row there is ("" for
a new one, given when it is published).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from programs.parts.spec import Content, Group, Item, Type, blank, items_of

_ID: Final = Item("id", "記号", Type.CODE)
_SOURCE: Final = Item("source", "出典", Type.CHOICE)
_LINES: Final = Item("lines", "資料の行", Type.NUMBERS, limit=200, hint="例：5～7・13")
_YEAR: Final = Item("fiscal_year", "年度", Type.YEAR)
GROUPS: Final = (
    Group(
        "outcomes", "実績と予算",
        (
            Item(
                "outcomes", "実績の数値", Type.ROWS,
                columns=(
                    _ID, Item("label", "項目", required=True), _YEAR, Item("period_text", "期間の表記", limit=120),
                    Item("value", "値", Type.DECIMAL, required=True), Item("unit", "単位", limit=40),
                    Item("approximate", "おおよその値", Type.FLAG), Item("as_written", "資料の表記"),
                    Item("note", "注記", Type.TEXT, limit=1000), _SOURCE, _LINES,
                ),
            ),
            Item(
                "milestones", "出来事", Type.ROWS,
                columns=(
                    _ID, Item("text", "内容", Type.TEXT, limit=2000, required=True), _YEAR,
                    Item("period_text", "時期の表記", limit=120), _SOURCE, _LINES,
                ),
            ),
            Item(
                "budgets", "資料にある予算", Type.ROWS,
                columns=(
                    _ID, Item("label", "名目", limit=120, required=True), _YEAR, Item("amount", "金額（円）", Type.YEN, required=True),
                    Item("as_printed", "資料の表記", limit=120), _SOURCE, _LINES,
                ),
            ),
        ),
    ),
    Group(
        "sources", "制度の説明の出典",
        (
            Item(
                "citations", "出典", Type.ROWS,
                columns=(Item("source", "出典", Type.CHOICE, required=True), _LINES, Item("note", "注記")),
            ),
        ),
    ),
)  # fmt: skip
ITEMS: Final = items_of(GROUPS)
TABLES: Final = {
    "outcomes": ("label", "fiscal_year", "period_text", "value", "unit", "approximate", "as_written", "note"),
    "milestones": ("text", "fiscal_year", "period_text"),
    "budgets": ("label", "fiscal_year", "amount", "as_printed"),
}
"""The columns of each table's rows that a publisher edits; its citations stand beside them."""
_RANGE: Final = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", re.ASCII)
_MOST_LINES: Final = 2000


def fresh() -> Content:
    """No figures and no sources."""
    return blank(ITEMS)


def row_of(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored row as the content has it; further citations than the first stay with it unseen."""
    first, *more = row["citations"] or [{}]
    said = {column: row[column] for column in TABLES[name]}
    if isinstance(said.get("value"), Decimal):
        said["value"] = plain(said["value"])
    said |= {
        "id": f"r{row['id']}",
        "source": first.get("source", ""),
        "lines": list(first.get("lines") or []),
    }
    hidden = {"cited_note": first.get("note", "")} | ({"more": more} if more else {})
    return said | hidden


def citations_of(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The citations of a row of a content."""
    if not row["source"]:
        return list(row.get("more", []))
    first = {"source": row["source"], "lines": row["lines"], "note": row.get("cited_note", "")}
    return [first, *row.get("more", [])]


def plain(value: Decimal) -> str:
    """1500.0000 → 1500, 0.2500 → 0.25."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def numbers_of(typed: str) -> list[int]:
    """5～7・13 → [5, 6, 7, 13]. Raises ValueError with fault and cure."""
    found: set[int] = set()
    for part in re.split(
        r"[・、,\s]+", re.sub(r"[～〜~–]", "-", unicodedata.normalize("NFKC", typed)).strip()
    ):
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last or last - first > _MOST_LINES:
            raise ValueError(
                f"「{part[:20]}」を行の番号として読めません。5～7・13 のように入力してください。"
            )
        found |= set(range(first, last + 1))
    return sorted(found)


def spelled_numbers(numbers: Iterable[int]) -> str:
    """[5, 6, 7, 13] → 5～7・13."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "・".join(str(run[0]) if len(run) == 1 else f"{run[0]}～{run[-1]}" for run in runs)


def twice(content: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    """Rows that say what an earlier one says: (item, number of the row)."""
    keys = {
        "outcomes": ("label", "fiscal_year", "period_text", "as_written"),
        "milestones": ("text", "period_text", "fiscal_year"),
        "budgets": ("fiscal_year", "label", "as_printed"),
    }
    found = []
    for name, columns in keys.items():
        seen: set[tuple[Any, ...]] = set()
        for number, row in enumerate(content[name]):
            key = tuple(row[column] for column in columns)
            if key in seen:
                found.append((name, number))
            seen.add(key)
    return found
