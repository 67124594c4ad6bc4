"""Addressing notices: who is told at once, who in tomorrow's digest, who only in the portal. First step of delivery."""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.enums import NoticeMode
from accounts.models import Delivery, DigestEntry, Notice, NoticeChoice, ReminderRule
from accounts.models.notice import Recipient
from accounts.rules import REMINDERS, next_digest, notice_group
from core import clock

logger = logging.getLogger(__name__)

_LIMIT: Final = 200
_NOBODY: Final = "通知のあて先に、いま受け取る人がいません。"
_NO_MAIL: Final = "受け取る人は、この種類のメールを受け取らない設定にしています。"


def address_due(*, at: datetime, limit: int = _LIMIT) -> int:
    """Make the deliveries of new notices from the posts in force on that day; returns how many notices.

    One transaction a notice, so that one that cannot be addressed does not keep the others back.
    """
    done = 0
    for number in Notice.objects.unaddressed(at).values_list("pk", flat=True)[:limit]:
        try:
            done += _address(number, at)
        except Exception as error:  # noqa: BLE001 - the others must go; the words may hold addresses
            logger.error("notice %s cannot be addressed (%s)", number, type(error).__name__)  # noqa: TRY400
    return done


def pass_over(keys: str, *, why: str) -> int:
    """Leave the unaddressed notices whose key begins so to the inbox; `why` no mail goes. Returns how many."""
    found = Notice.objects.filter(addressed_at__isnull=True, dedupe_key__startswith=keys)
    return found.update(addressed_at=F("at"), unreached=why)


@transaction.atomic
def _address(number: int, at: datetime) -> bool:
    notice = Notice.objects.unaddressed(at).select_for_update(skip_locked=True).filter(pk=number).first()
    if notice is None:  # another worker was faster
        return False
    recipients = notice.recipients(clock.today(at))
    modes = modes_of(notice, recipients, at)
    at_once = [each for each in recipients if modes.get(each.user_id or 0) not in _NOT_AT_ONCE]
    later = [each for each in recipients if modes.get(each.user_id or 0) == NoticeMode.DIGEST]
    Delivery.objects.bulk_create(_delivery(notice, recipient, at) for recipient in at_once)
    DigestEntry.objects.bulk_create(
        DigestEntry(
            notice=notice, user_id=each.user_id, department_id=each.department_id, due_at=next_digest(at)
        )
        for each in later
        if each.user_id is not None
    )
    notice.addressed_at = at
    notice.unreached = "" if at_once or later else (_NO_MAIL if recipients else _NOBODY)
    notice.save(update_fields=["addressed_at", "unreached"])
    return True


_NOT_AT_ONCE: Final = frozenset({NoticeMode.DIGEST, NoticeMode.INBOX})


def modes_of(notice: Notice, recipients: Iterable[Recipient], at: datetime) -> dict[int, str]:
    """How people chose to be told of such a notice, by user; empty where the law wants it told at once.

    What falls due before the next digest is told at once too. Shared and outside mailboxes choose nothing.
    """
    group = notice_group(notice.kind)
    if group.is_required or _is_required_reminder(notice.kind):
        return {}
    people = [each.user_id for each in recipients if each.user_id is not None]
    rows = NoticeChoice.objects.filter(user__in=people, group=group.code)
    modes = dict(rows.values_list("user", "mode"))
    if notice.due_at is not None and notice.due_at <= next_digest(at):
        return {user: mode for user, mode in modes.items() if mode == NoticeMode.INBOX}
    return modes


def _is_required_reminder(kind: str) -> bool:
    first, _, deadline = kind.partition(".")
    return first in REMINDERS and ReminderRule.objects.filter(kind=deadline, is_required=True).exists()


def _delivery(notice: Notice, recipient: Recipient, at: datetime) -> Delivery:
    outside = recipient.user_id is None and recipient.department_id is None
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
    return Delivery(
        notice=notice,
        user_id=recipient.user_id,
        department_id=recipient.department_id,
        mailbox=recipient.email if outside else "",
        message_id=f"<notice-{notice.notice_code}-{secrets.token_hex(12)}@{host}>",
        next_try_at=at,
    )
