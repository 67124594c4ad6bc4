"""API tokens: shown once, kept as a digest, bound to a post, dead at once; and what they open."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client

from accounts.actions import tokens
from accounts.actions.membership import end_post
from accounts.actions.security import deactivate, reactivate
from accounts.actions.transfer import Transfer, carry_out, posts_at
from accounts.enums import Scope, UnitChange
from accounts.models import AccountEvent, ApiToken, Department, Membership, User
from core import clock as time
from core.access import allowed
from core.actor import SYSTEM
from core.exceptions import Conflict, DomainError, Refused
from tests.accounts.conftest import Town
from tests.factories import accounts as make

PATH = "/account/tokens/"
ME = "/api/v1/me/"


def mint(who: User, *scopes: str, days: int = 90, name: str = "財務システム") -> tuple[ApiToken, str]:
    """A token of somebody's first post."""
    post = Membership.objects.in_force(time.today()).filter(user=who).earliest("pk")
    return tokens.make_token(
        membership_id=post.pk,
        name=name,
        scopes=scopes or [Scope.READ_APPLICATIONS],
        days=days,
        by=make.actor(who),
    )


def call(secret: str, path: str = ME, method: str = "get", **more: Any) -> Any:
    """Ask as a machine does: no cookies."""
    return getattr(Client(), method)(path, headers={"Authorization": f"Bearer {secret}"}, **more)


def reconfirmed(client: Client, person: User) -> Client:
    """Somebody who has just given the password once more."""
    session, request = client.session, HttpRequest()
    request.session, request.user = session, person
    record_authentication(request, person, method="password", reauthenticated=True)
    session.save()
    return client


def test_a_person_makes_one_and_sees_it_once(town: Town, client_as: Callable[[User], Client]) -> None:
    client = client_as(town.editor)
    assert "/account/reauthenticate/" in client.post(PATH, {"name": "x"})["Location"]
    client = reconfirmed(client, town.editor)
    post = Membership.objects.get(user=town.editor)
    sent = {"name": "財務 システム", "membership_id": post.pk, "scopes": ["deadlines.read"], "days": 30}
    answer = client.post(PATH, sent)
    token = ApiToken.objects.get()
    secret = next(word for word in answer.content.decode().split('"') if word.startswith("tamap_"))
    assert "no-store" in answer["Cache-Control"]
    assert (token.key in secret, token.digest) == (True, tokens.digest_of(secret))
    assert token.expires_at == time.now() + timedelta(days=30)
    again = client.get(PATH).content.decode()
    assert secret not in again and token.key in again
    event = AccountEvent.objects.filter(action="make_token").get()
    assert event.subject == town.editor and secret not in str(event.payload)
    for name in ApiToken._meta.get_fields():
        assert secret.split("_", 2)[2] not in str(getattr(token, name.name, ""))
    faulty = client.post(PATH, {**sent, "name": "", "scopes": []})
    assert faulty.status_code == 422 and ApiToken.objects.count() == 1


def test_it_says_who_it_is_and_nothing_of_the_person(town: Town) -> None:
    token, secret = mint(town.editor, Scope.READ_APPLICATIONS, Scope.READ_DEADLINES)
    answer = call(secret)
    assert answer.json() == {
        "by": "token", "organization": {"code": "132225", "name": "東久留米市"}, "department": "企画政策課",
        "roles": ["editor"], "scopes": ["applications.read", "deadlines.read"],
        "token": {"key": token.key, "name": "財務システム", "expires_at": time.local(token.expires_at).isoformat()},
    }  # fmt: skip
    assert "no-store" in answer["Cache-Control"]
    assert ApiToken.objects.get().last_used_at == time.now()


def test_it_acts_in_its_own_post_and_role_only(town: Town, other: Town) -> None:
    """The owner is an approver too, and has a post elsewhere: the token knows nothing of either."""
    make.post(town.editor, town.unit, "approver")
    make.post(town.editor, other.unit, "editor", kind="concurrent")
    _, secret = mint(town.editor)
    assert call(secret).json()["roles"] == ["editor"]
    foreign = Membership.objects.get(user=other.editor)
    with pytest.raises(Refused):
        tokens.make_token(
            membership_id=foreign.pk, name="x", scopes=["notices.read"], days=30, by=make.actor(town.editor)
        )
    admin = Membership.objects.get(user=town.admin)
    with pytest.raises(Refused):  # a machine administers nobody
        tokens.make_token(
            membership_id=admin.pk, name="x", scopes=["notices.read"], days=30, by=make.actor(town.admin)
        )


