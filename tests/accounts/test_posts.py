"""Posts: they begin and end at midnight in Japan, by acts that are recorded."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.actions.membership import add_department, add_post, cancel_post, end_post
from accounts.models import AccountEvent, Membership
from core.access import allowed
from core.exceptions import DomainError, Refused
from tests.accounts.conftest import Town, first_step, sign_in_by_mail
from tests.factories import accounts as make

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


def test_a_transfer_changes_sides_at_midnight_only_knowingly(
    town: Town, other: Town, client_as: Any, clock: Any
) -> None:
    """Who sits at the desk over midnight does not act for the new body before choosing it."""
    end_post(
        post=Membership.objects.get(user=town.editor), ends_on=date(2027, 3, 31), by=make.actor(town.admin)
    )
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
    assert (event.effective_on, event.comment, event.actor_name) == (
        date(2026, 10, 1),
        "届出の遅れ",
        "higashi管理",
    )
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
    later = add_post(
        person=town.editor, department=town.unit, role="approver", starts_on=date(2027, 4, 1), by=by
    )
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
