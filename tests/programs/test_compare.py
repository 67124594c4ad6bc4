"""Up to four programs side by side; what cannot be shown is said."""

import pytest
from django.test import Client

from programs.enums import Offering
from tests.factories import programs as make

pytestmark = pytest.mark.django_db

TITLES = {
    "one": "移住の支援",
    "two": "観光の支援",
    "three": "創業の支援",
    "four": "農業の支援",
    "five": "文化の支援",
}


@pytest.fixture(autouse=True)
def five(request: pytest.FixtureRequest, db: None) -> None:
    """Five programs, unless the test asks for the printed ones."""
    if "reference" in request.fixturenames:
        return
    for slug, title in TITLES.items():
        make.published(slug=slug, title=title)


def page(client: Client, slugs: list[str], status: int = 200) -> str:
    response = client.get("/compare/", {"p": slugs})
    assert response.status_code == status
    return response.content.decode()


def test_the_programs_stand_in_the_order_asked_for(client: Client) -> None:
    text = page(client, ["three", "one", "two", "four"])
    places = [text.index(TITLES[slug]) for slug in ("three", "one", "two", "four")]
    assert places == sorted(places)
    assert TITLES["five"] not in text
    assert 'href="?p=three&amp;p=two&amp;p=four"' in text  # without the second
    assert "比べる制度を加える" not in text


def test_facts_stand_side_by_side(client: Client, reference: None) -> None:
    text = page(client, ["diverse-partners-grant", "machizukuri-concierge"])
    for words in (
        "1事業2,000万円",
        "03-5388-2443",
        "03-5388-2445",
        "使える地域",
        "受けられる支援",
        "いまの状態",
    ):
        assert words in text, words


def test_one_asks_for_another_and_keeps_it(client: Client) -> None:
    text = page(client, ["one"])
    assert "もう1件えらんでください" in text
    assert 'href="/programs/?compare=one"' in text
    listed = client.get("/programs/?compare=one&compare=five").content.decode()
    assert 'value="one" form="compare" checked' in listed
    assert 'value="two" form="compare" checked' not in listed
    narrowed = client.get("/programs/?compare=one&search=観光").content.decode()
    assert '<input type="hidden" name="p" value="one">' in narrowed


def test_none_says_how(client: Client) -> None:
    assert "比べる制度が選ばれていません" in page(client, [])
    assert "比べる制度が選ばれていません" in page(client, ["", " "])


def test_more_than_four(client: Client) -> None:
    text = page(client, list(TITLES), 400)
    assert "比べられるのは4件までです" in text
    assert "残りの1件" in text
    assert TITLES["four"] in text
    assert TITLES["five"] not in text


def test_the_same_twice_counts_once(client: Client) -> None:
    text = page(client, ["one", "two", "one", "two", "two"])
    assert "比べられるのは4件まで" not in text


def test_unknown_withdrawn_and_hidden_look_alike(client: Client) -> None:
    gone = make.withdrawn(slug="gone", title="見せない制度その一")
    make.draft(slug="hidden", title="見せない制度その二")
    text = page(client, ["one", gone.slug, "hidden", "<b>no-such"], 400)
    assert "見つからない制度があります" in text
    assert "「gone」「hidden」「&lt;b&gt;no-such」" in text
    assert "見せない" not in text
    assert TITLES["one"] in text


def test_strange_signs_are_no_fault_of_the_portal(client: Client) -> None:
    page(client, ["a\x00b", "x" * 5000, "\u202e"], 400)


def test_an_ended_program_says_so(client: Client) -> None:
    make.published(slug="ended", offering=Offering.ENDED, last_year=2024)
    assert "この制度は終わりました" in page(client, ["one", "ended"])


def test_programs_lead_here(client: Client) -> None:
    assert 'href="/compare/?p=one"' in client.get("/programs/one/").content.decode()
