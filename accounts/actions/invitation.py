"""Invitations: an administrator lets a work address in; the link works once, for a week, for that address."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.actions.membership import add_post, chain_of, checked, end_sessions
from accounts.enums import MembershipKind
from accounts.models import AccountEvent, Department, Invitation, Membership, Organization, User
from accounts.queries import actor_for, invitation_by_digest
from core import clock
from core.access import require
from core.actor import Actor
from core.events import digest_person
from core.exceptions import Conflict, DomainError, Fault


@dataclass(frozen=True)
class Invited:
    """What an invitation made: the post always; a link's secret only for somebody who has no password yet."""

    person: User
    post: Membership
    secret: str = ""


@transaction.atomic
def invite(
    *, email: str, name: str, kana: str = "", department: Department, role: str,
    kind: str = MembershipKind.MAIN, starts_on: date, ends_on: date | None = None, comment: str = "",
    is_fictional: bool = False, by: Actor,
) -> Invited:  # fmt: skip
    """Make a person (unless the address is known), their post, and the link with which they set a password.

    A known person keeps name and password and just gets the post. Raises DomainError as `add_post` does, and
    for somebody whose account is closed.
    """
    require(by, "accounts.manage_people", department)
    email = email.strip().lower()
    person = User.objects.select_for_update().filter(email=email).first()
    if person is None:
        person = User(email=email, name=name.strip(), kana=kana.strip(), is_fictional=is_fictional)
        person.set_unusable_password()
        checked(person)
        person.save()
    if not person.is_active:
        raise DomainError(
            Fault("email", "この方の利用は止められています。", "先に一覧から再開してください。")
        )
    post = add_post(
        person=person, department=department, role=role, kind=kind, starts_on=starts_on, ends_on=ends_on,
        comment=comment, by=by,
    )  # fmt: skip
    if person.has_usable_password():
        return Invited(person, post)
    return Invited(person, post, _new_link(person, department.organization, by))


@transaction.atomic
def renew_invitation(*, person: User, organization: Organization, by: Actor) -> str:
    """A new link in place of a lost or expired one; the old one stops working. Returns the secret.

    Raises Conflict when the person has set a password already.
    """
    require(by, "accounts.manage_people", organization)
    require(by, "accounts.manage_person", person)
    if person.has_usable_password():
        raise Conflict("この方は登録を終えています。パスワードは、本人がサインインの画面から再設定できます。")
    return _new_link(person, organization, by)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Actor) -> None:
    """Make a link stop working. Raises Conflict when it was used or withdrawn already."""
    require(by, "accounts.manage_people", invitation.organization)
    _close(invitation)
    _record(invitation, by, "withdraw_invitation")


@transaction.atomic
def accept_invitation(*, secret: str, password: str = "", encoded: str = "") -> User:
    """The invited person sets the first password. The second factor at sign-in proves the mailbox.

    `encoded`: the password's hash, where it was made before (the demo's one password for everybody).
    Raises DomainError for a link that was used, withdrawn, or has expired.
    """
    found = invitation_by_digest(link_digest(secret), clock.now())
    invitation = Invitation.objects.select_for_update().filter(pk=found.pk).first() if found else None
    if invitation is None or invitation.used_at or invitation.withdrawn_at:
        raise DomainError("この招待のリンクは使えません。期限が切れたか、すでに使われています。")
    person = invitation.user
    person.password = encoded or make_password(password)
    person.joined_at = invitation.used_at = clock.now()
    person.save(update_fields=["password", "joined_at"])
    invitation.save(update_fields=["used_at"])
    end_sessions(person)
    by = actor_for(person, None, clock.today(), second_factor=False)
    _record(invitation, by, "accept_invitation")
    return person


def link_digest(secret: str) -> str:
    """What is kept of a link's secret (SHA-256, hex); the secret has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_link(person: User, organization: Organization, by: Actor) -> str:
    for earlier in Invitation.objects.select_for_update().filter(
        user=person, used_at__isnull=True, withdrawn_at__isnull=True
    ):
        _close(earlier)
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    invitation = Invitation.objects.create(
        user=person, organization=organization, email=person.email, token_digest=link_digest(secret),
        invited_at=now, invited_by_id=by.user_id, expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )  # fmt: skip
    _record(invitation, by, "invite")
    return secret


def _close(invitation: Invitation) -> None:
    changed = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, withdrawn_at__isnull=True)
    if not changed.update(withdrawn_at=clock.now()):
        raise Conflict("この招待は、すでに使われたか取り消されています。")


def _record(invitation: Invitation, by: Actor, action: str) -> AccountEvent:
    person = invitation.user
    return AccountEvent.append(
        chain_of(invitation.organization), by, action, organization=invitation.organization, subject=person,
        payload={
            "invitation": invitation.pk, "expires_at": invitation.expires_at,
            "email": digest_person(invitation.email, person.salt),
        },
    )  # fmt: skip
