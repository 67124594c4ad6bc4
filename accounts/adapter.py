"""How allauth behaves here: nobody signs up alone, and a second factor is always asked.

Source: django-allauth's adapter and stage interfaces; decision in docs/adr/0006-second-factor-always.md.
"""

import logging
from smtplib import SMTPException
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.html import format_html

from accounts.models import User
from accounts.queries import ACTING_KEY, factors_of, memberships_in_force, post_in, wrong_codes
from accounts.rules import WRONG_CODES_ALLOWED, WRONG_CODES_SPAN_MINUTES
from core import clock
from core.access import safe_next
from core.mail import Mail

logger = logging.getLogger(__name__)

_TRY_LATER = "試行が続いたため、いまはサインインできません。30分ほど待つか、「パスワードを忘れたとき」から再設定してください。"
_MESSAGES = {
    "email_password_mismatch": "メールアドレスかパスワードが違います。大文字と小文字、全角と半角を確かめてください。",
    "too_many_login_attempts": _TRY_LATER,
    "rate_limited": "操作が続いています。1分ほど待ってから、やり直してください。",
    "incorrect_code": "コードが違います。最新のものを、もう一度入力してください。",
    "incorrect_password": "パスワードが違います。もう一度入力してください。",
    "enter_current_password": "いまのパスワードが違います。もう一度入力してください。",
    "invalid_password_reset": "このリンクは使えません。期限が切れたか、すでに使われています。",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closed sign-up; the code is mailed to whoever has no factor; limits per person, not per town hall."""

    error_messages = DefaultAccountAdapter.error_messages | _MESSAGES

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator's invitation only."""
        return False

    def is_login_by_code_required(self, login: Login) -> bool:
        """Everybody without an enrolled factor gets the code by mail.

        Raises ImmediateHttpResponse (429) after too many wrong codes, however many times the password was given.
        """
        user = login.user
        if not isinstance(user, User):
            return True
        if wrong_codes(user.email, clock.now()) >= WRONG_CODES_ALLOWED:
            context = {"minutes": WRONG_CODES_SPAN_MINUTES}
            raise ImmediateHttpResponse(
                render(self.request, "account/too_many_codes.html", context, status=429)
            )
        return not factors_of(user).any

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Open the session in the person's main post."""
        super().login(request, user)
        if isinstance(user, User):
            post = post_in(memberships_in_force(user, clock.today()), None)
            if post is not None:
                request.session[ACTING_KEY] = post.department_id

    def is_safe_url(self, url: str) -> bool:
        """Only paths of this portal are followed after sign-in."""
        return url.startswith("/") and safe_next(self.request, url) == url

    # --- Limits of tries -------------------------------------------------------------------------------

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted per person and address, so that a stranger elsewhere cannot lock somebody out."""
        return f"{credentials.get('email', '').lower()}|{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse further tries; a second, wider count holds for one person from all addresses together."""
        super().pre_authenticate(request, **credentials)
        if not ratelimit.consume(
            request, action="login_failed_anywhere", key=credentials.get("email", "").lower()
        ):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A right password takes back the wider count as well."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            ratelimit.clear(request, action="login_failed_anywhere", key=credentials.get("email", "").lower())
        return user

    def forget_failures(self, request: HttpRequest, email: str) -> None:
        """After a password was set anew by mail, the person may enter at once."""
        self._delete_login_attempts_cached_email(request, email=email)
        ratelimit.clear(request, action="login_failed_anywhere", key=email.lower())

    # --- Mail --------------------------------------------------------------------------------------------

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> Mail:
        """As every mail of the portal goes out; all of these are plain text to one address."""
        made = super().render_mail(template_prefix, email, context, headers)
        return Mail(made.subject, made.body, made.from_email, made.to, headers=made.extra_headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now. Raises ImmediateHttpResponse (503, a page that says so) when the relay does not answer."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            logger.exception("mail %s not sent", template_prefix)
            raise ImmediateHttpResponse(
                render(self.request, "account/mail_failed.html", status=503)
            ) from None

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell the person what changed; what has been done stays done when the relay does not answer."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            logger.warning("a notification was not sent")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A printed code sheet is a factor of its own; the QR code is drawn without images or styles."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _MESSAGES["incorrect_code"]}

    def is_mfa_enabled(self, user: Any, types: list[str] | None = None) -> bool:
        """allauth asks for app or key before it asks for a code at sign-in; a sheet with codes left counts too."""
        if types is not None and {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN} <= set(types):
            return isinstance(user, User) and factors_of(user).any
        return bool(super().is_mfa_enabled(user, types=types))

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an inline `<svg>` with presentation attributes only (the CSP allows nothing else)."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return format_html(
            '<svg class="qr" viewBox="0 0 {0} {0}" width="240" height="240" role="img" '
            'aria-label="認証アプリで読み取る二次元コード" shape-rendering="crispEdges">'
            '<rect width="{0}" height="{0}" fill="#ffffff"/><path d="{1}" fill="#000000"/></svg>',
            len(rows),
            path,
        )

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's signature
        """The suggested name of a new key."""
        return f"キー{Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the security key's window calls this site."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "多摩・島しょ連携支援ポータル"}
