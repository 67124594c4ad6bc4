"""Choosing lines: a tick, what is planned, and the amount asked for, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from core.exceptions import DomainError
from core.form_fields import DomainForm, VerbatimField
from grants import rules
from grants.actions.lining import LineEntry
from grants.actions.texts import MAX_TEXT
from grants.forms.budget import YenField
from grants.queries.lines import LineChoice


@dataclass(frozen=True)
class LineRow:
    """One line with its bound fields; without fields where the town may not take it."""

    choice: LineChoice
    take: Any = None
    outline: Any = None
    amount: Any = None


class LinesForm(DomainForm):
    """Field names are "take-", "outline-" and "amount-<line>"; `shown` is the mark of what the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, choices: Sequence[LineChoice], thousand: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices, self.thousand = choices, thousand
        unit = "千円" if thousand else "円"
        for choice in self.open_choices():
            line, saved = choice.line, choice.request
            self.fields[f"take-{line.code}"] = forms.BooleanField(
                label=f"「{line.label}」を申請する", required=False, initial=saved is not None
            )
            self.fields[f"outline-{line.code}"] = VerbatimField(
                label=f"取組の内容（{line.label}）", required=False, max_length=MAX_TEXT,
                initial=saved.outline if saved else "", widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
            self.fields[f"amount-{line.code}"] = YenField(
                label=f"申請額（{line.label}・{unit}）", required=False, thousand=thousand,
                initial=rules.show_amount(saved.amount, thousand=thousand) if saved and saved.amount else "",
                widget=forms.TextInput(attrs={"class": "in--mid r", "inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip

    def open_choices(self) -> list[LineChoice]:
        """The lines the town may take; one it took before stays, to be taken out."""
        return [choice for choice in self.choices if choice.refused is None or choice.request is not None]

    def clean(self) -> dict[str, Any]:
        """An amount or a text needs its tick: nothing typed is left out in silence."""
        data: dict[str, Any] = super().clean() or {}
        for choice in self.open_choices():
            code = choice.line.code
            typed = data.get(f"amount-{code}") or str(data.get(f"outline-{code}") or "").strip()
            if typed and not data.get(f"take-{code}"):
                self.add_error(
                    f"take-{code}",
                    "内容か申請額が入力されています。申請するときは印を付け、しないときは入力を消してください。",
                )
        return data

    def entries(self) -> list[LineEntry]:
        """The lines taken, of a valid form."""
        data = self.cleaned_data
        return [
            LineEntry(code, data[f"amount-{code}"], data[f"outline-{code}"].strip())
            for code in (choice.line.code for choice in self.open_choices())
            if data[f"take-{code}"]
        ]

    def refuse(self, error: DomainError) -> None:
        """The action names "lines/<code>"; shown at the tick of that line."""
        for fault in error.faults:
            name = f"take-{fault.field.rpartition('/')[2]}"
            self.add_error(name if name in self.fields else None, str(fault))

    def rows(self) -> list[LineRow]:
        """Every line in the order of the form."""
        return [
            LineRow(
                choice,
                *(self[f"{part}-{choice.line.code}"] for part in ("take", "outline", "amount")),
            )
            if f"take-{choice.line.code}" in self.fields
            else LineRow(choice)
            for choice in self.choices
        ]
