"""Routes of sign-in and people. allauth's views keep their own names; ours are in the namespace "account"."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.views import calendar, demo_mail, invitation, notice_choices, people, profile, tokens
from accounts.views.signin import SignInView
from core.access import access

View = Callable[..., Any]


form_page = require_http_methods(["GET", "HEAD", "POST"])


def entrance(view: View) -> View:
    """A page before sign-in: for everybody, never stored."""
    return access(public=True)(never_cache(form_page(view)))


def own(view: View) -> View:
    """A page about oneself."""
    return access(signed_in=True)(never_cache(form_page(view)))


own_pages = [
    path("", profile.home, name="home"),
    path("acting/", profile.acting, name="acting"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:token_id>/revoke/", calendar.calendar_revoke, name="calendar_revoke"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="token_revoke"),
    path("notices/", notice_choices.choices, name="notice_choices"),
    path("notices/deputies/<int:number>/end/", notice_choices.deputy_end, name="deputy_end"),
    path("demo-mail/", demo_mail.demo_mail, name="demo_mail"),
    path("invitations/register/", invitation.register, name="register"),
    path("invitations/<str:secret>/", invitation.open_link, name="invitation"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/departments/", people.departments, name="departments"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/invitation/renew/", people.invitation_renew, name="invitation_renew"),
    path(
        "people/<int:person_id>/invitation/withdraw/", people.invitation_withdraw, name="invitation_withdraw"
    ),
    path("people/<int:person_id>/posts/add/", people.post_add, name="post_add"),
    path("people/<int:person_id>/posts/<int:post_id>/end/", people.post_end, name="post_end"),
    path("people/<int:person_id>/posts/<int:post_id>/cancel/", people.post_cancel, name="post_cancel"),
    path("people/<int:person_id>/<slug:act>/", people.secure, name="secure"),
]

urlpatterns = [
    path("", include((own_pages, "account"))),
    path("login/", entrance(SignInView.as_view()), name="account_login"),
    path("login/code/", entrance(account.confirm_login_code), name="account_confirm_login_code"),
    path("login/closed/", entrance(account.account_inactive), name="account_inactive"),
    path("logout/", entrance(account.logout), name="account_logout"),
    path("reauthenticate/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own(account.password_change), name="account_change_password"),
    path("password/reset/", entrance(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", entrance(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        entrance(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        entrance(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("factors/", own(mfa.index), name="mfa_index"),
    path("factors/authenticate/", entrance(mfa.authenticate), name="mfa_authenticate"),
    path("factors/reauthenticate/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("factors/app/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("factors/app/remove/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("factors/sheet/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("factors/sheet/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("factors/sheet/download/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("factors/keys/", own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("factors/keys/add/", own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("factors/keys/confirm/", own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("factors/keys/<int:pk>/remove/", own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("factors/keys/<int:pk>/edit/", own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
]
