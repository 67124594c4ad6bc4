"""The editable content of a program as plain data: its items, their words for people, and differences.

A content is {item: value}. Shapes by `Shape`: TEXT and LONG a text, CHOICE one code ("" for none), LINES a list of
texts, CODES a list of codes in the order of their enum, YEAR an int or None, ROWS a list of {column: text | int | None}.
What is not an item stays as it is whatever is published; figures and citations are revised for themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any, Final

from django.db.models import Choices

from core import fiscal_year
from core.money import format_yen
from programs.enums import Audience, AudienceScope, Kind, Offering, Theme, YearChange

Content = dict[str, Any]
MOST_ROWS: Final = 60


class Shape(Enum):
    """What a value is."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    LINES = "lines"
    CODES = "codes"
    YEAR = "year"
    ROWS = "rows"


@dataclass(frozen=True)
class Item:
    """One item: its name (that of the column it is kept in), its label, its shape.

    `choices` for CHOICE and CODES; `columns` (name, label) for ROWS; `hint` says what belongs there.
    """

    name: str
    label: str
    shape: Shape
    choices: type[Choices] | None = None
    columns: tuple[tuple[str, str], ...] = ()
    hint: str = ""


ITEMS: Final = (
    Item("title", "正式名称", Shape.TEXT),
    Item("title_kana", "読み", Shape.TEXT, hint="カタカナで。一覧の並びに使います。"),
    Item("plain_title", "わかりやすい名前", Shape.TEXT, hint="60文字まで。何の支援かが分かる言い方で。"),
    Item("aliases", "別名", Shape.LINES, hint="1行に1つ。"),
    Item("summary", "概要", Shape.LONG, hint="公開に必要です。"),
    Item("audience_text", "使える人の説明", Shape.LONG, hint="公開に必要です。だれのための制度かを、はじめに。"),
    Item("benefit_text", "受けられる支援の説明", Shape.LONG),
    Item("reach_text", "申込み・相談の説明", Shape.LONG, hint="公開に必要です。"),
    Item("kind", "支援の種類", Shape.CHOICE, Kind),
    Item("kind_label", "資料での種類", Shape.TEXT, hint="要綱などでの呼び方。例：奨励金"),
    Item("audiences", "使える人", Shape.CODES, Audience),
    Item("audience_scope", "対象の自治体", Shape.CHOICE, AudienceScope),
    Item("themes", "テーマ", Shape.CODES, Theme),
    Item("department", "所管部署", Shape.TEXT),
    Item("phone", "電話", Shape.TEXT),
    Item("hours", "受付時間", Shape.TEXT),
    Item("phones", "電話（地域別）", Shape.ROWS, columns=(("area", "地域"), ("desk", "窓口"), ("phone", "電話"))),
    Item("url", "公式ページ", Shape.TEXT, hint="http:// か https:// で始まるアドレス。"),
    Item("parent", "上位の制度", Shape.TEXT),
    Item("offering", "実施の状態", Shape.CHOICE, Offering),
    Item("first_year", "開始年度", Shape.YEAR),
    Item("last_year", "終了年度", Shape.YEAR),
    Item(
        "money", "金額と率", Shape.ROWS,
        columns=(("label", "名目"), ("text", "資料の表記"), ("value", "値"), ("unit", "単位")),
        hint="値は、円のときは整数、率のときは 2/3 のように分数で。",
    ),
    Item(
        "facts", "要点", Shape.ROWS,
        columns=(("label", "項目"), ("value", "値"), ("unit", "単位"), ("text", "資料の表記")),
    ),
    Item("eligible_expenses", "対象経費", Shape.LINES, hint="1行に1つ。"),
    Item("excluded_expenses", "対象外経費", Shape.LINES, hint="1行に1つ。"),
    Item(
        "years", "年度版", Shape.ROWS,
        columns=(("fiscal_year", "年度"), ("change", "変更"), ("note", "内容"), ("budget", "予算（円）")),
        hint="予算は、決まるまで空欄にしておきます。",
    ),
    Item("remarks", "備考", Shape.LONG),
)  # fmt: skip
ITEM: Final[Mapping[str, Item]] = {item.name: item for item in ITEMS}
PART_ITEMS: Final = frozenset({"audiences", "themes", "parent", "years"})
"""Items that are rows of their own or a relation; every other one is a column of Program."""
COLUMN_ITEMS: Final = tuple(item.name for item in ITEMS if item.name not in PART_ITEMS)
REQUIRED: Final = ("title", "summary", "audience_text", "reach_text")
"""What a reader needs before a program is put on view."""
_EMPTY: Final[Mapping[Shape, Any]] = {Shape.YEAR: None, Shape.LINES: (), Shape.CODES: (), Shape.ROWS: ()}


