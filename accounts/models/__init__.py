"""People, bodies, posts, sources, and the record of what happened to them."""

from accounts.models.event import AccountEvent, LoginAttempt
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.organization import Department, Designation, Organization
from accounts.models.source import SourceDocument
from accounts.models.user import User

__all__ = [
    "AccountEvent", "Department", "Designation", "Invitation", "LoginAttempt", "Membership", "Organization",
    "SourceDocument", "User",
]
