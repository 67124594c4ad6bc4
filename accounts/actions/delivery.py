"""Delivering notices: address, claim with a lease, send, mark. The only writer of a delivery's state.

Correctness rests on the database alone. A worker holds rows by a lease; what a dead worker held is claimed again
at the next beat on its own machine (core.processes), elsewhere when the lease has run out. A row is marked `sending` before its mail goes and `sent` after it: killed in between,
it goes once more under the same Message-ID and is flagged `maybe_twice`. One statement marks a mail as sent and the
next of the batch as `sending`. So every delivery is told at least once,
recognisably so if twice. Only the schedule calls `deliver_due` (accounts.tasks), never another action.
"""

import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Min
from django.template.loader import render_to_string

from accounts.actions.addressing import address_due
from accounts.actions.outdated import outdated
from accounts.actions.own_letters import letter_of
from accounts.enums import Role
from accounts.models import Delivery, Notice, delivery_steps
from accounts.models.delivery import HELD_STATES, OPEN_STATES, DeliveryState
from accounts.models.notice import AUDIENCES, Recipient, Recipients
from core import clock, processes
from core.context import SITE_NAME

logger = logging.getLogger(__name__)

BATCH: Final = 50
ADDRESSED: Final = 200  # notices between two batches of mails
LEASE_SECONDS: Final = 60  # longer than one mail can take at EMAIL_TIMEOUT; renewed before every mail
LATE_AFTER: Final = timedelta(minutes=15)
MOST_TRIES: Final = 8
MOST_PERMANENT_REFUSALS: Final = 3
_MOST_BATCHES: Final = 50  # the next beat goes on where one run stops
_OUTAGE_STEPS: Final = tuple(timedelta(seconds=seconds) for seconds in (20, 40, 80, 160, 320, 600))
_REFUSAL_STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480))
_PERMANENT: Final = 500
_MOVED_ON: Final = "受け取る人でなくなったため、送りませんでした。"
_DIED: Final = "送信の途中で止まることが続いたため、送信をやめました。"


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


class NoticeMail(EmailMessage):
    """A mail whose Japanese subject starts on the header's first line; some gateways drop one that does not."""

    def message(self, **options: Any) -> Any:
        """The mail as sent; the parent has refused line breaks in the subject by then."""
        made = super().message(**options)
        made.replace_header("Subject", Header(str(self.subject), "utf-8", header_name="Subject"))
        return made


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


# --- Claim -----------------------------------------------------------------------------------------------


def release_abandoned(*, at: datetime) -> int:
    """End the leases of processes of this machine that have died; returns how many rows they held."""
    held = Delivery.objects.filter(state__in=HELD_STATES)
    ended = at - timedelta(microseconds=1)
    return sum(held.filter(claim__startswith=mark).update(leased_until=ended) for mark in processes.dead())


@transaction.atomic
def claim_due(*, limit: int, lease_seconds: int, at: datetime) -> list[Delivery]:
    """Take up to `limit` due deliveries for this worker alone, for `lease_seconds`.

    Rows that another worker is taking at this moment are passed over (PostgreSQL); SQLite has one writer at a
    time anyway. A row whose sending was cut off is flagged; cut off too often, it is parked instead.
    """
    rows = list(Delivery.objects.due(at).select_for_update(skip_locked=True)[:limit])
    cut_off = [row.pk for row in rows if row.state == DeliveryState.SENDING]
    Delivery.objects.filter(pk__in=cut_off).update(maybe_twice=True)
    given_up = {row.pk for row in rows if row.attempts - row.deferrals >= MOST_TRIES}
    _park(given_up)
    claim = processes.own_mark() + secrets.token_hex(8)
    taken = Delivery.objects.filter(pk__in=[row.pk for row in rows if row.pk not in given_up])
    lease = at + timedelta(seconds=lease_seconds)
    taken.update(state=DeliveryState.CLAIMED, claim=claim, leased_until=lease)
    held = (
        Delivery.objects.filter(claim=claim).order_by("next_try_at", "pk")
        if rows
        else Delivery.objects.none()
    )
    return list(
        held.select_related("notice__addressees", "user", "department__organization").prefetch_related(
            f"notice__{AUDIENCES}"
        )
    )


def _park(numbers: Iterable[int]) -> None:
    """Give up on rows whose sending was cut off too often; the reason of the last try stays if there is one."""
    rows = Delivery.objects.filter(pk__in=numbers)
    rows.filter(last_error="").update(last_error=_DIED)
    rows.update(state=DeliveryState.FAILED, claim="", leased_until=None)


# --- Send and mark ---------------------------------------------------------------------------------------


