"""Forms of the metropolitan side's acts: precheck answers, corrections, drafts and decisions."""

from collections.abc import Iterable
from datetime import time
from typing import Any, Final

from django import forms

from core import clock
from core.exceptions import DomainError, Fault
from core.form_fields import DomainForm, JapaneseDateField
from core.money import yen
from grants.actions.prechecks import Remark
from grants.enums import ReviewOutcome

_LONG: Final = 4_000
REMARK_ROWS: Final = 4
"""Rows for remarks on cells of the budget; a further answer has four more."""


def _area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class VersionForm(DomainForm):
    """A form that carries the version of the case its page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReviewReasonForm(VersionForm):
    """The reason of an act; `optional` where the act stands without one."""

    reason = forms.CharField(label="理由", max_length=_LONG, widget=_area(4))

    def __init__(self, *args: Any, optional: bool = False, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not optional
        self.fields["reason"].help_text = hint or "記録に残ります。"

    def refuse(self, error: DomainError) -> None:
        """The action's `comment` is this form's reason."""
        names = {"comment": "reason"}
        super().refuse(
            DomainError(*(Fault(names.get(f.field, f.field), f.message, f.cure) for f in error.faults))
        )


class ReturnForm(VersionForm):
    """Which parts to correct, why, and by when."""

    sections = forms.MultipleChoiceField(
        label="直してもらう部分", widget=forms.CheckboxSelectMultiple,
        help_text="えらんだ部分だけが、代表市町村と構成団体に開かれます。ほかの部分は変えられません。",
    )  # fmt: skip
    reason = forms.CharField(
        label="理由と直し方", max_length=_LONG, widget=_area(6),
        help_text="代表市町村と構成団体にそのまま見えます。どこを、なぜ、どう直すかを書きます。",
    )  # fmt: skip
    due_on = JapaneseDateField(label="修正の期限（日）")
    due_time = forms.TimeField(
        label="修正の期限（時刻）", input_formats=["%H:%M"], initial="17:00", help_text="24時間で。例：17:00",
        widget=forms.TextInput(attrs={"class": "in--short"}),
        error_messages={"invalid": "「17:00」のように入力してください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sections"].choices = sections  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Adds `due_at`, the instant on the Japanese clock."""
        data: dict[str, Any] = super().clean() or {}
        day, at = data.get("due_on"), data.get("due_time")
        if day is not None and isinstance(at, time):
            data["due_at"] = clock.instant(day, at)
        return data

    def refuse(self, error: DomainError) -> None:
        """The action's `due_at` is shown at the day."""
        names = {"due_at": "due_on"}
        super().refuse(
            DomainError(*(Fault(names.get(f.field, f.field), f.message, f.cure) for f in error.faults))
        )


