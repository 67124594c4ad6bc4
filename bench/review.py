"""The review in numbers: the case table and the panel of many cases, and letters beside a bare loop of the PDF engine.

    DATABASE_URL=postgres://… python bench/review.py [--small 1000] [--large 10000] [--reviewers 5] [--letters 1000]

Everything happens in a database of its own, made and dropped as the tests do. Prints one line a figure. Rates are given by
the clock and by the processor's time of this process: on a busy machine the second says more.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

import django

django.setup()

import typst
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings, setup_databases, teardown_databases

from core import clock, glyphs
from grants.actions.packages import letter_subject
from grants.letters import letter_of, pdf, render_pdf, words
from grants.models import Application
from grants.queries.case_table import COLUMNS, TableChoice, table_lines, table_rows
from grants.queries.panel import panel_of
from grants.rules import panel as rules
from tama_portal.collector import spare_collector
from tests.factories import accounts as people
from tests.factories import grants as cases
from tests.factories.many_cases import copies, scored

PAGE = 50
ALL = TableChoice.of({"columns": list(COLUMNS)})
ROUNDS = 2


def say(name: str, value: str) -> None:
    """One figure."""
    print(f"{name}\t{value}", flush=True)


class Taken:
    """Seconds by the clock and of the processor, and queries."""

    wall = cpu = 0.0
    queries = 0


@contextmanager
def measured() -> Iterator[Taken]:
    """What happens inside."""
    taken = Taken()
    with CaptureQueriesContext(connection) as asked:
        wall, cpu = time.perf_counter(), time.process_time()
        yield taken
        taken.wall, taken.cpu = time.perf_counter() - wall, time.process_time() - cpu
    taken.queries = len(asked)


def best(job: Callable[[], object], rounds: int = ROUNDS) -> Taken:
    """The round that took the processor least."""
    found = []
    for _ in range(rounds):
        with measured() as taken:
            job()
        found.append(taken)
    return min(found, key=lambda one: one.cpu)


def sizes(world: cases.World, source: Application, small: int, large: int, reviewers: int) -> None:
    """The same reads at both sizes."""
    unit = people.department(people.metropolis(), cases.DEPARTMENT)
    users = [people.person(f"r{place}@bench.example", "reviewer", unit) for place in range(reviewers)]
    rates: dict[str, list[float]] = {}
    made = 0
    for size in (small, large):
        scored(copies(source, size - made), users, world.template.weights())
        made = size
        for name, job in jobs(world).items():
            taken = best(job)
            per = PAGE if name == "page" else size
            rates.setdefault(name, []).append(per / taken.cpu)
            say(
                f"{name}, {size} cases × {reviewers}",
                f"{taken.queries} queries, {taken.wall:.2f} s, {taken.cpu:.2f} s of the processor, {per / taken.cpu:.0f}/s",
            )
    for name, (first, second) in rates.items():
        say(f"{name}: rate at {large} beside {small}", f"{second / first:.2f}")


def jobs(world: cases.World) -> dict[str, Callable[[], object]]:
    """What an officer reads: a page of the table, the whole table as for a file, the panel with its order."""
    officer, call, at = world["officer"], world.call, clock.now()

    def panel() -> object:
        found = panel_of(officer, call, at)
        return rules.standing(found.panel), rules.criteria(found.panel)

    return {
        "page": lambda: table_lines(table_rows(officer, call, at, ALL)[:PAGE], officer),
        "table": lambda: table_lines(table_rows(officer, call, at, ALL), officer),
        "panel": panel,
    }


def letters(source: Application, number: int) -> None:
    """Ours from the decision in force to the bytes, beside the engine given the same words; in turns of fifty.

    The engine remembers the last few papers, so each has words of its own and comes again only fifty papers later.
    """
    at = clock.now()
    keys = list(
        Application.objects.filter(call=source.call, status="deciding").values_list("pk", flat=True)[:number]
    )
    here = Path(pdf.__file__).parent
    stamp = at.astimezone(UTC).replace(microsecond=0)

    def words_of(key: int) -> str:
        told = letter_of(letter_subject(Application.objects.get(pk=key), at))
        data = glyphs.breakable(glyphs.shown(told.as_data() | {"family": glyphs.FAMILY, "end": words.RECORD}))
        return json.dumps(data | {"title": data["subject"]}, ensure_ascii=False)

    def bare(given: str) -> object:
        return typst.compile(
            str(here / "letter.typ"), root=str(here), format="pdf", font_paths=[*glyphs.font_directories()],
            ignore_system_fonts=True, sys_inputs={"letter": given}, pdf_standards=["a-2a", "ua-1"], timestamp=stamp,
        )  # fmt: skip

    def ours(key: int) -> object:
        return render_pdf(letter_of(letter_subject(Application.objects.get(pk=key), at)), at=at)

    mine = floor = mine_wall = floor_wall = 0.0
    for begin in range(0, len(keys), 50):
        chunk = keys[begin : begin + 50]
        prepared = [words_of(key) for key in chunk]
        with measured() as taken:
            for key in chunk:
                ours(key)
        mine, mine_wall = mine + taken.cpu, mine_wall + taken.wall
        with measured() as taken:
            for given in prepared:
                bare(given)
        floor, floor_wall = floor + taken.cpu, floor_wall + taken.wall
    say("letters", f"{len(keys)} in {mine_wall:.1f} s, {mine:.1f} s of the processor")
    say("bare loop of the engine", f"{floor_wall:.1f} s, {floor:.1f} s of the processor")
    say(
        "letters beside the bare loop",
        f"{floor / mine:.2f} of its rate ({floor_wall / mine_wall:.2f} by the clock)",
    )


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, size in (("small", 1_000), ("large", 10_000), ("reviewers", 5), ("letters", 1_000)):
        parser.add_argument(f"--{name}", type=int, default=size)
    asked = parser.parse_args()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        with clock.at(cases.NOW):
            world = cases.world()
            source = cases.deciding(world)
        spare_collector()  # as the web server does
        with clock.at(cases.AFTER_CLOSING):
            say("engine", connection.vendor)
            sizes(world, source, asked.small, asked.large, asked.reviewers)
            letters(source, asked.letters)
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    with override_settings(DEBUG=False):
        main()
