"""Interfaces for machines in numbers: the API's list beside the bare page, everything by the national contract, the dump.

    DATABASE_URL=postgres://… python bench/interfaces.py [--count 100000] [--rounds 5] [--parts dump search rates]

Makes and drops a database of its own. Rates go through all targets in turn (see `pages.py`). Each dump is written by a
process of its own, whose most memory is what the system counted for it alone; of the search it is Python's peak.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

import django

django.setup()

from catalogue import empty, fill
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_databases, teardown_databases
from pages import AT, FLOOR, OK, PAGE_SIZE, PORTAL, UNSEEN, in_turn, servers

from core import clock
from programs.queries.facets import in_order
from programs.queries.search import Criteria
from tama_portal.open_data import dump

SEARCH = "/exp/v1/public/subsidies?keyword=支援&sort=created_date&order=DESC&acceptance=0"
PARTS = ("dump", "search", "rates")


LISTS = {
    "floor": (FLOOR, "/"),
    "list kept": (PORTAL, "/api/v1/programs/?page_size=20"),
    "list cold, rows of another address": (PORTAL, "/api/v1/programs/?page_size=20&x={}"),
    "any page, rows nobody asked for": (PORTAL, "/api/v1/programs/?page_size=20&page={unseen}"),
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


def dumped() -> None:
    """The nightly dump by this process; says its size, its seconds, and the most memory the system counted."""
    before = _most_memory()
    start, busy = time.perf_counter(), time.process_time()
    with clock.at(AT), tempfile.TemporaryDirectory() as place, override_settings(MEDIA_ROOT=place):
        size = sum(dump.write(AT).sizes.values())
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(
        f"dump: {size / 2**20:.1f} MiB in {seconds:.1f} s ({busy:.1f} s of a processor),"
        f" most memory {_most_memory():.0f} MiB, {before:.0f} before it began",
        flush=True,
    )


def _most_memory() -> float:
    """MiB of this process at its largest. (What `getrusage` tells may be that of the process it was started by.)"""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1024


def dumped_apart() -> None:
    """The same in a process of its own on the bench's database."""
    made = connection.settings_dict
    host = made["HOST"] or made["OPTIONS"]["host"]
    address = f"postgres://{made['USER']}@/{made['NAME']}?host={host}"
    command = [sys.executable, __file__, "--dump-here"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}, check=True)


def run_parts(parts: list[str], count: int, rounds: int, seconds: float) -> None:
    """The parts asked for, on a database that is there."""
    call_command("load_reference", stdout=StringIO())
    for size in (count // 10, count) if "dump" in parts else (count,):
        empty()
        fill(size, AT)
        connection.cursor().execute("VACUUM ANALYZE")
        print(f"{size:,} programs, load {os.getloadavg()[0]:.1f}", flush=True)
        if "dump" in parts:
            dumped_apart()
    call_command("rebuild_search", stdout=StringIO())
    if "search" in parts:
        with clock.at(AT):
            measured("everything by the national contract", everything)
    if "rates" in parts:
        with ExitStack() as stack:
            servers(stack, in_order(Criteria(), AT)[:20])
            in_turn(LISTS, rounds, seconds)
            assert next(UNSEEN) <= count // PAGE_SIZE, "fewer rounds: pages nobody asked for ran out"


def main() -> None:
    """All figures, of the dump at a tenth of the programs first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--dump-here", action="store_true", help="what the bench starts for each dump")
    options = parser.parse_args()
    assert connection.vendor == "postgresql", "give DATABASE_URL of a PostgreSQL server"
    if options.dump_here:
        dumped()
        return
    made = setup_databases(verbosity=0, interactive=False)
    try:
        run_parts(list(options.parts), options.count, options.rounds, options.seconds)
        print(f"load at the end {os.getloadavg()[0]:.1f}")
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
