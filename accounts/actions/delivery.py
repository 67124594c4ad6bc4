"""Delivering notices: address, claim a batch, compose, send.

Every delivery is told at least once, and recognisably so if twice; accounts.actions.claims answers for that and is
where its state is written. Only the schedule calls `deliver_due` (accounts.tasks), never another action.
"""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Min
from django.template.loader import render_to_string

from accounts.actions.addressing import address_due
from accounts.actions.claims import LEASE_SECONDS, MOST_TRIES, Claim, claim_due, release_abandoned
from accounts.actions.outdated import outdated
from accounts.actions.own_letters import letter_of
from accounts.enums import Role
from accounts.models import Delivery, Notice
from accounts.models.delivery import OPEN_STATES, DeliveryState
from accounts.models.notice import Recipient, Recipients
from core import clock
from core.context import SITE_NAME
from core.mail import Mail

logger = logging.getLogger(__name__)

BATCH: Final = 200
ADDRESSED: Final = 200  # notices between two batches of mails
LATE_AFTER: Final = timedelta(minutes=15)
MOST_PERMANENT_REFUSALS: Final = 3
_MOST_BATCHES: Final = 25  # the next beat goes on where one run stops
_OUTAGE_STEPS: Final = tuple(timedelta(seconds=seconds) for seconds in (20, 40, 80, 160, 320, 600))
_REFUSAL_STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480))
_PERMANENT: Final = 500
_MOVED_ON: Final = "受け取る人でなくなったため、送りませんでした。"


@dataclass(frozen=True)
class DeliveryReport:
    """What one run did, in mails: sent, needless, put off because the mail server was away, refused."""

    sent: int = 0
    skipped: int = 0
    deferred: int = 0
    refused: int = 0

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        return DeliveryReport(
            self.sent + other.sent,
            self.skipped + other.skipped,
            self.deferred + other.deferred,
            self.refused + other.refused,
        )


@dataclass(frozen=True)
class OutboxHealth:
    """How the outbox stands: mails waiting, since when, how many late (older than LATE_AFTER), parked."""

    waiting: int
    oldest_at: datetime | None
    late: int
    parked: int


def deliver_due(*, limit: int = BATCH, lease_seconds: int = LEASE_SECONDS) -> DeliveryReport:
    """Address new notices, then claim and send batch after batch until nothing is due or the mail server is away.

    Never call it inside a transaction: each step commits by itself.
    """
    release_abandoned(at=clock.now())
    report, addressed = DeliveryReport(), 1
    for _ in range(_MOST_BATCHES):
        addressed = address_due(at=clock.now(), limit=ADDRESSED) if addressed else 0
        batch = claim_due(limit=limit, lease_seconds=lease_seconds, at=clock.now())
        if not batch and not addressed:
            break
        done, go_on = deliver(batch, lease_seconds=lease_seconds)
        report += done
        if not go_on:
            break
    return report


def health(at: datetime) -> OutboxHealth:
    """How the outbox stands at an instant. Notices not addressed yet count as one mail each."""
    waiting = Delivery.objects.filter(state__in=OPEN_STATES)
    new = Notice.objects.unaddressed(at)
    instants = [
        waiting.aggregate(oldest=Min("notice__at"))["oldest"],
        new.order_by().aggregate(oldest=Min("at"))["oldest"],
    ]
    return OutboxHealth(
        waiting=waiting.count() + new.count(),
        oldest_at=min((instant for instant in instants if instant is not None), default=None),
        late=Delivery.objects.delayed(at - LATE_AFTER).count() + new.filter(at__lt=at - LATE_AFTER).count(),
        parked=Delivery.objects.parked().count(),
    )


# --- Send and mark ---------------------------------------------------------------------------------------


def deliver(batch: list[Delivery], *, lease_seconds: int = LEASE_SECONDS) -> tuple[DeliveryReport, bool]:
    """Send claimed deliveries over one connection; returns what was done and whether the server is there.

    When the server is away, the rest of the batch goes back to the queue untouched.
    """
    report, server_there = DeliveryReport(), True
    if not batch:
        return report, server_there
    claim = Claim(batch, lease_seconds=lease_seconds)
    connection: BaseEmailBackend = get_connection()
    try:
        needless = outdated([delivery.notice for delivery in batch], at=clock.now())
        recipients = Recipients(clock.today())
        for delivery in batch:
            if delivery.notice_id in needless:
                claim.settle(delivery, state=DeliveryState.SKIPPED, last_error=needless[delivery.notice_id])
                report += DeliveryReport(skipped=1)
                continue
            done, server_there = _deliver_one(delivery, recipients.of(delivery.notice), connection, claim)
            report += done
            if not server_there:
                break
    finally:
        connection.close()
        claim.close()
    return report, server_there


