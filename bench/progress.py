"""Progress sheets in numbers: reading beside openpyxl, import and export at flat memory, the overview.

What is compared: ours is the archive measured, every cell read and every check made, up to a `Reading` with its account of
each character. The bare read is openpyxl's `load_workbook` and one look at each cell's value, without any check; its
other way, `read_only=True`, which never holds a sheet, stands beside it.

    DATABASE_URL=postgres://… python bench/progress.py [--cities 39] [--sheets 40] [--years 10]

Everything happens in a database of its own, made and dropped as the tests do. Prints one line a figure.
"""

import argparse
import io
import os
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    override_settings,
    setup_databases,
    teardown_databases,
)
from openpyxl import load_workbook

from accounts.queries import municipalities
from core.actor import ANONYMOUS, SYSTEM
from indicators import queries
from indicators.actions.importing import create_plan, import_sheets
from indicators.importing import read, text_of
from indicators.models import Direction, Measure, Plan, Policy, SheetYear, Theme
from indicators.workbook import plan_workbook

FIRST_YEAR = 2019
ROUNDS = 3


def say(name: str, value: str) -> None:
    """One figure."""
    print(f"{name}\t{value}", flush=True)


def made(city: Any, number: int, sheets: int, years: int) -> Plan:
    """A plan with texts about as long as in real sheets: 60 to 200 characters a cell."""
    plan = Plan.objects.create(
        slug=f"bench-{number}",
        organization=city,
        title=f"{city.name}産業計画",
        goal="まちが続く",
        publication="published",
    )
    theme = Theme.objects.create(plan=plan, code="dx", label="DX")
    policies = []
    for place, sign in enumerate(("Ⅰ", "Ⅱ", "Ⅲ"), start=1):
        direction = Direction.objects.create(plan=plan, number=place, label=sign, title=f"方向{place}")
        policies.append(Policy.objects.create(direction=direction, number=1, title="方針"))
    rows = Measure.objects.bulk_create(
        Measure(
            plan=plan, policy=policies[place * 3 // sheets], number=str(place + 1), printed_number=f"{place + 1:02d}",
            position=place, title=f"施策の名前{place + 1}", outlook="continue", lead_department="産業観光課",
            overview=f"{city.name}の施策{place + 1}の概要です。" * 5,
        )
        for place in range(sheets)
    )  # fmt: skip
    Measure.themes.through.objects.bulk_create(
        Measure.themes.through(measure=row, theme=theme) for row in rows
    )
    SheetYear.objects.bulk_create(
        (
            SheetYear(
                measure=row, fiscal_year=year, content=f"{row.title}を{year - 2018}回目に行います。" * 6,
                goal=f"延べ{year}人が来ることを目指します。" * 3, result=f"延べ{year - 7}人が来ました。" * 8,
                issues="周知の方法を見直します。" * 5, goal_status="set", toward="nearer",
            )
            for row in rows
            for year in range(FIRST_YEAR, FIRST_YEAR + years)
        ),
        batch_size=500,
    )  # fmt: skip
    return plan


def exported(slug: str) -> bytes:
    """The city's workbook, as the page makes it."""
    plan = queries.plan_by_slug(ANONYMOUS, slug)
    if plan is None:
        raise SystemExit(f"{slug} is gone")
    indicators = [row.indicator for row in queries.indicators_of(plan)]
    return plan_workbook(plan, indicators, queries.measures_of(plan))


def best(job: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest of some rounds, seconds of this process: what others do on the machine is left out."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        job()
        times.append(time.process_time() - begun)
    return min(times)


def whole(data: bytes, *, lean: bool) -> int:
    """openpyxl's bare read of every cell, without any check."""
    book = load_workbook(io.BytesIO(data), read_only=lean, data_only=True)
    return sum(1 for page in book.worksheets for row in page.iter_rows(values_only=True) for _ in row)


def reading(data: bytes) -> None:
    """Ours with all checks, beside the bare read in both of its ways."""
    say("workbook", f"{len(data) / 1024:.0f} KiB")
    text = text_of(data).text
    ours = best(lambda: read(text_of(data).text))
    cells, checks = best(lambda: text_of(data)), best(lambda: read(text))
    say("ours: archive measured, cells, checks", f"{ours:.3f} s (cells {cells:.3f} s, checks {checks:.3f} s)")
    for words, lean in (("load_workbook", False), ("read_only=True", True)):
        bare = best(partial(whole, data, lean=lean))
        say(
            f"openpyxl {words}",
            f"{bare:.3f} s: {bare / ours:.1f} times ours; {bare / cells:.1f} times its cells alone",
        )


def out_and_back(slug: str) -> tuple[float, float]:
    """Export a city and import it again; seconds of both. What comes back is the same, or the run ends."""
    begun = time.perf_counter()
    data = exported(slug)
    turned = time.perf_counter()
    outcome = import_sheets(
        reading=read(text_of(data).text), plan=Plan.objects.get(slug=slug), by=SYSTEM, source="bench"
    )
    if outcome.changes or outcome.differences or outcome.refused:
        raise SystemExit(f"{slug}: out and back is not the same: {outcome.changes[:2]}{outcome.refused[:2]}")
    return turned - begun, time.perf_counter() - turned


def peak_of(slug: str) -> float:
    """The peak of Python's memory while a city goes out and comes back, MiB. Tracing makes it several times slower."""
    tracemalloc.start()
    out_and_back(slug)
    peak = tracemalloc.get_traced_memory()[1] / 1024**2
    tracemalloc.stop()
    return peak


def resident() -> float:
    """The largest resident size so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def taken_in(data: bytes, towns: list[Any]) -> list[str]:
    """A published plan for each town, every cell of it out of a workbook; their names in addresses."""
    slugs = []
    begun = time.perf_counter()
    for place, town in enumerate(towns, 2):
        outcome = create_plan(
            reading=read(text_of(data).text),
            organization=town,
            slug=f"bench-{place}",
            by=SYSTEM,
            source="bench",
        )
        if outcome.refused or outcome.differences:
            raise SystemExit(f"{town}: not all came in: {outcome.refused[:2]}{outcome.differences[:2]}")
        slugs.append(outcome.plan.slug)
    say("imported into empty plans", f"{len(slugs)} cities in {time.perf_counter() - begun:.1f} s")
    Plan.objects.filter(slug__in=slugs).update(publication="published")
    return slugs


def all_cities(slugs: list[str], early: float) -> None:
    """Export and import each city in turn; peaks of memory at the first and the last of those that came out of a workbook."""
    out_and_back(slugs[0])
    first = peak_of(slugs[min(2, len(slugs) - 1)])
    taken = [out_and_back(slug) for slug in slugs]
    last = peak_of(slugs[-1])
    say("exported", f"{len(slugs)} cities in {sum(row[0] for row in taken):.1f} s")
    say("imported again, all the same", f"{len(slugs)} cities in {sum(row[1] for row in taken):.1f} s")
    say("peak of Python's memory, first and last city", f"{first:.1f} and {last:.1f} MiB")
    say("largest resident size, before and after all cities", f"{early:.0f} and {resident():.0f} MiB")


PAGES = ("/plans/{0}/", "/plans/{0}/matrix/", "/plans/compare/?a={0}&b={1}", "/plans/")


def statements(slug: str, other: str) -> list[int]:
    """How many statements each public page takes now."""
    client, counts = Client(), []
    for page in PAGES:
        address = page.format(slug, other)
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        counts.append(len(caught))
    return counts


def overview(slug: str, other: str, before: list[int]) -> None:
    """Time of the public pages of one plan among all, and their statements with two cities and with all."""
    client = Client()
    for page, small, large in zip(PAGES, before, statements(slug, other), strict=True):
        address = page.format(slug, other)
        answer = client.get(address)
        taken = best(partial(client.get, address))
        say(address, f"{answer.status_code}, {taken * 1000:.0f} ms, {small} and {large} statements")


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, size in (("cities", 39), ("sheets", 40), ("years", 10)):
        parser.add_argument(f"--{name}", type=int, default=size)
    asked = parser.parse_args()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_reference", stdout=io.StringIO())
        towns = list(municipalities().supported())[: asked.cities]
        slugs = [made(town, place, asked.sheets, asked.years).slug for place, town in enumerate(towns[:2])]
        few = statements(*slugs)
        say("engine", connection.vendor)
        say("size", f"{len(towns)} cities × {asked.sheets} sheets × {asked.years} years")
        data = exported(slugs[0])
        reading(data)
        early = resident()
        slugs += taken_in(data, towns[2:])
        overview(slugs[0], slugs[1], few)
        all_cities(slugs, early)
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    with override_settings(DEBUG=False):
        main()
