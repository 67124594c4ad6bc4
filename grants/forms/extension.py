"""The forms of an extension and of a shortening."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from core.form_fields import DomainForm, MomentField
from grants.actions.extending import Extension
from grants.actions.shortening import Proposal
from programs.models import Call


class ClosingForm(DomainForm):
    """`shown` is the closing the page showed."""

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


class ExtensionForm(ClosingForm):
    """New instants and the reason."""

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


class ShorteningForm(ClosingForm):
    """An earlier closing with its reason, for a second person to confirm."""

    closes_at = MomentField(label="新しい締切")
    precheck_due_at = MomentField(
        label="新しい事前確認の期限", required=False,
        help_text="空のままにすると、いまの期限のままです。新しい締切より後になるときは必要です。",
    )  # fmt: skip
    reason = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="確認されると、作成中・提出済みの申請がある団体への通知に、このまま載ります。",
    )  # fmt: skip
    urgency = forms.CharField(
        label="予告の期間より短くする理由",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, call=call, **kwargs)
        self.fields[
            "urgency"
        ].help_text = (
            f"新しい期限まで{settings.SHORTENING_BUSINESS_DAYS}営業日ないときだけ書きます。通知に載ります。"
        )

    def proposal(self) -> Proposal:
        """What a valid form asks for."""
        data = self.cleaned_data
        return Proposal(
            data["closes_at"],
            data["precheck_due_at"],
            data["reason"].strip(),
            data["urgency"].strip(),
            data["shown"],
        )


class ShorteningAnswerForm(DomainForm):
    """Why a proposal is refused or taken back."""

    answer = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="記録に残ります。"
    )
