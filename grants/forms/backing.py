"""予算措置状況 as a grid: a column per fiscal year; the state, the sources of money, and when the next step is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from core.fiscal_year import label
from core.form_fields import DomainForm
from core.text import unstorable
from grants.actions.backing import MAX_SCHEDULED, BackingEntry
from grants.enums import BackingState
from grants.forms.budget import YenField
from grants.models.backing import SOURCES

SOURCE_LABELS = {
    "national": "国庫支出金",
    "metropolitan": "都支出金（この補助金を含む）",
    "bonds": "地方債",
    "other": "その他（負担金・参加費・寄附など）",
    "general": "一般財源",
}


@dataclass(frozen=True)
class BackingRow:
    """A row as the template draws it: its head and one cell a fiscal year."""

    label: str
    cells: list[BoundField]


class BackingForm(DomainForm):
    """Fields are "<what>-<fiscal year>"; `version-<year>` is what the page showed."""

    def __init__(
        self, *args: Any, years: Sequence[int], shown: Mapping[int, BackingEntry], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.years = list(years)
        for year in self.years:
            self._add(year, label(year), shown[year])

    def _add(self, year: int, name: str, now: BackingEntry) -> None:
        self.fields[f"version-{year}"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=now.version, required=False, label=f"{name}の版"
        )
        self.fields[f"state-{year}"] = forms.ChoiceField(
            label=f"予算措置状況（{name}）", choices=[("", "えらんでください"), *BackingState.choices],
            initial=now.state, required=False, widget=forms.Select(attrs={"class": "in", "aria-label": f"予算措置状況 {name}"}),
        )  # fmt: skip
        for source in SOURCES:
            amount = getattr(now, source)
            attrs = {
                "class": "cell", "inputmode": "numeric", "autocomplete": "off",
                "aria-label": f"{SOURCE_LABELS[source]} {name}",
            }  # fmt: skip
            self.fields[f"{source}-{year}"] = YenField(
                label=f"{SOURCE_LABELS[source]}（{name}）", required=False,
                initial=f"{amount:,}" if amount else "", widget=forms.TextInput(attrs=attrs),
            )  # fmt: skip
        self.fields[f"scheduled-{year}"] = forms.CharField(
            label=f"議決・内示の時期（{name}）", required=False, max_length=MAX_SCHEDULED, initial=now.scheduled,
            widget=forms.TextInput(attrs={"class": "in", "aria-label": f"議決・内示の時期 {name}"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse text no database can keep, at its cell."""
        for year in self.years:
            if fault := unstorable(self.cleaned_data.get(f"scheduled-{year}", "")):
                self.add_error(f"scheduled-{year}", fault)
        return self.cleaned_data

    def entries(self) -> list[BackingEntry]:
        """What was typed, of a valid form; years that are wholly empty say nothing."""
        found = []
        for year in self.years:
            entry = BackingEntry(
                fiscal_year=year,
                state=self.cleaned_data[f"state-{year}"],
                scheduled=self.cleaned_data[f"scheduled-{year}"].strip(),
                version=self.cleaned_data[f"version-{year}"] or 0,
                **{source: self.cleaned_data[f"{source}-{year}"] for source in SOURCES},
            )
            if entry.state or entry.total or entry.scheduled or entry.version:
                found.append(entry)
        return found

    def rows(self) -> list[BackingRow]:
        """The grid."""
        heads = {"state": "予算措置状況", **SOURCE_LABELS, "scheduled": "議決・内示の時期"}
        return [
            BackingRow(head, [self[f"{code}-{year}"] for year in self.years]) for code, head in heads.items()
        ]
