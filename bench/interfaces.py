"""Interfaces for machines in numbers: the API's list beside the bare page, everything by the national contract, the dump.

    DATABASE_URL=postgres://… python bench/interfaces.py [--count 100000] [--rounds 6]

Makes and drops a database of its own. Rates go through all targets in turn (see `pages.py`); memory is Python's peak.
"""

import argparse
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from catalogue import empty, fill
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_databases, teardown_databases
from pages import AT, FLOOR, OK, PORTAL, in_turn, servers

from core import clock
from programs.queries.facets import in_order
from programs.queries.search import Criteria
from tama_portal.open_data import dump

SEARCH = "/exp/v1/public/subsidies?keyword=支援&sort=created_date&order=DESC&acceptance=0"
LISTS = {
    "floor": (FLOOR, "/"),
    "list kept": (PORTAL, "/api/v1/programs/?page_size=20"),
    "list cold": (PORTAL, "/api/v1/programs/?page_size=20&x={}"),
    "page 200 cold": (PORTAL, "/api/v1/programs/?page_size=20&page=200&x={}"),
}


def measured(name: str, run: Callable[[], int]) -> None:
    """Seconds without tracing, then Python's peak with it."""
    start = time.perf_counter()
    size = run()
    seconds = time.perf_counter() - start
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(f"{name}: {size / 2**20:.1f} MiB in {seconds:.1f} s, peak {peak:.1f} MiB", flush=True)


def everything() -> int:
    """A search of the national contract that returns every program that says 支援."""
    answer = Client().get(SEARCH)
    assert answer.status_code == OK, answer.content[:200]
    return len(answer.content)


def dumped() -> int:
    """The nightly dump."""
    with tempfile.TemporaryDirectory() as place, override_settings(MEDIA_ROOT=place):
        return sum(dump.write(AT).sizes.values())


def main() -> None:
    """All figures, at a tenth of the programs first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1.5)
    options = parser.parse_args()
    assert connection.vendor == "postgresql", "give DATABASE_URL of a PostgreSQL server"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_reference", stdout=StringIO())
        for count in (options.count // 10, options.count):
            empty()
            fill(count, AT)
            connection.cursor().execute("VACUUM ANALYZE")
            print(f"{count:,} programs, load {os.getloadavg()[0]:.1f}", flush=True)
            with clock.at(AT):
                measured("dump", dumped)
        call_command("rebuild_search", stdout=StringIO())
        with clock.at(AT):
            measured("everything by the national contract", everything)
        with ExitStack() as stack:
            servers(stack, in_order(Criteria(), AT)[:20])
            in_turn(LISTS, options.rounds, options.seconds)
        print(f"load at the end {os.getloadavg()[0]:.1f}")
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
