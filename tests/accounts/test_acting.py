"""Choosing the post to act in, and what a person without one sees."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.actions.membership import end_post
from accounts.models import Membership
from accounts.queries import memberships_in_force, post_in
from core.actor import SYSTEM
from tests.accounts.conftest import Town
from tests.factories import accounts as make


@pytest.fixture
def double(town: Town, other: Town, client_as: Any) -> Client:
    make.post(town.editor, other.unit, "approver", kind="concurrent")
    client: Client = client_as(town.editor)
    return client


def test_choose_and_see_it_in_the_header(double: Client, town: Town, other: Town) -> None:
    assert "<b>東久留米市</b>" in double.get("/").content.decode()
    page = double.get("/account/acting/").content.decode()
    assert "東久留米市 企画政策課" in page and "清瀬市 企画政策課" in page and "承認者" in page
    answer = double.post("/account/acting/", {"department": other.unit.pk, "next": "/programs/"})
    assert answer["Location"] == "/programs/"
    bar = double.get("/").content.decode()
    assert "<b>清瀬市</b>" in bar and "承認者" in bar and "<b>東久留米市</b>" not in bar
    assert double.post("/account/acting/", {"department": other.unit.pk}).status_code == 302  # twice


@pytest.mark.parametrize("value", ["", "x", "999999", "-1"])
def test_only_ones_own_posts(double: Client, value: str) -> None:
    answer = double.post("/account/acting/", {"department": value})
    assert answer.status_code == 422
    assert "配属を選んでください" in answer.content.decode()


def test_not_a_foreign_or_an_ended_post(double: Client, town: Town, other: Town) -> None:
    foreign = make.department(make.metropolis())
    assert double.post("/account/acting/", {"department": foreign.pk}).status_code == 422
    post = Membership.objects.get(user=town.editor, department=other.unit)
    Membership.objects.filter(pk=post.pk).update(ends_on=date(2026, 11, 20))
    assert double.post("/account/acting/", {"department": other.unit.pk}).status_code == 422


def test_a_choice_does_not_outlive_its_post(double: Client, town: Town, other: Town) -> None:
    double.post("/account/acting/", {"department": other.unit.pk})
    Membership.objects.filter(user=town.editor, department=other.unit).update(ends_on=date(2026, 11, 20))
    page = double.get("/account/").content.decode()
    assert "選んでいた配属は終わりました" in page
    assert "<b>清瀬市</b>" not in page and "<b>東久留米市</b>" not in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_next_stays_here(double: Client, town: Town, target: str) -> None:
    answer = double.post("/account/acting/", {"department": town.unit.pk, "next": target})
    assert answer["Location"] == "/account/"


def test_nobody_and_wrong_method(client: Client, double: Client) -> None:
    assert client.get("/account/acting/")["Location"].startswith("/account/login/")
    assert double.delete("/account/acting/").status_code == 405
    assert double.post("/account/").status_code == 405


def test_a_person_without_post(town: Town, client_as: Any) -> None:
    end_post(
        post=Membership.objects.get(user=town.editor), ends_on=date(2026, 11, 20), comment="退職", by=SYSTEM
    )
    town.editor.refresh_from_db()
    client = client_as(town.editor)
    page = client.get("/account/").content.decode()
    assert "いま有効な配属がありません" in page
    assert client.get("/account/acting/").status_code == 200
    assert client.get("/account/people/").status_code == 404


def test_roles_of_one_department_are_held_together(town: Town) -> None:
    make.post(town.editor, town.unit, "approver")
    assert make.actor(town.editor).roles == {"editor", "approver"}


def test_post_in(town: Town, other: Town) -> None:
    make.post(town.editor, other.unit, "editor", kind="concurrent", starts_on=date(2026, 3, 1))
    posts = memberships_in_force(town.editor, date(2026, 11, 21))
    assert [post.department_id for post in posts] == [town.unit.pk, other.unit.pk]  # main post first
    chosen = post_in(posts, other.unit.pk)
    assert chosen is not None and chosen.department_id == other.unit.pk
    assert post_in(posts, -1) is None
    assert post_in([], None) is None
