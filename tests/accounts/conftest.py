"""A body with an administrator and an editor, beside another body."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Department, Organization, User
from tests.factories import accounts as make


@pytest.fixture(autouse=True)
def libraries_read_a_row_twice(settings: Any) -> None:
    """Django and allauth read one session or factor twice in a request; zeal would call that N+1."""
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}, {"model": "mfa.Authenticator"}]


@dataclass
class Town:
    body: Organization
    unit: Department
    admin: User
    editor: User


def _town(code: str, name: str) -> Town:
    body = make.city(code)
    unit = make.department(body)
    return Town(
        body,
        unit,
        make.person(f"admin@{name}.example", "administrator", unit, name=f"{name}管理"),
        make.person(f"editor@{name}.example", "editor", unit, name=f"{name}担当"),
    )


@pytest.fixture
def town(db: None, clock: Any) -> Town:
    return _town("132225", "higashi")


@pytest.fixture
def other(db: None, clock: Any) -> Town:
    return _town("132217", "kiyose")


def first_step(client: Client, email: str, password: str = make.PASSWORD, **headers: Any) -> Any:
    """Address and password."""
    return client.post("/account/login/", {"login": email, "password": password}, **headers)


def mailed_code() -> str:
    """The code in the newest mail."""
    return next(line for line in mail.outbox[-1].body.splitlines() if line.isdigit())


def sign_in_by_mail(client: Client, email: str, password: str = make.PASSWORD) -> Any:
    """Both steps with the mailed code."""
    first_step(client, email, password)
    return client.post("/account/login/code/", {"code": mailed_code(), "action": "verify"})


@pytest.fixture
def admin(town: Town, client_as: Any) -> Client:
    found: Client = client_as(town.admin)
    return found
