"""People, bodies, posts, sources."""

from accounts.models.membership import Membership
from accounts.models.organization import Department, Designation, Organization
from accounts.models.source import SourceDocument
from accounts.models.user import User

__all__ = ["Department", "Designation", "Membership", "Organization", "SourceDocument", "User"]
