"""Bodies in the API: filters, designations with source and date, never a person."""

from typing import Any

import pytest
from django.test import Client

from tests.accounts.conftest import Town

BASE = "/api/v1/organizations/"


def codes(client: Client, **query: str) -> list[str]:
    answer = client.get(BASE, {"page_size": "200", **query})
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


def test_62_municipalities_in_their_order(reference: None, client: Client) -> None:
    found = codes(client, kind="municipality")
    assert len(found) == 62
    assert found == sorted(found)
    assert len(codes(client, area="tama")) == 30
    assert len(codes(client, area="islands")) == 9
    assert codes(client, kind="municipality", municipal_type="mura", area="tama") == ["133078"]


@pytest.mark.parametrize("words", ["ひがしくるめ", "東久留米", "ﾋｶﾞｼｸﾙﾒ", "132225", "　東久留米　市 "])
def test_search_folds(reference: None, client: Client, words: str) -> None:
    assert codes(client, search=words) == ["132225"]


def test_designated_bodies(reference: None, client: Client) -> None:
    islands = codes(client, designation="kaso")
    assert islands and set(islands) <= set(codes(client, kind="municipality"))


@pytest.mark.parametrize(
    "query",
    [{"kind": "x"}, {"area": "x"}, {"municipal_type": "x"}, {"search": "x" * 101}, {"search": "a\x00b"}],
)
def test_a_wrong_value_is_named(reference: None, client: Client, query: dict[str, str]) -> None:
    answer = client.get(BASE, query)
    assert answer.status_code == 400
    assert next(iter(query)) in str(answer.json()["errors"])


def test_one_body_with_its_designations(reference: None, client: Client) -> None:
    body = client.get(f"{BASE}133078/").json()
    assert body["name"] == "檜原村"
    facts = body["designations"]
    assert facts
    assert all(fact["state"] in {"designated", "not_designated", "unknown"} for fact in facts)
    assert all(fact["citations"] and fact["citations"][0]["source"] for fact in facts)
    assert any(fact["as_of"] for fact in facts)


def test_unknown_body_and_wrong_method(reference: None, client: Client) -> None:
    assert client.get(f"{BASE}999999/").status_code == 404
    assert client.get(f"{BASE}soumu/").json()["kind"] == "ministry"
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(f"{BASE}132225/").status_code in {403, 405}


def test_no_person_in_the_api(town: Town, client: Client) -> None:
    text = client.get(f"{BASE}132225/").content.decode() + client.get(BASE).content.decode()
    assert town.editor.name not in text and town.editor.email not in text


def test_queries_do_not_grow(reference: None, client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        codes(client)
    with django_assert_max_num_queries(2):
        client.get(f"{BASE}132225/")
