"""Forms of meetings, opinions and answers."""

from typing import Any

from django import forms

from core.form_fields import DomainForm, JapaneseDateField, VerbatimField
from indicators.enums import MeetingKind
from indicators.models import Measure


class MeetingForm(DomainForm):
    """A meeting that was held."""

    kind = forms.ChoiceField(label="会議の種類", choices=MeetingKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="会議名", max_length=120)
    held_on = JapaneseDateField(label="開催日")
    summary = VerbatimField(
        label="議事の要旨",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="公表の後、公開のページに出ます。",
    )


class OpinionForm(DomainForm):
    """What was said, and about which sheet."""

    number = forms.ChoiceField(label="どの個票についての意見か", required=False)
    text = VerbatimField(
        label="意見", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="発言した人の名前は書きません。公表の後、公開のページに出ます。",
    )  # fmt: skip

    def __init__(self, *args: Any, measures: list[Measure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "計画の全体"), *((row.number, f"{row.number}　{row.full_title}") for row in measures)]
        self.fields["number"].choices = choices  # type: ignore[attr-defined]


class AnswerForm(DomainForm):
    """The city's answer."""

    answer = VerbatimField(label="回答", widget=forms.Textarea(attrs={"rows": 5}))
