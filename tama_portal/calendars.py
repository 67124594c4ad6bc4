"""Deadlines as iCalendar (RFC 5545): what calendar programs accept, and update when a date moves.

One event per kind and case, its UID without the instant; SEQUENCE and LAST-MODIFIED from the memory of what was
said before (accounts.models.CalendarEntry). Instants in UTC. An event says what, of which call, by when and where
to open it; nothing of a case, no person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event

from accounts.actions.calendars import by_uids, summary_of
from accounts.models import CalendarEntry
from core import clock
from core.context import SITE_NAME
from core.deadlines import Deadline
from core.wareki import long_date

REFRESH: Final = timedelta(hours=1)
CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
_PRODID: Final = f"-//{SITE_NAME}//deadlines//JA"


@dataclass(frozen=True)
class Dated:
    """One event: identifier, instant, words, where to open it, and how often and when it changed."""

    uid: str
    at: datetime
    summary: str
    path: str
    sequence: int
    modified_at: datetime
    cancelled: bool = False


def events(found: Iterable[Deadline], at: datetime) -> list[Dated]:
    """Deadlines as events. One that moved since the memory was kept counts one up already."""
    wanted = by_uids(found)
    known = {entry.uid: entry for entry in CalendarEntry.objects.filter(uid__in=wanted)}
    return [_dated(uid, deadline, known.get(uid), at) for uid, deadline in wanted.items()]


def cancelled(at: datetime, *, since: timedelta) -> list[Dated]:
    """Public dates that were called off lately, so that calendars strike them."""
    rows = CalendarEntry.objects.cancelled_since(at - since)
    return [
        Dated(row.uid, row.starts_at, row.summary, row.path, row.sequence, row.modified_at, cancelled=True)
        for row in rows
    ]


def calendar(dated: Iterable[Dated], *, name: str, about: str) -> bytes:
    """The calendar file. Same events, same bytes."""
    book = Calendar()
    book.add("prodid", _PRODID)
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    book.add("name", name)
    book.add("x-wr-calname", name)
    book.add("x-wr-caldesc", about)
    book.add("x-wr-timezone", "Asia/Tokyo")
    book.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    book.add("x-published-ttl", "PT1H")
    for each in sorted(dated, key=lambda event: (event.at, event.uid)):
        book.add_component(_event(each))
    return bytes(book.to_ical())


def answer(request: HttpRequest, body: bytes, *, cache: str) -> HttpResponseBase:
    """The file with its ETag, or 304 when the calendar program has it already."""
    etag = f'"{salted_hmac("tama_portal.calendars", body.decode(), algorithm="sha256").hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=CONTENT_TYPE)
    response["ETag"], response["Cache-Control"] = etag, cache
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return get_conditional_response(request, etag=etag, response=response) or response


def _dated(uid: str, deadline: Deadline, entry: CalendarEntry | None, at: datetime) -> Dated:
    if entry is None:
        sequence, modified = 0, deadline.since or clock.instant(clock.today(at))
    elif (entry.starts_at, entry.summary, entry.cancelled_at) == (deadline.at, summary_of(deadline), None):
        sequence, modified = entry.sequence, entry.modified_at
    else:
        sequence, modified = entry.sequence + 1, at
    return Dated(uid, deadline.at, summary_of(deadline), deadline.url, sequence, modified)


def _event(each: Dated) -> Event:
    event = Event()
    origin = settings.PORTAL_ORIGIN.rstrip("/")
    link = f"{origin}{each.path}"
    local = clock.local(each.at)
    event.add("uid", f"{each.uid}@{urlsplit(origin).hostname or 'localhost'}")
    event.add("dtstamp", each.modified_at)
    event.add("last-modified", each.modified_at)
    event.add("sequence", each.sequence)
    event.add("dtstart", clock.instant(local.date(), local.time()))
    event.add("summary", f"【取りやめ】{each.summary}" if each.cancelled else each.summary)
    event.add("description", f"{long_date(local.date())}{local:%H:%M}（日本時間）\n{link}")
    event.add("url", link)
    event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