def wrong_secrets(secret: str) -> list[str]:
    head, tail = secret[:-1], secret[-1]
    return [
        "",
        "x",
        f"{head}{'A' if tail != 'A' else 'B'}",
        f"{secret}x",
        secret.upper(),
        f"tamap_{'a' * 8}_{'b' * 43}",
        "\x00",
    ]


def test_only_the_very_secret_opens(town: Town) -> None:
    _, secret = mint(town.editor)
    for wrong in wrong_secrets(secret):
        answer = call(wrong)
        assert answer.status_code == 401, wrong
        assert 'error="invalid_token"' in answer["WWW-Authenticate"]
        assert "作り直して" in answer.json()["detail"]
        assert call(wrong, "/api/v1/organizations/").status_code == 401  # no silent fall to the public
    assert call(secret).status_code == 200
    assert Client().get(ME, {"token": secret}).status_code == 401  # never from an address
    assert (
        Client(headers={"Authorization": f"Bearer {secret}"}).get("/account/").status_code == 302
    )  # no page


@pytest.mark.parametrize("end", ["expired", "revoked", "by the administrator", "left", "closed"])
def test_it_dies_at_once(town: Town, clock: Any, end: str) -> None:
    token, secret = mint(town.editor)
    post = Membership.objects.select_related("department__organization", "user").get(pk=token.membership_id)
    if end == "expired":
        clock.set(token.expires_at - timedelta(seconds=1))
        assert call(secret).status_code == 200
        clock.set(token.expires_at)
    elif end in {"revoked", "by the administrator"}:
        by = town.editor if end == "revoked" else town.admin
        tokens.revoke_token(token_id=token.pk, by=make.actor(by))
        with pytest.raises(Conflict):
            tokens.revoke_token(token_id=token.pk, by=make.actor(by))
    elif end == "left":
        end_post(post=post, ends_on=time.today(), by=SYSTEM)
        assert call(secret).status_code == 200  # to the end of the last day
        clock.advance(timedelta(days=1))
    else:
        deactivate(person=town.editor, organization=town.body, comment="休業", by=make.actor(town.admin))
        reactivate(
            person=town.editor, organization=town.body, by=make.actor(town.admin)
        )  # does not wake it up
    assert call(secret).status_code == 401


@pytest.mark.parametrize("by_schedule", [True, False])
@pytest.mark.parametrize("how", ["renamed", "merged"])
def test_it_follows_its_unit_at_the_set_instant(town: Town, clock: Any, how: str, by_schedule: bool) -> None:
    """By the schedule or with its first request, whichever is first; who it acts for is the new unit. It is on record."""
    token, secret = mint(town.editor, days=365)
    _transfer(town, how)
    clock.jst(2027, 3, 31, 23, 59)
    assert tokens.carry_tokens(at=time.now()) == 0
    assert call(secret).json()["department"] == town.unit.name
    clock.jst(2027, 4, 1)
    if by_schedule:
        assert tokens.carry_tokens(at=time.now()) == 1
    assert call(secret).json()["department"] == {"renamed": "未来課", "merged": "総務課"}[how]
    token.refresh_from_db()
    assert token.membership.user == town.editor and token.state(time.now()) == "working"
    assert AccountEvent.objects.filter(action="carry_token").get().subject == town.editor
    assert tokens.carry_tokens(at=time.now()) == 0


@pytest.mark.parametrize("gone", ["left before", "other role", "two units", "revoked"])
def test_it_does_not_follow_where_its_work_is_not_the_same(town: Town, clock: Any, gone: str) -> None:
    token, secret = mint(town.editor, days=365)
    old = Membership.objects.get(pk=token.membership_id)
    if gone == "left before":
        Membership.objects.filter(pk=old.pk).update(ends_on=date(2027, 3, 30))
    _transfer(town, "renamed")
    clock.jst(2027, 4, 1)
    posts = Membership.objects.in_force(time.today()).filter(user=town.editor, role=old.role)
    if gone == "left before":
        assert not posts.exists()
        make.post(town.editor, Department.objects.get(name="未来課"), old.role)
    elif gone == "other role":
        posts.update(role="approver")
    elif gone == "two units":
        second = make.department(town.body, "第二課")
        town.unit.succeeded_by.add(second)
        make.post(town.editor, second, old.role)
    else:
        ApiToken.objects.update(revoked_at=token.made_at)
    assert call(secret).status_code == 401
    assert not AccountEvent.objects.filter(action="carry_token").exists()


