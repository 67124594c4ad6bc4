"""Forms of an external member's 採点票."""

import json
from typing import Final

from django import forms

from core.form_fields import DomainForm
from core.packing import MOST_PACKED, unpack
from grants.workbook import ReturnedScores, from_data

_MOST_BYTES: Final = 20 * 1024 * 1024


class ScoreSheetForm(DomainForm):
    """The sheet that came back from the member."""

    file = forms.FileField(
        label="書き終えた採点票", help_text="この画面からダウンロードした .xlsx。5MBまで。違いを確かめてから記録します。"
    )  # fmt: skip


class TakeSheetForm(DomainForm):
    """What the page of the difference showed, carried along."""

    packed = forms.CharField(widget=forms.HiddenInput, max_length=MOST_PACKED)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)

    returned: ReturnedScores

    def clean_packed(self) -> str:
        """Unpack the rows. What cannot be unpacked was not made here."""
        packed: str = self.cleaned_data["packed"]
        try:
            self.returned = from_data(json.loads(unpack(packed, _MOST_BYTES)))
        except ValueError:
            raise forms.ValidationError(
                "採点票の内容を受け取れませんでした。もう一度読み取らせてください。"
            ) from None
        return packed
