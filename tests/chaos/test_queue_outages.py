"""The queue frozen, emptied, killed; a second schedule; a killed worker: the database is the truth, all are told.

A real Valkey, worker and beat beside a real SMTP server. The control runs without beat: what the queue lost then
stays unsent, so it is the schedule that brings it back.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.core.cache import caches
from django.test import Client
from zeal import zeal_ignore

from core import clock, patient_cache
from grants.models import Application
from tama_portal.supervisor import valkey
from tests.accounts.conftest import first_step, sign_in_by_mail
from tests.chaos.conftest import ROOT, Postbox
from tests.commands.running import eventually
from tests.factories import grants as cases
from tests.factories.accounts import PASSWORD

pytestmark = [
    pytest.mark.serial,
    pytest.mark.once("starts its own queue, worker and schedule"),
]
Run = Callable[..., Any]
PATIENCE = 60.0
BEATS = 2.5 * 10
"""Two and a half periods of the delivery's schedule, in seconds."""


class Queue:
    """A Valkey that can be frozen, emptied, killed and started again, with worker and beat on it."""

    def __init__(self, folder: Path, database: str, smtp_port: int) -> None:
        self.socket = folder / "s"
        self.folder = folder
        self.environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "tama_portal.settings", "DATABASE_URL": database,
            "TAMA_VAR_DIR": str(folder), "TAMA_SMTP_HOST": "127.0.0.1", "TAMA_SMTP_PORT": str(smtp_port), "TAMA_MAIL_DIR": "",
            "REDIS_URL": f"unix://{self.socket}?db=0", "TAMA_NO_BOOTSTRAP": "1",
            "CELERY_BROKER_URL": f"redis+socket://{self.socket}?virtual_host=0",
        }  # fmt: skip
        self.running: list[subprocess.Popen[bytes]] = []
        self.server = self.serve()

    def serve(self) -> subprocess.Popen[bytes]:
        binary, _ = valkey.find_server()
        line = [str(binary), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        server = self._start([*line, "--save", "", "--appendonly", "no"], "valkey")
        assert eventually(lambda: valkey.ask(self.socket, "PING").startswith(b"+PONG"), 15)
        return server

    def celery(self, part: str, *options: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "celery", "-A", "tama_portal", part, "--loglevel", "WARNING", *options]
        return self._start(line, f"{part}-{len(self.running)}")

    def worker(self) -> subprocess.Popen[bytes]:
        started = self.celery("worker", "-P", "threads", "-c", "2", "--without-gossip", "--without-mingle")
        assert eventually(lambda: b"cmd=brpop" in valkey.ask(self.socket, "CLIENT LIST"), PATIENCE)
        return started

    def beat(self) -> subprocess.Popen[bytes]:
        schedule = self.folder / f"schedule-{len(self.running)}"
        return self.celery("beat", "--schedule", str(schedule), "--pidfile", "")

    def stop(self) -> None:
        for process in reversed(self.running):
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    def _start(self, line: list[str], name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                line, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.running.append(process)
        return process


@pytest.fixture
def queue(run: Run, shared_database: str, smtp: Controller) -> Iterator[Queue]:
    """An empty outbox and a running queue; its folder has a short name, as a socket's path must."""
    with tempfile.TemporaryDirectory(prefix="tq-") as folder:
        started = Queue(Path(folder), shared_database, smtp.port)
        try:
            yield started
        finally:
            started.stop()


def all_told_once(run: Run, postbox: Postbox, count: int = 20) -> None:
    """Every mailbox has its mail, none has two, and the outbox holds."""
    wanted = {f"box{number}@out.example" for number in range(1, count + 1)}
    assert eventually(lambda: set(postbox.mailboxes()) == wanted, PATIENCE), Counter(postbox.mailboxes())
    time.sleep(1)
    assert max(Counter(postbox.mailboxes()).values()) == 1
    assert eventually(lambda: {row["state"] for row in run("state")["rows"]} == {"sent"}, 10)
    assert run("state")["faults"] == []


def frozen(queue: Queue) -> None:
    """It hangs for three seconds and goes on."""
    queue.server.send_signal(signal.SIGSTOP)
    time.sleep(3)
    queue.server.send_signal(signal.SIGCONT)


def emptied(queue: Queue) -> None:
    """Everything that was queued is gone."""
    valkey.ask(queue.socket, "FLUSHALL")


def killed(queue: Queue) -> None:
    """It dies and comes back empty after two seconds."""
    queue.server.kill()
    queue.server.wait()
    time.sleep(2)
    queue.server = queue.serve()


@pytest.mark.parametrize("outage", [frozen, emptied, killed], ids=lambda outage: outage.__name__)
def test_whatever_the_queue_does_everybody_is_told_once(
    queue: Queue, run: Run, postbox: Postbox, outage: Callable[[Queue], None]
) -> None:
    queue.worker()
    queue.beat()
    run("tell", "20")
    outage(queue)
    all_told_once(run, postbox)


def test_two_schedules_send_once(queue: Queue, run: Run, postbox: Postbox) -> None:
    queue.worker()
    queue.beat()
    queue.beat()
    run("tell", "20")
    all_told_once(run, postbox)
    time.sleep(BEATS)
    assert len(postbox.accepted) == 20, "the next beats of both find nothing to do"


def test_control_without_the_schedule_nothing_comes_back(queue: Queue, run: Run, postbox: Postbox) -> None:
    queue.worker()
    run("tell", "20")
    emptied(queue)
    time.sleep(BEATS)
    assert postbox.accepted == []


def test_a_worker_killed_between_two_beats_loses_nothing(queue: Queue, run: Run, postbox: Postbox) -> None:
    """Killed before it has begun: the next worker takes what the next beat brings."""
    first = queue.worker()
    queue.beat()
    first.kill()
    first.wait()
    run("tell", "20")
    queue.worker()
    all_told_once(run, postbox)


def test_a_worker_killed_while_sending_is_made_good_by_the_next_beats(
    queue: Queue, run: Run, postbox: Postbox
) -> None:
    """Long before the lease of what it held has run out; at most the one mail it was at goes twice."""
    postbox.delay = 0.3
    first = queue.worker()
    queue.beat()
    run("tell", "20")
    assert eventually(lambda: len(postbox.accepted) >= 5, PATIENCE)
    first.kill()
    first.wait()
    postbox.delay = 0.0
    assert len(set(postbox.mailboxes())) < 20
    queue.worker()
    assert eventually(lambda: len(set(postbox.mailboxes())) == 20, BEATS), Counter(postbox.mailboxes())
    assert eventually(lambda: {row["state"] for row in run("state")["rows"]} == {"sent"}, 10)
    counted = Counter(postbox.mailboxes())
    assert sum(counted.values()) <= 21
    flagged = {row["mailbox"] for row in run("state")["rows"] if row["maybe_twice"]}
    assert flagged >= {mailbox for mailbox, mails in counted.items() if mails > 1}


@pytest.fixture
def limits(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    """This process keeps its limits in a Valkey of the test's own."""
    monkeypatch.setattr(patient_cache, "absence", patient_cache.Absence())
    settings.ZEAL_ALLOWLIST = [
        {"model": "sessions.Session"},
        {"model": "mfa.Authenticator"},
        {"model": "grants.Member"},
    ]
    with tempfile.TemporaryDirectory(prefix="tq-") as folder:
        started = Queue(Path(folder), "", 1)
        address = started.environment["REDIS_URL"]
        settings.CACHES = {
            "default": {"BACKEND": "core.patient_cache.PatientRedisCache", "LOCATION": address}
        }
        try:
            yield started
        finally:
            started.stop()


def served() -> patient_cache.PatientRedisCache:
    """The cache the portal asks."""
    found = caches["default"]
    assert isinstance(found, patient_cache.PatientRedisCache)
    return found


@pytest.mark.django_db
def test_frozen_it_holds_up_neither_signing_in_nor_submitting_and_guessers_are_still_stopped(
    limits: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(cases.NOW):
        world = cases.world()
        application = cases.ready(world)
    editor, approver, client = world.users["lead_editor"], world.users["lead_approver"], Client()
    cache = served()
    cache.clear()
    assert cache.answers()
    monkeypatch.setattr(patient_cache, "AWAY_SECONDS", 600.0)  # however long the rest takes here
    waits = Mock(wraps=patient_cache.absence.begin)
    monkeypatch.setattr(patient_cache.absence, "begin", waits)
    limits.server.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    assert cache.get("anything") is None
    assert time.monotonic() - begun < 10 * patient_cache.WAIT_SECONDS, (
        "it waits about WAIT_SECONDS, not for ever"
    )
    assert sign_in_by_mail(client, editor.email).status_code == 302
    assert client.get("/api/v1/programs/").status_code == 200
    assert waits.call_count == 1, "one wait for all of them, not one for each question"
    with clock.at(cases.NOW), zeal_ignore():
        page = f"/applications/{application.public_id}/submit/"
        given = {"key": cases.key(), "version": application.version, "kind": "submit", "password": PASSWORD}
        assert client.post(page, given).status_code == 302
    assert Application.objects.get(pk=application.pk).status == "submitted"
    for _ in range(5):
        first_step(Client(), approver.email, "wrong-password-1")
    assert "試行が続いた" in first_step(Client(), approver.email).content.decode()
    assert not cache.answers()

    limits.server.send_signal(signal.SIGCONT)
    monkeypatch.setattr(patient_cache.absence, "_until", 1.0)
    assert eventually(cache.answers, 5)
    cache.set("back", 1)
    assert b"back" in valkey.ask(limits.socket, "KEYS *"), "asked again, it is used again"
