"""Asking outside cannot be turned inwards: by name, by number, by wrapping, by redirect, by a second DNS answer."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.outbound import Network, ask, is_public
from programs.models import Program
from tama_portal.management.commands.check_links import Command
from tests.factories import programs as catalogue

pytestmark = pytest.mark.once("asks a server of its own; what is read of the database is one list")
PUBLIC, SECOND = "93.184.215.14", "1.1.1.1"


class Site(BaseHTTPRequestHandler):
    """Pages of a site outside."""

    asked: list[tuple[str, str, str]] = []

    def do_GET(self) -> None:
        Site.asked.append((self.command, self.headers["Host"], self.path))
        status, target = {
            "/": (200, ""), "/gone": (410, ""), "/moved": (301, "/"), "/for-now": (302, "/"), "/loop": (302, "/loop"),
            "/inside": (302, "http://router.local/admin"), "/number": (301, "http://127.0.0.1/"),
            "/file": (302, "file:///etc/passwd"), "/port": (302, "http://site.example:8080/"), "/no-head": (405, ""),
            "/日": (200, ""), "/%E6%97%A5": (200, ""),
        }.get(self.path, (404, ""))  # fmt: skip
        if self.path == "/no-head" and self.command == "GET":
            status = 200
        if self.path == "/slow":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(1200):
                time.sleep(0.05)
                try:
                    self.wfile.write(b"X: y\r\n")
                except OSError:
                    return
            return
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"x" * 200_000)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class Outside:
    """A network with names of our choice, all of whose addresses lead to one server; it notes what was reached."""

    def __init__(self, port: int) -> None:
        self.port, self.reached = port, list[str]()
        self.names: dict[str, list[list[str]]] = {
            "site.example": [[PUBLIC]], "router.local": [["192.168.0.1"]], "both.example": [[PUBLIC, "10.0.0.5"]],
            "turning.example": [[PUBLIC], ["127.0.0.1"]], "mapped.example": [["::ffff:10.0.0.1"]],
            "meta.example": [["169.254.169.254"]], "127.0.0.1": [["127.0.0.1"]], "2130706433": [["127.0.0.1"]],
            "xn--wgv71a.example": [[SECOND]],
        }  # fmt: skip

    def resolve(self, host: str, _port: int) -> list[str]:
        if host not in self.names:
            raise socket.gaierror
        answers = self.names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, _port: int, seconds: float) -> socket.socket:
        self.reached.append(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def network(self, seconds: float = 5) -> Network:
        return Network(self.resolve, self.connect, seconds)


@pytest.fixture
def outside() -> Iterator[Outside]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Site.asked.clear()
    yield Outside(server.server_port)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
      "224.0.0.1", "255.255.255.255",
     "::1", "::", "fe80::1", "fec0::1", "192.0.0.8", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1",
     "2002:7f00:1::", "2002:c0a8:101::1", "64:ff9b::a00:1", "2001:0:7f00:1::", "2001:db8::1", "not an address", ""],
)  # fmt: skip
def test_inner_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, SECOND, "2606:4700:4700::1111"])
def test_outer_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "status", "moved"),
    [("http://site.example/", 200, False), ("http://site.example/gone", 410, False), ("http://site.example/moved", 200, True),
     ("http://site.example/for-now", 200, False), ("http://site.example/no-head", 200, False), ("http://site.example/x", 404, False),
     ("http://日本.example/日", 200, False)],
)  # fmt: skip
def test_what_there_is(outside: Outside, url: str, status: int, moved: bool) -> None:
    outcome = ask(url, outside.network())
    assert (outcome.status, outcome.moved, outcome.fault) == (status, moved, "")
    assert set(outside.reached) <= {PUBLIC, SECOND}
    assert {host for _, host, _ in Site.asked} <= {"site.example", "xn--wgv71a.example"}


@pytest.mark.parametrize(
    "url",
    ["http://router.local/", "http://both.example/", "http://mapped.example/", "http://meta.example/latest/", "http://127.0.0.1/",
     "http://2130706433/", "http://site.example/inside", "http://site.example/number", "http://site.example/file",
     "http://site.example/port", "http://site.example:22/", "http://user:pass@site.example/", "ftp://site.example/",
     "file:///etc/passwd", "http://", "//site.example/", "http://site.example/\r\nX: y", "http://site.example\\@router.local/",
     "http://site.example/loop", "http://unknown.example/", "http://site.example:x/"],
)  # fmt: skip
def test_what_is_not_asked(outside: Outside, url: str) -> None:
    """No connection but to the public site, and a reason in Japanese."""
    outcome = ask(url, outside.network())
    assert outcome.status is None and not outcome.is_well
    assert any(char > "ぁ" for char in outcome.fault)
    assert set(outside.reached) <= {PUBLIC}
    assert all(host == "site.example" for _, host, _ in Site.asked)


def test_the_address_looked_at_is_the_one_reached(outside: Outside) -> None:
    """A name that turns inwards at the second answer: the first request went where it was looked at, the next is refused."""
    assert ask("http://turning.example/x", outside.network()).status == 404
    assert outside.reached == [PUBLIC, PUBLIC]  # HEAD and GET, one look-up
    assert "確かめません" in ask("http://turning.example/x", outside.network()).fault
    assert outside.reached == [PUBLIC, PUBLIC]


def test_time_is_bounded_in_all(outside: Outside) -> None:
    """One byte now and then does not keep the check waiting."""
    begun = time.monotonic()
    assert "時間内" in ask("http://site.example/slow", outside.network(0.5)).fault
    assert time.monotonic() - begun < 20


def test_the_command_is_off_unless_asked_for_and_lists_what_does_not_open(
    db: None, outside: Outside, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = catalogue.published(slug="one", title="制度", url="http://site.example/gone")
    Program.objects.filter(pk=program.pk).update(urls=["http://site.example/", "http://router.local/"])
    with pytest.raises(CommandError, match="TAMA_OUTBOUND"):
        call_command("check_links")
    settings.OUTBOUND_ALLOWED = True
    monkeypatch.setattr(Command, "network", outside.network())
    monkeypatch.setattr(Command, "pause", 0.0)
    said = StringIO()
    with pytest.raises(CommandError, match="開けない"):
        call_command("check_links", "--json", stdout=said, stderr=StringIO())
    rows = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [(row["url"], row["status"]) for row in rows] == [
        ("http://site.example/gone", 410), ("http://site.example/", 200), ("http://router.local/", None),
    ]  # fmt: skip
    assert rows[0]["records"] == ["program:one"] and set(outside.reached) == {PUBLIC}
