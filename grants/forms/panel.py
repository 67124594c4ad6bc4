"""The form of a what-if on a panel's points: other weights, another budget."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.form_fields import DomainForm
from grants.forms.review import AmountField
from grants.rules.panel import MOST_WEIGHT


class PanelForm(DomainForm):
    """A weight for each criterion, and what the budget would be; what is empty stays as it is."""

    budget = AmountField(label="予算（円）")

    def __init__(
        self,
        *args: Any,
        weights: Mapping[str, int],
        labels: Mapping[str, str],
        budget: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"budget": budget}, **kwargs)
        self._weights, self._budget = weights, budget
        for code, weight in weights.items():
            self.fields[self._name(code)] = forms.IntegerField(
                label=f"「{labels[code]}」の重み", min_value=0, max_value=MOST_WEIGHT, required=False,
                initial=weight, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in--short"}),
            )  # fmt: skip
        self.order_fields([*map(self._name, weights), "budget"])

    @staticmethod
    def _name(code: str) -> str:
        return f"weight_{code}"

    def clean_budget(self) -> int | None:
        """Nothing below zero."""
        given: int | None = self.cleaned_data["budget"]
        if given is not None and given < 0:
            raise forms.ValidationError("予算は0円以上にしてください。")
        return given

    def clean(self) -> dict[str, Any]:
        """At least one weight counts."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and self._weights and not any(self._read(cleaned).values()):
            raise forms.ValidationError("重みがすべて0です。どれか1つを1以上にしてください。")
        return cleaned

    def weights(self) -> dict[str, int]:
        """The weights of a valid form."""
        return self._read(self.cleaned_data)

    def chosen_budget(self) -> int | None:
        """The budget of a valid form."""
        given: int | None = self.cleaned_data.get("budget")
        return self._budget if given is None else given

    def _read(self, cleaned: Mapping[str, Any]) -> dict[str, int]:
        found: dict[str, int] = {}
        for code, weight in self._weights.items():
            given: int | None = cleaned.get(self._name(code))
            found[code] = weight if given is None else given
        return found
