"""A NUL in an address is refused before any database is asked; PostgreSQL would answer it with an error."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["owner=%00", "search=a%00b"])
def test_in_a_query(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/programs/?{query}")
    assert answer.status_code == 400
    assert [fault["field"] for fault in answer.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("path", ["/programs/a%00b/", "/api/v1/programs/a%00b/", "/municipalities/%00/"])
def test_in_a_path(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
