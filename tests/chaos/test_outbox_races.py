"""Two workers at once on PostgreSQL, each guard with a control run that must break without it."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections
from django.db.models import QuerySet

from accounts.actions import claims, delivery
from accounts.actions.addressing import address_due
from accounts.actions.claims import claim_due
from accounts.actions.delivery import deliver
from accounts.actions.notice import Audience, notify
from accounts.models import Delivery, Notice
from core import clock, invariants
from tests.accounts.notice_world import world

pytestmark = [
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
    pytest.mark.django_db(transaction=True),
]

MAILS = 40


@pytest.fixture
def told() -> None:
    """Forty addressed mails."""
    for number in range(MAILS):
        notify(
            kind="grants.told", key=f"out:{number}", title="お知らせ", path="/",
            audience=Audience.of_mailbox(f"box{number}@out.example"),
        )  # fmt: skip
    address_due(at=clock.now())


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads at once; their answers, or the error of any of them."""
    answers: list[Any] = [None] * len(jobs)
    start = Barrier(len(jobs))

    def one(place: int) -> None:
        try:
            start.wait(timeout=30)
            answers[place] = jobs[place]()
        except Exception as error:  # noqa: BLE001 - raised again below
            answers[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=[place]) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both workers have read their rows before either writes: the worst moment for a claim."""
    met = Barrier(2)
    park = claims._park

    def meet(numbers: Any) -> None:
        try:
            met.wait(timeout=5)
        except BrokenBarrierError:  # the other one found nothing to claim
            met.reset()
        park(numbers)

    monkeypatch.setattr(claims, "_park", meet)


def claim() -> list[int]:
    return [row.pk for row in claim_due(limit=MAILS // 2, lease_seconds=60, at=clock.now())]


def test_two_workers_claim_disjoint_sets(told: None, meeting: None) -> None:
    """Claiming at the same moment, they take twenty each, and nobody waits for the other."""
    first, second = together(claim, claim)
    assert len(first) == len(second) == MAILS // 2
    assert set(first).isdisjoint(second)


def test_control_without_the_lock_both_claim_the_same(
    told: None, meeting: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    first, second = together(claim, claim)
    assert set(first) & set(second), "both workers hold the same rows"


def work() -> None:
    """A worker's whole run."""
    while batch := claim_due(limit=10, lease_seconds=60, at=clock.now()):
        deliver(batch)


def addresses() -> Counter[str]:
    return Counter(address for message in mail.outbox for address in message.to)


def test_four_workers_send_every_mail_once(told: None) -> None:
    together(work, work, work, work)
    assert set(addresses().values()) == {1}
    assert len(addresses()) == MAILS
    assert set(Delivery.objects.values_list("state", "attempts", "maybe_twice")) == {("sent", 1, False)}
    assert invariants.run_all()["accounts.outbox"] == []


@pytest.mark.parametrize(("lease_seconds", "most"), [(60, 1), (0, 2)])
def test_a_lease_keeps_a_mail_on_its_way_from_the_next_worker(
    told: None, monkeypatch: pytest.MonkeyPatch, lease_seconds: int, most: int
) -> None:
    """A second worker runs while the first mail is on its way. Control: a lease of no length sends it twice."""
    send, running = EmailMessage.send, []

    def meanwhile(self: EmailMessage, fail_silently: bool = False) -> int:
        if not running:
            running.append(True)
            together(work)
        return send(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", meanwhile)
    deliver(claim_due(limit=1, lease_seconds=lease_seconds, at=clock.now()), lease_seconds=lease_seconds)
    assert len(addresses()) == MAILS
    assert max(addresses().values()) == most
    assert Delivery.objects.filter(maybe_twice=True).count() == most - 1


def test_two_workers_address_a_notice_once() -> None:
    """Both find the new notices; each notice gets its deliveries from one of them."""
    people = world()
    for number in range(10):
        notify(
            kind="grants.told", key=f"n:{number}", title="お知らせ", path="/",
            audience=Audience.of_department(people.planning.pk),
        )  # fmt: skip
    together(*[lambda: address_due(at=clock.now())] * 3)
    assert Delivery.objects.count() == 30
    assert not Notice.objects.filter(addressed_at__isnull=True).exists()


def test_racing_actions_with_one_key_write_one_notice() -> None:
    people = world()
    audience = Audience.of_department(people.planning.pk)

    def tell() -> Notice | None:
        return notify(kind="grants.told", key="same", title="お知らせ", path="/", audience=audience)

    notices = together(tell, tell, tell, tell)
    assert len({notice.pk for notice in notices}) == 1
    assert Notice.objects.get().audiences.count() == 1


def test_a_worker_overtaken_while_stopped_sends_nothing(told: None) -> None:
    """Claimed, frozen past its lease (SIGSTOP), overtaken by another: on waking it sends none of its rows."""
    sleeper = claim_due(limit=MAILS, lease_seconds=-1, at=clock.now())
    work()
    assert len(mail.outbox) == MAILS
    assert deliver(sleeper)[0] == delivery.DeliveryReport()
    assert len(mail.outbox) == MAILS
