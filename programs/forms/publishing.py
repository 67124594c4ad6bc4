"""What a publisher fills in: a program's content item by item, and the words of each act."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from accounts.models import Organization
from core.form_fields import DomainForm, VerbatimField
from core.money import yen
from programs.content import ITEM, ITEMS, MOST_ROWS, Content, Item, Shape, blank, in_order, sorted_years
from programs.enums import YearChange
from programs.forms.reading import read_year
from programs.models import Program

_SPARE: Final = 2
_LONGEST: Final = {"title": 200, "title_kana": 300, "plain_title": 60, "kind_label": 60, "department": 200, "phone": 40,
                   "hours": 100, "url": 500}  # fmt: skip
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_GROUPS: Final = (
    ("words", "名前と説明", ("title", "title_kana", "plain_title", "aliases", "summary", "audience_text", "benefit_text",
                        "reach_text")),
    ("kinds", "種類と対象", ("kind", "kind_label", "audiences", "audience_scope", "themes")),
    ("offices", "問合せ", ("department", "phone", "hours", "phones", "url")),
    ("years-of-life", "実施", ("parent", "offering", "first_year", "last_year")),
    ("amounts", "金額と経費", ("money", "facts", "eligible_expenses", "excluded_expenses")),
    ("editions", "年度版", ("years",)),
    ("notes", "備考", ("remarks",)),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A section of the form: its anchor, heading, and parts. A part is a field or the rows of an item."""

    anchor: str
    title: str
    parts: list["forms.BoundField | Rows"]


@dataclass(frozen=True)
class Rows:
    """The rows of an item, each a list of fields."""

    item: Item
    rows: list[list[forms.BoundField]]


class ContentForm(DomainForm):
    """The content of a program. `content()` is what a valid form says; items the form does not know stay as they were.

    `edits` is the count of saves the shown content came from. Rows: those there were, and a few empty ones; a row
    without any entry goes.
    """

    edits = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, data: Any, *, before: Mapping[str, Any], edits: int, parents: Sequence[tuple[str, str]]
    ) -> None:
        self.before = blank() | dict(before)
        super().__init__(data, initial={"edits": edits})
        self.row_counts: dict[str, int] = {}
        for item in ITEMS:
            if item.shape is Shape.ROWS:
                self._add_rows(item)
            else:
                self.fields[item.name] = _field(item, parents)
                self.initial[item.name] = _shown(item, self.before[item.name])

    @property
    def groups(self) -> Iterator[Group]:
        """The sections in order."""
        for anchor, title, names in _GROUPS:
            yield Group(anchor, title, [self._part(name) for name in names])

    def clean(self) -> dict[str, Any]:
        """Years and amounts are read where they stand, so that a fault is shown beside its box."""
        data = super().clean() or {}
        for name in ("first_year", "last_year"):
            data[name] = self._year(name, data.get(name) or "", required=False)
        for row in range(self.row_counts["years"]):
            if any(
                data.get(f"years_{row}_{column}") for column in ("fiscal_year", "change", "note", "budget")
            ):
                data[f"years_{row}_fiscal_year"] = self._year(
                    f"years_{row}_fiscal_year", data.get(f"years_{row}_fiscal_year") or ""
                )
                data[f"years_{row}_budget"] = self._amount(f"years_{row}_budget")
        return data

    def content(self) -> Content:
        """What the form says."""
        return self.before | {item.name: self._value(item) for item in ITEMS}

    def _part(self, name: str) -> "forms.BoundField | Rows":
        item = ITEM[name]
        if item.shape is not Shape.ROWS:
            return self[name]
        rows = range(self.row_counts[name])
        return Rows(item, [[self[f"{name}_{row}_{column}"] for column, _ in item.columns] for row in rows])

    def _add_rows(self, item: Item) -> None:
        known = list(self.before[item.name])
        count = min(max(len(known) + _SPARE, _sent_rows(self.data, item.name)), MOST_ROWS)
        self.row_counts[item.name] = count
        for row in range(count):
            values = known[row] if row < len(known) else {}
            for column, label in item.columns:
                name = f"{item.name}_{row}_{column}"
                self.fields[name] = _row_field(column, f"{label}（{row + 1}）")
                self.initial[name] = _text(values.get(column))

    def _value(self, item: Item) -> Any:
        typed = self.cleaned_data.get(item.name)
        match item.shape:
            case Shape.ROWS:
                return sorted_years(self._year_rows()) if item.name == "years" else self._rows(item)
            case Shape.LINES:
                return [" ".join(line.split()) for line in str(typed or "").splitlines() if line.strip()]
            case Shape.CODES:
                return in_order(item.name, typed or [])
            case Shape.LONG:
                return str(typed or "").strip()
        return typed if item.shape is Shape.YEAR else " ".join(str(typed or "").split())

    def _rows(self, item: Item) -> list[dict[str, Any]]:
        """Filled rows; one that reads as before keeps its values exactly as they were."""
        known, found = list(self.before[item.name]), []
        for row in range(self.row_counts[item.name]):
            typed = {
                column: str(self.cleaned_data.get(f"{item.name}_{row}_{column}") or "").strip()
                for column, _ in item.columns
            }
            if not any(typed.values()):
                continue
            old = known[row] if row < len(known) else {}
            if old and all(_text(old.get(column)).strip() == text for column, text in typed.items()):
                found.append(dict(old))
            else:
                found.append(old | typed | ({"value": _number(typed["value"])} if "value" in typed else {}))
        return found

    def _year_rows(self) -> Iterator[dict[str, Any]]:
        for row in range(self.row_counts["years"]):
            data = {
                column: self.cleaned_data.get(f"years_{row}_{column}")
                for column in ("fiscal_year", "change", "note", "budget")
            }
            if data["fiscal_year"] is not None and any(value not in (None, "") for value in data.values()):
                budget = data["budget"]
                yield data | {
                    "change": data["change"] or "", "note": str(data["note"] or "").strip(),
                    "budget": budget if isinstance(budget, int) else None,
                }  # fmt: skip

    def _year(self, name: str, typed: str, *, required: bool = True) -> int | None:
        if not str(typed).strip() and not required:
            return None
        try:
            return read_year(str(typed))
        except ValueError as error:
            if name not in self.errors:
                self.add_error(name, str(error))
            return None

    def _amount(self, name: str) -> int | None:
        typed = str(self.cleaned_data.get(name) or "").strip()
        if not typed:
            return None
        try:
            amount = yen(typed)
        except ValueError as error:
            self.add_error(name, str(error))
            return None
        if amount < 0:
            self.add_error(name, "予算は0円以上にしてください。")
        return amount


