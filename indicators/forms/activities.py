"""The form of an activity indicator."""

from django import forms

from core.form_fields import DomainForm
from indicators.actions.activities import LONGEST_NAME, LONGEST_UNIT


class ActivityForm(DomainForm):
    """What is counted, and in what."""

    name = forms.CharField(
        label="活動指標の名前", max_length=LONGEST_NAME, help_text="例：経営塾の実施回数、延べ参加者数"
    )
    unit = forms.CharField(
        label="単位", max_length=LONGEST_UNIT, help_text="例：回、人、件",
        widget=forms.TextInput(attrs={"class": "in--short"}),
    )  # fmt: skip
