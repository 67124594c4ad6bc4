"""Sign-in: a second factor always, no guessing, no enumeration, no foreign `next`."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.actions import security
from accounts.models import AccountEvent, LoginAttempt
from core.actor import SYSTEM
from core.exceptions import Conflict, DomainError
from tests.accounts.conftest import Town, first_step, mailed_code, sign_in_by_mail
from tests.factories import accounts as make

HOME = "/account/"


def is_signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def totp_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_code_goes_to_the_work_mailbox(client: Client, town: Town) -> None:
    answer = first_step(client, "EDITOR@higashi.example")
    assert answer["Location"] == reverse("account_confirm_login_code")
    assert not is_signed_in(client)
    assert mail.outbox[-1].to == ["editor@higashi.example"]
    assert "確認コード" in mail.outbox[-1].subject
    page = client.get("/account/login/code/")
    assert "no-store" in page["Cache-Control"]
    answer = client.post("/account/login/code/", {"code": mailed_code(), "action": "verify"})
    assert answer["Location"] == HOME
    home = client.get(HOME)
    assert home.status_code == 200
    assert "no-store" in home["Cache-Control"]
    assert town.editor.name in home.content.decode()


def test_a_session_with_password_only_is_nobody(client: Client, town: Town) -> None:
    """Also when something signs a person in past the stages, and also for allauth's own pages."""
    client.force_login(town.editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("account:home", "account:acting", "account:people", "mfa_index", "account_change_password"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/account/login/"), name
    assert "職員サインイン" in client.get("/").content.decode()
    assert client.get("/account/login/").status_code == 200  # not sent round in circles


def test_a_wrong_code_does_not_open(client: Client, town: Town) -> None:
    first_step(client, town.editor.email)
    wrong = "000000" if mailed_code() != "000000" else "111111"
    page = client.post("/account/login/code/", {"code": wrong, "action": "verify"})
    assert "コードが違います" in page.content.decode()
    assert not is_signed_in(client)
    for _ in range(4):
        answer = client.post("/account/login/code/", {"code": wrong, "action": "verify"})
    assert answer["Location"] == "/account/login/"
    assert client.post("/account/login/code/", {"code": mailed_code(), "action": "verify"}).status_code == 302
    assert not is_signed_in(client)


def test_wrong_codes_stop_new_ones(client: Client, town: Town) -> None:
    for _ in range(3):
        first_step(client, town.editor.email)
        for _ in range(5):
            client.post("/account/login/code/", {"code": "x", "action": "verify"})
    sent = len(mail.outbox)
    answer = first_step(client, town.editor.email)
    assert answer.status_code == 429
    assert "しばらくサインインできません" in answer.content.decode()
    assert len(mail.outbox) == sent


def test_a_code_can_be_sent_again(client: Client, town: Town) -> None:
    first_step(client, town.editor.email)
    first = mailed_code()
    client.post("/account/login/code/", {"action": "resend"})
    assert len(mail.outbox) == 2
    answer = client.post("/account/login/code/", {"code": mailed_code(), "action": "verify"})
    assert answer["Location"] == HOME
    assert first != "" and is_signed_in(client)


def test_an_app_asks_for_its_number_and_no_mail_is_sent(client: Client, town: Town) -> None:
    secret = generate_totp_secret()
    TOTP.activate(town.editor, secret)
    answer = first_step(client, town.editor.email)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert mail.outbox == []
    assert not is_signed_in(client)
    assert "コードが違います" in client.post("/account/factors/authenticate/", {"code": "1"}).content.decode()
    assert not is_signed_in(client)
    code = totp_now(secret)
    assert client.post("/account/factors/authenticate/", {"code": code})["Location"] == HOME
    assert is_signed_in(client)
    again = Client()
    first_step(again, town.editor.email)
    again.post("/account/factors/authenticate/", {"code": code})
    assert not is_signed_in(again)  # a number works once


def test_a_printed_sheet_is_a_factor_of_its_own(client: Client, town: Town) -> None:
    sheet = RecoveryCodes.activate(town.editor)
    codes = sheet.get_unused_codes()
    assert first_step(client, town.editor.email)["Location"] == reverse("mfa_authenticate")
    assert client.post("/account/factors/authenticate/", {"code": codes[0]})["Location"] == HOME
    assert is_signed_in(client)
    again = Client()
    first_step(again, town.editor.email)
    again.post("/account/factors/authenticate/", {"code": codes[0]})
    assert not is_signed_in(again)
    row = Authenticator.objects.get(user=town.editor)
    row.data["used_mask"] = 2**10 - 1
    row.save()
    assert first_step(Client(), town.editor.email)["Location"] == reverse("account_confirm_login_code")


def enrolled_client(town: Town) -> Client:
    client = Client()
    sign_in_by_mail(client, town.editor.email)
    page = client.get(reverse("mfa_index"))
    assert page.status_code == 200
    client.get(reverse("mfa_activate_totp"))
    return client


@pytest.mark.django_db(transaction=True)
def test_enrolling_an_app_asks_for_the_password_first(town: Town) -> None:
    """The notification and the event come after the commit, so this test really commits."""
    client = enrolled_client(town)
    start = client.get(reverse("mfa_activate_totp"))
    assert start["Location"].startswith(reverse("account_reauthenticate"))
    bad = client.post(start["Location"], {"password": "wrong", "next": reverse("mfa_activate_totp")})
    assert "パスワードが違います" in bad.content.decode()
    answer = client.post(start["Location"], {"password": make.PASSWORD, "next": reverse("mfa_activate_totp")})
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r"<svg[^>]+viewBox", page)
    assert "data:image" not in page and " style=" not in page
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]  # type: ignore[index]
    answer = client.post(reverse("mfa_activate_totp"), {"code": totp_now(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    sheet = client.get(answer["Location"]).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", sheet)) == 10
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 200
    assert "認証アプリを登録しました" in mail.outbox[-1].subject
    words = [
        event.words
        for event in AccountEvent.objects.filter(subject=town.editor, chain_key__startswith="user:")
    ]
    assert "認証手段を加えた" in words
    removal = client.post(reverse("mfa_deactivate_totp"))
    assert removal["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.filter(user=town.editor).exists()


def test_a_sheet_can_be_made_without_any_other_factor(town: Town) -> None:
    client = Client()
    sign_in_by_mail(client, town.editor.email)
    url = reverse("mfa_generate_recovery_codes")
    client.post(f"{reverse('account_reauthenticate')}?next={url}", {"password": make.PASSWORD})
    answer = client.post(url)
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    page = client.get(answer["Location"])
    assert "no-store" in page["Cache-Control"]
    assert len(re.findall(r"<li>\d{8}</li>", page.content.decode())) == 10


def test_wrong_password_and_unknown_address_look_alike(client: Client, town: Town) -> None:
    def text(answer: Any, email: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode()).replace(
            email, ""
        )

    known = first_step(client, town.editor.email, "wrong-password-1")
    unknown = first_step(client, "nobody@higashi.example", "wrong-password-1")
    assert known.status_code == unknown.status_code == 200
    assert text(known, town.editor.email) == text(unknown, "nobody@higashi.example")
    assert "メールアドレスかパスワードが違います" in known.content.decode()


def test_reset_answers_alike_and_mails_in_both_cases(client: Client, town: Town) -> None:
    for email in (town.editor.email, "nobody@higashi.example"):
        answer = client.post(reverse("account_reset_password"), {"email": email})
        assert answer["Location"] == reverse("account_reset_password_done")
    assert [message.to for message in mail.outbox] == [[town.editor.email], ["nobody@higashi.example"]]
    assert "登録されていません" in mail.outbox[1].body
    assert "http" not in mail.outbox[1].body
    assert all(b"\nSubject: =?utf-8?" in message.message().as_bytes() for message in mail.outbox)


def reset_link(email: str) -> str:
    Client().post(reverse("account_reset_password"), {"email": email})
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]


def test_a_reset_link_works_once_and_ends_every_session(client: Client, town: Town) -> None:
    before = Client()
    sign_in_by_mail(before, town.editor.email)
    link = reset_link(town.editor.email)
    form = client.get(link)["Location"]
    weak = client.post(form, {"password1": "short", "password2": "short"})
    assert "エラー：" in weak.content.decode()
    new = "another-long-phrase-7"
    assert client.post(form, {"password1": new, "password2": new})["Location"] == reverse(
        "account_reset_password_from_key_done"
    )
    assert not is_signed_in(before)
    assert not is_signed_in(client)  # resetting is not signing in
    assert "このリンクは使えません" in client.get(link).content.decode()
    sign_in_by_mail(client, town.editor.email, new)
    assert is_signed_in(client)


def test_a_reset_link_expires(client: Client, town: Town, settings: Any) -> None:
    link = reset_link(town.editor.email)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "このリンクは使えません" in client.get(link).content.decode()


def test_a_forged_host_gets_no_link(client: Client, town: Town) -> None:
    answer = client.post(
        reverse("account_reset_password"), {"email": town.editor.email}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 400
    assert mail.outbox == []


def test_five_wrong_tries_stop_one_person_at_one_address_only(client: Client, town: Town) -> None:
    for _ in range(5):
        first_step(client, town.editor.email, "wrong-password-1", REMOTE_ADDR="198.51.100.1")
    page = first_step(client, town.editor.email, REMOTE_ADDR="198.51.100.1").content.decode()
    assert "試行が続いた" in page
    colleague = Client()
    assert first_step(colleague, town.admin.email, REMOTE_ADDR="198.51.100.1").status_code == 302
    victim = Client()
    assert first_step(victim, town.editor.email, REMOTE_ADDR="198.51.100.2").status_code == 302


def test_a_whole_town_hall_behind_one_address_gets_in(town: Town) -> None:
    people = [make.person(f"p{n}@higashi.example", "editor", town.unit) for n in range(40)]
    for someone in people:
        assert first_step(Client(), someone.email, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_a_guesser_from_many_addresses_is_stopped(client: Client, town: Town) -> None:
    for n in range(50):
        first_step(Client(), town.editor.email, "wrong-password-1", REMOTE_ADDR=f"198.51.{n}.1")
    page = first_step(client, town.editor.email, REMOTE_ADDR="203.0.113.9")
    assert "試行が続いた" in page.content.decode()
    link = reset_link(town.editor.email)
    form = client.get(link)["Location"]
    client.post(form, {"password1": "another-long-phrase-7", "password2": "another-long-phrase-7"})
    assert first_step(client, town.editor.email, "another-long-phrase-7").status_code == 302


def test_attempts_are_kept_without_addresses(client: Client, town: Town) -> None:
    first_step(client, town.editor.email, "wrong-password-1")
    sign_in_by_mail(client, town.editor.email)
    assert list(LoginAttempt.objects.values_list("outcome", flat=True)) == ["signed_in", "wrong_password"]
    everything = " ".join(str(row) for row in LoginAttempt.objects.values_list())
    assert "higashi" not in everything and "127.0.0.1" not in everything
    page = client.get(HOME).content.decode()
    assert "パスワードが違った" in page and "サインインした" in page


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http://testserver.evil.example/",
        "javascript:x",
        "http://testserver/programs/",
    ],
)
def test_next_leads_to_own_paths_only(client: Client, town: Town, target: str) -> None:
    client.post("/account/login/", {"login": town.editor.email, "password": make.PASSWORD, "next": target})
    answer = client.post("/account/login/code/", {"code": mailed_code(), "action": "verify", "next": target})
    assert answer["Location"] == HOME


def test_next_leads_back(client: Client, town: Town) -> None:
    start = client.get("/account/acting/")
    assert start["Location"] == "/account/login/?next=/account/acting/"
    client.post(
        start["Location"], {"login": town.editor.email, "password": make.PASSWORD, "next": "/account/acting/"}
    )
    answer = client.post("/account/login/code/", {"code": mailed_code(), "action": "verify"})
    assert answer["Location"] == "/account/acting/"


def test_the_session_key_changes_at_sign_in(client: Client, town: Town) -> None:
    first_step(client, town.editor.email)
    before = client.session.session_key
    client.post("/account/login/code/", {"code": mailed_code(), "action": "verify"})
    assert client.session.session_key != before
    stale = Client()
    stale.cookies["sessionid"] = before or ""
    assert not is_signed_in(stale)


def test_changing_the_password_ends_the_other_sessions(town: Town) -> None:
    here, there = Client(), Client()
    sign_in_by_mail(here, town.editor.email)
    sign_in_by_mail(there, town.editor.email)
    new = "another-long-phrase-7"
    wrong = here.post(
        reverse("account_change_password"), {"oldpassword": "x", "password1": new, "password2": new}
    )
    assert "いまのパスワードが違います" in wrong.content.decode()
    here.post(
        reverse("account_change_password"), {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    )
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert "パスワードが変わりました" in mail.outbox[-1].subject


def test_an_idle_session_ends(client: Client, town: Town, clock: Any) -> None:
    sign_in_by_mail(client, town.editor.email)
    assert is_signed_in(client)
    clock.advance(timedelta(minutes=59))
    assert is_signed_in(client)
    clock.advance(timedelta(minutes=61))
    answer = client.get(HOME, follow=True)
    assert "60分以上操作がなかった" in answer.content.decode()
    assert not is_signed_in(client)


def test_sign_out_needs_a_button(client: Client, town: Town) -> None:
    sign_in_by_mail(client, town.editor.email)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_a_closed_account_does_not_open(client: Client, town: Town, other: Town) -> None:
    sign_in_by_mail(client, town.editor.email)
    by = make.actor(town.admin)
    security.deactivate(person=town.editor, organization=town.body, comment="退職", by=by)
    assert not is_signed_in(client)
    answer = first_step(client, town.editor.email)
    assert answer["Location"] == reverse("account_inactive")
    assert client.get(answer["Location"]).status_code == 200
    assert not is_signed_in(client)
    with pytest.raises(Conflict):
        security.deactivate(person=town.editor, organization=town.body, comment="退職", by=by)
    with pytest.raises(DomainError):
        security.deactivate(person=town.admin, organization=town.body, comment="退職", by=by)
    security.reactivate(person=town.editor, organization=town.body, comment="復職", by=SYSTEM)
    sign_in_by_mail(client, town.editor.email)
    assert is_signed_in(client)


def test_a_relay_that_does_not_answer_is_said(client: Client, town: Town, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    answer = first_step(client, town.editor.email)
    assert answer.status_code == 503
    assert "メールを送れませんでした" in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_request_login_code", "account_set_password", "mfa_trust"],
)
def test_what_is_not_needed_is_not_mounted(name: str) -> None:
    with pytest.raises(Exception, match="not found"):
        reverse(name)
