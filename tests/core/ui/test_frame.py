"""The frame of every page: banner, header, acting person, footer, error pages."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory, override_settings
from django.urls import NoReverseMatch

from accounts.enums import Role
from core import clock, context, kit
from core.actor import ANONYMOUS, Actor

EDITOR = Actor(
    user_id=1,
    name="見本 <太郎>",
    membership_id=1,
    organization_id=1,
    organization_code="132241",
    organization_name="多摩市",
    department_id=1,
    department_name="経済観光課",
    roles=frozenset({"editor", "coordinator"}),
)


def request_for(actor: Actor, path: str = "/programs/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.actor = actor  # type: ignore[attr-defined]
    return request


def page(template: str, actor: Actor = ANONYMOUS, **values: Any) -> str:
    return render_to_string(template, values, request=request_for(actor))


def test_role_words_are_those_of_the_roles() -> None:
    assert {role.value: role.label for role in Role} == context.ROLE_WORDS


@pytest.mark.django_db
def test_the_acting_person_stands_on_every_page() -> None:
    html = page("404.html", EDITOR)
    assert "多摩市" in html
    assert "経済観光課" in html
    assert "見本 &lt;太郎&gt;" in html
    assert "役割：担当・計画所管" in html


@pytest.mark.django_db
def test_signing_out_is_a_post_with_a_token() -> None:
    form = re.search(
        r'<form method="post" action="[^"]*logout[^"]*">.*?</form>', page("404.html", EDITOR), re.DOTALL
    )
    assert form is not None
    assert "csrfmiddlewaretoken" in form.group()


def test_nobody_acts_on_public_pages() -> None:
    html = page("404.html")
    assert 'class="actor"' not in html
    assert "csrfmiddlewaretoken" not in html
    assert "職員サインイン" in html


@pytest.mark.parametrize(("demo", "count"), [(True, 1), (False, 0)])
def test_demo_banner_with_its_clock(demo: bool, count: int) -> None:
    with override_settings(DEMO=demo), clock.at(datetime(2026, 11, 21, 1, 0, tzinfo=UTC)):
        html = page("404.html")
    assert html.count('class="demo"') == count
    assert html.count("令和8年（2026年）11月21日（土）10:00") == count
    assert html.count("（デモ）</title>") == count


def test_where_one_is() -> None:
    site = context.site(request_for(ANONYMOUS, "/programs/abc/"))
    assert [item.label for item in site["nav"] if item.current] == ["支援制度をさがす"]
    assert [item.label for item in site["nav"]] == ["支援制度をさがす", "募集", "採択事業", "計画と進行管理"]
    assert [item.label for item in site["footer_nav"]] == [
        "使い方",
        "プライバシー",
        "アクセシビリティ",
        "オープンデータ",
        "API仕様",
    ]


def test_a_page_that_is_not_mounted_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        if name == "calls:list":
            raise NoReverseMatch(name)
        return f"/{name}/"

    monkeypatch.setattr(context, "reverse", missing)
    assert "募集" not in [item.label for item in context.site(request_for(ANONYMOUS))["nav"]]


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "503.html"]
)
def test_error_pages_have_one_heading_a_way_on_and_the_contact(name: str) -> None:
    html = page(name)
    assert html.count("<h1") == 1
    assert "<li>" in html or "お試しください" in html
    assert "03-5388-2443" in html
    assert 'class="skip" href="#main"' in html


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_pages_for_a_broken_portal_need_no_context(name: str) -> None:
    assert get_template(name).render().count("多摩・島しょ連携支援ポータル") >= 3


class Unreadable:
    """A request's actor while the database is away."""

    def __getattr__(self, name: str) -> Any:
        raise ConnectionError(name)


def test_the_page_about_a_broken_database_does_not_ask_who_acts() -> None:
    request = RequestFactory().get("/")
    request.actor = Unreadable()  # type: ignore[attr-defined]
    assert "処理を続けられませんでした" in render_to_string("500.html", {}, request=request)


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_the_catalogue_shows_every_part_without_inline_style_or_script() -> None:
    html = page("pages/kit.html", EDITOR, **kit.context())
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son[a-z]+=", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = {unescape(target) for target in re.findall(r'href="#([^"]+)"', html)}
    assert targets <= set(ids)
    assert {chapter for chapter, _ in kit.CHAPTERS} <= targets


def test_styles_and_scripts_come_from_the_portal_itself() -> None:
    html = page("404.html")
    addresses = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', html)
    assert addresses
    assert all(address.startswith("/static/") for address in addresses)
