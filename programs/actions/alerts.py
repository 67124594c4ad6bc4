"""Alerts without an account: subscribe, confirm, tell, stop.

An address is told nothing before it has been confirmed from its own mailbox, and whoever subscribes learns nothing
about it: the answer is the same whether it was known, over its ceiling, or new. Telling writes what is told and the
order for the mail (the outbox of accounts) in one transaction, so that a crash tells nothing twice and loses
nothing. Stopping deletes the search, its address and the mails that were ordered for it.
"""

import hashlib
import json
import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.actions.notice import Audience, notify
from accounts.models import Notice
from core import clock
from programs.enums import AlertFrequency
from programs.models import AlertItem, SavedSearch
from programs.models.alert import digest_of, random_seed, token_of
from programs.queries.alerts import News, news, restored, stored
from programs.queries.search import Criteria

logger = logging.getLogger(__name__)

TOLD: Final = "programs.alert"
ASKED: Final = "programs.alert_confirm"
CONFIRM_DAYS: Final = 7
"""So long the link of a confirmation works; then the address is deleted."""

MOST_A_DAY: Final = 5
"""So many confirmations one address gets within a day, whoever asks for them."""

MOST_SEARCHES: Final = 20
LINES_SHOWN: Final = 20
MORNING: Final = 8
_BATCH: Final = 500
_MONDAY: Final = 0


# --- Subscribe ------------------------------------------------------------------------------------------


@transaction.atomic
def subscribe(*, address: str, criteria: Criteria, query: str, frequency: str, at: datetime) -> None:
    """Order the mail that asks an address to confirm. Says nothing: callers answer the same in every case."""
    mailbox = address.strip().lower()
    data = stored(criteria)
    key = _digest({"criteria": data, "frequency": frequency})
    own = SavedSearch.objects.select_for_update().filter(address=mailbox)
    if own.filter(key=key, confirmed_at__isnull=False).exists():
        return
    waiting = own.filter(key=key).first()
    if waiting is None:
        recent = own.filter(asked_at__gt=at - timedelta(days=1)).count()
        if recent >= MOST_A_DAY or own.count() >= MOST_SEARCHES:
            return
        seed = random_seed()
        waiting = SavedSearch.objects.create(
            address=mailbox, criteria=data, query=query, key=key, frequency=AlertFrequency(frequency),
            seed=seed, digest=digest_of(token_of(seed)), asked_at=at,
        )  # fmt: skip
    notify(
        kind=ASKED,
        key=f"{ASKED}:{waiting.pk}:{clock.today(at).isoformat()}",
        audience=Audience.of_mailbox(mailbox),
        title="支援制度のお知らせの確認",
        path=f"/programs/?{query}" if query else "/programs/",
        at=at,
    )


@transaction.atomic
def confirm(*, token: str, at: datetime) -> bool:
    """The address is its owner's: mails begin with what is new from now on. False for an unknown or old token.

    What the search finds at this moment counts as known. Confirming twice changes nothing.
    """
    search = SavedSearch.objects.with_token(token).select_for_update().first()
    if search is None or (
        search.confirmed_at is None and search.asked_at < at - timedelta(days=CONFIRM_DAYS)
    ):
        return False
    if search.confirmed_at is None:
        search.confirmed_at, search.next_at = at, next_morning(search.frequency, at)
        search.save(update_fields=["confirmed_at", "next_at"])
        _remember(search, news(restored(search.criteria), at), at)
    return True


@transaction.atomic
def stop(*, token: str) -> bool:
    """Delete a search with its address and its mails; False when there is none any more."""
    search = SavedSearch.objects.with_token(token).select_for_update().first()
    if search is None:
        return False
    _forget([search.pk])
    return True


def forget_unconfirmed(*, at: datetime) -> int:
    """Delete the addresses nobody confirmed in time; returns how many."""
    late = SavedSearch.objects.filter(
        confirmed_at__isnull=True, asked_at__lt=at - timedelta(days=CONFIRM_DAYS)
    )
    with transaction.atomic():
        numbers = list(late.values_list("pk", flat=True)[:_BATCH])
        _forget(numbers)
    return len(numbers)


def _forget(numbers: list[int]) -> None:
    """The searches, and the notices that hold their addresses."""
    ordered = Q(pk__in=[])
    for number in numbers:
        ordered |= Q(dedupe_key__startswith=f"{TOLD}:{number}:") | Q(
            dedupe_key__startswith=f"{ASKED}:{number}:"
        )
    Notice.objects.filter(ordered, case_key="").erase()
    SavedSearch.objects.filter(pk__in=numbers).delete()


# --- Tell -----------------------------------------------------------------------------------------------


def tell_due(*, at: datetime) -> int:
    """Look for news of every alert that is due; returns how many mails were ordered.

    One transaction an alert: one that fails does not keep the others back, and is tried again.
    """
    ordered = 0
    for number in SavedSearch.objects.due(at).values_list("pk", flat=True)[:_BATCH]:
        try:
            ordered += _tell(number, at)
        except Exception as error:  # noqa: BLE001 - the others must be told; the words may hold an address
            logger.error("alert %s cannot be told (%s)", number, type(error).__name__)  # noqa: TRY400
    return ordered


@transaction.atomic
def _tell(number: int, at: datetime) -> bool:
    search = SavedSearch.objects.due(at).select_for_update(skip_locked=True).filter(pk=number).first()
    if search is None:  # another worker was faster, or it was stopped
        return False
    found = news(restored(search.criteria), at)
    known = set(AlertItem.objects.filter(search=search).values_list("key", flat=True))
    fresh = [row for row in found if not known.issuperset(row.keys)]
    search.next_at = next_morning(search.frequency, at)
    search.save(update_fields=["next_at"])
    if not fresh:
        return False
    _remember(search, fresh, at)
    notify(
        kind=TOLD,
        key=f"{TOLD}:{search.pk}:{at.isoformat()}",
        audience=Audience.of_mailbox(search.address),
        title=f"保存した条件に合う支援制度の新しいお知らせ（{len(fresh)}件）",
        lines=_lines(fresh, known),
        path=f"/programs/?{search.query}" if search.query else "/programs/",
        at=at,
    )
    return True


def _remember(search: SavedSearch, found: list[News], at: datetime) -> None:
    """Note what has been told. Two workers at once cannot: the second one's transaction fails."""
    known = set(AlertItem.objects.filter(search=search).values_list("key", flat=True))
    AlertItem.objects.bulk_create(
        AlertItem(search=search, key=key, told_at=at) for row in found for key in row.keys if key not in known
    )


def _lines(fresh: list[News], known: set[str]) -> list[str]:
    """Per program its title, what is new, and its path; the rest is counted."""
    lines = []
    for row in fresh[:LINES_SHOWN]:
        told = [words for key, words in row.keys.items() if key not in known]
        lines += [f"■ {row.title}", *(f"　{words}" for words in told), f"/programs/{row.slug}/"]
    if len(fresh) > LINES_SHOWN:
        lines.append(f"ほかに{len(fresh) - LINES_SHOWN}件あります。")
    return lines


def next_morning(frequency: str, at: datetime) -> datetime:
    """The next 8:00 in Japan after an instant: tomorrow's or today's, weekly Monday's."""
    day = clock.today(at)
    moment = clock.instant(day) + timedelta(hours=MORNING)
    while moment <= at or (frequency == AlertFrequency.WEEKLY and day.weekday() != _MONDAY):
        day += timedelta(days=1)
        moment = clock.instant(day) + timedelta(hours=MORNING)
    return moment


def _digest(data: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
