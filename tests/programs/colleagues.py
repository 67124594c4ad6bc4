"""Publishers as people with accounts: who drafts, and who checks."""

from accounts.models import Organization, User
from core.actor import Actor
from tests.factories import accounts as people


def colleague(body: Organization, name: str = "first") -> User:
    """A 制度編集者 of a body; the same name gives the same person."""
    address = f"{name}.{body.code}@publishers.example"
    found = User.objects.filter(email=address).first()
    return found or people.person(address, "publisher", people.department(body))


def acting(body: Organization, name: str = "first") -> Actor:
    """That person at work."""
    return people.actor(colleague(body, name))
