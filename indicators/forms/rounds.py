"""Forms of the steps of a round and of the single acts on a sheet."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from accounts.models import Department, User
from core.exceptions import DomainError
from core.fiscal_year import label as year_label
from core.form_fields import DomainForm, MomentField, VerbatimField
from indicators.enums import CellName, RoundKind
from indicators.rules import sheets
from indicators.rules.sheets import Activity, Key

_LONGEST: Final = 1000


class PlanRoundForm(DomainForm):
    """A round to prepare: which year, which kind, which cells, until when."""

    fiscal_year = forms.IntegerField(
        label="年度（西暦）", min_value=2019, max_value=2100, help_text="令和8年度は2026です。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in--short r"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label="区分", choices=RoundKind.choices, widget=forms.RadioSelect)
    cells = forms.MultipleChoiceField(
        label="記入する欄", widget=forms.CheckboxSelectMultiple,
        help_text="期首は、前の年度をふりかえり、この年度の計画を書くのが普通です。",
    )  # fmt: skip
    due_at = MomentField(label="回答の期限")
    note = VerbatimField(
        label="担当課への説明", required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text="記入の画面の上に出ます。",
    )  # fmt: skip

    def __init__(self, *args: Any, fiscal_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiscal_year"].initial = fiscal_year
        years = (fiscal_year - 1, fiscal_year)
        choices = [
            (f"{offset}/{cell.value}", f"{word}（{year_label(year)}）　{cell.label}")
            for offset, word, year in (("-1", "前の年度", years[0]), ("0", "この年度", years[1]))
            for cell in CellName
        ]
        self.fields["cells"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("cells", ["-1/result", "-1/issues", "0/content", "0/goal"])
        self.initial.setdefault("kind", RoundKind.START.value)

    def open_cells(self) -> dict[str, list[str]]:
        """{"2025": ["result", …], …} of a valid form; the years are counted from the one typed."""
        found: dict[str, list[str]] = {}
        for text in self.cleaned_data["cells"]:
            offset, _, cell = text.partition("/")
            found.setdefault(str(self.cleaned_data["fiscal_year"] + int(offset)), []).append(cell)
        return found

    def refuse(self, error: DomainError) -> None:
        """The fault of the cells stands at their boxes."""
        for fault in error.faults:
            name = {"open_cells": "cells"}.get(fault.field, fault.field)
            self.add_error(name if name in self.fields else None, str(fault))


class PlainForm(DomainForm):
    """An act that asks for nothing but the version the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def arguments(self) -> dict[str, Any]:
        """What the action takes besides the sheet and the person."""
        return {"expected_version": self.cleaned_data.get("version")}


class ReasonForm(PlainForm):
    """An act with a reason that goes on record."""

    reason = VerbatimField(
        label="理由", max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="記録に残り、相手の課に見えます。",
    )  # fmt: skip

    def __init__(self, *args: Any, optional: bool = False, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not optional
        if label:
            self.fields["reason"].help_text = label

    def arguments(self) -> dict[str, Any]:
        """With the reason."""
        return {**super().arguments(), "reason": self.cleaned_data["reason"]}


class DepartmentForm(ReasonForm):
    """Whose sheet it is."""

    field_order = ["department", "reason"]
    department = forms.ModelChoiceField(
        label="担当課", queryset=Department.objects.none(), empty_label="えらんでください"
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, optional=True, label="同じ課に戻すときは、理由が必要です。", **kwargs)
        self.fields["department"].queryset = units  # type: ignore[attr-defined]
        self.fields["department"].label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """With the department's number."""
        return {**super().arguments(), "department_id": self.cleaned_data["department"].pk}


class HandOverForm(PlainForm):
    """A colleague of the same department."""

    user = forms.ModelChoiceField(
        label="引き継ぐ人", queryset=User.objects.none(), empty_label="えらんでください",
        help_text="同じ課の担当か承認者。引き継いだことが相手に知らされます。",
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The colleague's number."""
        return {"user_id": self.cleaned_data["user"].pk}


class ReturnForm(PlainForm):
    """Cells to give back: a reason beside each, and the new due instant."""

    due_at = MomentField(label="直す期限")

    def __init__(
        self, *args: Any, keys: Sequence[Key], activities: Sequence[Activity], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"r-{year}-{name}": (year, name) for year, name in keys}
        for field, (year, name) in self.keys.items():
            self.fields[field] = VerbatimField(
                label=f"{year_label(year)}　{sheets.label_of(name, activities)}", required=False, max_length=_LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}), help_text="差し戻すときだけ、何を直すかを書きます。",
            )  # fmt: skip
        self.order_fields([*self.keys, "due_at"])

    def arguments(self) -> dict[str, Any]:
        """With the reasons by cell and the instant."""
        reasons = {
            key: self.cleaned_data[field] for field, key in self.keys.items() if self.cleaned_data[field]
        }
        return {**super().arguments(), "reasons": reasons, "due_at": self.cleaned_data["due_at"]}


class CorrectForm(ReasonForm):
    """A published cell and what it shall say."""

    field_order = ["cell", "value", "reason"]
    cell = forms.ChoiceField(label="訂正する欄")
    value = VerbatimField(
        label="訂正した内容", required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="欄の内容の全体を入力します。訂正の前の内容も、公開のページに残ります。",
    )  # fmt: skip

    def __init__(
        self, *args: Any, keys: Sequence[Key], activities: Sequence[Activity], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (sheets.key_text(key), f"{year_label(key[0])}　{sheets.label_of(key[1], activities)}")
            for key in keys
        ]
        self.fields["cell"].choices = [("", "えらんでください"), *choices]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """With the cell and its new text."""
        key = sheets.parse_key(self.cleaned_data["cell"])
        return {**super().arguments(), "key": key, "value": self.cleaned_data["value"]}

    def refuse(self, error: DomainError) -> None:
        """A fault that names a cell stands at the new text."""
        for fault in error.faults:
            name = "value" if "/" in fault.field else fault.field
            self.add_error(name if name in self.fields else None, str(fault))


class ExtendForm(ReasonForm):
    """Another due instant."""

    field_order = ["due_at", "reason"]
    due_at = MomentField(label="新しい期限")

    def arguments(self) -> dict[str, Any]:
        """With the instant."""
        return {**super().arguments(), "due_at": self.cleaned_data["due_at"]}
