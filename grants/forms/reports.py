"""A year's results as a form: for each indicator the value, or why there is none, and a remark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from core.form_fields import DomainForm, MomentField
from grants.actions.reporting import LENGTHS, FigureEntry
from grants.actions.texts import MAX_TEXT
from grants.forms.indicators import FigureField
from grants.models import YearFigure
from indicators.queries import plain


@dataclass(frozen=True)
class FigureBlock:
    """One indicator as the template draws it."""

    number: int
    name: str
    definition: str
    planned: str
    fields: list[BoundField]


class ReportForm(DomainForm):
    """Fields are "<row>-<part>"; `version` is what the page showed, 0 before there is a report in hand."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, rows: Sequence[Mapping[str, Any]], figures: Sequence[YearFigure], corrects: bool, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.rows = rows
        for number, row in enumerate(rows, start=1):
            self._add(number, row["unit"], figures[number - 1] if number <= len(figures) else None)
        self.fields["done"] = _text("この年度に行ったこと（公開されます）", "done", rows=4)
        if corrects:
            self.fields["reason"] = _text("訂正の理由", "reason", rows=2)

    def _add(self, number: int, unit: str, figure: YearFigure | None) -> None:
        value = plain(figure.value) if figure and figure.value is not None else ""
        made = {
            "value": FigureField(
                label=f"成果指標{number}の実績値（{unit}）", required=False, initial=value,
                widget=forms.TextInput(attrs={"class": "in--short r", "inputmode": "decimal", "autocomplete": "off"}),
            ),
            "reason": forms.CharField(
                label=f"成果指標{number}を測れない理由", required=False, max_length=LENGTHS["reason"],
                initial=figure.not_measurable if figure else "", help_text="測れなかったときだけ書き、実績値は空にします。0は値です。",
            ),
            "remark": forms.CharField(
                label=f"成果指標{number}の備考（公開されます）", required=False, max_length=LENGTHS["remark"],
                initial=figure.remark if figure else "",
            ),
        }  # fmt: skip
        self.fields.update({f"{number}-{part}": field for part, field in made.items()})

    def blocks(self) -> list[FigureBlock]:
        """Every indicator with its fields."""
        return [
            FigureBlock(
                number, row["name"], row["definition"], row["planned"],
                [self[f"{number}-{part}"] for part in ("value", "reason", "remark")],
            )
            for number, row in enumerate(self.rows, start=1)
        ]  # fmt: skip

    def words(self) -> list[BoundField]:
        """The fields of the report as a whole."""
        return [self[name] for name in ("done", "reason") if name in self.fields]

    def entries(self) -> list[FigureEntry]:
        """What was typed, of a valid form."""
        data = self.cleaned_data
        return [
            FigureEntry(data[f"{number}-value"], data[f"{number}-reason"], data[f"{number}-remark"])
            for number in range(1, len(self.rows) + 1)
        ]


class HandInForm(DomainForm):
    """Which report, as the page showed it."""

    report = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReturnReportForm(HandInForm):
    """What is to be put right, until when."""

    reason = forms.CharField(
        label="直してほしい所", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3}), help_text="市町村が読みます。",
    )  # fmt: skip
    due_at = MomentField(label="修正の期限")


def _text(label: str, name: str, *, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=name == "reason",
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
