"""The people pages, asked six questions: works, wrong method, wrong role, other body, wrong state, twice."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.invitation import accept_invitation, invite, renew_invitation, withdraw_invitation
from accounts.actions.membership import add_post
from accounts.actions.security import reset_factors
from accounts.models import AccountEvent, Invitation, Membership, User
from accounts.models.event import check_events
from core.exceptions import Conflict, DomainError, Refused
from tests.accounts.conftest import Town, first_step, sign_in_by_mail
from tests.factories import accounts as make

INVITE = {
    "email": "new@higashi.example", "name": "新任 試験", "kana": "シンニン", "role": "approver", "kind": "main",
    "starts_on": "令和8年12月1日", "ends_on": "", "comment": "",
}  # fmt: skip


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
    return reverse(
        f"account:{name}", kwargs={key: values.get(key, value) for key, value in arguments.items()}
    )


@pytest.mark.parametrize(("name", "arguments", "methods"), ROUTES)
def test_wrong_method(
    admin: Client, town: Town, name: str, arguments: dict[str, Any], methods: set[str]
) -> None:
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
    assert b"\nSubject: =?utf-8?" in mail.outbox[-1].message().as_bytes()
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
    actions = list(
        AccountEvent.objects.filter(chain_key="organization:132225").values_list("action", flat=True)
    )
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
    late = forwarded.post(
        reverse("account:register"), {"password1": "thief-thief-thief-1", "password2": "thief-thief-thief-1"}
    )
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
        add_post(
            person=admin, department=unit, role="auditor", starts_on=date(2026, 11, 21), by=make.actor(admin)
        )


def test_the_first_administrator_comes_by_command(db: None, clock: Any, settings: Any) -> None:
    make.city("132225")
    arguments = [
        "invite_administrator",
        "132225",
        "first@higashi.example",
        "初代 管理",
        "--department",
        "企画政策課",
    ]
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
