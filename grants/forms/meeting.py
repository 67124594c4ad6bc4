"""Forms of the panel's meeting, of a saved what-if, and of seats reviewers hold elsewhere."""

from typing import Any, Final

from django import forms

from accounts.models import Organization, User
from core.form_fields import DomainForm, JapaneseDateField

_LONG: Final = 10_000


class MeetingForm(DomainForm):
    """審査会: the day, who was there (a name a line), the quorum, the cases, 議事要旨."""

    held_on = JapaneseDateField(label="開催日")
    attendees = forms.CharField(
        label="出席者", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}), help_text="1行に1人の名前を書きます。",
    )  # fmt: skip
    quorum = forms.IntegerField(
        label="定足数（人）", min_value=1, max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in--short"}),
    )  # fmt: skip
    applications = forms.MultipleChoiceField(label="審査した申請", widget=forms.CheckboxSelectMultiple)
    summary = forms.CharField(label="議事要旨", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 8}))
    file = forms.FileField(
        label="議事録などのファイル", required=False, help_text="添えるときだけ選びます。20MBまで。"
    )

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applications"].choices = cases  # type: ignore[attr-defined]

    def clean_attendees(self) -> list[str]:
        """One name a line, each once."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["attendees"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class ScenarioForm(DomainForm):
    """A name for the what-if the page shows."""

    name = forms.CharField(
        label="試算の名前", max_length=60, widget=forms.TextInput(attrs={"class": "in--mid"}),
        help_text="例：実現可能性を重く見た場合。同じ名前で保存すると、置き換わります。",
    )  # fmt: skip
    note = forms.CharField(label="試算のメモ", max_length=200, required=False)


class SeatForm(DomainForm):
    """A reviewer's seat in a body's committee."""

    user = forms.ModelChoiceField(
        label="審査員", queryset=User.objects.none(), empty_label="えらんでください"
    )
    organization = forms.ModelChoiceField(
        label="団体", queryset=Organization.objects.none(), empty_label="えらんでください"
    )
    name = forms.CharField(
        label="職",
        max_length=120,
        help_text="例：総合計画審議会 委員",
        widget=forms.TextInput(attrs={"class": "in--mid"}),
    )
    starts_on = JapaneseDateField(label="開始日", required=False)
    ends_on = JapaneseDateField(
        label="終了日", required=False, help_text="いまも務めているときは空のままにします。"
    )

    def __init__(self, *args: Any, people: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["organization"].queryset = bodies  # type: ignore[attr-defined]
