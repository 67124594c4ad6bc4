"""The project's indicators as a form: a block per indicator, a cell per fiscal year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from core.exceptions import DomainError
from core.fiscal_year import label
from core.form_fields import DomainForm, VerbatimField
from grants.actions.indicators import LENGTHS, IndicatorEntry
from grants.enums import IndicatorAim
from grants.queries.project_indicators import PARTS, shown
from indicators.queries import value_of


class FigureField(forms.CharField):
    """A figure as people type it (3,700、99.5、△1,312); empty is none, 0 is a value."""

    def to_python(self, value: Any) -> Any:
        """The exact value or None. Raises ValidationError naming fault and cure."""
        try:
            return value_of(str(value or ""))
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def validate(self, value: Any) -> None:
        """Read already."""

    def run_validators(self, value: Any) -> None:
        """Validators of text do not fit a figure."""


@dataclass(frozen=True)
class IndicatorBlock:
    """One indicator as the template draws it; `origin` where it comes from and was not checked yet."""

    number: int
    fields: list[BoundField]
    targets: list[BoundField]
    origin: str


class IndicatorsForm(DomainForm):
    """Fields are "<row>-<part>" and "<row>-<fiscal year>"; `version` is what the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, rows: Sequence[Mapping[str, Any]], most: int, years: Sequence[int],
        origins: Sequence[str] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.years, self.most, self.origins = years, max(most, len(rows)), origins
        for number in range(1, self.most + 1):
            row = rows[number - 1] if number <= len(rows) else None
            for name, made in self._parts(number, row):
                self.fields[f"{number}-{name}"] = made

    def _parts(self, number: int, row: Mapping[str, Any] | None) -> Iterable[tuple[str, forms.Field]]:
        for part, title in PARTS.items():
            initial = row[part] if row else ""
            name = f"成果指標{number}の{title}"
            if part == "baseline":
                yield part, FigureField(label=name, required=False, initial=shown(initial), widget=_figure())
            elif part == "aim":
                choices = [("", "えらんでください"), *IndicatorAim.choices]
                yield part, forms.ChoiceField(label=name, required=False, initial=initial, choices=choices)
            else:
                wide = part == "definition"
                widget = (
                    forms.Textarea(attrs={"rows": 3})
                    if wide
                    else forms.TextInput(attrs={"class": _width(part)})
                )
                yield (
                    part,
                    VerbatimField(
                        label=name, required=False, initial=initial, max_length=LENGTHS[part], widget=widget
                    ),
                )
        for year in self.years:
            value = row["targets"].get(str(year), "") if row else ""
            name = f"成果指標{number}の{label(year)}の目標"
            yield str(year), FigureField(label=name, required=False, initial=shown(value), widget=_figure())

    def blocks(self) -> list[IndicatorBlock]:
        """Every indicator with its cells."""
        return [
            IndicatorBlock(
                number,
                [self[f"{number}-{part}"] for part in PARTS],
                [self[f"{number}-{year}"] for year in self.years],
                self.origins[number - 1] if number <= len(self.origins) else "",
            )
            for number in range(1, self.most + 1)
        ]

    def entries(self) -> list[IndicatorEntry]:
        """What was typed, of a valid form: one entry per block, empty ones too, so that faults find their block."""
        return [self._entry(number) for number in range(1, self.most + 1)]

    def _entry(self, number: int) -> IndicatorEntry:
        typed = {part: self.cleaned_data[f"{number}-{part}"] for part in PARTS}
        cells = {year: self.cleaned_data[f"{number}-{year}"] for year in self.years}
        targets: dict[int, Decimal] = {year: value for year, value in cells.items() if value is not None}
        return IndicatorEntry(**typed, targets=targets)

    def refuse(self, error: DomainError) -> None:
        """Put faults of cells ("indicators/<row>/<part or year>") at their cell."""
        for fault in error.faults:
            name = "-".join(fault.field.split("/")[1:])
            self.add_error(name if name in self.fields else None, str(fault))

    def differences(self, current: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
        """Cells where what was typed is not what is saved: name, typed, saved."""
        found = []
        for number in range(1, self.most + 1):
            row = current[number - 1] if number <= len(current) else None
            for name, made in self._parts(number, row):
                typed = str(self[f"{number}-{name}"].value() or "").replace("\r\n", "\n").strip()
                there = str(made.initial or "").strip()
                if self._same(name, typed, there):
                    continue
                found.append((str(made.label), typed or "（空）", there or "（空）"))
        return found

    def _same(self, name: str, typed: str, there: str) -> bool:
        if name != "baseline" and not name.isdecimal():
            return typed == there
        try:
            return value_of(typed) == value_of(there)
        except ValueError:
            return False


def _figure() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "in--short r", "inputmode": "decimal", "autocomplete": "off"})


def _width(part: str) -> str:
    return "in--short" if part == "unit" else "in--mid" if part == "period" else "in"
