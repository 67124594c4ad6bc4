"""Mails go out, each alone, again when they must, and say why when they do not."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from accounts import tasks
from accounts.actions import delivery
from accounts.actions.addressing import address_due
from accounts.actions.claims import MOST_TRIES, Claim, claim_due
from accounts.actions.delivery import deliver, deliver_due, health
from accounts.actions.notice import Audience, notify
from accounts.models import Addressees, Delivery, Notice
from accounts.models.notice import Recipient, Recipients
from core import clock, invariants
from tama_portal.celery import app
from tests.accounts.notice_world import World, outside, world
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


@pytest.fixture(autouse=True)
def nothing_broken(db: None) -> Iterator[None]:
    """After every test of the outbox its invariant holds."""
    yield
    assert invariants.run_all()["accounts.outbox"] == []


def tell(people: World, key: str = "case:1", **given: object) -> Notice:
    fields = {
        "kind": "grants.returned",
        "title": "修正依頼が届きました",
        "lines": ["経費の内訳を直してください。"],
        "path": "/applications/abc/",
        "audience": Audience.of_department(people.planning.pk, "editor"),
        **given,
    }
    return notify(key=key, **fields)


def parsed(message: EmailMessage) -> ParsedMail:
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


def fail_with(monkeypatch: pytest.MonkeyPatch, *errors: Exception | None) -> None:
    """Let the next mails meet these errors in turn (None: the mail goes); the ones after that go."""
    waiting = list(errors)
    send = EmailMessage.send

    def send_or_fail(self: EmailMessage, fail_silently: bool = False) -> int:
        error = waiting.pop(0) if waiting else None
        if error is not None:
            raise error
        return send(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send_or_fail)


# --- The mail --------------------------------------------------------------------------------------------


def test_the_mail_says_what_who_when_and_where(people: World, settings: object) -> None:
    settings.PORTAL_ORIGIN = "https://portal.example/"
    due = clock.now() + timedelta(days=7)
    notice = tell(people, due_at=due)
    deliver_due()
    sent = parsed(next(message for message in mail.outbox if message.to == ["editor@town.example"]))
    assert b"Subject: =?utf-8?" in mail.outbox[0].message().as_bytes()
    assert (
        sent["Subject"]
        == f"【多摩・島しょ連携支援ポータル】修正依頼が届きました（通知 {notice.notice_code}）"
    )
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Message-ID"] == Delivery.objects.get(user=people.editor).message_id
    assert sent["Date"]
    assert sent.get_content_type() == "text/plain"
    body = sent.get_content()
    lines = body.splitlines()
    assert lines[:4] == [
        "何が：修正依頼が届きました",
        "だれが：東久留米市 企画調整課（担当）",
        "いつまでに：令和8年（2026年）11月28日（土）10:00まで",
        f"通知番号：{notice.notice_code}",
    ]
    assert "経費の内訳を直してください。" in lines
    assert re.findall(r"https?://\S+", body) == ["https://portal.example/applications/abc/"]


def test_neither_subject_nor_body_names_a_person(people: World) -> None:
    tell(people)
    deliver_due()
    for message in mail.outbox:
        text = message.subject + message.body
        assert "さん" not in text
        assert "@" not in text


def test_signs_in_a_title_arrive_as_they_are(people: World) -> None:
    tell(people, title="「A & B」<第1号>の'確認'")
    deliver_due()
    assert "「A & B」<第1号>の'確認'" in mail.outbox[0].body
    assert "「A & B」<第1号>の'確認'" in mail.outbox[0].subject


def test_without_a_due_instant_the_mail_says_so(people: World) -> None:
    tell(people, audience=Audience.of_mailbox("chamber@partner.example"))
    deliver_due()
    assert "いつまでに：期限はありません" in mail.outbox[0].body
    assert "だれが：このメールを受け取った方" in mail.outbox[0].body


# --- Once, or again ----------------------------------------------------------------------------------------


def test_running_again_sends_nothing_more(people: World) -> None:
    tell(people)
    assert deliver_due().sent == 2
    assert deliver_due() == delivery.DeliveryReport()
    assert len(mail.outbox) == 2
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert Delivery.objects.first().sent_at == clock.now()


def test_a_held_row_is_not_taken_until_its_lease_runs_out(people: World, clock: HeldClock) -> None:
    outside(1)
    address_due(at=clock_now())
    assert len(claim_due(limit=5, lease_seconds=60, at=clock_now())) == 1
    clock.advance(timedelta(seconds=60))
    assert claim_due(limit=5, lease_seconds=60, at=clock_now()) == []
    clock.advance(timedelta(seconds=1))
    [again] = claim_due(limit=5, lease_seconds=60, at=clock_now())
    assert again.maybe_twice  # nobody knows how far its holder came
    deliver([again])
    assert len(mail.outbox) == 1


def stopped(*_row: Any, **_at: Any) -> None:
    """The worker's end, right after the server took a mail."""
    raise KeyboardInterrupt


