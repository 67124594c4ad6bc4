"""The manners of the national contract: no redirect, media types, errors, ETag, CORS, ceiling, hostile parameters."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.api import open_forms
from tests.api.test_exp import EVERYTHING, SEARCH
from tests.factories import programs as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("version", [1, 2])
def test_no_slash_is_added_and_none_is_taken(client: Client, version: int) -> None:
    for path in (f"/exp/v{version}/public/subsidies/", "/exp/", "/exp/v1/public", "/exp/v2/public/subsidies"):
        response = client.get(path, EVERYTHING)
        assert (response.status_code, response.json()) == (404, {"message": "Resource not found"}), path


@pytest.mark.parametrize(
    "identifier", ["x", "a%00b", "a0P000000000000AAA", "a0P" + "0" * 15, "1" * 300, "a" * 18, "日本語"]
)
def test_an_unknown_identifier(client: Client, identifier: str) -> None:
    response = client.get(f"{SEARCH}/id/{identifier}")
    assert (response.status_code, response.json()) == (404, {"message": "Resource not found"})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(method: str) -> None:
    for client in (Client(), Client(enforce_csrf_checks=True)):
        response = getattr(client, method)(SEARCH)
        assert (response.status_code, response.json()) == (405, {"message": "Method not allowed"})
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert not response.has_header("Access-Control-Allow-Origin")


def test_other_media_types(client: Client) -> None:
    refused = client.get(SEARCH, EVERYTHING, headers={"accept": "text/html"})
    assert (refused.status_code, refused.json()) == (406, {"message": "Not acceptable"})
    for taken in ("application/json; charset=utf-8", "text/plain, application/*;q=0.5"):
        assert client.get(SEARCH, EVERYTHING, headers={"accept": taken}).status_code == 200, taken
    sent = client.generic("GET", SEARCH, b"<x/>", content_type="application/xml")
    assert (sent.status_code, sent.json()) == (415, {"message": "Unsupported media type"})


def test_the_answer_is_kept_by_its_etag(client: Client) -> None:
    make.published(title="事業い")
    first = client.get(SEARCH, EVERYTHING)
    again = client.get(SEARCH, EVERYTHING, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == first["Access-Control-Allow-Origin"] == "*"
    make.published(title="事業ろ")
    assert client.get(SEARCH, EVERYTHING, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert not first.cookies


def test_browsers_of_other_sites_may_read(client: Client) -> None:
    asked = client.options(
        SEARCH, headers={"origin": "https://other.example", "access-control-request-method": "GET"}
    )
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert (
        "GET" in asked["Access-Control-Allow-Methods"] and "POST" not in asked["Access-Control-Allow-Methods"]
    )
    assert client.get(SEARCH)["Access-Control-Allow-Origin"] == "*"  # errors are readable too
    assert not client.get("/api/v1/programs/").has_header("Access-Control-Allow-Origin")


@override_settings(OPEN_REQUESTS_A_MINUTE=3)
def test_a_flood_is_put_off(client: Client, clock: Any) -> None:
    statuses = [client.get(SEARCH, EVERYTHING).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    response = client.get(SEARCH, EVERYTHING)
    assert response.json() == {"message": "Too many requests"}
    assert 1 <= int(response["Retry-After"]) <= 60
    clock.advance(timedelta(minutes=1))
    assert client.get(SEARCH, EVERYTHING).status_code == 200


def test_a_defect_is_told_as_the_contract_says(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr("programs.exp.views.found", lambda *_: 1 / 0)
    response = client.get(SEARCH, EVERYTHING)
    assert response.status_code == 500
    body = response.json()
    assert open_forms.faults("national-contract", body, "fault") == []
    assert "ZeroDivisionError" in caplog.text
    assert "division" not in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"keyword": None}, {"keyword": ""}, {"keyword": "事"}, {"keyword": "あ" * 256}, {"keyword": "あ" * 10_000},
        {"keyword": "事業 補助"}, {"keyword": "事業　補助"}, {"keyword": "a\x00b"}, {"keyword": '""'},
        {"keyword": ["事業", "補助"]}, {"keyword": "\u200b\u200b"},
        {"sort": None}, {"sort": "title"}, {"sort": ""}, {"sort": "created_date;DROP"},
        {"order": None}, {"order": "asc"}, {"order": "UP"}, {"order": ["ASC", "DESC"]},
        {"acceptance": None}, {"acceptance": "2"}, {"acceptance": "true"}, {"acceptance": "０"},
        {"use_purpose": "あ" * 256}, {"industry": "あ" * 256}, {"industry": "a\x00"},
        {"target_area_search": "東京"}, {"target_number_of_employees": "10名以下"},
        {"institution_name": "あ" * 256}, {"institution_name": "\x00"},
        {"limit": "-1"}, {"limit": "x"}, {"limit": "1.5"}, {"limit": "9" * 400}, {"offset": "１"},
    ],
)  # fmt: skip
def test_faulty_parameters(client: Client, query: dict[str, Any]) -> None:
    asked = {name: value for name, value in (EVERYTHING | query).items() if value is not None}
    response = client.get(SEARCH, asked)
    assert (response.status_code, response.json()) == (400, {"message": "Bad request"})


@pytest.mark.parametrize(
    "query",
    [
        {"keyword": "あ" * 255}, {"keyword": "%_"}, {"unknown": "x"}, {"use_purpose": ""}, {"keyword": "'\""},
        {"keyword": '"事業"', "target_number_of_employees": "従業員の制約なし", "industry": ""},
    ],
)  # fmt: skip
def test_odd_parameters_that_are_none_the_less_right(client: Client, query: dict[str, str]) -> None:
    assert client.get(SEARCH, EVERYTHING | query).status_code == 200
