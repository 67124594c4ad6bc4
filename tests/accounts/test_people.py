"""The people pages, asked six questions: works, wrong method, wrong role, other body, wrong state, twice."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.invitation import accept_invitation, invite, renew_invitation, withdraw_invitation
from accounts.actions.membership import add_department, add_post, cancel_post, end_post
from accounts.actions.security import reset_factors
from accounts.models import AccountEvent, Invitation, Membership, User
from accounts.models.event import check_events
from core.access import allowed
from core.exceptions import Conflict, DomainError, Refused
from tests.accounts.conftest import Town, first_step, sign_in_by_mail
from tests.factories import accounts as make

INVITE = {
    "email": "new@higashi.example", "name": "新任 試験", "kana": "シンニン", "role": "approver", "kind": "main",
    "starts_on": "令和8年12月1日", "ends_on": "", "comment": "",
}  # fmt: skip


@pytest.fixture
def admin(town: Town, client_as: Any) -> Client:
    found: Client = client_as(town.admin)
    return found


def invite_link() -> str:
    return re.search(r"http://testserver(/account/invitations/\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]


# --- Every page: wrong method, wrong role, other body ------------------------------------------------------

ROUTES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("people", {}, {"get"}),
    ("invite", {}, {"get", "post"}),
    ("departments", {}, {"get", "post"}),
    ("person", {"person_id": 0}, {"get"}),
    ("invitation_renew", {"person_id": 0}, {"post"}),
    ("invitation_withdraw", {"person_id": 0}, {"post"}),
    ("post_add", {"person_id": 0}, {"get", "post"}),
    ("post_end", {"person_id": 0, "post_id": 0}, {"get", "post"}),
    ("post_cancel", {"person_id": 0, "post_id": 0}, {"post"}),
    ("secure", {"person_id": 0, "act": "deactivate"}, {"get", "post"}),
]


def address(name: str, arguments: dict[str, Any], person: User) -> str:
    post = Membership.objects.filter(user=person).first()
    values = {"person_id": person.pk, "post_id": post.pk if post else 0}
    return reverse(f"account:{name}", kwargs={key: values.get(key, value) for key, value in arguments.items()})


@pytest.mark.parametrize(("name", "arguments", "methods"), ROUTES)
def test_wrong_method(admin: Client, town: Town, name: str, arguments: dict[str, Any], methods: set[str]) -> None:
    for method in {"get", "post", "put", "patch", "delete"} - methods:
        answer = getattr(admin, method)(address(name, arguments, town.editor))
        assert answer.status_code == 405, method


@pytest.mark.parametrize(("name", "arguments", "methods"), ROUTES)
def test_wrong_role_and_nobody(
    town: Town, client_as: Any, name: str, arguments: dict[str, Any], methods: set[str]
) -> None:
    editor = client_as(town.editor)
    url = address(name, arguments, town.editor)
    for method in methods:
        assert getattr(editor, method)(url).status_code == 404
        assert getattr(Client(), method)(url)["Location"].startswith("/account/login/")


@pytest.mark.parametrize(("name", "arguments", "methods"), [route for route in ROUTES if route[1]])
def test_other_body(
    *, admin: Client, town: Town, other: Town, name: str, arguments: dict[str, Any], methods: set[str]
) -> None:
    """A person of another body is as unknown as nobody, also with one's own post number."""
    foreign = address(name, arguments, other.editor)
    for method in methods:
        answer = getattr(admin, method)(foreign)
        assert answer.status_code == 404
        assert other.editor.name not in answer.content.decode()
    if "post_id" in arguments:
        own_post = Membership.objects.get(user=town.editor)
        foreign_post = Membership.objects.get(user=other.editor)
        for person_id, post_id in ((town.editor.pk, foreign_post.pk), (other.editor.pk, own_post.pk)):
            url = reverse(f"account:{name}", args=[person_id, post_id])
            assert admin.post(url, {"ends_on": "2026/11/30"}).status_code == 404
    assert Membership.objects.get(user=other.editor).ends_on is None


# --- Inviting ------------------------------------------------------------------------------------------------


