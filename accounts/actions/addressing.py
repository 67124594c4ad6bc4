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
from accounts.models.notice import AUDIENCES, Recipient, Recipients
from accounts.rules import REMINDERS, next_digest, notice_group
from core import clock

logger = logging.getLogger(__name__)

_LIMIT: Final = 200
_CHUNK: Final = 100
_NOBODY: Final = "通知のあて先に、いま受け取る人がいません。"
_NO_MAIL: Final = "受け取る人は、この種類のメールを受け取らない設定にしています。"


def address_due(*, at: datetime, limit: int = _LIMIT) -> int:
    """Make the deliveries of new notices from the posts in force on that day; returns how many notices.

    Many in one transaction. Where that fails, one each, so that one that cannot be addressed keeps no other back.
    """
    numbers = list(Notice.objects.unaddressed(at).values_list("pk", flat=True)[:limit])
    done = 0
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        try:
            done += _address(chunk, at)
        except Exception:  # noqa: BLE001 - found out below, one by one
            done += sum(_address_alone(number, at) for number in chunk)
    return done


def _address_alone(number: int, at: datetime) -> int:
    try:
        return _address([number], at)
    except Exception as error:  # noqa: BLE001 - the others must go; the words may hold addresses
        logger.error("notice %s cannot be addressed (%s)", number, type(error).__name__)  # noqa: TRY400
        return 0


def pass_over(keys: str, *, why: str) -> int:
    """Leave the unaddressed notices whose key begins so to the inbox; `why` no mail goes. Returns how many."""
    found = Notice.objects.filter(addressed_at__isnull=True, case_key="", dedupe_key__startswith=keys)
    return found.update(addressed_at=F("at"), unreached=why)


@transaction.atomic
def _address(numbers: list[int], at: datetime) -> int:
    """Address those that no other worker is addressing; returns how many."""
    free = Notice.objects.unaddressed(at).select_for_update(skip_locked=True).filter(pk__in=numbers)
    notices = list(free.prefetch_related(AUDIENCES))
    book = Recipients(clock.today(at))
    told = {notice.pk: book.of(notice) for notice in notices}
    choices = _Choices(each.user_id for found in told.values() for each in found)
    deliveries, entries = [], []
    for notice in notices:
        modes = choices.modes(notice, told[notice.pk], at)
        at_once = [each for each in told[notice.pk] if modes.get(each.user_id or 0) not in _NOT_AT_ONCE]
        later = [each for each in told[notice.pk] if modes.get(each.user_id or 0) == NoticeMode.DIGEST]
        deliveries += [_delivery(notice, recipient, at) for recipient in at_once]
        entries += [
            DigestEntry(
                notice=notice,
                user_id=recipient.user_id,
                department_id=recipient.department_id,
                due_at=next_digest(at),
            )
            for recipient in later
            if recipient.user_id is not None
        ]
        notice.addressed_at = at
        notice.unreached = "" if at_once or later else (_NO_MAIL if told[notice.pk] else _NOBODY)
    Delivery.objects.bulk_create(deliveries)
    DigestEntry.objects.bulk_create(entries)
    Notice.objects.bulk_update(notices, ["addressed_at", "unreached"])
    return len(notices)


_NOT_AT_ONCE: Final = frozenset({NoticeMode.DIGEST, NoticeMode.INBOX})


class _Choices:
    """How people chose to be told, and what the law wants told at once; read once for many notices."""

    def __init__(self, users: Iterable[int | None]) -> None:
        asked = {user for user in users if user is not None}
        rows = NoticeChoice.objects.filter(user__in=asked).values_list("user", "group", "mode")
        self._chosen = {(user, group): mode for user, group, mode in rows}
        self._required = set(ReminderRule.objects.filter(is_required=True).values_list("kind", flat=True))

    def modes(self, notice: Notice, recipients: Iterable[Recipient], at: datetime) -> dict[int, str]:
        """How people chose to be told of such a notice, by user; empty where the law wants it told at once.

        What falls due before the next digest is told at once too. Shared and outside mailboxes choose nothing.
        """
        group = notice_group(notice.kind)
        if group.is_required or self._is_required_reminder(notice.kind):
            return {}
        modes = {
            each.user_id: self._chosen[each.user_id, group.code]
            for each in recipients
            if each.user_id is not None and (each.user_id, group.code) in self._chosen
        }
        if notice.due_at is not None and notice.due_at <= next_digest(at):
            return {user: mode for user, mode in modes.items() if mode == NoticeMode.INBOX}
        return modes

    def _is_required_reminder(self, kind: str) -> bool:
        first, _, deadline = kind.partition(".")
        return first in REMINDERS and deadline in self._required


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
