"""A real SMTP server that counts, and a database that processes of their own can share."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


class Postbox:
    """What the SMTP server accepted: (mailbox, Message-ID), in order. Addresses in `refused` get a 550.

    A mail takes `delay` seconds.
    """

    def __init__(self) -> None:
        self.accepted: list[tuple[str, str]] = []
        self.refused: set[str] = set()
        self.delay = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        identity = message_from_bytes(envelope.content)["Message-ID"]
        await asyncio.sleep(self.delay)
        self.accepted += [(address, identity) for address in envelope.rcpt_tos]
        return "250 OK"

    def mailboxes(self) -> list[str]:
        return [address for address, _ in self.accepted]


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def smtp(postbox: Postbox) -> Iterator[Controller]:
    """A running SMTP server on a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop(no_assert=True)


@pytest.fixture(scope="session")
def shared_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """DATABASE_URL of an empty database of its own, on the engine under test."""
    given = settings.DATABASES["default"]
    if given["ENGINE"].endswith("sqlite3"):
        yield f"sqlite:///{tmp_path_factory.mktemp('chaos') / 'portal.sqlite3'}"
        return
    name = f"chaos_{os.getpid()}"
    host = _host(given)
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    place = f"/{name}?host={host}" if host.startswith("/") else f"{host}:{given['PORT'] or 5432}/{name}"
    _on_server(f"CREATE DATABASE {name}")
    yield f"postgres://{given['USER']}{password}@{place}"
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


class Driver:
    """The process that forks one process per request (tests/chaos/outbox_driver.py)."""

    def __init__(self, database: str, folder: Path) -> None:
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "tama_portal.settings", "DATABASE_URL": database,
            "TAMA_VAR_DIR": str(folder),
            "TAMA_SMTP_HOST": "127.0.0.1", "TAMA_MAIL_DIR": "", "TAMA_LOG_LEVEL": "CRITICAL",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.outbox_driver"],
            cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, verb: str, argument: str, port: int, *, may_fail: bool = False) -> Any:
        """The answer of one process; None when it was killed, or failed where it may."""
        self.process.stdin.write(json.dumps({"verb": verb, "argument": argument, "port": port}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        assert may_fail or reply["failed"] == ""
        return None if reply["killed"] or reply["failed"] else reply["answer"] or {}

    def end(self) -> None:
        """No more requests."""
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def driver(shared_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One driver for all crash tests, its database migrated."""
    started = Driver(shared_database, tmp_path_factory.mktemp("driver"))
    started.ask("migrate", "", 1)
    yield started
    started.end()


@pytest.fixture
def run(smtp: Controller, driver: Driver) -> Callable[..., Any]:
    """`run("work", "point")`: one process of the portal; its answer, None when it was killed."""

    def ask(verb: str, argument: str = "", port: int | None = None) -> Any:
        return driver.ask(verb, argument, port or smtp.port)

    ask("reset")
    return ask


def _host(given: dict[str, Any]) -> str:
    """The server's name or socket directory, which an address may give as `?host=`."""
    return str(given["HOST"] or given.get("OPTIONS", {}).get("host", ""))


def _on_server(statement: str) -> None:
    import psycopg

    given = settings.DATABASES["default"]
    options = {"host": _host(given), "user": given["USER"], "dbname": "postgres"}
    options |= {"password": given["PASSWORD"]} if given["PASSWORD"] else {}
    options |= {"port": given["PORT"]} if given["PORT"] else {}
    with psycopg.connect(**options, autocommit=True) as server:
        server.execute(statement)
