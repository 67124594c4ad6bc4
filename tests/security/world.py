"""Who walks: for every body one person per role that body may give, and the ones in between."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from accounts.enums import OrganizationKind
from accounts.models import Organization, User
from accounts.queries import ACTING_KEY
from accounts.rules import assignable_roles
from tests.factories import accounts as make

BODIES = ("132225", "132217", "130001", "partner-demo")
LIKE_THE_FIRST = {
    "132217": ("editor", "publisher", "administrator")
}  # a second town: the same rules, fewer walkers
OUTSIDERS = ("anonymous", "password only", "without post")


@dataclass(frozen=True)
class Walker:
    """Somebody who opens every address; `body` is the code of the body they act for, "" for none."""

    label: str
    body: str
    user: User | None = None
    department: int | None = None
    second_factor: bool = True

    def client(self) -> Client:
        """A fresh browser of that person, who has just confirmed the password once more."""
        client = Client(raise_request_exception=False)
        if self.user is None:
            return client
        client.force_login(self.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        session, request = client.session, HttpRequest()
        request.session, request.user = session, self.user
        record_authentication(request, self.user, method="password", reauthenticated=True)
        if self.second_factor:
            record_authentication(request, self.user, method="code")
        if self.department:
            session[ACTING_KEY] = self.department
        session.save()
        return client


def bodies() -> list[Organization]:
    """Two towns, 東京都, and a partner."""
    values = {"kind": OrganizationKind.PARTNER, "name": "相手方"}
    partner = Organization.objects.get_or_create(code="partner-demo", defaults=values)[0]
    return [make.city("132225"), make.city("132217"), make.metropolis(), partner]


def walkers_of(body: Organization, others: list[Organization]) -> list[Walker]:
    """One per role, and one who also has a post in every other body but acts for this one."""
    unit = make.department(body)
    facts: dict[str, Any] = {"ends_on": date(2099, 3, 31)}
    found = [
        Walker(
            f"{role} of {body.code}",
            body.code,
            make.person(f"{role}@{body.code}.example", role, unit, **facts),
        )
        for role in LIKE_THE_FIRST.get(body.code, assignable_roles(body.kind))
    ]
    double = make.person(f"double@{body.code}.example", "administrator", unit)
    for other in others:
        if other != body:
            make.post(double, make.department(other), "administrator", kind="concurrent")
    found.append(Walker(f"double acting for {body.code}", body.code, double, department=unit.pk))
    return found


def outsiders(body: Organization) -> list[Walker]:
    """Nobody, somebody who gave the password only, and somebody whose posts have ended."""
    gone = make.person(
        "gone@people.example",
        "administrator",
        make.department(body),
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
    )
    half = make.person("half@people.example", "administrator", make.department(body))
    return [
        Walker("anonymous", ""),
        Walker("password only", "", half, second_factor=False),
        Walker("without post", "", gone),
    ]


def shown(response: Any) -> str:
    """Everything a response gives away: headers, body, and the members of an archive (xlsx, docx, zip).

    Reading a stream to its end closes it; closing a response once more would close the test's connection.
    """
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    text = f"{dict(response.headers)} {raw.decode('utf-8', 'replace')}"
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            text += "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return text
