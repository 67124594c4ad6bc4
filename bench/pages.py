"""Pages in numbers, beside a bare page of the same rows: two workers each, in turn, on PostgreSQL.

    DATABASE_URL=postgres://… python bench/pages.py [--count 100000] [--rounds 8]

Makes and drops a database of its own, serves it by gunicorn as production does, and asks over loopback from this
process. Rounds go through all targets in turn, so that ratios hold on a machine busy with other things.
"""

import argparse
import http.client
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import StringIO
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

import django

django.setup()

from catalogue import empty, fill
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from core import clock
from programs.actions.indexing import rebuild_index
from programs.queries.facets import find
from programs.queries.search import Criteria

AT = datetime(2026, 11, 21, 10, tzinfo=clock.JST)
PORTAL, FLOOR = 18431, 18432
CLIENTS = 4
OK = 200
PAGE_SIZE = 20
LAST_DRAWN = 200
"""The deepest page any other target asks for; deeper ones have lines nobody has asked for."""
UNSEEN = count(LAST_DRAWN + 1)


@contextmanager
def served(arguments: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """Two workers of an application on a port of loopback."""
    command = [sys.executable, "-m", "gunicorn", *arguments, "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--no-control-socket", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                asked(port, "/programs/")
                break
            except OSError:
                time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(20)


def asked(port: int, address: str) -> tuple[int, bytes]:
    """One request, one connection, as through the proxy from a reader elsewhere: no ceiling a place is met."""
    reader = ".".join(map(str, (10, *secrets.token_bytes(3))))
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": reader, "Connection": "close"}
    link.request("GET", address, headers=told)
    answer = link.getresponse()
    found = answer.status, answer.read()
    link.close()
    return found


def rate(port: int, address: str, seconds: float) -> float:
    """Requests a second by CLIENTS threads; `{}` in an address is another word each time, `{unseen}` another page."""
    until, counts = time.monotonic() + seconds, [0] * CLIENTS
    refused: set[int] = set()

    def ask(number: int) -> None:
        while time.monotonic() < until:
            status, _ = asked(port, filled(address))
            if status != OK:
                refused.add(status)
                return
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=[number]) for number in range(CLIENTS)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused, (address, refused)
    return sum(counts) / (time.monotonic() - start)


def filled(address: str) -> str:
    """The address asked for next."""
    unseen = next(UNSEEN) if "{unseen}" in address else 0
    return address.format(secrets.token_hex(6), unseen=unseen)


def in_turn(targets: Mapping[str, tuple[int, str]], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Rates of all targets in turn, the first of them the floor; prints the middle one of each and of its ratios."""
    for port, address in targets.values():
        rate(port, address, 2)
    rates: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, (port, address) in targets.items():
            rates[name].append(rate(port, address, seconds))
    floor = rates[next(iter(targets))]
    for name, found in rates.items():
        ratio = statistics.median(each / bare for each, bare in zip(found, floor, strict=True))
        print(f"{name}: {statistics.median(found):.0f}/s, {ratio:.3f} of the floor", flush=True)
    return rates


def compare(rounds: int, seconds: float) -> None:
    """The public pages beside the floor."""
    targets = {
        "floor": (FLOOR, "/"),
        "kept list": (PORTAL, "/programs/"),
        "kept sheet": (PORTAL, "/programs/bench-0/"),
        "cold list": (PORTAL, "/programs/?x={}"),
        "cold page 200": (PORTAL, f"/programs/?page={LAST_DRAWN}&x={{}}"),
        "cold list of lines nobody asked for": (PORTAL, "/programs/?page={unseen}"),
    }
    rates = in_turn(targets, rounds, seconds)
    deep = statistics.median(b / a for a, b in zip(rates["cold list"], rates["cold page 200"], strict=True))
    print(f"page 200 beside page 1: {deep:.2f}")


def statements(count: int) -> None:
    """How many a page takes of the database when it is not kept."""
    client = Client()
    with clock.at(AT):
        for name, address in (("list", "/programs/?x={}"), ("sheet", "/programs/bench-0/?x={}")):
            client.get(address.format("first"))
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address.format("second")).status_code == OK
            print(f"{name} at {count:,} programs: {len(seen)} statements")


def servers(stack: ExitStack, ids: list[int]) -> None:
    """Portal and floor on the bench's database."""
    made, variable = connection.settings_dict, stack.enter_context(tempfile.TemporaryDirectory())
    host = made["HOST"] or made["OPTIONS"]["host"]
    address = f"postgres://{made['USER']}@/{made['NAME']}?host={host}"
    production = {
        "DATABASE_URL": address, "TAMA_PRODUCTION": "1", "TAMA_SECRET_KEY": secrets.token_hex(32), "TAMA_VAR_DIR": variable,
        "TAMA_ALLOWED_HOSTS": "127.0.0.1", "TAMA_BEHIND_PROXY": "1", "TAMA_DEMO": "0", "REDIS_URL": "",
        "TAMA_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=os.environ | production, check=True)
    floor = {
        "FLOOR_DATABASE": f"host={host} dbname={made['NAME']} user={made['USER']}",
        "FLOOR_IDS": ",".join(map(str, ids)),
    }
    stack.enter_context(served(["tama_portal.wsgi:application"], PORTAL, production))
    stack.enter_context(served(["bench.floor:application", "--worker-class", "asgi"], FLOOR, floor))


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1.5)
    options = parser.parse_args()
    assert connection.vendor == "postgresql", "give DATABASE_URL of a PostgreSQL server"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_reference", stdout=StringIO())
        fill(10, AT)
        statements(10)
        empty()
        fill(options.count, AT)
        rebuild_index()
        connection.cursor().execute("VACUUM ANALYZE")
        statements(options.count)
        print(f"load {os.getloadavg()[0]:.1f}")
        with ExitStack() as stack:
            servers(stack, find(Criteria(), AT).ids[:PAGE_SIZE])
            compare(options.rounds, options.seconds)
        assert next(UNSEEN) <= options.count // PAGE_SIZE, (
            "some lines were drawn twice: fewer rounds, or a larger --count"
        )
        print(f"load at the end {os.getloadavg()[0]:.1f}")
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
