"""The form of 年度更新: a fiscal year, and for each program what that year changes."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms

from core import fiscal_year
from core.form_fields import DomainForm
from programs.enums import YearChange
from programs.models import Program

_NOT: Final = ("", "作らない")


class RollOverForm(DomainForm):
    """One box a program; `every` fills them all at first."""

    year = forms.TypedChoiceField(label="どの年度の版を作りますか", coerce=int, widget=forms.RadioSelect)

    def __init__(self, data: Any, *, programs: Sequence[Program], years: Sequence[int], every: str) -> None:
        super().__init__(data)
        self.programs = programs
        self.fields["year"].choices = [(year, fiscal_year.label(year)) for year in years]  # type: ignore[attr-defined]
        self.initial["year"] = years[1]
        for program in programs:
            self.fields[_name(program)] = forms.ChoiceField(
                label=program.title, required=False, choices=[_NOT, *YearChange.choices], initial=every,
                widget=forms.Select(attrs={"class": "in--mid"}),
            )  # fmt: skip

    @property
    def boxes(self) -> Iterable[forms.BoundField]:
        """The box of each program."""
        return [self[_name(program)] for program in self.programs]

    def clean(self) -> dict[str, Any]:
        """At least one program."""
        data = super().clean() or {}
        if not self.errors and not self.wanted():
            raise forms.ValidationError("制度が選ばれていません。年度版を作る制度に、変更を選んでください。")
        return data

    def wanted(self) -> dict[str, str]:
        """{slug: change} of the programs chosen."""
        return {
            program.slug: self.cleaned_data[_name(program)]
            for program in self.programs
            if self.cleaned_data.get(_name(program))
        }


def _name(program: Program) -> str:
    return f"program-{program.slug}"
