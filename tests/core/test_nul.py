"""A NUL in an address is refused before any database is asked; PostgreSQL would answer it with an error."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/programs/", "/api/v1/programs/", "/calls/"])
@pytest.mark.parametrize("query", ["owner=%00", "search=a%00b", "page=%00"])
def test_in_a_query(client: Client, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    kind = "application/problem+json" if path.startswith("/api/") else "text/html"
    assert answer["Content-Type"].startswith(kind)


@pytest.mark.parametrize("path", ["/programs/a%00b/", "/api/v1/programs/a%00b/", "/municipalities/%00/"])
def test_in_a_path(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
