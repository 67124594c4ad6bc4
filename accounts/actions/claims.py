"""Claims on deliveries: take a batch, note what goes, tell the database, let go. The only writer of a delivery's state.

A worker holds rows by a lease. What it begins and what the server has taken stands in its logbook (core.logbook) line
by line, and in the database at the end of the batch or a second later, whichever is first. Killed in between, its book
says which mails went, and which one alone nobody knows about: that goes once more under the same Message-ID, flagged
`maybe_twice`. Where no book can be read (another machine has died, its disk with it), whatever the batch had not told
is flagged and goes again when the lease has run out.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from accounts.models import Delivery
from accounts.models.delivery import HELD_STATES, OPEN_STATES, DeliveryState
from accounts.models.notice import AUDIENCES
from core import processes
from core.logbook import Logbook, drop, left

LEASE_SECONDS: Final = 60  # longer than one mail can take at EMAIL_TIMEOUT, and TELL_AFTER
TELL_AFTER: Final = timedelta(seconds=1)
MOST_TRIES: Final = 8
_DIED: Final = "送信の途中で止まることが続いたため、送信をやめました。"
_FREE: Final[dict[str, Any]] = {"claim": "", "leased_until": None}
_Sent = list[tuple[int, datetime]]


@transaction.atomic
def claim_due(*, limit: int, lease_seconds: int, at: datetime) -> list[Delivery]:
    """Take up to `limit` due deliveries for this worker alone, for `lease_seconds`.

    Rows that another worker is taking at this moment are passed over (PostgreSQL); SQLite has one writer at a
    time anyway. A row whose holder has not been heard of again is flagged; cut off too often, it is parked instead.
    """
    due = Delivery.objects.due(at).select_for_update(skip_locked=True)
    rows = list(due.only("state", "attempts", "deferrals")[:limit])
    _flag([row for row in rows if row.state in HELD_STATES])
    given_up = {row.pk for row in rows if row.attempts - row.deferrals >= MOST_TRIES}
    _park(given_up)
    taken = Delivery.objects.filter(pk__in=[row.pk for row in rows if row.pk not in given_up])
    name = processes.own_mark() + secrets.token_hex(8)
    lease = at + timedelta(seconds=lease_seconds)
    if not rows or not taken.update(state=DeliveryState.CLAIMED, claim=name, leased_until=lease):
        return []
    related = taken.select_related("notice__addressees", "user", "department__organization")
    return list(related.prefetch_related(f"notice__{AUDIENCES}").order_by("next_try_at", "pk"))


def _flag(rows: list[Delivery]) -> None:
    """Nobody knows whether these went; one that was about to go by the database's own word was tried."""
    if not rows:
        return
    held = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    held.filter(state=DeliveryState.SENDING).update(attempts=F("attempts") + 1)
    held.update(maybe_twice=True)
    for row in rows:
        row.attempts += row.state == DeliveryState.SENDING


def _park(numbers: set[int]) -> None:
    """Give up on rows whose sending was cut off too often; the reason of the last try stays if there is one."""
    if not numbers:
        return
    rows = Delivery.objects.filter(pk__in=numbers)
    rows.filter(last_error="").update(last_error=_DIED)
    rows.update(state=DeliveryState.FAILED, **_FREE)


