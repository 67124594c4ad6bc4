"""Conventions of the API: problems, pages, readable JSON."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import drf
from core.problem import problem

PROBLEM = "application/problem+json"


def fault(field: str, message: str, cure: str = "") -> dict[str, str]:
    return {"field": field, "message": message, "cure": cure}


# --- Problems -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "status", "errors"),
    [
        (
            "domain",
            422,
            [
                fault("share", "負担割合の合計が100になりません。", "合計を100にしてください。"),
                fault("", "別の誤り"),
            ],
        ),
        ("conflict", 409, [fault("", "ほかの人が先に保存しました。")]),
        ("transition", 409, [fault("", "いまは提出できません。")]),
        ("django", 400, [fault("name", "長すぎます。"), fault("", "重なっています。")]),
        ("refused", 404, None),
        ("missing", 404, None),
        ("throttled", 429, None),
        ("locked", 503, None),
    ],
)
def test_every_error_is_a_problem_in_japanese(web: Client, what: str, status: int, errors: object) -> None:
    response = web.get(f"/api/fails/{what}/")
    body = response.json()
    assert response.status_code == body["status"] == status
    assert response["Content-Type"] == PROBLEM
    assert (body["type"], body["instance"]) == ("about:blank", f"/api/fails/{what}/")
    assert body["title"] == problem(status)["title"]
    assert body["detail"]
    assert body.get("errors") == errors
    assert "見せてはいけない" not in response.content.decode()


def test_a_single_fault_is_the_detail(web: Client) -> None:
    assert web.get("/api/fails/single/").json()["detail"] == "予算が合いません。"


def test_waiting_times_are_told(web: Client) -> None:
    assert web.get("/api/fails/throttled/")["Retry-After"] == "3"
    assert web.get("/api/fails/locked/")["Retry-After"] == "5"


def test_refused_and_missing_are_the_same_answer(web: Client) -> None:
    refused, missing = (web.get(f"/api/fails/{what}/") for what in ("refused", "missing"))
    assert refused.content.replace(b"refused", b"missing") == missing.content


def test_a_defect_is_not_hidden(web: Client) -> None:
    with pytest.raises(ZeroDivisionError):
        web.get("/api/fails/defect/")


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda web: web.delete("/api/open/"), 405),
        (lambda web: web.get("/api/open/", headers={"Accept": "application/xml"}), 406),
        (lambda web: web.post("/api/fails/x/", b"<a/>", content_type="application/xml"), 415),
        (lambda web: web.post("/api/fails/x/", b"{", content_type="application/json"), 400),
        (lambda web: web.post("/api/fails/x/", b"\xff", content_type="application/json"), 400),
    ],
)
def test_protocol_errors_are_problems_too(web: Client, call: Callable[[Client], object], status: int) -> None:
    response = call(web)
    body = response.json()  # type: ignore[attr-defined]
    assert response.status_code == body["status"] == status  # type: ignore[attr-defined]
    assert status != 400 or body["detail"] == "本文がJSONとして読めません。UTF-8のJSONで送ってください。"
    assert response["Content-Type"] == PROBLEM  # type: ignore[index]


def test_nested_faults_name_their_place(web: Client) -> None:
    response = web.post(
        "/api/fails/x/",
        json.dumps({"rows": [{"amount": 1}, {"amount": "x"}]}),
        content_type="application/json",
    )
    assert response.status_code == 400
    assert {error["field"] for error in response.json()["errors"]} == {"name", "rows.1.amount"}
    assert all(error["message"] for error in response.json()["errors"])


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60
)
@given(body=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_no_input_is_a_server_error(web: Client, body: object) -> None:
    from django.core.cache import cache

    cache.clear()
    response = web.post("/api/fails/x/", json.dumps(body), content_type="application/json")
    assert response.status_code in {200, 400}


# --- JSON and pages ---------------------------------------------------------------------------------------


def test_japanese_stays_readable(web: Client) -> None:
    assert web.get("/api/open/").content.decode() == '{"name":"檜原村"}'


def test_no_value_that_json_does_not_know(web: Client) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        web.get("/api/fails/float/")


@pytest.mark.parametrize(
    ("query", "first", "count"),
    [("", 0, 50), ("?page=2", 50, 50), ("?page_size=200", 0, 200), ("?page_size=201", 0, 200), ("?page_size=1&page=500", 499, 1),
     ("?page_size=007", 0, 7), ("?page_size=99999999999999999999", 0, 200), ("?page=last&page_size=200", 400, 100)],
)  # fmt: skip
def test_pages(web: Client, query: str, first: int, count: int) -> None:
    body = web.get(f"/api/numbers/{query}").json()
    assert body["count"] == 500
    assert body["results"] == list(range(first, first + count))


@pytest.mark.parametrize("size", ["0", "-1", "abc", "", "1.5", "٣", "00"])
def test_a_wrong_page_size_names_the_field_and_the_cure(web: Client, size: str) -> None:
    response = web.get("/api/numbers/", {"page_size": size})
    assert response.status_code == 400
    assert response.json()["errors"] == [fault("page_size", "page_size は1から200までの整数にしてください。")]


@pytest.mark.parametrize("page", ["0", "11", "1000000000", "-1", "x", "1" * 5000])
def test_a_page_that_is_not_there(web: Client, page: str) -> None:
    response = web.get("/api/numbers/", {"page": page})
    assert response.status_code == 404
    assert "このページはありません" in response.json()["detail"]


def test_links_to_neighbouring_pages_keep_the_query(web: Client) -> None:
    body = web.get("/api/numbers/?page_size=10&page=2&search=檜").json()
    assert "page=3" in body["next"]
    assert "page_size=10" in body["previous"]
    assert "search=" in body["next"]


# --- The schema -------------------------------------------------------------------------------------------


def test_every_operation_documents_its_problems_in_one_component() -> None:
    result = {
        "paths": {
            "/x/": {
                "get": {"responses": {"200": {}, "404": {"description": "own"}}},
                "post": {"responses": {}},
                "parameters": [],
            }
        }
    }
    documented = drf.add_problems_to_schema(result, None, None, True)
    get, post = (documented["paths"]["/x/"][method]["responses"] for method in ("get", "post"))
    assert set(get) == {"200", "400", "404", "406", "429"}
    assert get["404"] == {"description": "own"}
    assert get["400"]["content"] == {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert {"401", "403", "409", "422"} <= set(post)
    assert {"Problem", "Fault"} <= set(documented["components"]["schemas"])


def test_real_problems_fit_the_documented_schema(web: Client) -> None:
    from jsonschema import Draft202012Validator

    schemas = drf.add_problems_to_schema({}, None, None, True)["components"]["schemas"]
    schema = {**schemas["Problem"], "components": {"schemas": schemas}, "additionalProperties": False}
    for what in ("domain", "conflict", "django", "missing", "throttled"):
        Draft202012Validator(schema).validate(web.get(f"/api/fails/{what}/").json())
