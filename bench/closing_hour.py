"""The closing hour: all 39 towns write with five editors each and submit five files each while the public browses.

    DATABASE_URL=postgres://… python bench/closing_hour.py [--towns 39] [--seconds 60] [--think 10] [--list 10000]

A database of its own, the portal by gunicorn with two workers as in production, clients over loopback. First the same
requests one by one on the idle portal, then all at once. Then everything acknowledged is looked for, and the invariants run.
"""

import argparse
import http.client
import json
import os
import random
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")
os.environ.setdefault("TAMA_SECRET_KEY", secrets.token_hex(32))  # sessions made here are read by the servers

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases
from pages import PORTAL, served
from towns import Town, prepare

from accounts.models import User
from core import clock
from core.invariants import run_all
from grants.models import Answer, Application, Member, Snapshot
from tests.conftest import sign_in
from tests.factories import accounts as people

QUESTIONS = ("purpose", "issue", "outline", "structure", "novelty")
OK, CONFLICT, FOUND = 200, 409, 302
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FIELD = re.compile(r'name="(key|version|kind)" value="([^"]*)"')


@dataclass
class Session:
    """A person at a browser: cookies, and the token of the last page."""

    cookies: dict[str, str]
    token: str = ""

    def ask(
        self, method: str, path: str, data: dict[str, str] | None = None, *, as_data: bool = False
    ) -> tuple[int, str]:
        """One request, one connection, as through the proxy."""
        headers = {
            "X-Forwarded-Proto": "https", "Connection": "close", "Referer": f"https://127.0.0.1:{PORTAL}{path}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "application/json" if as_data else "text/html",
        }  # fmt: skip
        body = None
        if data is not None:
            body = urlencode(data | {"csrfmiddlewaretoken": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link = http.client.HTTPConnection("127.0.0.1", PORTAL, timeout=120)
        link.request(method, path, body=body, headers=headers)
        answer = link.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        link.close()
        if found := TOKEN.search(text):
            self.token = found[1]
        return answer.status, text


@dataclass
class Editor:
    """One editor of a town with a question of its own: what it saved last, and how long each save took."""

    session: Session
    path: str
    question: str
    version: int = 0
    shown: str = ""
    acknowledged: str = ""
    seconds: list[float] = field(default_factory=list)
    refused: int = 0

    def save(self) -> None:
        """Write a new text as the page itself does."""
        text = f"{self.question} {secrets.token_hex(16)} " + "回遊路の案内をそろえる。" * 20
        data = {
            self.question: text,
            f"{self.question}-version": str(self.version),
            f"{self.question}-shown": self.shown,
        }
        start = time.monotonic()
        status, answer = self.session.ask("POST", self.path, data, as_data=True)
        self.seconds.append(time.monotonic() - start)
        if status != OK:
            self.refused += 1
            return
        mark = json.loads(answer)["saved"][self.question]
        self.version, self.shown, self.acknowledged = mark["version"], mark["shown"], text


def session_of(user: User) -> Session:
    """Somebody who passed both factors."""
    client = sign_in(Client(), user)
    return Session({settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value})


def submit(session: Session, application: Application) -> float:
    """Open the page and press the button; how long the press took."""
    path = f"/applications/{application.public_id}/submit/"
    status, page = session.ask("GET", path)
    assert status == OK, status
    data = dict(FIELD.findall(page)) | {"password": people.PASSWORD}
    start = time.monotonic()
    status, answer = session.ask("POST", path, data)
    took = time.monotonic() - start
    assert status == FOUND, (status, answer[:1500])
    return took


def p95(values: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def said(name: str, values: list[float]) -> None:
    """One line: number, median and 95th percentile."""
    print(
        f"{name}: {len(values)}, median {1000 * statistics.median(values):.0f} ms, p95 {p95(values):.0f} ms"
    )


def editors_of(town: Town) -> list[Editor]:
    """Five people of a town at its draft, each with the page open."""
    path = f"/applications/{town.draft.public_id}/plan/plan/"
    found = []
    for number, question in enumerate(QUESTIONS):
        session = session_of(town.world.users[f"editor{number}"])
        status, page = session.ask("GET", path)
        assert status == OK, (status, page[:500])
        shown = re.search(rf'name="{question}-shown" value="([^"]*)"', page)
        version = re.search(rf'name="{question}-version" value="([^"]*)"', page)
        assert shown is not None
        assert version is not None
        found.append(Editor(session, path, question, int(version[1]), shown[1]))
    return found


def browse(until: float, seconds: list[float]) -> None:
    """A visitor who reads lists and sheets, and searches."""
    session = Session({})
    while time.monotonic() < until:
        path = random.choice(["/programs/", "/calls/", f"/programs/?search={secrets.token_hex(3)}", "/"])
        start = time.monotonic()
        status, _ = session.ask("GET", path)
        assert status == OK, (path, status)
        seconds.append(time.monotonic() - start)
        time.sleep(0.2)


def hour(towns: list[Town], seconds: float, think: float) -> list[Editor]:
    """Everybody at once: editors save with pauses, every town submits at some moment, four visitors read."""
    writers = [editor for town in towns for editor in editors_of(town)]
    leads = [(session_of(town.world.users["lead_editor"]), town.ready) for town in towns]
    until = time.monotonic() + seconds
    submits: list[float] = []
    visits: list[float] = []
    failures: list[str] = []

    def guarded(job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - counted and shown at the end
                failures.append(f"{type(error).__name__}: {error}"[:300])

        return run

    def write(editor: Editor) -> None:
        time.sleep(random.uniform(0, think))
        while time.monotonic() < until:
            editor.save()
            time.sleep(random.uniform(0.5 * think, 1.5 * think))

    def press(session: Session, application: Application) -> None:
        time.sleep(random.uniform(0, 0.7 * seconds))
        submits.append(submit(session, application))

    jobs: list[Callable[[], None]] = [guarded(partial(write, editor)) for editor in writers]
    jobs += [guarded(partial(press, *lead)) for lead in leads]
    jobs += [guarded(partial(browse, until, visits)) for _ in range(4)]
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said("save in the closing hour", [second for editor in writers for second in editor.seconds])
    said("submit in the closing hour", submits)
    said("public page in the closing hour", visits)
    print(
        f"refused saves {sum(editor.refused for editor in writers)}, failures {len(failures)} {failures[:3]}"
    )
    return writers


def lost(towns: list[Town], writers: list[Editor]) -> None:
    """Everything acknowledged is there: each editor's last text, a version of every town, and the invariants."""
    saved = dict(
        Answer.objects.filter(application__in=[town.draft for town in towns]).values_list(
            "value", "question__code"
        )
    )
    missing = [editor for editor in writers if editor.acknowledged and editor.acknowledged not in saved]
    received = Snapshot.objects.filter(application__in=[town.ready for town in towns]).count()
    faults = {name: found for name, found in run_all().items() if found}
    print(f"lost texts {len(missing)}, received {received} of {len(towns)}, broken invariants {faults}")


def idle(towns: list[Town]) -> None:
    """The same requests one after the other, nobody else there."""
    editors = editors_of(towns[0])
    for editor in editors * 8:
        editor.save()
    assert not any(editor.refused for editor in editors)
    said("save, idle", [second for editor in editors for second in editor.seconds[1:]])
    spare = [(session_of(town.world.users["lead_editor"]), town.spare) for town in towns if town.spare]
    said("submit, idle", [submit(session, one) for session, one in spare if one is not None])


def listing(town: Town, count: int) -> None:
    """How many statements the list takes with few and with many."""
    client = sign_in(Client(), town.world.users["lead_editor"])
    numbers = []
    for wanted in (20, count):
        have = Application.objects.filter(lead=town.world.lead).count()
        made = [
            Application(
                call=town.world.call, template=town.world.template, lead=town.world.lead, ordinal=1000 + have + n,
                lead_department=town.draft.lead_department, fiscal_year=2027, title=f"事業 {n}", started_at=clock.now(),
                started_by=town.world.users["lead_editor"],
            )
            for n in range(wanted - have)
        ]  # fmt: skip
        Application.objects.bulk_create(made, batch_size=1000)
        Member.objects.bulk_create(
            [
                Member(
                    application=one, role="lead", organization=town.world.lead, name=town.world.lead.name, position=0,
                    invited_at=one.started_at, invited_by=one.started_by,
                )
                for one in made
            ],
            batch_size=1000,
        )  # fmt: skip
        client.get("/applications/")
        start = time.monotonic()
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/applications/").status_code == OK
        numbers.append(len(seen))
        print(
            f"list of {max(wanted, have):,} applications: {len(seen)} statements, {1000 * (time.monotonic() - start):.0f} ms"
        )
    assert numbers[0] == numbers[1], numbers


def serve(stack: ExitStack, media: str) -> None:
    """The portal on the bench's database and files."""
    made = connection.settings_dict
    host = made["HOST"] or made["OPTIONS"]["host"]
    environment = {
        "DATABASE_URL": f"postgres://{made['USER']}@/{made['NAME']}?host={host}", "TAMA_PRODUCTION": "1",
        "TAMA_SECRET_KEY": settings.SECRET_KEY, "TAMA_VAR_DIR": media, "TAMA_ALLOWED_HOSTS": "127.0.0.1",
        "TAMA_BEHIND_PROXY": "1", "TAMA_DEMO": "0", "REDIS_URL": "", "TAMA_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=os.environ | environment, check=True)
    stack.enter_context(served(["tama_portal.wsgi:application", "--threads", "4"], PORTAL, environment))


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--towns", type=int, default=39)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=10)
    parser.add_argument("--list", type=int, default=10_000)
    options = parser.parse_args()
    assert connection.vendor == "postgresql", "give DATABASE_URL of a PostgreSQL server"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            settings.MEDIA_ROOT = str(Path(folder) / "media")
            call_command("load_reference", stdout=StringIO())
            towns = prepare(options.towns, spare=min(5, options.towns))
            connection.cursor().execute("VACUUM ANALYZE")
            serve(stack, folder)
            print(f"load {os.getloadavg()[0]:.1f}")
            idle(towns)
            writers = hour(towns, options.seconds, options.think)
            print(f"load at the end {os.getloadavg()[0]:.1f}")
            lost(towns, writers)
            listing(towns[0], options.list)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
