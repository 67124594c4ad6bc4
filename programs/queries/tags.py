"""Audiences, themes and fiscal years of many programs at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from programs.models import BudgetLine, Call, Program, ProgramTag, ProgramYear

Tags = Mapping[int, Mapping[str, frozenset[str]]]
"""Codes by program and facet."""
YEAR: Final = "year"
"""Beside the facets: the fiscal years that are spoken of."""


def tags_of(programs: Iterable[Program]) -> Tags:
    """Audiences and themes of some programs, in one query."""
    held: defaultdict[int, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = ProgramTag.objects.filter(program__in=[row.pk for row in programs]).order_by()
    for program, facet, code in rows.values_list("program_id", "facet", "code"):
        held[program][facet].add(code)
    return _frozen(held)


def _frozen(held: Mapping[int, Mapping[str, set[str]]]) -> Tags:
    return {
        program: {facet: frozenset(codes) for facet, codes in by_facet.items()}
        for program, by_facet in held.items()
    }


def tags_and_years(programs: set[int], at: datetime, *, narrowed: bool = False) -> Tags:
    """Audiences, themes, and (YEAR) the fiscal years a source or a published call speaks of, in one query.

    `narrowed` asks for the rows of these programs, which serves where they are few; else all are read.
    """
    asked = Q(program__in=programs) if narrowed else Q()
    columns = ("program_id", "said", "code")
    tags = ProgramTag.objects.filter(asked).order_by().annotate(said=Cast("facet", CharField()))
    speaking = (ProgramYear.objects.all(), BudgetLine.objects.all(), Call.objects.published(at))
    rows = tags.values_list("program_id", "said", Cast("code", CharField())).union(
        *(_years(rows.filter(asked)).values_list(*columns) for rows in speaking), all=True
    )
    held: defaultdict[int, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for program, facet, code in rows:
        if program in programs:
            held[program][facet].add(code)
    return _frozen(held)


def _years(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Rows that speak of a fiscal year, in the columns of a tag."""
    speaking: QuerySet[Any] = rows.filter(fiscal_year__isnull=False).order_by()
    year = Cast(F("fiscal_year"), CharField())
    found: QuerySet[Any] = speaking.annotate(said=Value(YEAR, output_field=CharField()), code=year)
    return found