def deliver(batch: list[Delivery], *, lease_seconds: int = LEASE_SECONDS) -> tuple[DeliveryReport, bool]:
    """Send claimed deliveries over one connection; returns what was done and whether the server is there.

    When the server is away, the rest of the batch goes back to the queue untouched.
    """
    report, server_there, begun = DeliveryReport(), True, False
    needless = outdated([delivery.notice for delivery in batch], at=clock.now())
    connection: BaseEmailBackend = get_connection()
    recipients = Recipients(clock.today())
    try:
        for place, delivery in enumerate(batch):
            notice = delivery.notice
            if notice.pk in needless:
                _settle(delivery, state=DeliveryState.SKIPPED, last_error=needless[notice.pk])
                report += DeliveryReport(skipped=1)
                continue
            following = next(
                (each for each in batch[place + 1 : place + 2] if each.notice_id not in needless), None
            )
            done, server_there, begun = _deliver_one(
                delivery, recipients.of(notice), connection, lease_seconds, begun=begun, following=following
            )
            report += done
            if not server_there:
                _release(batch[place + 1 :])
                break
    finally:
        connection.close()
    return report, server_there


def _deliver_one(
    delivery: Delivery,
    recipients: list[Recipient],
    connection: BaseEmailBackend,
    lease_seconds: int,
    *,
    begun: bool,
    following: Delivery | None,
) -> tuple[DeliveryReport, bool, bool]:
    """Send one mail unless its reader has moved on or its lease has; is the server there, is `following` begun?"""
    recipient = next((each for each in recipients if delivery.matches(each)), None)
    if recipient is None:
        _settle(delivery, state=DeliveryState.SKIPPED, last_error=_MOVED_ON)
        return DeliveryReport(skipped=1), True, False
    if not begun and not begin(delivery, lease_seconds=lease_seconds, at=clock.now()):
        return DeliveryReport(), True, False
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _defer(delivery, error)
        return DeliveryReport(deferred=1), False, False
    try:
        message = compose(delivery, recipient)
        message.connection = connection
        message.send()
    except Exception as error:  # noqa: BLE001 - whatever one mail does, the others must go
        interrupted = _interrupted(error)
        _refuse(delivery, error, interrupted=interrupted)
        return DeliveryReport(refused=1), not interrupted, False
    begun = mark_sent(delivery, at=clock.now(), following=following, lease_seconds=lease_seconds)
    return DeliveryReport(sent=1), True, begun


def begin(delivery: Delivery, *, lease_seconds: int, at: datetime) -> bool:
    """Note that the mail is about to go, and renew the lease. False when another worker holds the row by now."""
    lease = at + timedelta(seconds=lease_seconds)
    return _noted(
        delivery, delivery.pk in delivery_steps.step(delivery.claim, begun=delivery.pk, lease=lease, at=at)
    )


def mark_sent(
    delivery: Delivery,
    *,
    at: datetime,
    following: Delivery | None = None,
    lease_seconds: int = LEASE_SECONDS,
) -> bool:
    """The server has taken the mail. True even when the lease ran out meanwhile; then it may go twice.

    In the same statement `following`, held by the same claim, is noted as about to go (`begin`); returns whether it
    is. So a mail costs one commit, and a worker killed anywhere leaves at most one whose answer nobody knows.
    """
    ends = at + timedelta(seconds=lease_seconds)
    begun = following.pk if following is not None else None
    changed = delivery_steps.step(delivery.claim, sent=delivery.pk, begun=begun, lease=ends, at=at)
    if delivery.pk not in changed:
        overtaken = Delivery.objects.filter(pk=delivery.pk, state__in=OPEN_STATES)
        overtaken.update(
            state=DeliveryState.SENT, sent_at=at, claim="", leased_until=None, last_error="", maybe_twice=True
        )
    return following is not None and _noted(following, following.pk in changed)


def _noted(delivery: Delivery, begun: bool) -> bool:
    if begun:
        delivery.state = DeliveryState.SENDING
        delivery.attempts += 1
    return begun


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
    return NoticeMail(
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


def _settle(delivery: Delivery, *, state: DeliveryState, **fields: Any) -> bool:
    """Let go of a row this worker holds; False when it does not hold it any more."""
    held = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state__in=HELD_STATES)
    return bool(held.update(state=state, claim="", leased_until=None, **fields))


def _release(batch: Iterable[Delivery]) -> None:
    """Put claimed rows back as they were."""
    for delivery in batch:
        _settle(delivery, state=DeliveryState.PENDING)


def _defer(delivery: Delivery, error: Exception) -> None:
    """The server is away: try later, however often. Nothing has left this machine."""
    step = _OUTAGE_STEPS[min(delivery.deferrals, len(_OUTAGE_STEPS) - 1)]
    _settle(
        delivery,
        state=DeliveryState.PENDING,
        next_try_at=clock.now() + step,
        deferrals=F("deferrals") + 1,
        last_error=describe(error),
    )
    logger.warning("mail server away: %s", describe(error))


def _refuse(delivery: Delivery, error: Exception, *, interrupted: bool) -> None:
    """This mail was not taken: try later, but park it after enough tries."""
    tries = delivery.attempts - delivery.deferrals
    parked = tries >= (MOST_PERMANENT_REFUSALS if _permanent(error) else MOST_TRIES)
    step = _REFUSAL_STEPS[min(tries, len(_REFUSAL_STEPS)) - 1]
    _settle(
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