def test_invite_register_sign_in(admin: Client, town: Town) -> None:
    form = admin.get(reverse("account:invite")).content.decode()
    assert "承認者" in form and "都担当" not in form
    answer = admin.post(reverse("account:invite"), {**INVITE, "department": town.unit.pk})
    assert answer["Location"] == reverse("account:people")
    assert mail.outbox[-1].to == ["new@higashi.example"]
    assert "招待中" in admin.get(reverse("account:people")).content.decode()
    newcomer = Client()
    step = newcomer.get(invite_link())
    assert step["Location"] == reverse("account:register")
    page = newcomer.get(step["Location"])
    assert "新任 試験" in page.content.decode() and "no-store" in page["Cache-Control"]
    weak = newcomer.post(step["Location"], {"password1": "12345", "password2": "12345"})
    assert weak.status_code == 422
    differing = newcomer.post(step["Location"], {"password1": make.PASSWORD, "password2": "other-password-1"})
    assert "上のパスワードと違います" in differing.content.decode()
    done = newcomer.post(step["Location"], {"password1": make.PASSWORD, "password2": make.PASSWORD})
    assert done["Location"] == "/account/login/"
    sign_in_by_mail(newcomer, "new@higashi.example")
    home = newcomer.get("/account/").content.decode()
    assert "いま有効な配属がありません" in home and "令和8年12月1日" in home
    assert list(check_events()) == []
    actions = list(AccountEvent.objects.filter(chain_key="organization:132225").values_list("action", flat=True))
    assert actions[-3:] == ["add_post", "invite", "accept_invitation"]


def test_an_invitation_works_once(town: Town) -> None:
    by = make.actor(town.admin)
    made = invite(
        email="new@higashi.example", name="新任", department=town.unit, role="editor",
        starts_on=date(2026, 11, 21), by=by,
    )  # fmt: skip
    link = reverse("account:invitation", args=[made.secret])
    first, forwarded = Client(), Client()
    for client in (first, forwarded):
        client.get(link)
        assert client.get(reverse("account:register")).status_code == 200
    form = {"password1": make.PASSWORD, "password2": make.PASSWORD}
    assert first.post(reverse("account:register"), form).status_code == 302
    late = forwarded.post(reverse("account:register"), {"password1": "thief-thief-thief-1", "password2": "thief-thief-thief-1"})
    assert late.status_code == 410
    assert first_step(Client(), "new@higashi.example", "thief-thief-thief-1").status_code == 200
    with pytest.raises(DomainError):
        accept_invitation(secret=made.secret, password="thief-thief-thief-1")


def test_an_invitation_expires_is_renewed_and_withdrawn(town: Town, clock: Any) -> None:
    by = make.actor(town.admin)
    made = invite(
        email="new@higashi.example", name="新任", department=town.unit, role="editor",
        starts_on=date(2026, 11, 21), by=by,
    )  # fmt: skip
    clock.jst(2026, 11, 28, 10, 1)
    with pytest.raises(DomainError):
        accept_invitation(secret=made.secret, password=make.PASSWORD)
    second = renew_invitation(person=made.person, organization=town.body, by=by)
    third = renew_invitation(person=made.person, organization=town.body, by=by)
    with pytest.raises(DomainError):
        accept_invitation(secret=second, password=make.PASSWORD)
    invitation = Invitation.objects.get(withdrawn_at=None, used_at=None)
    withdraw_invitation(invitation=invitation, by=by)
    with pytest.raises(Conflict):
        withdraw_invitation(invitation=invitation, by=by)
    with pytest.raises(DomainError):
        accept_invitation(secret=third, password=make.PASSWORD)
    with pytest.raises(Conflict):
        renew_invitation(person=town.editor, organization=town.body, by=by)


def test_the_secret_of_a_link_is_not_kept(town: Town) -> None:
    made = invite(
        email="new@higashi.example", name="新任", department=town.unit, role="editor",
        starts_on=date(2026, 11, 21), by=make.actor(town.admin),
    )  # fmt: skip
    kept = f"{list(Invitation.objects.values_list())}{list(AccountEvent.objects.values_list())}"
    assert made.secret not in kept
    assert "new@higashi.example" not in f"{list(AccountEvent.objects.values_list())}"


def test_somebody_known_gets_the_post_without_a_link(admin: Client, town: Town, other: Town) -> None:
    data = {**INVITE, "email": other.editor.email, "name": "別の名", "department": town.unit.pk}
    admin.post(reverse("account:invite"), data)
    assert "配属が加わりました" in mail.outbox[-1].body and "invitations" not in mail.outbox[-1].body
    other.editor.refresh_from_db()
    assert other.editor.name == "kiyose担当"
    page = admin.get(reverse("account:person", args=[other.editor.pk]))
    assert page.status_code == 200
    assert "清瀬市" not in page.content.decode()
    for act in ("reset_factors", "deactivate"):  # another body counts on that person
        url = reverse("account:secure", args=[other.editor.pk, act])
        assert admin.post(url, {"comment": "x"}).status_code == 404
    with pytest.raises(Refused):
        reset_factors(person=other.editor, organization=town.body, comment="x", by=make.actor(town.admin))


