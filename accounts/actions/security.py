"""Sign-in and what protects it. A person's own acts go to the chain "user:<id>", an administrator's to the body's."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.actions.membership import chain_of, end_sessions
from accounts.actions.tokens import revoke_all
from accounts.enums import AttemptOutcome
from accounts.models import AccountEvent, LoginAttempt, Organization, User
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError

FACTOR_WORDS = {
    Authenticator.Type.TOTP: "認証アプリ",
    Authenticator.Type.WEBAUTHN: "セキュリティキー",
    Authenticator.Type.RECOVERY_CODES: "ワンタイムコード表",
}


def record_attempt(*, email: str, address: str, outcome: AttemptOutcome) -> LoginAttempt:
    """Note a try to sign in; addresses of mail and network are kept as keyed digests only."""
    return LoginAttempt.objects.create(
        at=clock.now(),
        person=LoginAttempt.digest(email),
        address=LoginAttempt.digest(address),
        outcome=outcome,
    )


@transaction.atomic
def record_sign_in(*, person: User, methods: list[str], by: Actor) -> AccountEvent:
    """A session was opened, with these steps ("password", "code", "totp", …)."""
    return _own(person, by, "sign_in", methods=methods)


@transaction.atomic
def record_factor(*, person: User, kind: str, action: str, by: Actor) -> AccountEvent:
    """A second factor was enrolled, removed or made anew ("add_factor", "remove_factor", "reset_factor")."""
    return _own(person, by, action, factor=FACTOR_WORDS.get(Authenticator.Type(kind), kind))


@transaction.atomic
def change_password(*, person: User, password: str, by: Actor) -> AccountEvent:
    """Set a new password; every other session of the person ends with it."""
    person.set_password(password)
    person.joined_at = person.joined_at or clock.now()
    person.save(update_fields=["password", "joined_at"])
    return _own(person, by, "change_password")


@transaction.atomic
def reset_factors(*, person: User, organization: Organization, comment: str, by: Actor) -> AccountEvent:
    """Remove every factor of somebody who lost theirs: the next code goes to the work mailbox.

    Raises DomainError without a reason, Conflict when there is nothing to remove.
    """
    require(by, "accounts.secure_person", person)
    if not comment.strip():
        raise DomainError("本人であることを確かめた方法を、理由に書いてください。")
    rows = Authenticator.objects.select_for_update().filter(user=person)
    kinds = [FACTOR_WORDS[Authenticator.Type(row.type)] for row in rows]
    if not kinds:
        raise Conflict("登録されている認証手段はありません。")
    rows.delete()
    end_sessions(person)
    revoke_all(person=person, by=by)
    return _body(organization, person, by, "reset_factors", comment, factors=kinds)


@transaction.atomic
def deactivate(*, person: User, organization: Organization, comment: str, by: Actor) -> AccountEvent:
    """Close an account at once: no sign-in, every session ends. Posts stay on record.

    Raises DomainError for oneself (another administrator does it), Conflict when closed already.
    """
    require(by, "accounts.secure_person", person)
    if person.pk == by.user_id:
        raise DomainError("自分の利用は止められません。ほかの利用者管理の担当者に頼んでください。")
    return _switch(person, organization, comment, by, active=False)


@transaction.atomic
def reactivate(*, person: User, organization: Organization, comment: str = "", by: Actor) -> AccountEvent:
    """Open a closed account again. Raises Conflict when it is open."""
    require(by, "accounts.secure_person", person)
    return _switch(person, organization, comment, by, active=True)


def _switch(
    person: User, organization: Organization, comment: str, by: Actor, *, active: bool
) -> AccountEvent:
    changed = User.objects.filter(pk=person.pk, is_active=not active).update(is_active=active)
    if not changed:
        raise Conflict("この方の利用は、すでに" + ("再開されています。" if active else "止められています。"))
    person.is_active = active
    end_sessions(person)
    if not active:
        revoke_all(person=person, by=by)
    return _body(organization, person, by, "reactivate" if active else "deactivate", comment)


def _own(person: User, by: Actor, action: str, **payload: Any) -> AccountEvent:
    return AccountEvent.append(f"user:{person.pk}", by, action, subject=person, payload=payload)


def _body(
    organization: Organization, person: User, by: Actor, action: str, comment: str, **payload: Any
) -> AccountEvent:
    return AccountEvent.append(
        chain_of(organization),
        by,
        action,
        organization=organization,
        subject=person,
        comment=comment,
        payload=payload,
    )