def _deliver_one(
    delivery: Delivery, recipients: list[Recipient], connection: BaseEmailBackend, claim: Claim
) -> tuple[DeliveryReport, bool]:
    """Send one mail unless its reader has moved on or its lease has; what was done, and is the server there?"""
    recipient = next((each for each in recipients if delivery.matches(each)), None)
    if recipient is None:
        claim.settle(delivery, state=DeliveryState.SKIPPED, last_error=_MOVED_ON)
        return DeliveryReport(skipped=1), True
    if not claim.begin(delivery, at=clock.now()):
        return DeliveryReport(), True
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _defer(claim, delivery, error)
        return DeliveryReport(deferred=1), False
    try:
        message = compose(delivery, recipient)
        message.connection = connection
        message.send()
    except Exception as error:  # noqa: BLE001 - whatever one mail does, the others must go
        interrupted = _interrupted(error)
        _refuse(claim, delivery, error, interrupted=interrupted)
        return DeliveryReport(refused=1), not interrupted
    claim.sent(delivery, at=clock.now())
    return DeliveryReport(sent=1), True


def compose(delivery: Delivery, recipient: Recipient) -> EmailMessage:
    """The mail: what, who, by when, 通知番号 and one link. The same text and Message-ID at every try."""
    notice = delivery.notice
    own = letter_of(notice)
    body = (
        own.body
        if own
        else render_to_string(
            "mail/accounts/notice.txt",
            {
                "notice": notice,
                "who": _who(delivery),
                "link": f"{settings.PORTAL_ORIGIN.rstrip('/')}{notice.path}",
                "site_name": SITE_NAME,
            },
        )
    )
    return Mail(
        subject=f"【{SITE_NAME}】{notice.title}（通知 {notice.notice_code}）",
        body=body,
        to=[recipient.email],
        headers={
            "Message-ID": delivery.message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday replies, please
            "X-Auto-Response-Suppress": "All",
            **(own.headers if own else {}),
        },
    )


def _who(delivery: Delivery) -> str:
    """Who has to act: body, department and roles; never a person's name."""
    department = delivery.department
    if department is None:
        return "このメールを受け取った方"
    roles = [
        Role(code).label
        for row in delivery.notice.audiences.all()
        if row.department_id == department.pk or row.organization_id == department.organization_id
        for code in row.role_codes
    ]
    return f"{department.organization.name} {department.name}" + (f"（{'・'.join(roles)}）" if roles else "")


# --- When it does not go -----------------------------------------------------------------------------------


def _defer(claim: Claim, delivery: Delivery, error: Exception) -> None:
    """The server is away: try later, however often. Nothing has left this machine."""
    step = _OUTAGE_STEPS[min(delivery.deferrals, len(_OUTAGE_STEPS) - 1)]
    claim.settle(
        delivery,
        state=DeliveryState.PENDING,
        next_try_at=clock.now() + step,
        deferrals=F("deferrals") + 1,
        last_error=describe(error),
    )
    logger.warning("mail server away: %s", describe(error))


def _refuse(claim: Claim, delivery: Delivery, error: Exception, *, interrupted: bool) -> None:
    """This mail was not taken: try later, but park it after enough tries."""
    tries = delivery.attempts - delivery.deferrals
    parked = tries >= (MOST_PERMANENT_REFUSALS if _permanent(error) else MOST_TRIES)
    step = _REFUSAL_STEPS[min(tries, len(_REFUSAL_STEPS)) - 1]
    claim.settle(
        delivery,
        state=DeliveryState.FAILED if parked else DeliveryState.PENDING,
        next_try_at=clock.now() + step,
        maybe_twice=delivery.maybe_twice or interrupted,
        last_error=describe(error),
    )
    logger.warning("delivery %s refused (%s)%s", delivery.pk, describe(error), ", parked" if parked else "")


def _interrupted(error: Exception) -> bool:
    """The connection broke while the mail was under way: nobody knows whether it was taken."""
    if isinstance(error, SMTPServerDisconnected):
        return True
    return isinstance(error, OSError) and not isinstance(error, SMTPException)


def _codes(error: Exception) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    if isinstance(error, SMTPResponseException):
        return [error.smtp_code]
    return []


def _permanent(error: Exception) -> bool:
    codes = _codes(error)
    return bool(codes) and min(codes) >= _PERMANENT


def describe(error: Exception) -> str:
    """What went wrong, by kind and reply code. Never the server's words: they repeat addresses."""
    codes = "・".join(map(str, _codes(error)))
    number = error.errno if isinstance(error, OSError) and not isinstance(error, SMTPException) else None
    detail = codes or (f"errno {number}" if number else "")
    return re.sub(r"\s+", " ", f"{type(error).__name__} {detail}").strip()
