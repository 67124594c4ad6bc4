"""The form of a call's or a rule's content. Rows are added, moved and removed by buttons that post; no script is needed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from core.exceptions import DomainError
from core.form_fields import DomainForm
from programs.forms.reading import read, shown
from programs.parts.call import TITLE_QUESTION
from programs.parts.spec import MOST_ROWS, Choices, Content, Group, Item, Type, items_of

_SILENT: Final = frozenset({Type.CODE, Type.FLAG, Type.CHOICE})
"""Columns that do not make a row: one with nothing else in it goes."""
_OF_ROW: Final = re.compile(r"(?P<item>[a-z_]+)_(?P<row>[0-9]{1,3})_(?P<column>[a-z_]+)", re.ASCII)
_MOVE: Final = re.compile(r"(?P<act>add|remove|up|down):(?P<item>[a-z_]{1,40})(?::(?P<row>[0-9]{1,3}))?", re.ASCII)  # fmt: skip


@dataclass(frozen=True)
class RowBoxes:
    """One row: its number, its boxes that are seen, and those that are not."""

    number: int
    seen: list[forms.BoundField]
    hidden: list[forms.BoundField]
    first: bool
    last: bool


@dataclass(frozen=True)
class Box:
    """A part of a section: one box, or rows of them."""

    item: Item
    field: forms.BoundField | None
    rows: list[RowBoxes]
    full: bool = False


class PartForm(DomainForm):
    """A content item by item; `content()` is what a valid form says, items it does not know stay as they were.

    `fixed` names items that may no longer change; `choices` those of an item or of "item.column" that depend on what
    there is. With `move`, what a button of a row sent, the rows are rearranged and nothing is checked or kept.
    """

    edits = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, data: Any, *, groups: Sequence[Group], before: Mapping[str, Any], edits: int,
        fixed: frozenset[str] = frozenset(), choices: Mapping[str, Choices] | None = None,
    ) -> None:  # fmt: skip
        self.parts, self.items, self.before, self.fixed = groups, items_of(groups), before, fixed
        move = _MOVE.fullmatch(str(data.get("row", ""))) if data is not None else None
        self.moved = move is not None and self.items.get(move["item"], Item("", "")).type is Type.ROWS
        typed = _typed(self.items, data) if data is not None else {}
        if move is not None and self.moved:
            _rearrange(typed[move["item"]], self.items[move["item"]], move["act"], int(move["row"] or 0))
        super().__init__(
            None if self.moved else data, initial={"edits": data.get("edits") if self.moved else edits}
        )
        self.rows = {
            name: typed[name] if data is not None else _shown_rows(item, before.get(name) or [])
            for name, item in self.items.items()
            if item.type is Type.ROWS
        }
        self.choices = dict(choices or {}) | self._own_choices()
        self._add_boxes(typed if self.moved else None)

    @property
    def groups(self) -> Iterator[tuple[Group, list[Box]]]:
        """The sections in order, each with its boxes."""
        for group in self.parts:
            yield group, [self._box(item) for item in group.items]

    def clean(self) -> dict[str, Any]:
        """Every box is read where it stands, so that a fault is shown beside it."""
        data = super().clean() or {}
        self.said: dict[str, Any] = {}
        self.kept: dict[str, list[int]] = {}
        for name, item in self.items.items():
            if name in self.fixed:
                continue
            if item.type is Type.ROWS:
                self.said[name] = self._read_rows(item)
            else:
                self.said[name] = self._read(item, name)
        return data

    def content(self) -> Content:
        """What the form says."""
        return dict(self.before) | self.said

    def refuse(self, error: DomainError) -> None:
        """Put faults beside their boxes; a row's number counts the rows that are kept."""
        for fault in error.faults:
            found = _OF_ROW.fullmatch(fault.field)
            field = fault.field
            if found and found["item"] in self.kept and int(found["row"]) < len(self.kept[found["item"]]):
                row = self.kept[found["item"]][int(found["row"])]
                field = f"{found['item']}_{row}_{found['column']}"
            self.add_error(field if field in self.fields else None, str(fault))

    def _own_choices(self) -> dict[str, Choices]:
        """Sections as they stand in the form, for the questions that belong to them."""
        sections = [(str(row.get("code") or ""), str(row.get("label") or "")) for row in self.rows.get("sections", [])]  # fmt: skip
        return {"questions.section": [(code, label or code) for code, label in sections if code]}

    def _add_boxes(self, typed: Mapping[str, Any] | None) -> None:
        for name, item in self.items.items():
            if item.type is Type.ROWS:
                for number, row in enumerate(self.rows[name]):
                    for column in item.columns:
                        field = f"{name}_{number}_{column.name}"
                        label = f"{column.label}（{number + 1}）"
                        self.fields[field] = self._field(column, label, f"{name}.{column.name}")
                        self.initial[field] = row.get(column.name)
            else:
                self.fields[name] = self._field(item, item.label, name)
                self.initial[name] = typed[name] if typed is not None else shown(item, self.before.get(name))
            if name in self.fixed and name in self.fields:
                self.fields[name].disabled = True
                self.initial[name] = shown(item, self.before.get(name))

    def _field(self, item: Item, label: str, where: str) -> forms.Field:
        options: dict[str, Any] = {"label": label, "required": False, "help_text": item.hint}
        choices = list(self.choices.get(where, item.choices))
        match item.type:
            case Type.FLAG:
                return forms.BooleanField(**options)
            case Type.CHOICE:
                return forms.ChoiceField(choices=[("", "選んでください" if item.required else "なし"), *choices], **options)  # fmt: skip
            case Type.CODES:
                return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)  # fmt: skip
            case Type.CODE:
                return forms.CharField(max_length=40, widget=forms.HiddenInput, **options)
            case Type.TEXT | Type.LINES | Type.OUTLINE:
                rows = {"rows": 14, "wrap": "off"} if item.type is Type.OUTLINE else {"rows": 3}
                limit = 20_000 if item.type is Type.OUTLINE else max(item.limit, 500)
                return forms.CharField(max_length=limit, strip=False, widget=forms.Textarea(attrs=rows), **options)  # fmt: skip
        short = item.type in {Type.WHOLE, Type.YEAR, Type.RATE, Type.YEN, Type.MOMENT, Type.DAY}
        box = forms.TextInput(attrs={"class": "in--mid"}) if short else forms.TextInput()
        return forms.CharField(max_length=40 if short else item.limit, widget=box, **options)

    def _box(self, item: Item) -> Box:
        if item.type is not Type.ROWS:
            return Box(item, self[item.name], [])
        last = len(self.rows[item.name]) - 1
        rows = []
        for number in range(last + 1):
            boxes = [(column, self[f"{item.name}_{number}_{column.name}"]) for column in item.columns]
            rows.append(
                RowBoxes(
                    number, [box for column, box in boxes if column.type is not Type.CODE],
                    [box for column, box in boxes if column.type is Type.CODE], number == 0, number == last,
                )
            )  # fmt: skip
        return Box(item, None, rows, full=last + 1 >= MOST_ROWS)

    def _read(self, item: Item, field: str) -> Any:
        try:
            return read(item, self.cleaned_data.get(field))
        except ValueError as error:
            if field not in self.errors:
                self.add_error(field, str(error))
            return None

    def _read_rows(self, item: Item) -> list[dict[str, Any]]:
        """Rows with something in them; what a row had that the form does not show stays with it."""
        key = item.columns[0].name
        named = item.columns[0].type in {Type.CODE, Type.SLUG}
        known = {row.get(key): row for row in self.before.get(item.name) or []} if named else {}
        found: list[dict[str, Any]] = []
        self.kept[item.name] = []
        for number, typed in enumerate(self.rows[item.name]):
            if not any(typed.get(column.name) for column in item.columns if column.type not in _SILENT):
                continue
            row = {
                column.name: self._read(column, f"{item.name}_{number}_{column.name}")
                for column in item.columns
            }
            if item.columns[0].type is Type.CODE and not row[key]:
                row[key] = _free_code(item, [*known, *(each[key] for each in found)])
            found.append((dict(known.get(row[key], {})) if named else {}) | row)
            self.kept[item.name].append(number)
        return found


