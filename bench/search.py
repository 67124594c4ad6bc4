"""Search in numbers: each of 200 searches beside Django's `icontains` that returns the same, at 100,000 programs.

    [DATABASE_URL=postgres://…] python bench/search.py [--count 100000] [--minutes 60]

Makes and drops a database of its own. Prints one line a figure. Both sides of a pair run one after the other, so the
ratios hold on a machine that is busy with other things.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

import django

django.setup()

from catalogue import fill, queries
from django.core.management import call_command
from django.db import connection, reset_queries
from django.db.models import Case, Count, F, Q, Value, When
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from core import clock
from programs.actions.indexing import rebuild_index
from programs.models import Program, ProgramTag
from programs.models.searching_engine import size
from programs.queries.facets import find
from programs.queries.search import Criteria, judged, terms

AT = datetime(2026, 11, 21, 10, tzinfo=clock.JST)
PAGE = 20
Answer = tuple[int, dict[str, dict[str, int]], list[int]]


def ours(words: tuple[str, ...]) -> Answer:
    """Count, every facet, first page."""
    found = find(Criteria(words=words), AT)
    facets = {group.name: {each.value: each.count for each in group.choices} for group in found.counts.groups}
    return found.counts.total, facets, found.ids[:PAGE]


def icontains(words: tuple[str, ...]) -> Answer:
    """The same by Django: count, facets of columns, facets of tags, page: four statements, five facets of eleven."""
    condition, titled = Q(), Q()
    for word in words:
        condition &= Q(search_text__icontains=word) | Q(search_synonyms__icontains=word)
        titled &= Q(search_title__icontains=word)
    found = judged(Criteria(), AT).filter(condition)
    total = found.count()
    facets: dict[str, dict[str, int]] = {
        name: {} for name in ("level", "kind", "status", "audience", "theme")
    }
    columns = found.order_by().values_list("level", "kind", "offering").annotate(number=Count("pk"))
    for level, kind, offering, number in columns.values_list("level", "kind", "offering", "number"):
        for name, code in (("level", level), ("kind", kind), ("status", offering)):
            facets[name][code] = facets[name].get(code, 0) + number
    tags = (
        ProgramTag.objects.filter(program__in=found.order_by().values("pk"))
        .order_by()
        .values_list("facet", "code")
    )
    for facet, code, number in tags.annotate(number=Count("pk")):
        facets[facet][code] = number
    first = Case(When(titled, then=Value(0)), default=Value(1))
    deadline = F("nearest_deadline").asc(nulls_last=True)
    page = found.order_by(first, "area_rank", deadline, "title_kana", "slug").values_list("pk", flat=True)[
        :PAGE
    ]
    return total, facets, list(page)


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of the wall clock and the result."""
    start = time.perf_counter()
    found = what()
    return 1000 * (time.perf_counter() - start), found


def compare(minutes: float) -> None:
    """The pairs."""
    timed(lambda: ours(("支援",)))
    taken: list[tuple[float, float, int, str, str]] = []
    lost = extra = 0
    started = time.monotonic()
    for typed, kind in queries():
        if time.monotonic() - started > 60 * minutes:
            break
        words = terms(typed)
        fast, mine = sorted(
            (timed(lambda words=words: ours(words)) for _ in range(3)), key=lambda each: each[0]
        )[1]
        slow, theirs = timed(lambda words=words: icontains(words))
        lost, extra = lost + max(0, theirs[0] - mine[0]), extra + max(0, mine[0] - theirs[0])
        assert mine[2] == theirs[2], typed
        for name, counts in theirs[1].items():
            assert mine[1][name] == counts, (typed, name)
        taken.append((fast, slow, mine[0], kind, typed))
    ratios = sorted(slow / fast for fast, slow, *_ in taken)
    fasts = sorted(fast for fast, *_ in taken)
    print(
        f"searches: {len(taken)}, hits {sum(row[2] for row in taken):,}, recall {1.0 if not lost else 0:.1f}, lost {lost}, too many {extra}"
    )
    print(
        f"ours: median {statistics.median(fasts):.1f} ms, p95 {fasts[int(len(fasts) * 0.95)]:.1f} ms, most {fasts[-1]:.1f} ms"
    )
    print(f"icontains: median {statistics.median(row[1] for row in taken):.0f} ms")
    print(
        f"ratio: median {statistics.median(ratios):.0f}x, worst twentieth {ratios[len(ratios) // 20]:.1f}x, worst {ratios[0]:.1f}x"
    )
    for kind in ("two", "longer", "and"):
        of_kind = [row for row in taken if row[3] == kind]
        print(
            f"  {kind}: median {statistics.median(row[0] for row in of_kind):.1f} ms, ratio {statistics.median(row[1] / row[0] for row in of_kind):.0f}x"
        )
    common = sorted(taken, key=lambda row: -row[2])[:10]
    most = statistics.median(row[0] for row in common)
    print(
        f"commonest ten words ({common[-1][2]:,} to {common[0][2]:,} hits): {most:.1f} ms, {most / statistics.median(fasts):.1f} times the median"
    )
    slowest = max(taken)
    print(f"slowest: {slowest[4]} ({slowest[2]:,} hits) {slowest[0]:.1f} ms")


def settle() -> None:
    """Statistics as an operator's database has them."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=60, help="stop comparing after so long")
    options = parser.parse_args()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_reference", stdout=StringIO())
        print(f"engine: {connection.vendor}, programs: {options.count:,}, load {os.getloadavg()[0]:.1f}")
        taken, _ = timed(lambda: fill(options.count, AT))
        print(f"filled in {taken / 1000:.0f} s")
        taken, number = timed(rebuild_index)
        print(
            f"index rebuilt: {number:,} programs in {taken / 1000:.1f} s, {size(connection) / 2**20:.1f} MiB"
        )
        settle()
        taken, _ = timed(lambda: find(Criteria(), AT))
        print(f"catalogue in memory made in {taken / 1000:.1f} s")
        for number in (1, 30):
            Program.objects.filter(slug__in=[f"bench-{each}" for each in range(number)]).update(kind="loan")
            taken, _ = timed(lambda: find(Criteria(), AT))
            print(f"after a write to {number}: {taken:.0f} ms")
        taken, _ = timed(lambda: find(Criteria(), AT + timedelta(hours=8)))
        print(f"eight hours later: {taken:.0f} ms")
        for name, what in (("without words", ()), ("two characters", ("移住",)), ("longer", ("空キ家",))):
            with CaptureQueriesContext(connection) as seen:
                taken, _ = timed(lambda what=what: ours(what))
            print(f"{name}: {len(seen)} statements, {taken:.1f} ms")
        reset_queries()
        compare(options.minutes)
        print(f"load at the end {os.getloadavg()[0]:.1f}")
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
