"""How the portal runs: seen by those who answer for it, told to machines, nothing of anybody's work in it."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings

from accounts import tasks
from accounts.actions.addressing import address_due
from accounts.actions.delivery import deliver_due
from accounts.actions.notice import Audience, notify
from accounts.actions.parking import send_again
from accounts.models import Delivery, ScheduleRun, User
from core import clock
from core.exceptions import Conflict, Refused
from tama_portal.celery import app
from tama_portal.operations.signs_of_life import published, scheduled
from tama_portal.operations.standing import LABELS, standing
from tama_portal.pages.errors import server_error
from tests.conftest import HeldClock
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db
SignIn = Callable[[object], Client]


@pytest.fixture
def administrator(clock: HeldClock) -> User:
    return make.person("admin@tokyo.example", "administrator", make.department(make.metropolis(), "総務課"))


def all_well() -> None:
    at = clock.now()
    for task in scheduled():
        ScheduleRun.objects.update_or_create(task=task, defaults={"published_at": at, "finished_at": at})


def parked() -> Delivery:
    notify(
        kind="grants.told", key="parked", title="お知らせ", path="/",
        audience=Audience.of_mailbox("gone@out.example"),
    )  # fmt: skip
    address_due(at=clock.now())
    Delivery.objects.update(state="failed", attempts=8, last_error="SMTPRecipientsRefused 550")
    return Delivery.objects.get()


def test_only_the_metropolis_administrators(administrator: User, client_as: SignIn) -> None:
    town = make.person("admin@town.example", "administrator")
    officer = make.person(
        "officer@tokyo.example", "officer", make.department(make.metropolis(), "振興企画課")
    )
    for person in (town, officer):
        assert client_as(person).get("/operations/").status_code == 404
        assert client_as(person).post("/operations/mails/1/again/").status_code == 404
    assert Client().get("/operations/").status_code == 302
    assert client_as(administrator).get("/operations/").status_code == 200


def test_silence_of_beat_and_worker_is_said_and_ends(administrator: User, clock: HeldClock) -> None:
    assert any("beat" in fault for fault in standing(clock_now()).faults())
    all_well()
    assert list(standing(clock_now()).faults()) == []
    clock.advance(timedelta(minutes=5))
    ScheduleRun.objects.filter(task="accounts.deliver_due").update(published_at=clock_now())
    words = "".join(standing(clock_now()).faults())
    assert "worker" in words


def test_a_task_that_has_not_had_its_turn_is_no_fault(administrator: User, clock: HeldClock) -> None:
    all_well()
    ScheduleRun.objects.filter(task__in=["programs.tell_alerts", "tama_portal.dump_open_data"]).delete()
    assert list(standing(clock_now()).faults()) == []
    clock.advance(timedelta(seconds=30))
    assert standing(clock_now()).beat_alive


def test_one_task_that_stays_away_is_named(administrator: User, clock: HeldClock) -> None:
    all_well()
    late = clock_now() - timedelta(minutes=10)
    ScheduleRun.objects.filter(task="accounts.plan_reminders").update(finished_at=late)
    assert list(standing(clock_now()).faults()) == ["「催促の計画」が予定どおりに行われていません。"]


def clock_now() -> object:
    return clock.now()


def test_every_task_has_its_words() -> None:
    assert scheduled() == set(LABELS)


def test_a_run_leaves_its_marks(clock: HeldClock) -> None:
    published("accounts.deliver_due")
    tasks.deliver_due.apply()
    row = ScheduleRun.objects.get(task="accounts.deliver_due")
    assert row.published_at == row.started_at == row.finished_at == clock_now()
    published("accounts.unknown")
    assert ScheduleRun.objects.count() == 1


def test_a_failure_keeps_its_kind_and_no_words(clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_given: object) -> None:
        raise ValueError("editor@town.example")

    monkeypatch.setattr("accounts.actions.delivery.deliver_due", broken)
    tasks.deliver_due.apply()
    row = ScheduleRun.objects.get(task="accounts.deliver_due")
    assert (row.last_error, row.finished_at) == ("ValueError", None)
    assert any("失敗しています（ValueError）" in fault for fault in standing(clock_now()).faults())


def test_a_parked_mail_goes_again_under_its_id(administrator: User, client_as: SignIn) -> None:
    row = parked()
    client = client_as(administrator)
    page = client.get("/operations/").content.decode()
    assert row.notice.notice_code in page
    assert "gone@out.example" not in page
    done = client.post(f"/operations/mails/{row.pk}/again/", follow=True)
    assert "もう一度送ります" in done.content.decode()
    deliver_due()
    [sent] = mail.outbox
    assert sent.extra_headers["Message-ID"] == row.message_id
    with pytest.raises(Conflict):
        send_again(number=row.pk, by=make.actor(administrator))
    with pytest.raises(Refused):
        send_again(number=row.pk + 1, by=make.actor(administrator))


def test_the_command_judges(administrator: User) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("operations", stdout=out)
    assert ended.value.code == 1
    all_well()
    out = StringIO()
    call_command("operations", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["faults"] == []
    assert len(found["tasks"]) == len(app.conf.beat_schedule)
    notify(
        kind="grants.start", key="waits", audience=Audience.of_users(administrator.pk), title="x", path="/"
    )
    out = StringIO()
    call_command("operations", stdout=out)
    for told in (
        "予定（beat）動いています　処理（worker）動いています",
        "いちばん古いもの 令和",
        "　次：令和",
    ):
        assert told in out.getvalue()


def test_a_database_that_is_away_is_told_as_such() -> None:
    """A defect is a 500; a lock, a deadlock or a restart passes, so page and machine are asked to come again."""
    for error, path, status in (
        (OperationalError("x"), "/", 503), (OperationalError("x"), "/api/v1/", 503), (KeyError("x"), "/", 500),
    ):  # fmt: skip
        try:
            raise error
        except (OperationalError, KeyError):
            answer = server_error(RequestFactory().get(path))
        assert (answer.status_code, answer.get("Retry-After")) == (status, "5" if status == 503 else None)


def test_metrics_are_for_this_machine_or_the_token() -> None:
    client = Client()
    assert "tama_outbox_waiting 0" in client.get("/metrics").content.decode()
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    with override_settings(METRICS_TOKEN="a-long-secret"):
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
        good = client.get("/metrics", headers={"Authorization": "Bearer a-long-secret"})
    assert good.status_code == 200
    text = good.content.decode()
    assert all(line.startswith("# ") or len(line.rsplit(" ", 1)) == 2 for line in text.splitlines())
    assert "tama_beat_up 0" in text
