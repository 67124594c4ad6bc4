"""Calendars outside: the addresses of a department's calendar, and the memory of what the feeds have said."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import transaction

from accounts.models import CalendarEntry, CalendarToken, Department, User
from core import clock, deadlines
from core.access import require
from core.actor import Actor
from core.deadlines import Deadline
from core.exceptions import Conflict, DomainError, Refused

MOST_PER_PERSON: Final = 5
_CHUNK: Final = 1000
_REMEMBERED: Final = timedelta(days=400)


# --- Addresses -----------------------------------------------------------------------------------------------


@transaction.atomic
def make_calendar_token(*, by: Actor, at: datetime | None = None) -> str:
    """A new address of the acting department's calendar; returns its secret, which is shown once and not kept.

    Raises Refused without a post, DomainError when the person has MOST_PER_PERSON working ones there already.
    """
    instant = at or clock.now()
    require(by, "accounts.keep_calendar", None, instant)
    if by.user_id is None or by.department_id is None:
        raise Refused
    person = User.objects.select_for_update().get(pk=by.user_id)
    department = Department.objects.get(pk=by.department_id)
    held = CalendarToken.objects.filter(department=department, made_by=person, revoked_at__isnull=True)
    if held.count() >= MOST_PER_PERSON:
        raise DomainError(
            f"アドレスは1人{MOST_PER_PERSON}つまでです。使っていないアドレスを取り消してから作ってください。"
        )
    secret = secrets.token_urlsafe(32)
    CalendarToken.objects.create(
        department=department, digest=token_digest(secret), made_at=instant, made_by=person
    )
    return secret


@transaction.atomic
def revoke_calendar_token(*, token_id: int, by: Actor, at: datetime | None = None) -> CalendarToken:
    """Make an address of one's own department stop working, whoever made it.

    Raises Refused (404) for another department's, Conflict when it was revoked already.
    """
    instant = at or clock.now()
    token = CalendarToken.objects.select_for_update().select_related("made_by").filter(pk=token_id).first()
    if token is None:
        raise Refused
    require(by, "accounts.keep_calendar", token, instant)
    if token.revoked_at is not None:
        raise Conflict("このアドレスはすでに取り消されています。")
    token.revoked_at, token.revoked_by_id = instant, by.user_id
    token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def note_use(token: CalendarToken, *, at: datetime) -> None:
    """Remember the day an address was last read: one write a day."""
    today = clock.today(at)
    if token.last_used_on != today:
        CalendarToken.objects.filter(pk=token.pk).update(last_used_on=today)


def token_digest(secret: str) -> str:
    """What is kept of the secret (SHA-256, hex); it has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- Memory ----------------------------------------------------------------------------------------------------


def keep(*, at: datetime) -> int:
    """Bring the memory in line with the deadlines of an instant; returns how many entries changed.

    New ones start at 0; a date that moved, or stands again, counts one up; one that is gone is off. Entries of
    dates long past are forgotten.
    """
    changed, seen = 0, set[str]()
    for chunk in _whole_cases(deadlines.planned(at)):
        by_uid = by_uids(chunk)
        seen |= by_uid.keys()
        changed += _keep_chunk(by_uid, at)
    standing = CalendarEntry.objects.filter(cancelled_at__isnull=True, starts_at__gte=at)
    gone = [pk for pk, uid in standing.values_list("pk", "uid").order_by("pk").iterator() if uid not in seen]
    for first in range(0, len(gone), _CHUNK):
        changed += _cancel(gone[first : first + _CHUNK], at)
    CalendarEntry.objects.filter(starts_at__lt=at - _REMEMBERED).delete()
    return changed


def _whole_cases(source: Iterable[Deadline]) -> Iterator[list[Deadline]]:
    """Chunks that part no case: the dates of one kind in a case are numbered together."""
    chunk: list[Deadline] = []
    for _, of_case in groupby(source, key=lambda deadline: deadline.case_key):
        chunk += of_case
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


@transaction.atomic
def _keep_chunk(wanted: dict[str, Deadline], at: datetime) -> int:
    known = {entry.uid: entry for entry in CalendarEntry.objects.select_for_update().filter(uid__in=wanted)}
    fresh = [_entry(uid, deadline, at) for uid, deadline in wanted.items() if uid not in known]
    CalendarEntry.objects.bulk_create(fresh, ignore_conflicts=True)
    moved = [entry for uid, entry in known.items() if _follow(entry, wanted[uid], at)]
    fields = ["starts_at", "summary", "path", "is_public", "sequence", "modified_at", "cancelled_at"]
    CalendarEntry.objects.bulk_update(moved, fields)
    return len(fresh) + len(moved)


def _cancel(numbers: Iterable[int], at: datetime) -> int:
    rows = list(CalendarEntry.objects.filter(pk__in=numbers, cancelled_at__isnull=True))
    for row in rows:
        row.sequence, row.modified_at, row.cancelled_at = row.sequence + 1, at, at
    return CalendarEntry.objects.bulk_update(rows, ["sequence", "modified_at", "cancelled_at"])


def _entry(uid: str, deadline: Deadline, at: datetime) -> CalendarEntry:
    return CalendarEntry(
        uid=uid, starts_at=deadline.at, summary=summary_of(deadline), path=deadline.url,
        is_public=deadline.is_public, modified_at=at,
    )  # fmt: skip


def _follow(entry: CalendarEntry, deadline: Deadline, at: datetime) -> bool:
    """Let an entry say what the deadline says; False when it does already."""
    said = (entry.starts_at, entry.summary, entry.path, entry.cancelled_at)
    now = (deadline.at, summary_of(deadline), deadline.url, None)
    if said == now:
        return False
    entry.starts_at, entry.summary, entry.path, entry.cancelled_at = now
    entry.is_public = deadline.is_public
    entry.sequence, entry.modified_at = entry.sequence + 1, at
    return True


def by_uids(found: Iterable[Deadline]) -> dict[str, Deadline]:
    """Deadlines by the UID of their event: kind and case, never the instant, so a moved date is the same event.

    Where a case has several dates of one kind (parts of a 庁内照会 due on different days), the later ones are numbered.
    """
    named, instants = dict[str, Deadline](), dict[str, list[datetime]]()
    for deadline in sorted(found):
        uid = f"{deadline.kind}.{deadline.case_key}"
        known = instants.setdefault(uid, [])
        if deadline.at not in known:
            known.append(deadline.at)
        named[uid if len(known) == 1 else f"{uid}.{len(known)}"] = deadline
    return named


def summary_of(deadline: Deadline) -> str:
    """「締切：令和9年度 第1次募集」; nothing of a case, no person."""
    about = deadline.about.partition("：")[2] or deadline.about
    return f"{deadline.what}：{about}"[:200] if about else deadline.what