def test_cut_off_while_sending_it_goes_again_under_the_same_id_and_flagged(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(1)
    with monkeypatch.context() as worker:
        worker.setattr(Claim, "sent", stopped)
        with pytest.raises(KeyboardInterrupt):
            deliver_due()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.maybe_twice) == ("pending", 1, True)
    clock.advance(timedelta(minutes=2))
    deliver_due()
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [
        Delivery.objects.get().message_id
    ] * 2
    assert mail.outbox[0].body == mail.outbox[1].body
    assert (Delivery.objects.get().state, Delivery.objects.get().maybe_twice) == ("sent", True)


def test_a_worker_that_slept_past_its_lease_sends_nothing(people: World, clock: HeldClock) -> None:
    outside(1)
    address_due(at=clock_now())
    sleeper = claim_due(limit=1, lease_seconds=60, at=clock_now())
    clock.advance(timedelta(minutes=5))
    other = claim_due(limit=1, lease_seconds=60, at=clock_now())
    assert deliver(sleeper)[0].sent == 0
    assert deliver(other)[0].sent == 1
    assert len(mail.outbox) == 1


def test_a_late_mark_still_counts(people: World, clock: HeldClock) -> None:
    """The server took the mail after the lease had run out: the row is sent, whoever holds it now."""
    outside(1)
    address_due(at=clock_now())
    batch = claim_due(limit=1, lease_seconds=60, at=clock_now())
    slow = Claim(batch, lease_seconds=60)
    slow.begin(batch[0], at=clock_now())
    clock.advance(timedelta(minutes=5))
    other = claim_due(limit=1, lease_seconds=60, at=clock_now())
    slow.sent(batch[0], at=clock_now())
    slow.close()
    clock.advance(timedelta(seconds=2))
    assert deliver(other)[0].sent == 0
    assert (Delivery.objects.get().state, Delivery.objects.get().maybe_twice) == ("sent", True)


