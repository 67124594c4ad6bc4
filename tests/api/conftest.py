"""The schema as it is served, and the addresses of the lists in it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

BASE = "/api/v1/"
SCHEMA = f"{BASE}schema/"


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare WSGI handler ends each request by closing a connection that stands in a test's transaction."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def schema(client: Client, db: None) -> dict[str, Any]:
    """The served OpenAPI document."""
    answer = client.get(SCHEMA, headers={"accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def is_private(operation: dict[str, Any]) -> bool:
    """Whether somebody must sign in or bring a token."""
    return "security" in operation and {} not in operation["security"]


def details(schema: dict[str, Any], *, private: bool = False) -> dict[str, dict[str, Any]]:
    """Paths with parameters, and what may be done there: those for everybody, or those that ask who calls."""
    return {
        path: item
        for path, item in schema["paths"].items()
        if "{" in path and is_private(next(iter(item.values()))) is private
    }


def lists(schema: dict[str, Any]) -> list[str]:
    """Public paths that answer with pages of rows."""
    return sorted(
        path
        for path, item in schema["paths"].items()
        if "get" in item and "{" not in path and path != SCHEMA and not is_private(item["get"])
    )


def read_all(client: Client, path: str, **query: str) -> list[dict[str, Any]]:
    """Every row of a list, page by page, 200 at a time."""
    rows: list[dict[str, Any]] = []
    page = 1
    while True:
        body = client.get(path, {**query, "page_size": "200", "page": str(page)}).json()
        rows += body["results"]
        if body["next"] is None:
            assert len(rows) == body["count"]
            return rows
        page += 1
