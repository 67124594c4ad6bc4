"""The pages of a town's case: who sees what, what is said, what is kept when something is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from grants.models import Application
from tests.factories import grants as cases
from tests.factories.grants import World

ClientAs = Callable[[User], Client]
PAGES = [
    "", "history/", "plan/", "plan/plan/", "members/", "budget/", "documents/", "precheck/", "consent/", "certify/",
    "check/", "submit/", "acts/discard/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def bodies_are_few(settings: Any) -> None:
    """What is read per body of a case (two to ten of them) is counted in the queries' own tests."""
    settings.ZEAL_ALLOWLIST = [{"model": "grants.*"}, {"model": "sessions.Session"}]


def text(client: Client, url: str, status: int = 200, **data: Any) -> str:
    """The page's text at an address; the answer has this status."""
    response = client.post(url, data) if data else client.get(url)
    assert response.status_code == status, (response.status_code, response.content.decode()[:2000])
    return response.content.decode()


def test_pages_of_a_draft(world: World, client_as: ClientAs) -> None:
    """Open to the lead and never mistaken for submitted; unknown to another town, to Tokyo, to nobody at all."""
    application = cases.start(world)
    cases.fill(world, application)
    for page in PAGES:
        url = f"/applications/{application.public_id}/{page}"
        reader = world.users["lead_approver" if "acts" in page else "lead_editor"]
        assert "まだ提出していません" in text(client_as(reader), url), page
        for name in ("stranger_editor", "officer", "other_bureau"):
            text(client_as(world.users[name]), url, 404)
        answer = Client().get(url)
        assert answer.status_code == 302, page
        assert "/account/login/" in answer["Location"]
