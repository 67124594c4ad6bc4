"""Items of a part's content: what each is, how it reads in words, and what differs between two contents.

A content is {item: value}. Values by `Type`: LINE, TEXT, CODE, SLUG and OUTLINE a text, CHOICE one code ("" for none),
WHOLE, YEN and YEAR an int or None, MOMENT and DAY an ISO text or "", RATE a text such as "2/3" or "", DECIMAL a
decimal in text or "", FLAG a truth, LINES a list of texts, NUMBERS of int, CODES a list of codes, ROWS a list of {column: value}.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final

from core import clock, fiscal_year
from core.exceptions import Fault
from core.money import format_yen
from core.text import unstorable
from core.wareki import long_date
from programs.content import Difference, texts

Content = dict[str, Any]
Choices = Sequence[tuple[str, str]]
MOST_ROWS: Final = 80


class Type(Enum):
    """What a value is."""

    LINE = "line"
    TEXT = "text"
    CODE = "code"
    SLUG = "slug"
    OUTLINE = "outline"
    CHOICE = "choice"
    WHOLE = "whole"
    YEN = "yen"
    YEAR = "year"
    MOMENT = "moment"
    DAY = "day"
    RATE = "rate"
    DECIMAL = "decimal"
    NUMBERS = "numbers"
    FLAG = "flag"
    LINES = "lines"
    CODES = "codes"
    ROWS = "rows"


@dataclass(frozen=True)
class Item:
    """One item or column. `limit` is the most signs, `least` the least number; a CODE is kept but not shown.

    `required` is judged when a check is asked for, not when a draft is saved. `choices` for CHOICE and CODES; `names` is
    the ROWS item of the same content whose `code` it holds, read as that row's `label`; with `is_number` it is told only
    where it is one.
    """

    name: str
    label: str
    type: Type = Type.LINE
    choices: Choices = ()
    columns: "tuple[Item, ...]" = ()
    hint: str = ""
    limit: int = 200
    least: int = 0
    required: bool = False
    names: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Group:
    """A section of the form: its anchor, heading, what it is about, and its items."""

    anchor: str
    title: str
    items: tuple[Item, ...]
    hint: str = ""


_LISTS: Final = frozenset({Type.LINES, Type.CODES, Type.ROWS, Type.NUMBERS})
_NUMBERS: Final = frozenset({Type.WHOLE, Type.YEN, Type.YEAR})


def items_of(groups: Iterable[Group]) -> dict[str, Item]:
    """Every item by its name, in order."""
    return {item.name: item for group in groups for item in group.items}


def nothing(item: Item) -> Any:
    """The value of an item that says nothing."""
    if item.type in _LISTS:
        return []
    if item.type is Type.FLAG:
        return False
    return None if item.type in _NUMBERS else ""


def blank(items: Mapping[str, Item], **known: Any) -> Content:
    """A content with the given items; the others say nothing."""
    return {name: nothing(item) for name, item in items.items()} | known


def changed(items: Mapping[str, Item], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the items that differ, in order; an item one of the two does not have says nothing."""
    return [
        name
        for name, item in items.items()
        if before.get(name, nothing(item)) != after.get(name, nothing(item))
    ]


def differences(
    items: Mapping[str, Item], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """What differs, item by item, in words."""
    return [
        Difference(
            name,
            items[name].label,
            words(items[name], before.get(name), before),
            words(items[name], after.get(name), after),
        )
        for name in changed(items, before, after)
    ]


def words(item: Item, value: Any, content: Mapping[str, Any]) -> str:
    """A value of a content for people: one line a row; "" for nothing."""
    if item.type is Type.FLAG:
        return "はい" if value else "いいえ"
    if value is None or value in ("", [], ()):
        return ""
    if item.type is Type.ROWS:
        return "\n".join(row_words(item, row, content) for row in value)
    if item.names:
        return next((str(row["label"]) for row in content.get(item.names) or [] if row["code"] == value), "")
    say = _WORDS.get(item.type)
    return say(item, value) if say else str(value)


def moment_text(moment: datetime) -> str:
    """An instant as contents keep it."""
    return moment.astimezone(UTC).isoformat()


def _moment_words(_item: Item, value: Any) -> str:
    moment = clock.local(datetime.fromisoformat(value))
    return f"{long_date(moment.date())}{moment:%H:%M}"


_WORDS: Final[Mapping[Type, Callable[[Item, Any], str]]] = {
    Type.CHOICE: lambda item, value: dict(item.choices).get(value, str(value)),
    Type.CODES: lambda item, value: "、".join(dict(item.choices).get(code, str(code)) for code in value),
    Type.YEN: lambda _, value: format_yen(int(value)),
    Type.YEAR: lambda _, value: fiscal_year.label(int(value)),
    Type.MOMENT: _moment_words,
    Type.DAY: lambda _, value: long_date(date.fromisoformat(value)),
    Type.NUMBERS: lambda _, value: "・".join(map(str, value)),
    Type.LINES: lambda _, value: "\n".join(map(str, value)),
}


def row_words(item: Item, row: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """One row in one line, but an outline in its own; what is not shown and what says nothing is left out."""
    told = []
    for column in item.columns:
        value = row.get(column.name)
        if column.type is Type.CODE or value in (None, "", [], False):
            continue
        if column.is_number and not str(value).isdigit():
            continue  # the name beside it says what it is
        if column.type is Type.FLAG:
            told.append(column.label)
        elif column.type is Type.OUTLINE:
            told.append("\n" + "\n".join(map(_indented, str(value).splitlines())))
        elif column.type is Type.LINES:
            told.append(" / ".join(map(str, value)))
        elif column.type is Type.NUMBERS:
            told.append(f"{column.label} {words(column, value, content)}")
        else:
            told.append(words(column, value, content).replace("\n", " "))
    return "　".join(filter(None, told)).replace("　\n", "\n").lstrip("\n")


def _indented(line: str) -> str:
    """Its depth in signs that a page does not swallow."""
    text = line.lstrip(" ")
    return "　" * ((len(line) - len(text)) // 2) + text


def missing(items: Mapping[str, Item], content: Mapping[str, Any]) -> list[Fault]:
    """What has to be there before somebody checks it, field by field; rows by `<item>_<row>_<column>`."""
    faults = []
    for name, item in items.items():
        if item.required and content.get(name) in (None, "", []):
            faults.append(Fault(name, f"{item.label}が空です。", "入力してください。"))
        for number, row in enumerate(content.get(name) or [] if item.type is Type.ROWS else []):
            faults += [
                Fault(
                    f"{name}_{number}_{column.name}", f"{item.label}の{number + 1}行目の{column.label}が空です。",
                    "入力するか、行を消してください。",
                )
                for column in item.columns
                if column.required and row.get(column.name) in (None, "", [])
            ]  # fmt: skip
    return faults


def unstorables(items: Mapping[str, Item], content: Mapping[str, Any]) -> list[Fault]:
    """Signs that no database keeps, by item."""
    return [
        Fault(name, f"{item.label}：{fault}")
        for name, item in items.items()
        for text in texts(content.get(name))
        if (fault := unstorable(text))
    ]