class Claim:
    """A worker's hold on a batch. `begin` before each mail, `sent` or `settle` after it, `close` at the end."""

    def __init__(self, batch: list[Delivery], *, lease_seconds: int) -> None:
        """The batch is what `claim_due` returned: not empty, all rows of one claim."""
        self._name = batch[0].claim
        self._lease = timedelta(seconds=lease_seconds)
        self._told_at = batch[0].leased_until - self._lease if batch[0].leased_until else None
        self._held = {delivery.pk for delivery in batch}
        self._book = Logbook(self._name)
        self._sent: _Sent = []
        self._begun: int | None = None

    def begin(self, delivery: Delivery, *, at: datetime) -> bool:
        """Note that the mail is about to go. False when another worker holds the row by now."""
        if self._told_at is None or not self._told_at <= at < self._told_at + TELL_AFTER:
            self._renew(at)
        if delivery.pk not in self._held:
            return False
        delivery.attempts += 1
        self._begun = delivery.pk
        try:
            self._book.note(f"begun {delivery.pk}")
        except OSError:  # nowhere to note it: the database has to know
            _held(self._name).filter(pk=delivery.pk).update(state=DeliveryState.SENDING)
        return True

    def sent(self, delivery: Delivery, *, at: datetime) -> None:
        """The server has taken the mail. It counts even when the lease ran out meanwhile; then it may go twice."""
        self._sent.append((delivery.pk, at))
        self._begun = None
        try:
            self._book.note(f"sent {delivery.pk} {at.isoformat()}")
        except OSError:
            self._tell()

    def settle(self, delivery: Delivery, *, state: DeliveryState, **fields: Any) -> None:
        """Let go of a row that was not sent, with the tries begun so far; nothing when it is another's by now."""
        row = _held(self._name).filter(pk=delivery.pk)
        row.update(state=state, attempts=delivery.attempts, **_FREE, **fields)
        self._begun = None

    def close(self) -> None:
        """Tell the database what was sent, and put the rest of the batch back as it was.

        Where the database is away, its error is raised and the book stays: the next run of this process tells it.
        """
        try:
            _let_go(self._name, self._sent, self._begun)
        except BaseException:
            self._book.leave()
            raise
        self._book.drop()

    def _renew(self, at: datetime) -> None:
        """Tell what was sent, prolong the lease, and learn which rows another worker has taken meanwhile."""
        self._tell()
        _held(self._name).update(leased_until=at + self._lease)
        self._held = set(_held(self._name).values_list("pk", flat=True))
        self._told_at = at

    def _tell(self) -> None:
        _mark_sent(self._name, self._sent)
        self._sent = []


def _held(name: str) -> Any:
    return Delivery.objects.filter(claim=name, state__in=HELD_STATES)


def _mark_sent(name: str, sent: _Sent) -> int:
    """Mark mails as sent, at the instant of the last: they went within TELL_AFTER; how many this claim still held.

    Rows that another worker has taken meanwhile count too, flagged.
    """
    if not sent:
        return 0
    done: dict[str, Any] = {"state": DeliveryState.SENT, "sent_at": sent[-1][1], "last_error": "", **_FREE}
    numbers = [number for number, _ in sent]
    tried = F("attempts") + 1
    held = _held(name).filter(pk__in=numbers).update(**done, attempts=tried)
    if held < len(sent):
        overtaken = Delivery.objects.filter(pk__in=numbers, state__in=OPEN_STATES)
        overtaken.update(**done, attempts=tried, maybe_twice=True)
    return int(held)


@transaction.atomic
def _let_go(name: str, sent: _Sent, begun: int | None) -> int:
    """The end of a claim: what was sent, the row whose answer nobody knows, the rest as it was; how many rows it held."""
    held = _mark_sent(name, sent)
    if begun is not None:
        unknown = _held(name).filter(pk=begun)
        held += unknown.update(
            state=DeliveryState.PENDING, maybe_twice=True, attempts=F("attempts") + 1, **_FREE
        )
    rest = _held(name).filter(state=DeliveryState.CLAIMED)
    return int(held + rest.update(state=DeliveryState.PENDING, **_FREE))


# --- What the dead leave behind ---------------------------------------------------------------------------


def release_abandoned(*, at: datetime) -> int:
    """Tell what processes of this machine had sent before they died, and let go of the rest; how many rows they held."""
    released = _carry_on(processes.own_mark())
    for mark in processes.dead():
        released += _carry_on(mark)
        rest = Delivery.objects.filter(claim__startswith=mark)
        ended = at - timedelta(microseconds=1)  # about to go by the database's word: `claim_due` flags it
        released += rest.filter(state=DeliveryState.SENDING).update(leased_until=ended)
        released += rest.filter(state=DeliveryState.CLAIMED).update(state=DeliveryState.PENDING, **_FREE)
    return released


def _carry_on(mark: str) -> int:
    """End each claim whose book a process has left behind; how many rows they held."""
    released = 0
    for name, lines in left(mark):
        released += _let_go(name, *_read(lines))
        drop(name)
    return released


def _read(lines: list[str]) -> tuple[_Sent, int | None]:
    """What a book says was sent, and which row was begun without an answer. A line cut short says nothing."""
    sent: _Sent = []
    begun: int | None = None
    for line in lines:
        match line.split():
            case ["begun", number] if number.isdecimal():
                begun = int(number)
            case ["sent", number, instant] if number.isdecimal():
                try:
                    sent.append((int(number), datetime.fromisoformat(instant)))
                except ValueError:
                    continue
                begun = None
    return sent, begun
