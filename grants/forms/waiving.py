"""Forms of waiving a check."""

from typing import Any

from django import forms

from core.form_fields import DomainForm

_LONG = 500


class WaiveForm(DomainForm):
    """Which check, and why."""

    check_code = forms.ChoiceField(label="免除する点検", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="申請した市町村も読みます。記録と点検の結果に残ります。",
    )  # fmt: skip

    def __init__(self, *args: Any, checks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["check_code"].choices = checks  # type: ignore[attr-defined]


class RevokeWaiverForm(DomainForm):
    """Why a check is asked for again."""

    reason = forms.CharField(
        label="取消しの理由", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3}), help_text="申請した市町村も読みます。",
    )  # fmt: skip
