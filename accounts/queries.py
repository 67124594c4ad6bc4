"""Reads of people and bodies; every date is an argument."""

from datetime import date
from typing import Any

from accounts.models import Membership, Organization, SourceDocument, User
from accounts.models.organization import OrganizationQuerySet
from core.actor import Actor


def municipalities() -> OrganizationQuerySet:
    """The 62 区市町村 in 建制順."""
    return Organization.objects.municipalities()


def organization_by_code(code: str) -> Organization | None:
    """A body by its six-digit code or slug."""
    return Organization.objects.filter(code=code).first()


def memberships_in_force(user: User, on: date) -> list[Membership]:
    """A person's posts on a day, main post first."""
    posts = Membership.objects.in_force(on).filter(user=user).select_related("department__organization", "user")
    return sorted(posts, key=lambda post: (post.kind != "main", post.starts_on, post.pk))


def actor_for(user: User, membership: Membership | None, on: date, *, second_factor: bool) -> Actor:
    """The acting person: a user in one department, with every role held there on that day."""
    if membership is None:
        return Actor(user_id=user.pk, name=user.name, second_factor=second_factor)
    department = membership.department
    organization = department.organization
    roles = (
        Membership.objects.in_force(on).filter(user=user, department=department).values_list("role", flat=True)
    )
    return Actor(
        user_id=user.pk,
        name=user.name,
        membership_id=membership.pk,
        organization_id=organization.pk,
        organization_code=organization.code,
        organization_name=organization.name,
        department_id=department.pk,
        department_name=department.name,
        roles=frozenset(roles),
        second_factor=second_factor,
    )


def resolve_citations(citations: list[dict[str, Any]]) -> list[tuple[SourceDocument, list[int], str]]:
    """The documents behind a fact's `citations`, each with the lines and the note; one query."""
    documents = SourceDocument.objects.in_bulk([item["source"] for item in citations], field_name="slug")
    return [
        (documents[item["source"]], item.get("lines") or [], item.get("note") or "")
        for item in citations
        if item["source"] in documents
    ]
