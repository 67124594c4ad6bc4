"""Forms of the review itself: who scores, who may, and the points."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from core.exceptions import DomainError, Fault
from core.form_fields import DomainForm
from grants.actions.review import HIGHEST, LOWEST

_LONG: Final = 4_000
POINT_WORDS: Final = {1: "1 不十分", 2: "2 弱い", 3: "3 ふつう", 4: "4 よい", 5: "5 優れる"}


class AssignForm(DomainForm):
    """People to give the case to. `candidates` are (user pk, words)."""

    reviewers = forms.MultipleChoiceField(label="割り当てる人", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, candidates: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].choices = candidates  # type: ignore[attr-defined]


class InterestForm(DomainForm):
    """利害関係の申告."""

    has_interest = forms.ChoiceField(
        label="この申請との利害関係", widget=forms.RadioSelect,
        choices=[("no", "利害関係はない（採点に進む）"), ("yes", "利害関係がある（回避する）")],
    )  # fmt: skip
    detail = forms.CharField(
        label="利害関係の内容", required=False, max_length=_LONG, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="利害関係があるときに、どのような関係かを書きます。都の担当が読みます。",
    )  # fmt: skip


class ScoreForm(DomainForm):
    """1–5 points and a remark per criterion, and words for the whole. `snapshot` is the version that was read."""

    snapshot = forms.CharField(widget=forms.HiddenInput, max_length=64)
    comment = forms.CharField(
        label="総評", required=False, max_length=_LONG, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, criteria: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [str(criterion["code"]) for criterion in criteria]
        points = [(str(n), POINT_WORDS[n]) for n in range(LOWEST, HIGHEST + 1)]
        added: dict[str, forms.Field] = {}
        for criterion in criteria:
            code = str(criterion["code"])
            added[f"points-{code}"] = forms.ChoiceField(
                label=f"{criterion['label']}（重み {criterion['weight']}）", choices=points, widget=forms.RadioSelect,
                help_text=str(criterion.get("help", "")),
                error_messages={"required": f"「{criterion['label']}」の点をえらんでください。"},
            )  # fmt: skip
            added[f"remark-{code}"] = forms.CharField(
                label=f"所見（{criterion['label']}）", required=False, max_length=_LONG,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
        self.fields = {"snapshot": self.fields["snapshot"], **added, "comment": self.fields["comment"]}

    def points(self) -> dict[str, int]:
        """Points by criterion."""
        return {code: int(self.cleaned_data[f"points-{code}"]) for code in self.codes}

    def remarks(self) -> dict[str, str]:
        """Remarks by criterion."""
        return {code: self.cleaned_data[f"remark-{code}"] for code in self.codes}

    def rows(self) -> list[tuple[Any, Any]]:
        """The bound fields of each criterion: points, remark."""
        return [(self[f"points-{code}"], self[f"remark-{code}"]) for code in self.codes]

    def refuse(self, error: DomainError) -> None:
        """The action's `points/<criterion>` are this form's `points-<criterion>`."""
        super().refuse(
            DomainError(*(Fault(f.field.replace("/", "-"), f.message, f.cure) for f in error.faults))
        )
