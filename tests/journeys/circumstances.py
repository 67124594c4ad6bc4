"""What must have happened before some screens can be seen: people in special states, a relay that is down."""

import base64
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import Any
from unittest.mock import patch

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings
from django.urls import reverse
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.actions.addressing import address_due
from accounts.actions.demo import demo_password
from accounts.actions.invitation import invite, renew_invitation
from accounts.actions.notice import Audience, notify
from accounts.actions.security import deactivate, record_attempt
from accounts.enums import AttemptOutcome
from accounts.models import Delivery, Department, Deputy, Membership, User
from accounts.rules import WRONG_CODES_ALLOWED
from core import clock, deadlines
from core.actor import SYSTEM

EDITOR = "editor@higashikurume.example"
ADMINISTRATOR = "admin@higashikurume.example"
WITH_FACTORS = "editor2@higashikurume.example"
TWO_POSTS = "double@higashikurume.example"
MISTYPING = "liaison@higashikurume.example"
CLOSED = "retired@higashikurume.example"
INVITED = "invited@higashikurume.example"
UNWANTED = "unwanted@higashikurume.example"


def password() -> str:
    """The password of everybody in the demo."""
    return demo_password()


def person(address: str) -> User:
    """A person of the demo."""
    return User.objects.get(email=address)


def post(address: str) -> Membership:
    """Their first post."""
    return Membership.objects.filter(user__email=address).earliest("starts_on", "pk")


def invited(address: str = INVITED) -> User:
    """A person who was invited for the next fiscal year and has not answered."""
    if found := User.objects.filter(email=address, memberships__isnull=False).first():
        return found
    unit = Department.objects.get(organization__code="132225", name="企画政策課")
    return invite(
        email=address,
        name="【架空】招待 のぞむ",
        department=unit,
        role="editor",
        starts_on=date(2027, 4, 1),
        is_fictional=True,
        by=SYSTEM,
    ).person


def invitation_link() -> str:
    """The address in that person's mail."""
    organization = Department.objects.get(organization__code="132225", name="企画政策課").organization
    secret = renew_invitation(person=invited(), organization=organization, by=SYSTEM)
    return reverse("account:invitation", args=[secret])


def reset_link() -> str:
    """The address in the mail of somebody who forgot the password."""
    who = person(EDITOR)
    key = default_token_generator.make_token(who)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(who), key])


def factors() -> None:
    """App, code sheet and two security keys of one person."""
    who = person(WITH_FACTORS)
    if Authenticator.objects.filter(user=who).exists():
        return
    TOTP.activate(who, generate_totp_secret())
    RecoveryCodes.activate(who)
    for name in ("庁舎のキー", "予備のキー"):
        Authenticator.objects.create(
            user=who, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": _credential()}
        )


def key_number() -> int:
    """The number of one of those keys."""
    factors()
    return int(Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).earliest("pk").pk)


def notices() -> None:
    """More than one page of notices to the editors' department."""
    unit = post(EDITOR).department_id
    for number in range(1, 36):
        notify(
            kind="journeys.told",
            key=f"journeys:{number}",
            audience=Audience.of_department(unit),
            title=f"【架空】お知らせ その{number}",
            lines=["提出された計画に、確かめたい点があります。"],
            path="/calls/",
            due_at=clock.now() + timedelta(days=number) if number % 2 else None,
        )


def fresh_notice() -> None:
    """One notice nobody has read."""
    audience = Audience.of_department(post(TWO_POSTS).department_id)
    key = f"journeys:{uuid.uuid4()}"
    notify(kind="journeys.told", key=key, audience=audience, title="【架空】新しいお知らせ", path="/calls/")


@contextmanager
def tasks() -> Iterator[None]:
    """While the editors' department has something overdue, and something to do this week, next week and later."""
    member = post(EDITOR)
    told = [
        deadlines.Deadline(
            "journeys.due",
            clock.now() + timedelta(days=days, hours=3),
            f"【架空】実績の報告 その{number}",
            "/calls/",
            organization_id=member.department.organization_id,
            department_id=member.department_id,
            case_key=str(number),
        )
        for number, days in enumerate((-2, 0, 3, 40), start=1)
    ]
    with patch.object(deadlines, "_collectors", {"journeys": lambda *_asked: told}):
        yield


def close_account() -> None:
    """A person whose account is closed."""
    who = invited(CLOSED)
    if who.is_active:
        deactivate(
            person=who, organization=post(CLOSED).department.organization, comment="長期の休業", by=SYSTEM
        )


def parked_mail() -> None:
    """A mail that the mail server refused for good."""
    told = notify(
        kind="grants.told", key="journeys:parked", title="お知らせ", path="/",
        audience=Audience.of_mailbox("gone@out.example"),
    )  # fmt: skip
    if told is not None:
        address_due(at=clock.now())
        Delivery.objects.filter(notice=told).update(
            state="failed", sent_at=None, attempts=3, last_error="SMTPRecipientsRefused 550"
        )


def deputy() -> None:
    """A person for whom a colleague stands in."""
    own = post(TWO_POSTS)
    Deputy.objects.get_or_create(
        user=own.user, deputy=person(ADMINISTRATOR), department=own.department,
        starts_on=clock.today(), ends_on=clock.today(),
    )  # fmt: skip


def wrong_codes() -> None:
    """A person who typed wrong codes too often."""
    for _ in range(WRONG_CODES_ALLOWED):
        record_attempt(email=MISTYPING, address="127.0.0.1", outcome=AttemptOutcome.WRONG_CODE)


class DownRelay(BaseEmailBackend):
    """A mail relay that does not answer."""

    def send_messages(self, email_messages: Any) -> int:
        """Refuse, as an unreachable relay does."""
        raise SMTPException("no answer")


@contextmanager
def relay_down() -> Iterator[None]:
    """While no mail can be sent."""
    with override_settings(EMAIL_BACKEND=f"{__name__}.DownRelay"):
        yield


@contextmanager
def mailbox() -> Iterator[None]:
    """While the demo's mailbox holds one mail."""
    with tempfile.TemporaryDirectory() as folder, override_settings(EMAIL_FILE_PATH=folder):
        backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=Path(folder))
        EmailMessage("確認コード", "確認コードは 123456 です。", to=[EDITOR], connection=backend).send()
        yield


def _credential() -> dict[str, Any]:
    """What a security key answers at registration."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    data = AttestedCredentialData.create(Aaguid(bytes(16)), b"key-of-the-journeys", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(bytes(32), flags, 1, data)
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "http://localhost")
    coded = {
        "id": b"key-of-the-journeys",
        "clientDataJSON": bytes(client),
        "attestationObject": bytes(AttestationObject.create("none", told, {})),
    }
    text = {name: base64.urlsafe_b64encode(value).decode().rstrip("=") for name, value in coded.items()}
    answer = {name: text[name] for name in ("clientDataJSON", "attestationObject")}
    return {"type": "public-key", "id": text["id"], "rawId": text["id"], "response": answer}
