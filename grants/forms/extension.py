"""The form of an extension."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from core.form_fields import DomainForm, MomentField
from grants.actions.extending import Extension
from programs.models import Call


class ExtensionForm(DomainForm):
    """New instants and the reason; `shown` is the closing the page showed."""

    closes_at = MomentField(label="新しい締切")
    precheck_due_at = MomentField(
        label="新しい事前確認の期限", required=False, help_text="空のままにすると、いまの期限のままです。"
    )
    announce_at = MomentField(
        label="新しい公表の日時", required=False, help_text="空のままにすると、いまの日時のままです。"
    )
    reason = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="作成中・提出済みの申請がある団体への通知に、このまま載ります。",
    )  # fmt: skip
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, initial={"shown": call.closes_at.isoformat()}, **kwargs)

    def clean_shown(self) -> datetime:
        """The closing as shown."""
        try:
            found = parse_datetime(self.cleaned_data["shown"])
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise ValidationError("ページを読み込み直してください。")
        return found

    def extension(self) -> Extension:
        """What a valid form asks for."""
        data = self.cleaned_data
        return Extension(
            data["closes_at"],
            data["precheck_due_at"],
            data["announce_at"],
            data["reason"].strip(),
            data["shown"],
        )
