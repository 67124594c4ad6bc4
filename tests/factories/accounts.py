"""People and bodies for tests, built through the actions."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.actions.invitation import accept_invitation, invite
from accounts.actions.membership import add_department, add_post
from accounts.enums import Area, MunicipalType, OrganizationKind
from accounts.models import Department, Membership, Organization, User
from accounts.queries import actor_for
from core import clock
from core.actor import SYSTEM, Actor

PASSWORD = "correct-horse-battery-42"
_CITIES = {"132225": "東久留米市", "132217": "清瀬市", "132241": "多摩市", "132110": "小平市"}


def city(code: str = "132225") -> Organization:
    """A municipality by its real code."""
    values = {
        "kind": OrganizationKind.MUNICIPALITY,
        "name": _CITIES[code],
        "municipal_type": MunicipalType.SHI,
        "area": Area.TAMA,
    }
    return Organization.objects.get_or_create(code=code, defaults=values)[0]


def metropolis() -> Organization:
    """東京都."""
    values = {"kind": OrganizationKind.METROPOLITAN, "name": "東京都"}
    return Organization.objects.get_or_create(code="130001", defaults=values)[0]


def department(organization: Organization, name: str = "企画政策課", **facts: Any) -> Department:
    """A unit of a body."""
    found = organization.departments.filter(name=name).first()
    return found or add_department(organization=organization, name=name, by=SYSTEM, **facts)


def person(
    email: str = "editor@town.example", role: str = "editor", unit: Department | None = None, **facts: Any
) -> User:
    """A registered person with one post; traits: name, kind, starts_on, ends_on, registered."""
    unit = unit or department(city())
    registered = facts.pop("registered", True)
    facts.setdefault("starts_on", date(2026, 4, 1))
    facts.setdefault("name", f"試験 {email.partition('@')[0]}")
    invited = invite(email=email, role=role, department=unit, by=SYSTEM, **facts)
    if registered and invited.secret:
        accept_invitation(secret=invited.secret, encoded=make_password(PASSWORD))
    return User.objects.get(pk=invited.person.pk)


def post(user: User, unit: Department, role: str = "editor", **facts: Any) -> Membership:
    """Another post of somebody."""
    facts.setdefault("starts_on", date(2026, 4, 1))
    made = add_post(person=user, department=unit, role=role, by=SYSTEM, **facts)
    user.refresh_from_db()
    return made


def actor(user: User, membership: Membership | None = None) -> Actor:
    """That person, second factor passed, acting in the given or the first post in force."""
    today = clock.today()
    chosen = membership or Membership.objects.in_force(today).filter(user=user).first()
    return actor_for(user, chosen, today, second_factor=True)