class NewProgramForm(ContentForm):
    """A program of its own: the body it belongs to, and its content."""

    owner = forms.ChoiceField(label="所管する団体")

    def __init__(self, data: Any, *, owners: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(data, edits=0, **kwargs)
        self.fields["owner"].choices = [(body.code, body.name) for body in owners]  # type: ignore[attr-defined]


class ReasonForm(DomainForm):
    """Why something is taken off view or given back."""

    reason = forms.CharField(
        label="理由", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="400文字まで。記録に残ります。",
    )  # fmt: skip


class DuplicateForm(DomainForm):
    """What is decided about two programs that look the same."""

    choice = forms.ChoiceField(label="判断", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="400文字まで。記録に残ります。",
    )  # fmt: skip

    def __init__(self, data: Any, *, one: Program, other: Program) -> None:
        super().__init__(data)
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            ("apart", "重複ではない"),
            ("again", "「重複ではない」という判断を取り消す"),
            (one.slug, f"「{one.title}」（{one.owner.name}）を残し、もう一方はそこへ案内する"),
            (other.slug, f"「{other.title}」（{other.owner.name}）を残し、もう一方はそこへ案内する"),
        ]


class PublishForm(DomainForm):
    """Putting on view what was read (`seen`, a mark); who drafted it last says why nobody else can."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    single_person_reason = forms.CharField(
        label="少人数特例の理由", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="最後に下書きしたのがご自分で、ほかに制度編集者がいないときだけ書きます。記録に残ります。",
    )  # fmt: skip


class SureForm(DomainForm):
    """An act that asks nothing more."""


def _field(item: Item, parents: Sequence[tuple[str, str]]) -> forms.Field:
    options: dict[str, Any] = {"label": item.label, "required": item.name in {"title", "kind", "offering"}}
    options["help_text"] = item.hint
    if item.name == "parent":
        return forms.ChoiceField(
            choices=[("", "なし"), *parents], **options | {"help_text": "内訳の制度のときだけ選びます。"}
        )
    if item.shape in {Shape.LONG, Shape.LINES}:
        area = forms.Textarea(attrs={"rows": 4 if item.shape is Shape.LONG else 3})
        return VerbatimField(widget=area, max_length=5000, **options)
    if item.shape in {Shape.CHOICE, Shape.CODES}:
        known = list(item.choices.choices) if item.choices else []
        if item.shape is Shape.CODES:
            return forms.MultipleChoiceField(choices=known, widget=forms.CheckboxSelectMultiple, **options)
        return forms.ChoiceField(
            choices=known if options["required"] else [("", "記載なし"), *known], **options
        )
    if item.shape is Shape.YEAR:
        box = forms.TextInput(attrs={"class": "in--short", "inputmode": "numeric"})
        return forms.CharField(max_length=10, widget=box, **options | {"help_text": "例：2027、R9"})
    return forms.CharField(max_length=_LONGEST.get(item.name, 200), **options)


def _row_field(column: str, label: str) -> forms.Field:
    if column == "change":
        return forms.ChoiceField(
            label=label, required=False, choices=[("", "記載なし"), *YearChange.choices],
            widget=forms.Select(attrs={"class": "in--mid"}),
        )  # fmt: skip
    if column == "note":
        return forms.CharField(
            label=label, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
        )
    return forms.CharField(label=label, required=False, max_length=300)


def _shown(item: Item, value: Any) -> Any:
    if item.shape is Shape.LINES:
        return "\n".join(map(str, value))
    return value if item.shape is Shape.CODES else _text(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _number(typed: str) -> int | str:
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").removesuffix("円")
    return int(plain) if _WHOLE.fullmatch(plain) else typed


def _sent_rows(data: Any, name: str) -> int:
    """How many rows of an item a request carries."""
    numbers = [
        int(found[1]) + 1
        for key in (data or {})
        if (found := re.fullmatch(rf"{name}_([0-9]{{1,3}})_[a-z_]+", key))
    ]
    return max(numbers, default=0)
