"""Readings of terms: off until asked for, one cookie, ruby in the text and the meanings below."""

import re

import pytest
from django.test import Client

from programs.models import GlossaryTerm, Program
from programs.views.readings import COOKIE, with_readings
from tests.factories import programs as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms() -> None:
    GlossaryTerm.objects.create(term="交付税", reading="こうふぜい", meaning="国が配るお金。")
    GlossaryTerm.objects.create(
        term="特別交付税", reading="とくべつこうふぜい", meaning="その年の事情で配る。"
    )
    GlossaryTerm.objects.create(term="過疎", reading="かそ", meaning="人口が減った状態。")


def test_the_longest_term_wins_and_each_is_shown_once() -> None:
    made = with_readings(
        "<特別交付税>と交付税と交付税", {"交付税": "こうふぜい", "特別交付税": "とくべつこうふぜい"}
    )
    assert made.count("<ruby>") == 2
    assert made.startswith("&lt;<ruby>特別交付税<rp>（</rp><rt>とくべつこうふぜい</rt>")
    assert made.endswith("と交付税")
    assert with_readings("交付税", {}) == "交付税"


def test_they_are_off_until_asked_for(client: Client, terms: None) -> None:
    make.published(slug="one", summary="特別交付税の措置です。<b>", benefit_text="特別交付税")
    text = client.get("/programs/one/").content.decode()
    assert "<ruby>" not in text
    assert "その年の事情で配る。" not in text
    response = client.post("/readings/", {"show": "1", "next": "/programs/one/?a=1"})
    assert response["Location"] == "/programs/one/?a=1"
    cookie = response.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    text = client.get("/programs/one/").content.decode()
    assert "<ruby>特別交付税<rp>（</rp><rt>とくべつこうふぜい</rt>" in text
    assert "&lt;b&gt;" in text
    assert "その年の事情で配る。" in text
    assert "人口が減った状態。" not in text
    client.post("/readings/", {"show": "0", "next": "/programs/one/"})
    assert "<ruby>" not in client.get("/programs/one/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "", "/\\evil.example"])
def test_the_way_back_stays_here(client: Client, target: str) -> None:
    location = client.post("/readings/", {"show": "1", "next": target})["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "://" not in location


def test_the_glossary(client: Client, reference: None) -> None:
    text = client.get("/readings/").content.decode()
    assert "<rt>そちりつ</rt>" in text
    assert GlossaryTerm.objects.count() >= 25


def test_the_texts_stay_the_same_words(client: Client, reference: None) -> None:
    """Without the readings in brackets the page says exactly what it says without them."""
    summary = Program.objects.get(slug="kyoryokutai").summary
    client.cookies[COOKIE] = "1"
    shown = client.get("/programs/kyoryokutai/").content.decode()
    assert shown.count("<ruby>") >= 2
    bare = re.sub(r"<rp>（</rp><rt>[^<]*</rt><rp>）</rp>|</?ruby>", "", shown)
    assert f'<p class="lead">{summary}</p>' in bare


def test_readings_cost_one_query(
    client: Client, reference: None, django_assert_max_num_queries: object
) -> None:
    client.cookies[COOKIE] = "1"
    client.get("/programs/kyoryokutai/")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert client.get("/programs/kyoryokutai/").status_code == 200