@dataclass(frozen=True)
class Difference:
    """One item that differs, in words for people; "" for what is empty."""

    name: str
    label: str
    before: str
    after: str

    @property
    def before_lines(self) -> list[tuple[str, bool]]:
        """Each line before, and whether it is gone or another one; of a single line it goes without saying."""
        return self._marked(self.before, {"replace", "delete"}, first=True)

    @property
    def after_lines(self) -> list[tuple[str, bool]]:
        """Each line after, and whether it is new or another one."""
        return self._marked(self.after, {"replace", "insert"}, first=False)

    def _marked(self, text: str, changing: set[str], *, first: bool) -> list[tuple[str, bool]]:
        before, after, lines = self.before.split("\n"), self.after.split("\n"), text.split("\n")
        several = max(len(before), len(after)) > 1
        marked = [(line, False) for line in lines]
        for kind, start, end, other, last in SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes():
            if several and kind in changing:
                span = (start, end) if first else (other, last)
                marked[slice(*span)] = [(line, True) for line, _ in marked[slice(*span)]]
        return marked


def empty(name: str) -> Any:
    """The value of an item that says nothing."""
    value = _EMPTY.get(ITEM[name].shape, "")
    return list(value) if isinstance(value, tuple) else value


def blank(**known: Any) -> Content:
    """A content of its own with the given items; the others are empty, a program is on offer."""
    whole = {item.name: empty(item.name) for item in ITEMS}
    return whole | {"kind": Kind.GRANT.value, "offering": Offering.ACTIVE.value} | known


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the items that differ, in order; an item one of the two does not have counts as empty."""
    return [
        item.name
        for item in ITEMS
        if before.get(item.name, empty(item.name)) != after.get(item.name, empty(item.name))
    ]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs, item by item, in words."""
    return [
        Difference(name, ITEM[name].label, words(name, before.get(name)), words(name, after.get(name)))
        for name in changed(before, after)
    ]


def words(name: str, value: Any) -> str:
    """A value for people: one line a member; "" for nothing."""
    item = ITEM[name]
    if value is None or value in ("", [], ()):
        return ""
    if item.shape in {Shape.CODES, Shape.CHOICE}:
        return "、".join(_label(item, code) for code in ([value] if isinstance(value, str) else value))
    if item.shape is Shape.ROWS:
        return "\n".join(_year_words(row) if name == "years" else _row_words(item, row) for row in value)
    if item.shape is Shape.YEAR:
        return fiscal_year.label(int(value))
    return "\n".join(map(str, value)) if item.shape is Shape.LINES else str(value)


def sorted_years(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Year versions in the form they are kept in: the newest first."""
    kept = [
        {
            "fiscal_year": row["fiscal_year"],
            "change": row["change"],
            "note": row["note"],
            "budget": row["budget"],
        }
        for row in rows
    ]
    return sorted(kept, key=lambda row: -int(row["fiscal_year"]))


def in_order(name: str, codes: Iterable[str]) -> list[str]:
    """Known codes of an item once, in the order of its enum."""
    wanted, choices = set(codes), ITEM[name].choices
    return [str(code) for code in (choices.values if choices else ()) if code in wanted]


def texts(value: Any) -> Iterable[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for part in value.values() for text in texts(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in texts(part))


def _label(item: Item, code: Any) -> str:
    known: Sequence[tuple[Any, Any]] = item.choices.choices if item.choices else ()
    return next((str(label) for value, label in known if value == code), str(code))


def _row_words(item: Item, row: Mapping[str, Any]) -> str:
    shown = dict(row)
    if isinstance(shown.get("value"), int) and shown.get("unit") == "円":
        shown |= {"value": format_yen(shown["value"]), "unit": ""}
    told = [str(shown[name]) for name, _ in item.columns if shown.get(name) not in (None, "")]
    return "　".join(dict.fromkeys(told))


def _year_words(row: Mapping[str, Any]) -> str:
    budget = row.get("budget")
    money = "予算は未記入" if budget is None else f"予算 {format_yen(int(budget))}"
    change = _label(Item("change", "", Shape.CHOICE, YearChange), row.get("change")) or "変更の記載なし"
    return "　".join(
        filter(None, [fiscal_year.label(int(row["fiscal_year"])), change, row.get("note"), money])
    )
