"""Forms of readers, without an account: news of a search, what is wrong on a page; and the publisher's answer."""

from typing import Final

from django import forms
from django.core.validators import validate_email

from core.forms import PlainMessages
from programs.enums import AlertFrequency, CorrectionPart

_WRONG_ADDRESS: Final = "メールアドレスの形が正しくありません。name@example.jp のように入力してください。"


def _address_field(*, required: bool, hint: str) -> forms.EmailField:
    box = forms.EmailInput(attrs={"class": "in--mid", "autocomplete": "email", "inputmode": "email"})
    field = forms.EmailField(
        label="メールアドレス", required=required, help_text=hint, widget=box, max_length=254
    )
    field.validators = [_check_address, *(each for each in field.validators if each is not validate_email)]
    return field


def _check_address(value: str) -> None:
    """Django's own rule for addresses, in words that say what to do."""
    try:
        validate_email(value)
    except forms.ValidationError as error:
        raise forms.ValidationError(_WRONG_ADDRESS) from error


class AlertForm(PlainMessages, forms.Form):
    """Where to send news of a search, and how often."""

    address = _address_field(
        required=True, hint="確認のメールを送ります。お知らせのほかには使わず、止めるとすぐに消します。"
    )
    frequency = forms.ChoiceField(
        label="知らせる間隔",
        choices=AlertFrequency.choices,
        widget=forms.RadioSelect,
        initial=AlertFrequency.WEEKLY,
    )


class CorrectionForm(PlainMessages, forms.Form):
    """What is wrong on a program's page, and where the right thing is written."""

    part = forms.ChoiceField(
        label="どこが違いますか", choices=[("", "えらんでください"), *CorrectionPart.choices]
    )
    proposed = forms.CharField(
        label="正しい内容",
        help_text="どう直せばよいかを書いてください。2,000文字まで。個人の名前や連絡先は書かないでください。",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    grounds = forms.CharField(
        label="何を見て分かりましたか",
        help_text="資料の名前やページのアドレスなど。500文字まで。",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    address = _address_field(required=False, hint="問い返しが必要なときにだけ使い、対応が済むと消します。")


class SettleForm(PlainMessages, forms.Form):
    """What a publisher did about a correction."""

    answer = forms.CharField(
        label="対応の内容", help_text="例：電話番号を直しました。400文字まで。", max_length=400
    )
