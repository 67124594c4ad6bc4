"""Fixtures of the ground's own tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from core import access
from tests.core import routes


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> dict[str, access.Rule]:
    """A registry of its own, with the rule of `coretest.edit`."""
    monkeypatch.setattr(access, "_rules", {})
    access.register("coretest.edit")(routes.editors_of_132012_below_10)
    return access._rules


@pytest.fixture
def web(rules: dict[str, access.Rule], settings) -> Iterator[Client]:
    """A client of tests/core/routes.py; name a role with `headers={"X-Role": "editor"}`."""
    settings.ROOT_URLCONF = "tests.core.routes"
    settings.LOGIN_URL = "account_login"
    settings.MIDDLEWARE = [
        "core.request_id.RequestIdMiddleware",
        "tests.core.routes.ActingMiddleware",
        "core.middleware.DenyUndeclared",
    ]
    cache.clear()
    yield Client()
    cache.clear()