def _typed(items: Mapping[str, Item], data: Any) -> dict[str, Any]:
    """What was sent, box by box and row by row."""
    told: dict[str, Any] = {}
    for name, item in items.items():
        if item.type is Type.ROWS:
            numbers = [int(found["row"]) for key in data if (found := _OF_ROW.fullmatch(key)) and found["item"] == name]  # fmt: skip
            count = min(max(numbers, default=-1) + 1, MOST_ROWS)
            told[name] = [
                {
                    column.name: _sent(column, data, f"{name}_{number}_{column.name}")
                    for column in item.columns
                }
                for number in range(count)
            ]
        else:
            told[name] = _sent(item, data, name)
    return told


def _sent(item: Item, data: Any, field: str) -> Any:
    if item.type is Type.CODES:
        return data.getlist(field) if hasattr(data, "getlist") else data.get(field, [])
    return field in data if item.type is Type.FLAG else data.get(field, "")


def _shown_rows(item: Item, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{column.name: shown(column, row.get(column.name)) for column in item.columns} for row in rows]


def _rearrange(rows: list[dict[str, Any]], item: Item, act: str, number: int) -> None:
    """Add a row at the end, take one out, or let it change places with its neighbour."""
    key = item.columns[0]
    if act == "add" and len(rows) < MOST_ROWS:
        codes = [row[key.name] for row in rows]
        rows.append({key.name: _free_code(item, codes)} if key.type is Type.CODE else {})
    elif act == "remove" and number < len(rows):
        del rows[number]
    elif act == "up" and 0 < number < len(rows):
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
    elif act == "down" and number < len(rows) - 1:
        rows[number + 1], rows[number] = rows[number], rows[number + 1]


def _free_code(item: Item, taken: Sequence[Any]) -> str:
    """The next code nobody has; the first question of a form is the one that names the application."""
    if item.name == "questions" and TITLE_QUESTION not in taken:
        return TITLE_QUESTION
    number = len(taken) + 1
    while f"{item.name[0]}{number}" in taken:
        number += 1
    return f"{item.name[0]}{number}"
