"""Invented people of the demo, made by calling the actions under a set clock."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.actions.invitation import accept_invitation, invite
from accounts.actions.membership import add_department, add_post
from accounts.enums import OrganizationKind
from accounts.models import Department, Membership, Organization, User
from core import clock
from core.actor import SYSTEM
from core.loading import LoadReport, read_json, upsert


def load_demo_people(path: Path) -> LoadReport:
    """Make the demo's partner bodies, departments and people, each registered and able to sign in.

    `path`: fixtures/demo/people.json, shape {"clock", "password", "bodies", "departments", "people"}; reference
    data must be loaded. Safe to repeat: whoever exists stays as they are. Refuses to run outside the demo
    (RuntimeError), because everybody shares one known password.
    """
    if settings.PRODUCTION:
        raise RuntimeError("demo people are for the demo and for tests")
    data = read_json(path)
    report = LoadReport()
    with clock.at(datetime.fromisoformat(data["clock"])):
        for item in data["bodies"]:
            values = {"kind": OrganizationKind(item["kind"]), "name": item["name"], "kana": item["kana"]}
            report += upsert(Organization, {"code": item["code"]}, values)[1]
        for item in data["departments"]:
            report += _department(item)
        encoded = make_password(data["password"])
        for item in data["people"]:
            report += _person(item, encoded)
    return report


def _department(item: dict[str, Any]) -> LoadReport:
    organization = Organization.objects.get(code=item["organization"])
    if Department.objects.filter(organization=organization, name=item["name"]).exists():
        return LoadReport(unchanged=1)
    add_department(
        organization=organization, name=item["name"], phone=item.get("phone", ""), mailbox=item.get("mailbox", ""),
        is_liaison=item.get("is_liaison", False), is_fictional=True, by=SYSTEM,
    )  # fmt: skip
    return LoadReport(created=1)


def _person(item: dict[str, Any], encoded: str) -> LoadReport:
    report = LoadReport()
    for post in item["posts"]:
        department = Department.objects.get(organization__code=post["organization"], name=post["department"])
        person = User.objects.filter(email=item["email"]).first()
        if (
            person
            and Membership.objects.filter(user=person, department=department, role=post["role"]).exists()
        ):
            report += LoadReport(unchanged=1)
            continue
        values = {
            "department": department,
            "role": post["role"],
            "kind": post.get("kind", "main"),
            "starts_on": date.fromisoformat(post["starts_on"]),
            "ends_on": date.fromisoformat(post["ends_on"]) if post.get("ends_on") else None,
            "by": SYSTEM,
        }
        if person is None:
            invited = invite(
                email=item["email"], name=item["name"], kana=item["kana"], is_fictional=True, **values
            )
            accept_invitation(secret=invited.secret, encoded=encoded)
        else:
            add_post(person=person, **values)
        report += LoadReport(created=1)
    return report


@lru_cache(maxsize=1)
def demo_password() -> str:
    """The one password of all invented people."""
    return str(read_json(settings.FIXTURES_DIR / "demo" / "people.json")["password"])
