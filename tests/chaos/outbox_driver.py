"""Processes of the portal for the crash tests: each does one thing and may be killed at a named point.

    python -m tests.chaos.outbox_driver

reads one JSON line per request, {"verb", "argument", "port"}, and forks a process for it, which runs on the
database that DATABASE_URL names and mails to 127.0.0.1:port. The reply is one JSON line {"killed", "answer"}.
Verbs: migrate · reset · tell N · work [POINT] · elsewhere [SECONDS] · state. POINT is one of POINTS; elsewhere is
work on another machine, so many seconds later.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django


def main() -> None:
    """Set up once, so that each process starts quickly; no connection is open when forking."""
    django.setup()
    prepare()
    for line in sys.stdin:
        request = json.loads(line)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            serve(request, writer)
        os.close(writer)
        with os.fdopen(reader) as answers:
            answer = answers.read()
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        failed = "" if killed or os.WEXITSTATUS(status) == 0 else answer or "failed without a word"
        reply = {
            "killed": killed,
            "failed": failed,
            "answer": None if killed or failed else json.loads(answer),
        }
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


def prepare() -> None:
    """Load what every process needs, and ask for this machine's name, which can be slow."""
    from django.core.mail.utils import DNS_NAME
    from django.template.loader import get_template

    from accounts.actions import delivery, notice  # noqa: F401

    get_template("mail/accounts/notice.txt")
    DNS_NAME.get_fqdn()


def serve(request: dict[str, Any], writer: int) -> None:
    """One process: do it, answer, end."""
    from django.conf import settings

    settings.EMAIL_PORT = request["port"]
    verb, argument = request["verb"], request["argument"]
    code = 0
    try:
        answer = json.dumps(VERBS[verb](argument))
    except Exception as error:  # noqa: BLE001 - told to the test
        answer, code = repr(error), 1
    os.write(writer, answer.encode())
    os._exit(code)


def die() -> None:
    """As `kill -9`: no handler runs, no connection is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def migrate(_argument: str) -> None:
    """The tables of accounts."""
    from django.core.management import call_command

    call_command("migrate", "accounts", verbosity=0)


def reset(_argument: str) -> None:
    """An empty outbox."""
    from accounts.models import Notice

    Notice.objects.all().delete()


def tell(count: str) -> None:
    """One action that tells `count` mailboxes, in one transaction."""
    from django.db import transaction

    from accounts.actions.notice import Audience, notify

    with transaction.atomic():
        for number in range(1, int(count) + 1):
            notify(
                kind="grants.told", key=f"out:{number}", title="お知らせ", path="/",
                audience=Audience.of_mailbox(f"box{number}@out.example"),
            )  # fmt: skip


def work(point: str) -> dict[str, int]:
    """Run the worker's task once, killed at `point` if one is named."""
    from accounts.actions.delivery import deliver_due

    if point:
        POINTS[point]()
    report = deliver_due()
    return {"sent": report.sent, "deferred": report.deferred, "refused": report.refused}


def elsewhere(seconds: str) -> dict[str, int]:
    """Work on a machine that shares the database alone: it knows nothing of this one's processes."""
    from datetime import timedelta
    from tempfile import TemporaryDirectory

    from django.conf import settings

    from core import clock

    with TemporaryDirectory() as folder, clock.at(clock.now() + timedelta(seconds=int(seconds or 0))):
        settings.VAR_DIR = folder
        return work("")


def state(_argument: str) -> dict[str, Any]:
    """Every delivery by mailbox, and the faults the invariant finds."""
    from accounts.models import Delivery
    from core import invariants

    rows = Delivery.objects.order_by("pk").values("mailbox", "state", "attempts", "maybe_twice", "message_id")
    return {"rows": list(rows), "faults": invariants.run_all()["accounts.outbox"]}


# --- The points -------------------------------------------------------------------------------------------


def _wrap(owner: Any, name: str, *, at_call: int, before: bool) -> None:
    """Kill this process just before or just after the n-th call of something."""
    original, calls = getattr(owner, name), [0]

    def counted(*given: Any, **named: Any) -> Any:
        calls[0] += 1
        if before and calls[0] == at_call:
            die()
        answer = original(*given, **named)
        if not before and calls[0] == at_call:
            die()
        return answer

    setattr(owner, name, counted)


def _point(name: str, at_call: int, *, before: bool = False) -> Callable[[], None]:
    """A point at a function of addressing, delivery or claims, or at a method of a claim."""

    def prepare_to_die() -> None:
        from accounts.actions import addressing, claims, delivery

        owner = next(each for each in (delivery, addressing, claims.Claim, claims) if hasattr(each, name))
        _wrap(owner, name, at_call=at_call, before=before)

    return prepare_to_die


def _after_commit() -> None:
    tell("20")
    die()


def _mark_before_sending() -> None:
    """The wrong order, to show that the test would see a loss: sent is noted first, then the process dies."""
    from accounts.actions.claims import Claim
    from core import clock

    original, calls = Claim.begin, [0]

    def begin(self: Any, row: Any, **named: Any) -> bool:
        calls[0] += 1
        held = original(self, row, **named)
        self.sent(row, at=clock.now())
        if calls[0] == 10:
            die()
        return held

    Claim.begin = begin  # type: ignore[method-assign]


def _without_a_book() -> None:
    """Nothing is noted, to show that the test would see more than one mail doubled."""
    from core.logbook import Logbook

    Logbook.note = lambda _self, _line: None  # type: ignore[method-assign]
    _point("sent", 10, before=True)()


def _disk_full() -> None:
    """No line can be kept: each step has to stand in the database."""
    from core.logbook import Logbook

    def note(_self: Any, _line: str) -> None:
        raise OSError(28, "No space left on device")

    Logbook.note = note  # type: ignore[method-assign]
    _point("sent", 10, before=True)()


POINTS: dict[str, Callable[[], None]] = {
    "after the action's commit": _after_commit,
    "addressing": _point("_delivery", 7, before=True),
    "after claiming": _point("claim_due", 1),
    "before sending the first": _point("begin", 1),
    "first accepted, not noted": _point("sent", 1, before=True),
    "tenth begun, not sent": _point("begin", 10),
    "tenth accepted, not noted": _point("sent", 10, before=True),
    "tenth noted": _point("sent", 10),
    "last noted, not told": _point("_let_go", 1, before=True),
    "last told": _point("_let_go", 1),
    "tenth accepted, disk full": _disk_full,
    "carrying on": _point("_mark_sent", 1, before=True),
    "carried on, not forgotten": _point("_let_go", 1),
    "noted before it was sent": _mark_before_sending,
    "tenth accepted, without a book": _without_a_book,
}

VERBS: dict[str, Callable[[str], Any]] = {
    "migrate": migrate, "reset": reset, "tell": tell, "work": work, "elsewhere": elsewhere,
    "state": state,
}  # fmt: skip

if __name__ == "__main__":
    main()
