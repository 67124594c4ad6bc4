"""Every list pages alike, refuses nonsense in plain Japanese, and is open for reading only."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import details, lists, read_all

KEPT = {"/api/v1/calls/", "/api/v1/programs/", "/api/v1/projects/"}
JAPANESE = range(0x3040, 0xA000)


def is_japanese(words: str) -> bool:
    return any(ord(char) in JAPANESE for char in words)


def problem_faults(response: Any, status: int) -> list[str]:
    """What keeps an answer from being a problem as RFC 9457 wants it, told in Japanese."""
    if response.status_code != status:
        return [f"status {response.status_code} instead of {status}"]
    if response["Content-Type"] != "application/problem+json":
        return [f"type {response['Content-Type']}"]
    body = response.json()
    faults = [f"{key} missing" for key in ("type", "title", "status", "detail") if key not in body]
    faults += [f"{key} is not Japanese" for key in ("title", "detail") if not is_japanese(body.get(key, ""))]
    if body.get("status") != status:
        faults.append("status differs from the answer's own")
    return faults


@pytest.fixture
def paths(schema: dict[str, Any], reference: None) -> list[str]:
    return lists(schema)


@pytest.mark.parametrize(
    ("asked", "size"), [("1", 1), ("7", 7), ("50", 50), ("200", 200), ("201", 200), ("", 50)]
)
def test_page_size(paths: list[str], client: Client, asked: str, size: int) -> None:
    """As many rows as asked, 50 unasked, never more than 200."""
    for path in paths:
        body = client.get(path, {"page_size": asked} if asked else {}).json()
        assert len(body["results"]) == min(size, body["count"]), path


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "1.5", "１０", "1e2", " ", "9" * 400])
def test_a_page_size_that_is_none_is_refused(paths: list[str], client: Client, asked: str) -> None:
    faults = {}
    for path in paths:
        response = client.get(path, {"page_size": asked})
        if asked.startswith("999"):
            assert response.status_code == 200
            continue
        found = problem_faults(response, 400)
        if not found and response.json()["errors"][0]["field"] != "page_size":
            found = ["does not name the field"]
        if found:
            faults[path] = found
    assert faults == {}


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999"])
def test_a_page_that_is_none_is_refused(paths: list[str], client: Client, number: str) -> None:
    faults = {
        path: found for path in paths if (found := problem_faults(client.get(path, {"page": number}), 404))
    }
    assert faults == {}


def test_asking_costs_the_same_for_one_and_for_three(paths: list[str], client: Client) -> None:
    """Every list, also one that is added, save those whose rows are kept (tests/programs/test_pages.py)."""
    counted: dict[str, list[int]] = {}
    for path in set(paths) - KEPT:
        client.get(path, {"page_size": "2"})
        for size in (1, 3):
            with CaptureQueriesContext(connection) as queries:
                body = client.get(path, {"page_size": str(size)}).json()
            assert len(body["results"]) == min(size, body["count"]), path
            counted.setdefault(path, []).append(len(queries))
    assert {path: pair for path, pair in counted.items() if pair[0] != pair[1]} == {}
    assert len(counted) == len(paths) - len(KEPT)


def test_pages_hold_every_row_once(paths: list[str], client: Client) -> None:
    for path in paths:
        count = client.get(path).json()["count"]
        names: list[str] = []
        for number in range(1, -(-count // 7) + 1):
            names += [
                str(row)
                for row in client.get(path, {"page_size": "7", "page": str(number)}).json()["results"]
            ]
        assert len(names) == len(set(names)) == count, path


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(schema: dict[str, Any], paths: list[str], client: Client, method: str) -> None:
    faults = {}
    for path in [
        *paths,
        *(name.replace("{", "x").replace("}", "") for name, item in details(schema).items() if "get" in item),
    ]:
        response = getattr(client, method)(path, "{}", content_type="application/json")
        if found := problem_faults(response, 405):
            faults[path] = found
    assert faults == {}


def test_what_is_not_there_is_a_problem(schema: dict[str, Any], client: Client, reference: None) -> None:
    faults = {}
    for path, item in details(schema).items():
        unknown = "/".join("no-such-row" if part.startswith("{") else part for part in path.split("/"))
        ask = client.get if "get" in item else client.post
        if found := problem_faults(ask(unknown, content_type="application/json"), 404):
            faults[path] = found
    assert faults == {}


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_what_is_not_public_asks_who_calls(
    schema: dict[str, Any], client: Client, db: None, method: str
) -> None:
    """Before anything else: whether there is such a row, or such a method, is nobody's business."""
    faults = {}
    for path in details(schema, private=True):
        address = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
        response = getattr(client, method)(address, content_type="application/json")
        if found := problem_faults(response, 401):
            faults[path] = found
    assert faults == {}


def test_text_no_database_holds_is_a_fault_of_its_field(client: Client, reference: None) -> None:
    for path, name in (
        ("organizations", "search"),
        ("programs", "search"),
        ("measures", "plan"),
        ("indicators", "plan"),
    ):
        response = client.get(f"/api/v1/{path}/?{name}=%00")
        assert problem_faults(response, 400) == [], path
        assert [fault["field"] for fault in response.json()["errors"]] == [name], path
    assert problem_faults(client.get("/api/v1/schema/?format=xml"), 404) == []


def test_only_json_is_served(paths: list[str], client: Client) -> None:
    faults = {
        path: found
        for path in paths
        if (found := problem_faults(client.get(path, headers={"accept": "text/csv"}), 406))
    }
    assert faults == {}


def test_japanese_is_readable_in_the_body(paths: list[str], client: Client) -> None:
    for path in paths:
        response = client.get(path)
        assert response["Content-Type"] == "application/json"
        assert "\\u" not in response.content.decode(), path


def test_reading_needs_nobody(paths: list[str], client: Client) -> None:
    """No cookie is set for a reader, and no person is named."""
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        assert not response.cookies
        assert "@" not in response.content.decode().replace("@tamahatsu_official", ""), path


def test_read_all_reads_all(client: Client, reference: None) -> None:
    assert len(read_all(client, "/api/v1/organizations/", kind="municipality")) == 62
