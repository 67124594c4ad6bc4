"""What a saved search would tell: its criteria as data, and the news among what they find."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.queries import organization_by_code
from core import clock, fiscal_year
from core.wareki import long_date
from programs.enums import Fit, Offering
from programs.models import Call, Program, ProgramYear
from programs.queries.places import place_of
from programs.queries.search import Criteria, search

_PLACE = "place"
_TUPLES = frozenset(
    {"words", "exact", "levels", "kinds", "audiences", "themes", "owners", "statuses", "fits", "amounts"}
)


@dataclass(frozen=True)
class News:
    """A program a search finds, and what is new about it: `keys` name each fact once and for all."""

    slug: str
    title: str
    keys: Mapping[str, str]


def stored(criteria: Criteria) -> dict[str, Any]:
    """Criteria as plain data; of the place only the code, its facts are read anew each time."""
    data = {**asdict(criteria), _PLACE: criteria.place.code if criteria.place else ""}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}


def restored(data: Mapping[str, Any]) -> Criteria:
    """The criteria of plain data; members that were added since are empty, those that went are left out."""
    known = {field.name for field in fields(Criteria)}
    values: dict[str, Any] = {
        name: tuple(value) if name in _TUPLES else value
        for name, value in data.items()
        if name in known and name != _PLACE
    }
    body = organization_by_code(str(data.get(_PLACE) or "")) if data.get(_PLACE) else None
    return Criteria(**values, place=place_of(body) if body is not None else None)


def news(criteria: Criteria, at: datetime) -> list[News]:
    """Everything worth telling of what the public finds with these criteria, in their order; three queries.

    Told are programs as published (again after a new publication), calls that can be applied for or are to come
    (again when one that was announced ahead opens), and versions of this and later fiscal years: so a program that
    opens every year is told every year. What the
    chosen municipality cannot use is no news, nor is what has ended, unless somebody looks for that.
    """
    found = search(criteria, at)
    if criteria.place is not None:
        found = found.exclude(Q(fit_code=int(Fit.NO)))
    if not criteria.statuses:
        found = found.exclude(offering=Offering.ENDED)
    programs = list(found)
    calls, years = _calls(programs, at), _years(programs, at)
    return [News(row.slug, row.title, _facts(row, calls, years)) for row in programs]


def _facts(
    row: Program, calls: Mapping[int, Mapping[str, str]], years: Mapping[int, Mapping[str, str]]
) -> dict[str, str]:
    since = row.published_at.isoformat() if row.published_at else ""
    above = calls.get(row.parent_id, {}) if row.parent_id is not None else {}
    return {
        f"program:{row.slug}:{since}": "掲載を始めました。",
        **{f"{key}:{row.slug}": words for key, words in {**above, **calls.get(row.pk, {})}.items()},
        **{f"{key}:{row.slug}": words for key, words in years.get(row.pk, {}).items()},
    }


def _calls(programs: list[Program], at: datetime) -> Mapping[int, Mapping[str, str]]:
    """Announced calls that have not closed, of the programs and of those they are components of."""
    sources = {row.pk for row in programs} | {row.parent_id for row in programs if row.parent_id is not None}
    told: defaultdict[int, dict[str, str]] = defaultdict(dict)
    rows = (
        Call.objects.published(at).filter(program__in=sources, closes_at__gte=at).order_by("closes_at", "pk")
    )
    for call in rows:
        opens, closes = clock.today(call.opens_at), clock.local(call.closes_at)
        words = f"{call.name}。受付は{long_date(opens)}から{long_date(closes.date())}{closes:%H:%M}まで。"
        mark = "【架空】" if call.is_fictional else ""
        told[call.program_id][f"call:{call.public_id}"] = mark + words
        if call.published_at is not None and call.published_at < call.opens_at <= at:
            told[call.program_id][f"open:{call.public_id}"] = f"{mark}{call.name}の受付が始まりました。"
    return told


def _years(programs: list[Program], at: datetime) -> Mapping[int, Mapping[str, str]]:
    told: defaultdict[int, dict[str, str]] = defaultdict(dict)
    this_year = fiscal_year.fiscal_year_of(clock.today(at))
    rows = ProgramYear.objects.filter(
        program__in=[row.pk for row in programs], fiscal_year__gte=this_year
    ).order_by("fiscal_year")
    for program, year in rows.values_list("program_id", "fiscal_year"):
        told[program][f"year:{year}"] = f"{fiscal_year.label(year)}の内容を載せました。"
    return told