class AmountField(forms.CharField):
    """Whole yen as people type them; empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)
        self.widget.attrs |= {"class": "in--mid r", "inputmode": "numeric"}

    def clean(self, value: Any) -> int | None:
        """The amount. Raises ValidationError with fault and cure."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            return yen(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class RecommendForm(VersionForm):
    """起案: adopt with an amount, or reject; `only_adopt` for promoting from the reserve list, not `has_money` for a service."""

    outcome = forms.ChoiceField(label="案", choices=ReviewOutcome.choices, widget=forms.RadioSelect)
    amount = AmountField(
        label="補助予定額（円）", help_text="採択の案だけ。算定額以下。不採択の案では空にします。"
    )
    adjustment_reason = forms.CharField(
        label="予算調整の理由", max_length=_LONG, required=False, widget=_area(3),
        help_text="補助予定額を算定額より低くするときに必要です。",
    )  # fmt: skip
    reason = forms.CharField(
        label="理由", max_length=_LONG, widget=_area(5),
        help_text="審査の結果をふまえた理由。決定権者が読み、記録に残ります。",
    )  # fmt: skip

    def __init__(self, *args: Any, only_adopt: bool = False, has_money: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_money:
            del self.fields["amount"], self.fields["adjustment_reason"]
        if only_adopt:
            del self.fields["outcome"]
        if only_adopt and has_money:
            self.fields["amount"].help_text = "算定額以下。"


class DecisionForm(VersionForm):
    """The facts of a decision as made in the office's own system."""

    decided_on = JapaneseDateField(label="決定日")
    document_number = forms.CharField(
        label="文書番号", max_length=60, help_text="文書管理システムの番号。例：8総行振第55号",
        widget=forms.TextInput(attrs={"class": "in--mid"}),
    )  # fmt: skip
    effective_on = JapaneseDateField(label="施行日")
    reason = forms.CharField(
        label="理由", max_length=_LONG, required=False, widget=_area(4),
        help_text="決定日か施行日が起案より前のときは必要です。不採択の理由は、公表の後に市町村にも見えます。",
    )  # fmt: skip


class PetitionForm(VersionForm):
    """Granting what a town asked for; `petition` is the one the page showed."""

    petition = forms.IntegerField(widget=forms.HiddenInput)
    effective_on = JapaneseDateField(label="効力の生じる日")
    comment = forms.CharField(
        label="コメント", max_length=_LONG, required=False, widget=_area(3),
        help_text="効力の生じる日が申出の前のときは、その理由を書きます。",
    )  # fmt: skip


class PrecheckAnswerForm(DomainForm):
    """The answer to a precheck: a verdict, words for the whole, and remarks on questions and cells.

    `questions` are (question code, member pk or None, label); `cells` the choices of budget cells.
    """

    precheck = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label="回答", widget=forms.RadioSelect,
        choices=[("confirmed", "確認済（このまま進めてよい）"), ("issues", "指摘あり（直してから進めてほしい）")],
    )  # fmt: skip
    answer = forms.CharField(
        label="全体への回答", max_length=_LONG, required=False, widget=_area(5),
        help_text="指摘ありのときは、ここか設問ごとの欄のどれかに内容を書きます。代表市町村と構成団体に見えます。",
    )  # fmt: skip

    def __init__(
        self, *args: Any, questions: Iterable[tuple[str, int | None, str]], cells: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.keys: dict[str, tuple[str, int | None]] = {}
        for code, member, words in questions:
            key = self.key_of(code, member)
            self.keys[key] = (code, member)
            self.fields[key] = forms.CharField(
                label=f"指摘：{words}", max_length=_LONG, required=False, widget=_area(2)
            )
        for number in range(1, REMARK_ROWS + 1):
            self.fields[f"cell-{number}"] = forms.ChoiceField(
                label=f"指摘する欄 {number}", required=False, choices=[("", "えらんでください"), *cells]
            )
            self.fields[f"celltext-{number}"] = forms.CharField(
                label=f"内容 {number}", required=False, max_length=_LONG, widget=_area(2)
            )

    @staticmethod
    def key_of(code: str, member: int | None) -> str:
        """The name of the field for a remark on a question (of a member)."""
        return f"remark-{code}-{member or 0}"

    def clean(self) -> dict[str, Any]:
        """A remark on a cell needs both the cell and the words."""
        data: dict[str, Any] = super().clean() or {}
        for number in range(1, REMARK_ROWS + 1):
            cell, text = data.get(f"cell-{number}"), str(data.get(f"celltext-{number}") or "").strip()
            if cell and not text:
                self.add_error(f"celltext-{number}", "指摘の内容を入力してください。")
            if text and not cell and f"cell-{number}" in data:
                self.add_error(f"cell-{number}", "指摘する欄をえらんでください。")
        return data

    def remarks(self) -> list[Remark]:
        """What was written, in the order of the page."""
        data = self.cleaned_data
        found = [
            Remark(data[key], question=code, member_id=member)
            for key, (code, member) in self.keys.items()
            if data[key].strip()
        ]
        return found + [
            Remark(data[f"celltext-{number}"], cell=data[f"cell-{number}"])
            for number in range(1, REMARK_ROWS + 1)
            if data[f"cell-{number}"]
        ]

    def cell_rows(self) -> list[tuple[Any, Any]]:
        """The bound fields of the cells, in pairs."""
        return [(self[f"cell-{number}"], self[f"celltext-{number}"]) for number in range(1, REMARK_ROWS + 1)]