def test_what_was_typed_stays_after_an_error(admin: Client, town: Town) -> None:
    data = {**INVITE, "department": town.unit.pk, "starts_on": "令和8年13月1日"}
    answer = admin.post(reverse("account:invite"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "エラー：" in page and 'value="令和8年13月1日"' in page and 'value="new@higashi.example"' in page
    assert not User.objects.filter(email="new@higashi.example").exists()


def test_inviting_twice_for_the_same_post(admin: Client, town: Town) -> None:
    data = {**INVITE, "department": town.unit.pk}
    assert admin.post(reverse("account:invite"), data).status_code == 302
    answer = admin.post(reverse("account:invite"), data)
    assert answer.status_code == 422
    assert "同じ部署・同じ役割の配属" in answer.content.decode()


@pytest.mark.parametrize("role", ["officer", "decider", "auditor", "adviser", "external_reviewer"])
def test_a_town_cannot_make_itself_tokyo(town: Town, role: str) -> None:
    with pytest.raises(DomainError, match="割り当てられません"):
        add_post(
            person=town.editor, department=town.unit, role=role, starts_on=date(2026, 11, 21),
            ends_on=date(2027, 3, 31), by=make.actor(town.admin),
        )  # fmt: skip


def test_a_dated_role_needs_its_end(clock: Any, db: None) -> None:
    unit = make.department(make.metropolis(), "監査担当")
    admin = make.person("admin@tokyo.example", "administrator", unit)
    with pytest.raises(DomainError, match="終了日が必要です"):
        add_post(person=admin, department=unit, role="auditor", starts_on=date(2026, 11, 21), by=make.actor(admin))


def test_the_first_administrator_comes_by_command(db: None, clock: Any, settings: Any) -> None:
    make.city("132225")
    arguments = ["invite_administrator", "132225", "first@higashi.example", "初代 管理", "--department", "企画政策課"]
    call_command(*arguments)
    link = re.search(r"(/account/invitations/\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]
    assert Client().get(link)["Location"] == reverse("account:register")
    with pytest.raises(CommandError, match="同じ部署・同じ役割"):
        call_command(*arguments)
    with pytest.raises(CommandError, match="999999"):
        call_command("invite_administrator", "999999", "x@y.example", "x", "--department", "x")
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    with pytest.raises(CommandError, match="nothing was kept"):
        call_command("invite_administrator", "132225", "second@higashi.example", "x", "--department", "x")
    assert not User.objects.filter(email="second@higashi.example").exists()


# --- Posts --------------------------------------------------------------------------------------------------------


def test_a_post_ends_at_midnight_in_japan(town: Town, client_as: Any, clock: Any) -> None:
    """The session itself goes on: rights are read at every request."""
    post = Membership.objects.get(user=town.editor)
    end_post(post=post, ends_on=date(2026, 11, 30), by=make.actor(town.admin))
    town.editor.refresh_from_db()
    clock.jst(2026, 11, 30, 23, 30)
    client = client_as(town.editor)
    assert "企画政策課" in client.get("/").content.decode()
    clock.jst(2026, 11, 30, 23, 59)
    assert "操作中" in client.get("/account/").content.decode()
    clock.jst(2026, 12, 1, 0, 0)
    page = client.get("/account/").content.decode()
    assert "いま有効な配属がありません" in page and "操作中" not in page


def test_a_transfer_changes_sides_at_midnight_only_knowingly(town: Town, other: Town, client_as: Any, clock: Any) -> None:
    """Who sits at the desk over midnight does not act for the new body before choosing it."""
    end_post(post=Membership.objects.get(user=town.editor), ends_on=date(2027, 3, 31), by=make.actor(town.admin))
    make.post(town.editor, other.unit, "editor", starts_on=date(2027, 4, 1))
    town.editor.refresh_from_db()
    clock.jst(2027, 3, 31, 23, 50)
    client = Client()
    sign_in_by_mail(client, town.editor.email)
    assert "東久留米市" in client.get("/account/acting/").content.decode()
    clock.jst(2027, 4, 1, 0, 5)
    page = client.get("/account/").content.decode()
    assert "選んでいた配属は終わりました" in page
    answer = client.post("/account/acting/", {"department": other.unit.pk})
    assert answer.status_code == 302
    bar = client.get("/").content.decode()
    assert "<b>清瀬市</b>" in bar and "<b>東久留米市</b>" not in bar


def test_changing_posts_ends_the_persons_sessions(town: Town, client_as: Any) -> None:
    client = client_as(town.editor)
    assert client.get("/account/").status_code == 200
    add_post(
        person=town.editor, department=town.unit, role="approver", starts_on=date(2026, 11, 21),
        by=make.actor(town.admin),
    )  # fmt: skip
    assert client.get("/account/").status_code == 302


def test_end_by_page_twice_and_wrong_days(admin: Client, town: Town) -> None:
    post = Membership.objects.get(user=town.editor)
    url = reverse("account:post_end", args=[town.editor.pk, post.pk])
    assert admin.get(url).status_code == 200
    early = admin.post(url, {"ends_on": "令和8年3月1日", "comment": "誤り"})
    assert "終了日が開始日より前です" in early.content.decode()
    past = admin.post(url, {"ends_on": "令和8年10月1日", "comment": ""})
    assert "終了日が過去です" in past.content.decode()
    assert admin.post(url, {"ends_on": "令和8年10月1日", "comment": "届出の遅れ"}).status_code == 302
    again = admin.post(url, {"ends_on": "令和8年10月2日", "comment": "x"})
    assert "この配属は終わっています" in again.content.decode()
    post.refresh_from_db()
    assert post.ends_on == date(2026, 10, 1)
    event = AccountEvent.objects.get(action="end_post")
    assert (event.effective_on, event.comment, event.actor_name) == (date(2026, 10, 1), "届出の遅れ", "higashi管理")
    assert event.subject == town.editor


def test_the_last_administrator_stays(admin: Client, town: Town) -> None:
    own = Membership.objects.get(user=town.admin)
    url = reverse("account:post_end", args=[town.admin.pk, own.pk])
    answer = admin.post(url, {"ends_on": "令和8年12月1日"})
    assert "利用者管理の担当者がいなくなります" in answer.content.decode()
    own.refresh_from_db()
    assert own.ends_on is None
    make.person("next@higashi.example", "administrator", town.unit, registered=False)
    assert "いなくなります" in admin.post(url, {"ends_on": "令和8年12月1日"}).content.decode()
    make.person("third@higashi.example", "administrator", town.unit)
    assert admin.post(url, {"ends_on": "令和8年12月1日"}).status_code == 302
    assert admin.get("/account/people/").status_code == 200  # their own session goes on


def test_a_post_that_has_not_begun_can_be_taken_back(admin: Client, town: Town) -> None:
    by = make.actor(town.admin)
    later = add_post(person=town.editor, department=town.unit, role="approver", starts_on=date(2027, 4, 1), by=by)
    url = reverse("account:post_cancel", args=[town.editor.pk, later.pk])
    assert admin.post(url).status_code == 302
    assert not Membership.objects.filter(pk=later.pk).exists()
    assert admin.post(url).status_code == 404
    with pytest.raises(DomainError):
        cancel_post(post=Membership.objects.get(user=town.editor), by=by)


def test_add_post_by_page(admin: Client, town: Town) -> None:
    url = reverse("account:post_add", args=[town.editor.pk])
    data = {"department": town.unit.pk, "role": "approver", "kind": "concurrent", "starts_on": "R8.11.21"}
    assert admin.post(url, data).status_code == 302
    assert admin.post(url, data).status_code == 422
    assert admin.post(url, {**data, "role": "liaison", "starts_on": "R8.11.1"}).status_code == 422
    foreign = make.department(make.city("132217"))
    assert admin.post(url, {**data, "department": foreign.pk}).status_code == 422


def test_departments_by_page(admin: Client, town: Town) -> None:
    url = reverse("account:departments")
    data = {"name": "産業振興課", "phone": "", "mailbox": "sangyo@higashi.example", "is_liaison": "on"}
    assert admin.post(url, data).status_code == 302
    assert "登録済みです" in admin.post(url, data).content.decode()
    assert "sangyo@higashi.example" in admin.get(url).content.decode()
    with pytest.raises(Refused):
        add_department(organization=make.city("132217"), name="他市の課", by=make.actor(town.admin))


def test_lost_factors_are_reset_with_a_reason(admin: Client, town: Town) -> None:
    TOTP.activate(town.editor, generate_totp_secret())
    url = reverse("account:secure", args=[town.editor.pk, "reset_factors"])
    assert admin.post(url, {"comment": ""}).status_code == 422
    assert admin.post(url, {"comment": "内線で確認"}).status_code == 302
    assert "登録されている認証手段はありません" in admin.post(url, {"comment": "内線で確認"}).content.decode()
    assert first_step(Client(), town.editor.email)["Location"] == reverse("account_confirm_login_code")


def test_permissions_need_the_second_factor(town: Town, other: Town) -> None:
    actor = make.actor(town.admin)
    assert allowed(actor, "accounts.manage_people", town.body)
    assert not allowed(actor, "accounts.manage_people", other.body)
    assert not allowed(replace(actor, second_factor=False), "accounts.manage_people", town.body)
    assert not allowed(actor, "accounts.manage_person", other.editor)


# --- Queries are few --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/account/people/", "/account/"])
def test_the_number_of_queries_does_not_grow(admin: Client, town: Town, path: str) -> None:
    admin.get(path)
    with CaptureQueriesContext(connection) as few:
        admin.get(path)
    for number in range(3):
        make.person(f"more{number}@higashi.example", "editor", town.unit)
    make.post(town.admin, make.department(town.body, "産業振興課"), "editor")
    admin = Client()
    sign_in_by_mail(admin, town.admin.email)
    admin.get(path)
    with CaptureQueriesContext(connection) as many:
        admin.get(path)
    assert len(many) == len(few)
