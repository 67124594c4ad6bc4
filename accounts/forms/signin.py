"""allauth's forms in the portal's words. They only check and translate; what happens is in `actions`."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.actions import security
from accounts.queries import actor_for
from core import clock
from core.access import actor_of

PASSWORD_HELP = "12文字以上。数字だけのもの、よくあるもの、氏名やメールアドレスに似たものは使えません。"  # noqa: S105 - a help text


def _plain(form: forms.BaseForm, *order: str, **words: tuple[str, str]) -> None:
    """Give fields their label and help, and take away placeholders, which vanish when one types."""
    for name, (label, help_text) in words.items():
        form.fields[name].label, form.fields[name].help_text = label, help_text
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    if order:
        form.order_fields(order)


def _code(form: forms.BaseForm, label: str, help_text: str) -> None:
    _plain(form, code=(label, help_text))
    form.fields["code"].widget.attrs |= {
        "inputmode": "numeric",
        "class": "in--short num",
        "autocomplete": "one-time-code",
    }


class SignInForm(account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """First step: work address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, "login", "password", login=("業務メールアドレス", ""), password=("パスワード", ""))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class MailedCodeForm(account.ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """Second step without an enrolled factor: the code from the work mailbox."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "確認コード", "メールに書かれた6桁の数字です。")


class FactorCodeForm(mfa.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Second step with an app or a code sheet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(
            self, "確認コード", "認証アプリの6桁の数字、またはコード表の8桁の数字（使っていないもの）です。"
        )


class ConfirmFactorCodeForm(mfa.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The same, once more before something grave."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(
            self, "確認コード", "認証アプリの6桁の数字、またはコード表の8桁の数字（使っていないもの）です。"
        )


class ConfirmPasswordForm(account.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password, once more before something grave."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password=("パスワード", ""))


class PasswordChangeForm(account.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """A new password by somebody signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            oldpassword=("いまのパスワード", ""),
            password1=("新しいパスワード", PASSWORD_HELP),
            password2=("新しいパスワード（確認）", "同じものをもう一度入力してください。"),
        )

    def save(self) -> None:
        """Change it; the other sessions end."""
        person: Any = self.user
        security.change_password(
            person=person, password=self.cleaned_data["password1"], by=actor_of(context.request)
        )


class ForgottenPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Ask for a link to set a new password. Known and unknown addresses get the same answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, email=("業務メールアドレス", ""))

    def save(self, request: Any, **kwargs: Any) -> str:
        """Mail the link, or to an unknown address that it is not registered: both take one mail's time."""
        if self.users:
            return str(super().save(request, **kwargs))
        email: str = self.cleaned_data["email"]
        get_adapter(request).send_mail("account/email/unknown_account", email, {"request": request})
        return email


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """The new password behind that link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            password1=("新しいパスワード", PASSWORD_HELP),
            password2=("新しいパスワード（確認）", "同じものをもう一度入力してください。"),
        )

    def save(self) -> None:
        """Set it; every session ends, and earlier wrong tries are forgotten."""
        by = actor_for(self.user, None, clock.today(), second_factor=False)
        security.change_password(person=self.user, password=self.cleaned_data["password1"], by=by)
        get_adapter(context.request).forget_failures(context.request, self.user.email)


class FirstPasswordForm(forms.Form):
    """The first password of an invited person."""

    password1 = forms.CharField(
        label="パスワード", strip=False, help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password2 = forms.CharField(
        label="パスワード（確認）", strip=False, help_text="同じものをもう一度入力してください。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        """Refuse weak ones, saying why."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Both must be equal."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "上のパスワードと違います。同じものを入力してください。")
        return data


class AppActivationForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """Proof that the app shows the right numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "認証アプリに表示された6桁の数字", "30秒ごとに変わります。")


class CodeSheetForm(GenerateRecoveryCodesForm):  # type: ignore[misc]  # allauth has no types
    """A printed sheet may be the only factor, so unlike allauth's own form this asks for no other."""

    def clean(self) -> dict[str, Any]:
        """Nothing to check."""
        return dict(self.cleaned_data)


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new security key or Windows Hello."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            name=("キーの名前", "どのキーか分かる名前にします（例：庁舎の席のPC）。"),
            credential=("キーの応答", ""),
        )


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, name=("キーの名前", ""))


class KeyAnswerForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Second step with a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, credential=("セキュリティキー", ""))


class ConfirmKeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The same, once more before something grave."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, credential=("セキュリティキー", ""))
