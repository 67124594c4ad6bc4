"""The form that marks parts as not to be disclosed."""

from typing import Any

from django import forms

from core.form_fields import DomainForm


class RedactionForm(DomainForm):
    """Which parts, on which ground."""

    targets = forms.MultipleChoiceField(label="不開示とする部分", widget=forms.CheckboxSelectMultiple)
    ground = forms.CharField(
        label="不開示の根拠", max_length=200, widget=forms.TextInput(attrs={"class": "in--mid"}),
        help_text="例：東京都情報公開条例第7条第2号。写しの中で、その部分の代わりに表示されます。",
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["targets"].choices = choices  # type: ignore[attr-defined]
