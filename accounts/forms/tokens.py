"""The form that makes an API token."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.actions.tokens import LONGEST_NAME
from accounts.enums import Scope
from accounts.models import Membership
from accounts.rules import TOKEN_DAYS
from core.form_fields import DomainForm


class TokenForm(DomainForm):
    """What for, as which post, what it may do, for how long. `posts` are those a token may be made for."""

    name = forms.CharField(
        label="使い道",
        max_length=LONGEST_NAME,
        help_text="例：財務システムへの取り込み。一覧で見分けるための言葉です。",
    )
    membership_id = forms.TypedChoiceField(label="どの配属として動くか", coerce=int)
    scopes = forms.MultipleChoiceField(
        label="できること", choices=Scope.choices, widget=forms.CheckboxSelectMultiple,
        help_text="必要なものだけをえらびます。提出・同意・庁内決裁の記録・決定は、トークンではできません。",
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label="使える期間", coerce=int, choices=[(days, f"{days}日間") for days in TOKEN_DAYS],
        initial=TOKEN_DAYS[1], widget=forms.Select(attrs={"class": "in--short"}),
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["membership_id"]
        field.choices = [(post.pk, f"{post.department}・{post.get_role_display()}") for post in posts]