def _transfer(town: Town, how: str) -> None:
    """On 1 April the unit is renamed, or merged into another one: its people go on there."""
    into = make.department(town.body, "総務課") if how == "merged" else None
    on = date(2027, 4, 1)
    facts: dict[str, Any] = (
        {"change": UnitChange.MERGE, "into": into}
        if into
        else {"change": UnitChange.RENAME, "names": ("未来課",)}
    )
    posts = tuple(post.pk for post in posts_at(town.unit, on))
    carry_out(Transfer(town.unit, on, posts=posts, **facts), by=make.actor(town.admin))


def test_another_bodys_tokens_are_unknown(
    town: Town, other: Town, client_as: Callable[[User], Client]
) -> None:
    token, secret = mint(town.editor, name="見えない連携")
    colleague = make.person("colleague@higashi.example", "editor", town.unit)
    for stranger in (other.admin, other.editor, colleague):
        client = client_as(stranger)
        assert client.post(f"{PATH}{token.pk}/revoke/").status_code == 404
        assert "見えない連携" not in client.get(PATH).content.decode()
    shown = client_as(town.admin).get(PATH).content.decode()
    assert "見えない連携" in shown and town.editor.name in shown
    assert client_as(town.admin).post(f"{PATH}{token.pk}/revoke/", follow=True).status_code == 200
    assert call(secret).status_code == 401


def test_limits(town: Town) -> None:
    for _ in range(5):
        mint(town.editor)
    with pytest.raises(DomainError, match="5つまで"):
        mint(town.editor)
    ApiToken.objects.update(expires_at=time.now() - timedelta(0), made_at=time.now() - timedelta(days=1))
    mint(town.editor)
    post = Membership.objects.get(user=town.editor)
    for fault in (
        {"days": 9999},
        {"scopes": ["all"]},
        {"scopes": []},
        {"name": " "},
        {"name": "x" * 61},
        {"name": "\x00"},
    ):
        facts: dict[str, Any] = {"name": "x", "scopes": ["notices.read"], "days": 30, **fault}
        with pytest.raises(DomainError):
            tokens.make_token(membership_id=post.pk, by=make.actor(town.editor), **facts)


def test_a_machine_may_nothing_that_is_not_said_to_be_for_machines(town: Town) -> None:
    """The one permission question knows it: whatever the post may, the token may not."""
    token, _ = mint(town.editor, *Scope.values)
    machine = tokens.actor_of_token(
        ApiToken.objects.select_related("membership__department__organization", "membership__user").get()
    )
    person = make.actor(town.editor)
    for action in (
        "accounts.make_token",
        "accounts.keep_tokens",
        "accounts.keep_calendar",
        "grants.start",
        "grants.submit",
    ):
        assert allowed(person, action), action
        assert not allowed(machine, action), action
    with pytest.raises(Refused):
        tokens.revoke_token(token_id=token.pk, by=machine)


def test_throttles(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong tokens by place; right ones by token, one client's flood is not another's."""
    from accounts.api.authentication import CallerThrottle

    secrets = [mint(town.editor)[1] for _ in range(2)]
    monkeypatch.setattr(CallerThrottle, "THROTTLE_RATES", {"caller": "3/min"})
    assert [call(secrets[0]).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert call(secrets[1]).status_code == 200
    cache.clear()
    answers = [call("wrong") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_session_still_needs_its_csrf_token_and_a_machine_none(
    town: Town, client_as: Callable[[User], Client]
) -> None:
    client = client_as(town.editor)
    assert client.get(ME).json()["by"] == "session"
    client.handler.enforce_csrf_checks = True
    refused = client.post(ME)
    assert refused.status_code == 403 and "X-CSRFToken" in refused.json()["detail"]
    _, secret = mint(town.editor)
    machine = Client(enforce_csrf_checks=True)
    assert machine.post(ME, headers={"Authorization": f"Bearer {secret}"}).status_code == 405


def test_asking_costs_the_same(town: Town, django_assert_max_num_queries: Any) -> None:
    _, secret = mint(town.editor)
    call(secret)
    with django_assert_max_num_queries(1):
        call(secret)
