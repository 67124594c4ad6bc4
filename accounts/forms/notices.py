"""Forms about one's own notices."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.enums import NoticeMode
from accounts.models import User
from accounts.rules import NOTICE_GROUPS
from core.form_fields import DomainForm, JapaneseDateField


class NoticeChoiceForm(DomainForm):
    """One choice for each group that may be chosen; `chosen` are the present ones, which hold where nothing is sent.

    No field is required: the mark 必須 would read as "these mails cannot be switched off".
    """

    def __init__(self, *args: Any, chosen: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in NOTICE_GROUPS:
            if not group.is_required:
                self.fields[group.code] = forms.ChoiceField(
                    label=group.label, help_text=group.example, choices=NoticeMode.choices,
                    initial=chosen.get(group.code, NoticeMode.IMMEDIATE), widget=forms.RadioSelect, required=False,
                )  # fmt: skip

    def modes(self) -> dict[str, str]:
        """How each group that was sent is wanted."""
        return {group: mode for group, mode in self.cleaned_data.items() if mode}


class DeputyForm(DomainForm):
    """Who stands in, from when to when."""

    deputy = forms.TypedChoiceField(label="代理の人（同じ部署）", coerce=int)
    starts_on = JapaneseDateField(label="不在の最初の日")
    ends_on = JapaneseDateField(label="不在の最後の日")

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {person.pk: person for person in colleagues}
        deputy: Any = self.fields["deputy"]
        deputy.choices = [("", "えらんでください"), *((pk, row.name) for pk, row in self.colleagues.items())]

    def arguments(self) -> dict[str, Any]:
        """The arguments of `name_deputy` but the actor."""
        data = self.cleaned_data
        return {**data, "deputy": self.colleagues[data["deputy"]]}
