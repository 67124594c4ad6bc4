"""One member's budget as a grid: a row per item (or payee, or kind of money), a column per fiscal year."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from core.exceptions import DomainError
from core.fiscal_year import label
from core.form_fields import DomainForm
from core.text import unstorable
from grants import rules
from grants.actions.budgeting import MAX_NOTE, CostEntry, IncomeEntry


@dataclass(frozen=True)
class BudgetRow:
    """One row: a cost item (`item`, with the payee for money another member spends) or a kind of money.

    `amounts` yen by fiscal year, `notes` text by fiscal year; a year that is missing has no line.
    """

    key: str
    label: str
    item: str = ""
    income: str = ""
    paid_to_id: int | None = None
    hint: str = ""
    eligible: bool = True
    amounts: Mapping[int, int] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """The row's note: that of its first year that has one."""
        return next((text for _, text in sorted(self.notes.items()) if text), "")

    def noted_years(self, amounts: Mapping[int, int]) -> dict[int, str]:
        """Notes that are not the row's own and stay as they are, by year."""
        own = next((year for year, text in sorted(self.notes.items()) if text), None)
        return {year: text for year, text in self.notes.items() if text and year != own and year in amounts}


@dataclass(frozen=True)
class GridRow:
    """A row as the template draws it."""

    row: BudgetRow
    cells: list[BoundField]
    note: BoundField
    total: int
    shown: str


class YenField(forms.CharField):
    """Whole yen as people type them, or thousands of yen where the call asks for them; empty is 0."""

    def __init__(self, *, thousand: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.thousand = thousand

    def to_python(self, value: Any) -> Any:
        """The amount. Raises ValidationError naming fault and cure."""
        text = str(value or "").strip()
        if not text:
            return 0
        try:
            amount = rules.read_amount(text, thousand=self.thousand)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if amount < 0:
            raise ValidationError("金額は0円以上にしてください。戻る金額は収入の欄に入れます。")
        return amount

    def validate(self, value: Any) -> None:
        """Read already."""

    def run_validators(self, value: Any) -> None:
        """Validators of text do not fit an amount."""


class BudgetForm(DomainForm):
    """The grid. Field names are "<row>-<fiscal year>" and "<row>-note"; `version` is what the page showed.

    `thousand`: the call asks for thousands of yen. `unit_confirmed` answers the question an implausible sum raises.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    unit_confirmed = forms.BooleanField(label="金額の単位を確かめました。このまま保存します", required=False)

    def __init__(
        self,
        *args: Any,
        rows: Sequence[BudgetRow],
        years: Sequence[int],
        thousand: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.years, self.thousand = rows, years, thousand
        for row in rows:
            for year in years:
                amount = row.amounts.get(year, 0)
                self.fields[f"{row.key}-{year}"] = YenField(
                    label=f"{row.label}（{label(year)}）",
                    required=False,
                    thousand=thousand,
                    initial=self.shown(amount) if amount else "",
                    widget=forms.TextInput(
                        attrs={
                            "class": "cell",
                            "inputmode": "numeric",
                            "autocomplete": "off",
                            "aria-label": f"{row.label} {label(year)}",
                        }
                    ),
                )
            self.fields[f"{row.key}-note"] = forms.CharField(
                label=f"{row.label}の内訳",
                required=False,
                max_length=MAX_NOTE,
                initial=row.note,
                widget=forms.TextInput(attrs={"class": "in", "aria-label": f"{row.label}の内訳"}),
            )

    def shown(self, amount: int) -> str:
        """An amount as a cell of this grid shows it."""
        return rules.show_amount(amount, thousand=self.thousand)

    @property
    def unit(self) -> str:
        """The unit of every cell."""
        return "千円" if self.thousand else "円"

    def doubt(self, cap: int) -> str:
        """The question the sum of a valid form raises, unless it has been answered; "" for none."""
        if self.cleaned_data["unit_confirmed"]:
            return ""
        total = sum(cost.amount for cost in self.costs())
        return rules.unit_doubt(total, cap=cap, thousand=self.thousand)

    def clean(self) -> dict[str, Any]:
        """Refuse notes no database can keep, at their row."""
        for row in self.rows:
            note = self.cleaned_data.get(f"{row.key}-note", "")
            if fault := unstorable(note):
                self.add_error(f"{row.key}-note", fault)
        return self.cleaned_data

    def costs(self) -> list[CostEntry]:
        """The expenditure as typed, of a valid form."""
        return [
            CostEntry(row.item, year, amount, row.paid_to_id, note)
            for row in self.rows
            if row.item
            for year, amount, note in self._lines(row)
        ]

    def incomes(self) -> list[IncomeEntry]:
        """The money as typed, of a valid form."""
        return [
            IncomeEntry(row.income, year, amount, note)
            for row in self.rows
            if row.income
            for year, amount, note in self._lines(row)
        ]

    def _lines(self, row: BudgetRow) -> Iterator[tuple[int, int, str]]:
        """Year, amount and note of a row's lines; the row's note stays with its first year that has money."""
        amounts = {year: self.cleaned_data[f"{row.key}-{year}"] for year in self.years}
        kept = row.noted_years(amounts)
        note = self.cleaned_data[f"{row.key}-note"].strip()
        home = next((year for year in self.years if amounts[year] and year not in kept), self.years[0])
        for year in self.years:
            text = kept.get(year, note if year == home else "")
            if amounts[year] or text:
                yield year, amounts[year], text

    def grid(self, *, incomes: bool) -> list[GridRow]:
        """The rows of one half of the page with their cells."""
        found = []
        for row in self.rows:
            if bool(row.income) is not incomes:
                continue
            cells = [self[f"{row.key}-{year}"] for year in self.years]
            total = sum(self.amount(row, year) for year in self.years)
            found.append(GridRow(row, cells, self[f"{row.key}-note"], total, self.shown(total)))
        return found

    def cost_grid(self) -> list[GridRow]:
        """Expenditure."""
        return self.grid(incomes=False)

    def income_grid(self) -> list[GridRow]:
        """Money."""
        return self.grid(incomes=True)

    def amount(self, row: BudgetRow, year: int) -> int:
        """The amount a cell shows, 0 where it cannot be read."""
        try:
            typed = str(self[f"{row.key}-{year}"].value() or "0")
            return max(0, rules.read_amount(typed, thousand=self.thousand))
        except ValueError:
            return 0

    def refuse(self, error: DomainError) -> None:
        """Put faults of cells ("budget/<member>/<item or kind>/<year>") at their cell."""
        for fault in error.faults:
            self.add_error(self._cell(fault.field.split("/")), str(fault))

    def _cell(self, parts: Sequence[str]) -> str | None:
        named = [row for row in self.rows if len(parts) == 4 and parts[2] in {row.item, row.income}]  # noqa: PLR2004 - budget/member/item/year
        name = f"{named[0].key}-{parts[3]}" if named else ""
        return name if name in self.fields else None

    def differences(self, current: Iterable[BudgetRow]) -> list[tuple[str, str, str]]:
        """Cells where what was typed is not what is saved: name, typed, saved."""
        saved = {row.key: row for row in current}
        found = []
        for row in self.rows:
            other = saved.get(row.key, BudgetRow(row.key, row.label))
            for year in self.years:
                typed, there = self.amount(row, year), other.amounts.get(year, 0)
                if typed != there:
                    found.append((f"{row.label}（{label(year)}）", f"{typed:,}円", f"{there:,}円"))
            note = str(self[f"{row.key}-note"].value() or "").strip()
            if note != other.note:
                found.append((f"{row.label}の内訳", note or "（空）", other.note or "（空）"))
        return found
