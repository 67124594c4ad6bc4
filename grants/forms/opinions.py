"""Forms of notes and requests for opinion."""

from typing import Any, Final

from django import forms

from accounts.models import Department
from core.form_fields import DomainForm, MomentField

_LONG: Final = 4_000


class NoteForm(DomainForm):
    """A note for the bureau's own people."""

    text = forms.CharField(
        label="メモ", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="都の担当と決定権者だけが読みます。市町村・審査員には見えません。書いた後は直せません。",
    )  # fmt: skip


class AskOpinionForm(DomainForm):
    """Whom to ask, what, with which sections in view, by when."""

    department = forms.ModelChoiceField(
        label="照会先の部署", queryset=Department.objects.none(), empty_label="えらんでください"
    )
    question = forms.CharField(
        label="照会の内容", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="何について意見を求めるかを書きます。照会先の部署の人が読みます。",
    )  # fmt: skip
    sections = forms.MultipleChoiceField(
        label="見せる部分", widget=forms.CheckboxSelectMultiple,
        help_text="照会先は、ここでえらんだ部分の、最後に提出された版だけを読めます。",
    )  # fmt: skip
    due_at = MomentField(label="回答の期限")

    def __init__(self, *args: Any, units: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = units  # type: ignore[attr-defined]
        self.fields["sections"].choices = sections  # type: ignore[attr-defined]


class AnswerOpinionForm(DomainForm):
    """The unit's own answer."""

    answer = forms.CharField(
        label="意見", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="意見がないときは「意見なし」と書きます。回答した後は直せません。",
    )  # fmt: skip


class ProxyAnswerForm(AnswerOpinionForm):
    """An answer that came on paper or by telephone."""

    source = forms.CharField(
        label="回答の文書・方法", max_length=120, widget=forms.TextInput(attrs={"class": "in--mid"}),
        help_text="例：8産労観第12号、12月3日の電話",
    )  # fmt: skip
