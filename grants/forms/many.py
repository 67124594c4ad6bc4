"""Forms of several decisions at once, and of the letter that was really sent."""

from typing import Any, Final

from django import forms

from core.form_fields import DomainForm, JapaneseDateField
from grants.forms.review import DecisionForm

_LONG: Final = 4_000


class ManyDecisionsForm(DecisionForm):
    """The facts all decisions of one run share; the versions stand with the cases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]


class ManyDraftsForm(DomainForm):
    """The reasons all drafts of one run share."""

    reason = forms.CharField(
        label="理由", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="えらんだ申請に共通の理由。決定権者が読み、記録に残ります。",
    )  # fmt: skip
    adjustment_reason = forms.CharField(
        label="予算調整の理由", max_length=_LONG, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="算定額より低い補助予定額が1件でもあるときに必要です。",
    )  # fmt: skip

    def __init__(self, *args: Any, with_amounts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_amounts:
            del self.fields["adjustment_reason"]


class IssuedLetterForm(DomainForm):
    """The issued letter with the number and the day on it."""

    file = forms.FileField(
        label="施行した通知文（PDF）",
        help_text="公印を押したものや、文書管理システムから出したもの。20MBまで。",
    )
    document_number = forms.CharField(
        label="文書番号", max_length=60, widget=forms.TextInput(attrs={"class": "in--mid"})
    )
    effective_on = JapaneseDateField(label="施行日")
    reason = forms.CharField(
        label="決定の記録と違う理由", max_length=_LONG, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="文書番号か施行日が決定の記録と違うときだけ書きます。",
    )  # fmt: skip
