"""`/api/v1/programs/` gives the catalogue exactly as `fixtures/reference` holds it."""

import json
from typing import Any

import pytest
from django.test import Client

from programs.enums import Publication
from programs.models import Program
from tests.api.conftest import BASE, read_all
from tests.conftest import REFERENCE

PROGRAMS = f"{BASE}programs/"


@pytest.fixture(scope="module")
def printed() -> dict[str, dict[str, Any]]:
    """The programs of the fixtures by slug."""
    files = sorted((REFERENCE / "programs").glob("*.json"))
    items = [item for file in files for item in json.loads(file.read_text(encoding="utf-8"))]
    return {item["slug"]: item for item in items}


@pytest.fixture
def served(client: Client, reference: None) -> dict[str, dict[str, Any]]:
    """The programs of the API by slug."""
    return {row["slug"]: row for row in read_all(client, PROGRAMS)}


def test_every_program_is_served_once(printed: dict[str, Any], served: dict[str, Any]) -> None:
    assert len(printed) == 155
    assert served.keys() == printed.keys()


def test_the_facts_are_exact(printed: dict[str, Any], served: dict[str, Any]) -> None:
    """Official titles, owners, telephone numbers and addresses, character by character."""
    wrong = []
    for slug, item in printed.items():
        expected = {
            name: item[name]
            for name in ("slug", "title", "level", "kind", "phone", "url", "status", "parent")
        }
        expected["department"] = item["owner"].get("department")
        given = {name: served[slug][name] for name in expected}
        wrong += [
            f"{slug}.{name}: {given[name]!r} for {value!r}"
            for name, value in expected.items()
            if given[name] != value
        ]
        if served[slug]["owner"]["code"] != item["owner"]["organization"]:
            wrong.append(f"{slug}.owner")
    assert wrong == []


def test_one_program_says_the_same_as_the_list(client: Client, demo: None, served: dict[str, Any]) -> None:
    """The list is told from columns, one program by its serializer: key by key in the same order."""
    assert {row["availability"]["closes_at"] is None for row in served.values()} == {True, False}
    for slug, row in served.items():
        one = client.get(f"{PROGRAMS}{slug}/").json()
        assert [(name, one[name]) for name in one if name in row] == list(row.items())


def test_a_parent_that_is_a_draft_is_not_named(client: Client, reference: None) -> None:
    parent = Program.objects.get(slug="kyoryokutai")
    for publication, named in ((Publication.DRAFT, None), (Publication.PUBLISHED, "kyoryokutai")):
        parent.publication = publication
        parent.save()
        assert client.get(f"{PROGRAMS}kyoryokutai-intern/").json()["parent"] == named
        rows = client.get(f"{PROGRAMS}?page_size=200").json()["results"]
        assert next(row for row in rows if row["slug"] == "kyoryokutai-intern")["parent"] == named


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"search": "空き家"}, None),
        ({"search": "空き"}, None),
        ({"search": "移住"}, None),
        ({"level": "municipal"}, 35),
        ({"level": "metropolitan"}, 65),
        ({"level": "national"}, 55),
        ({"search": "この言葉はどこにもない"}, 0),
    ],
)
def test_search_and_facets(client: Client, reference: None, query: dict[str, str], slugs: int | None) -> None:
    count = client.get(PROGRAMS, query).json()["count"]
    assert count == slugs if slugs is not None else 0 < count < 155


def test_width_and_kana_do_not_matter(client: Client, reference: None) -> None:
    found = [
        {row["slug"] for row in read_all(client, PROGRAMS, search=words)}
        for words in ("クラウドファンディング", "くらうどふぁんでぃんぐ", "ｸﾗｳﾄﾞﾌｧﾝﾃﾞｨﾝｸﾞ")
    ]
    assert found[0]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"level": "village"}, "level"),
        ({"municipality": "999999"}, "municipality"),
        ({"fiscal_year": "令和"}, "fiscal_year"),
        ({"search": "あ" * 500}, "search"),
        ({"search": "a\x00b"}, "search"),
        ({"order": "random"}, "order"),
    ],
)
def test_a_faulty_parameter_is_named_with_its_cure(
    client: Client, reference: None, query: dict[str, str], field: str
) -> None:
    response = client.get(PROGRAMS, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    (fault,) = response.json()["errors"]
    assert fault["field"] == field
    assert fault["message"].endswith(("。", "）"))
