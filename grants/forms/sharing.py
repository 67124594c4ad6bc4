"""How the towns' burden is split: percents of three bases, the towns' populations with their day, the rounding."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.form_fields import DomainForm, JapaneseDateField
from grants import rules
from grants.actions.sharing import ShareChoice
from grants.models import Member, SharePlan

_HELP = {
    rules.Basis.EQUAL: "どの市町村も同じ額",
    rules.Basis.POPULATION: "人口に応じた額",
    rules.Basis.COST: "自分で支出する事業費に応じた額",
}
_MOST_PEOPLE = 100_000_000


class ShareForm(DomainForm):
    """`shown` is the mark of the table the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, members: Sequence[Member], plan: SharePlan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for basis, name in rules.BASIS_LABELS.items():
            self.fields[basis.value] = forms.IntegerField(
                label=f"{name}（%）", min_value=0, max_value=rules.WHOLE, required=False, help_text=_HELP[basis],
                initial=plan.parts.get(basis.value, 0) if plan else (100 if basis is rules.Basis.EQUAL else 0),
                widget=forms.TextInput(attrs={"class": "in--short r", "inputmode": "numeric"}),
            )  # fmt: skip
        for member in self.members:
            known = member.organization.population if member.organization else None
            self.fields[f"people-{member.public_id}"] = forms.IntegerField(
                label=f"{member}の人口（人）", min_value=0, max_value=_MOST_PEOPLE, required=False,
                initial=plan.populations.get(member.public_id) if plan else known,
                widget=forms.TextInput(attrs={"class": "in--mid r", "inputmode": "numeric"}),
            )  # fmt: skip
        self.fields["population_on"] = JapaneseDateField(
            label="人口の基準日", required=False, initial=_day(plan, self.members),
            help_text="人口割を使うときに入力します。例：令和8年1月1日、R8.1.1",
        )  # fmt: skip
        self.fields["unit"] = forms.TypedChoiceField(
            label="端数の扱い", coerce=int, initial=plan.unit if plan else 1,
            choices=[(1, "1円未満を切り捨て、端数は代表が負担"), (1000, "千円未満を切り捨て、端数は代表が負担")],
        )  # fmt: skip

    def choice(self) -> ShareChoice:
        """The rule as typed, of a valid form."""
        data = self.cleaned_data
        parts = {basis: data[basis.value] or 0 for basis in rules.Basis}
        people = {m.public_id: data[f"people-{m.public_id}"] or 0 for m in self.members}
        return ShareChoice(rules.ShareRule(parts, data["unit"]), people, data["population_on"])


def _day(plan: SharePlan | None, members: Sequence[Member]) -> str:
    """The day the populations shown count from, where all of them have the same."""
    days = {m.organization.population_as_of for m in members if m.organization}
    day = plan.population_on if plan else days.pop() if len(days) == 1 else None
    return f"{day:%Y/%m/%d}" if day else ""