def test_a_mail_that_kills_every_worker_is_parked(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(1)
    monkeypatch.setattr(Claim, "sent", stopped)
    for _ in range(MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            deliver_due()
        clock.advance(timedelta(minutes=2))
    deliver_due()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("failed", MOST_TRIES)
    assert row.last_error


# --- The mail server away, and mails it will not take -----------------------------------------------------------


def test_server_away_puts_off_without_counting_and_leaves_the_rest_untouched(
    people: World, clock: HeldClock, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens here
    outside(3)
    assert deliver_due() == delivery.DeliveryReport(deferred=1)
    tried = Delivery.objects.get(attempts=1)
    assert (tried.state, tried.deferrals, tried.maybe_twice) == ("pending", 1, False)
    assert tried.last_error == "ConnectionRefusedError errno 111"
    assert Delivery.objects.filter(attempts=0, state="pending", claim="").count() == 2
    for _ in range(60):  # two hours of it park nothing
        clock.advance(timedelta(minutes=2))
        deliver_due()
    assert not Delivery.objects.parked().exists()
    assert health(clock_now()).late == 3
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clock.advance(timedelta(minutes=10))
    deliver_due()
    assert len(mail.outbox) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_back_off_grows_to_ten_minutes(people: World, clock: HeldClock, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    outside(1)
    waits = []
    for _ in range(8):
        deliver_due()
        row = Delivery.objects.get()
        waits.append((row.next_try_at - clock_now()).total_seconds())
        assert deliver_due() == delivery.DeliveryReport()  # not before its time
        clock.set(row.next_try_at)
    assert waits == [20, 40, 80, 160, 320, 600, 600, 600]


def test_a_bad_address_fails_alone_and_is_parked(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(5)
    refused = SMTPRecipientsRefused({"box3@out.example": (550, b"5.1.1 box3@out.example unknown")})
    fail_with(monkeypatch, None, None, refused, None, None, refused, refused)
    assert deliver_due() == delivery.DeliveryReport(sent=4, refused=1)
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        deliver_due()
    row = Delivery.objects.get(mailbox="box3@out.example")
    assert (row.state, row.attempts, row.last_error) == ("failed", 3, "SMTPRecipientsRefused 550")
    assert health(clock_now()).parked == 1
    assert len(mail.outbox) == 4


def test_a_passing_refusal_is_tried_again(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(2)
    fail_with(monkeypatch, SMTPDataError(451, b"try later"))
    assert deliver_due() == delivery.DeliveryReport(sent=1, refused=1)
    assert Delivery.objects.get(state="pending").last_error == "SMTPDataError 451"
    clock.advance(timedelta(minutes=1))
    assert deliver_due().sent == 1


def test_a_connection_that_breaks_is_flagged_and_the_rest_waits(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(3)
    fail_with(monkeypatch, None, SMTPServerDisconnected("gone"))
    assert deliver_due() == delivery.DeliveryReport(sent=1, refused=1)
    broken = Delivery.objects.get(attempts=1, state="pending")
    assert broken.maybe_twice
    assert deliver_due().sent == 1  # the untouched third, at once
    clock.advance(timedelta(minutes=1))
    assert deliver_due().sent == 1


def test_a_poison_notice_does_not_stop_the_others(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside(3)
    compose = delivery.compose

    def poisoned(row: Delivery, recipient: object) -> EmailMessage:
        if row.mailbox == "box2@out.example":
            raise KeyError("template")
        return compose(row, recipient)

    monkeypatch.setattr(delivery, "compose", poisoned)
    for _ in range(12):
        deliver_due()
        clock.advance(timedelta(hours=8))
    assert Delivery.objects.filter(state="sent").count() == 2
    poison = Delivery.objects.get(state="failed")
    assert (poison.attempts, poison.last_error) == (MOST_TRIES, "KeyError")


def test_no_reason_repeats_an_address() -> None:
    errors = [
        SMTPRecipientsRefused({"editor@town.example": (550, b"editor@town.example")}),
        SMTPDataError(554, b"editor@town.example"),
        SMTPServerDisconnected("editor@town.example"),
        OSError(28, "editor@town.example"),
        ValueError("editor@town.example"),
    ]
    assert [delivery.describe(error) for error in errors] == [
        "SMTPRecipientsRefused 550", "SMTPDataError 554", "SMTPServerDisconnected", "OSError errno 28", "ValueError",
    ]  # fmt: skip


def test_a_notice_that_cannot_be_addressed_does_not_stop_the_others(
    people: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    outside(3)
    recipients = Recipients.of

    def broken(self: Recipients, notice: Notice) -> list[Recipient]:
        if notice.dedupe_key == "out:2":
            raise KeyError("box2@out.example")
        return recipients(self, notice)

    with monkeypatch.context() as patched:
        patched.setattr(Recipients, "of", broken)
        deliver_due()
    assert len(mail.outbox) == 2
    assert "box2@" not in caplog.text
    deliver_due()
    assert len(mail.outbox) == 3


# --- What the database refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "sent"}, {"state": "failed"}, {"state": "skipped"}, {"state": "claimed"}, {"claim": "x"},
        {"state": "sending", "claim": "x"}, {"mailbox": ""}, {"deferrals": 1},
    ],
)  # fmt: skip
def test_the_database_refuses_nonsense(people: World, nonsense: dict[str, object]) -> None:
    outside(1)
    address_due(at=clock_now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(**nonsense)


def test_the_invariant_sees_a_loss(people: World) -> None:
    """A notice addressed to nobody without a word, or without an audience, is reported."""
    outside(2)
    deliver_due()
    first, second = Notice.objects.order_by("pk")
    first.deliveries.all().delete()
    second.audiences.all().delete()
    Addressees.objects.filter(pk=second.addressees_id)._raw_delete("default")
    faults = invariants.run_all()["accounts.outbox"]
    assert len(faults) == 2
    assert first.notice_code in "".join(faults)
    assert second.notice_code in "".join(faults)
    Notice.objects.all().delete()


# --- The schedule --------------------------------------------------------------------------------------------


def test_the_schedule_wakes_the_task_every_ten_seconds(people: World) -> None:
    [entry] = [row for row in app.conf.beat_schedule.values() if row["task"] == "accounts.deliver_due"]
    assert entry["schedule"] == 10.0
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks
    tell(people)
    tasks.deliver_due()
    assert len(mail.outbox) == 2


def clock_now() -> object:
    return clock.now()
