"""How many programs each further choice would leave. A facet never counts itself away."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from accounts.enums import Area
from core import fiscal_year
from core.actor import ANONYMOUS, Actor
from programs.enums import AmountRange, Audience, Facet, Fit, Kind, Level, Offering, Theme
from programs.models import BudgetLine, Call, Program, ProgramTag, ProgramYear
from programs.queries.search import Criteria, candidates
from programs.rules import amount_range, reaches_area

Tags = Mapping[int, Mapping[str, frozenset[str]]]
"""Codes by program and facet."""


@dataclass(frozen=True)
class FacetChoice:
    """One box: its code and word, how many programs it stands for, whether it is ticked."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetGroup:
    """One facet: the query parameter, its title, and its boxes; `single` when only one can be chosen."""

    name: str
    title: str
    choices: tuple[FacetChoice, ...]
    single: bool = False

    @property
    def any_chosen(self) -> bool:
        """Whether one of its boxes is ticked."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class FacetCounts:
    """All facets, how many programs meet the whole criteria (`total`), how those split by fit, and the
    audiences and themes that were read for it."""

    total: int
    groups: tuple[FacetGroup, ...]
    fits: Mapping[str, int]
    tags: Tags


@dataclass(frozen=True)
class _Row:
    """The codes of one candidate, by criteria member."""

    values: Mapping[str, frozenset[str]]


# query parameter, criteria member, title
_FACETS = (
    ("fit", "fits", "使えるか"),
    ("open", "open_now", "受付"),
    ("area", "area", "使える地域"),
    ("level", "levels", "出している所"),
    ("kind", "kinds", "支援の種類"),
    ("audience", "audiences", "使える人"),
    ("theme", "themes", "テーマ"),
    ("amount", "amounts", "金額（最も大きいもの）"),
    ("fiscal_year", "fiscal_year", "年度"),
    ("owner", "owners", "所管"),
    ("status", "statuses", "実施の状態"),
)
_SINGLE = frozenset({"area", "fiscal_year"})
_AREAS = (Area.TAMA, Area.ISLANDS, Area.WARDS)
_YEAR = "year"
_WORDS: dict[str, dict[str, str]] = {
    "area": {area.value: str(area.label) for area in _AREAS},
    "levels": {str(code): str(word) for code, word in Level.choices},
    "kinds": {str(code): str(word) for code, word in Kind.choices},
    "audiences": {str(code): str(word) for code, word in Audience.choices},
    "themes": {str(code): str(word) for code, word in Theme.choices},
    "amounts": {str(code): str(word) for code, word in AmountRange.choices},
    "statuses": {str(code): str(word) for code, word in Offering.choices},
    "fits": {fit.name.lower(): str(fit.label) for fit in Fit},
    "open_now": {"1": "いま使える・申し込める"},
}


_COLUMNS: tuple[str, ...] = (
    *("pk", "level", "kind", "offering", "owner__code", "owner__name", "fit_code", "usable_now"),
    *("largest_amount", "audience_scope", "owner__area"),
)


def facets(criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS) -> FacetCounts:
    """Count in two queries: one narrow scan of the candidates, one of their audiences, themes and years.

    Each choice is counted among the programs that meet all criteria but those of its own facet.
    """
    scan = list(candidates(criteria, at, actor).values_list(*_COLUMNS))
    tags = _tags({row[0] for row in scan}, at) if scan else {}
    rows = [_row(found, tags) for found in scan]
    chosen = _chosen(criteria)
    years = sorted({year for row in rows for year in row.values["fiscal_year"]} | chosen["fiscal_year"])
    words = _WORDS | {
        "owners": {code: code for code in criteria.owners} | {row[4]: row[5] for row in scan},
        "fiscal_year": {year: fiscal_year.label(int(year)) for year in reversed(years)},
    }
    groups = tuple(
        _group(name, member, title, rows=rows, chosen=chosen, words=words[member])
        for name, member, title in _FACETS
        if member != "fits" or criteria.place is not None
    )
    hits = [row for row in rows if _meets(row, chosen, "")]
    fits = Counter(name for row in hits for name in row.values["fits"])
    return FacetCounts(len(hits), groups, fits, tags)


def _row(found: tuple[Any, ...], tags: Tags) -> _Row:
    """The codes of one scanned line (see _COLUMNS)."""
    pk, level, kind, offering, owner, _, fit, usable, amount, scope, area = found
    held = tags.get(pk, {})
    where = {"level": level, "scope": scope, "owner_area": area}
    return _Row(
        {
            "levels": frozenset({level}),
            "kinds": frozenset({kind}),
            "statuses": frozenset({offering}),
            "owners": frozenset({owner}),
            "fits": frozenset({fit_name(fit)}),
            "open_now": frozenset({"1"} if usable else ()),
            "amounts": frozenset({amount_range(amount).value}),
            "area": frozenset(code.value for code in _AREAS if reaches_area(**where, area=code.value)),
            "audiences": held.get(Facet.AUDIENCE, frozenset()),
            "themes": held.get(Facet.THEME, frozenset()),
            "fiscal_year": held.get(_YEAR, frozenset()),
        }
    )


def fit_name(code: int) -> str:
    """The spelling of a judgement in addresses: yes, check, no."""
    return Fit(code).name.lower()


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


def _tags(programs: set[int], at: datetime) -> Tags:
    """Audiences, themes, and the fiscal years a source or a published call speaks of, in one query."""
    columns = ("program_id", "said", "code")
    tags = ProgramTag.objects.order_by().annotate(said=Cast("facet", CharField()))
    speaking = (ProgramYear.objects.all(), BudgetLine.objects.all(), Call.objects.published(at))
    rows = tags.values_list("program_id", "said", Cast("code", CharField())).union(
        *(_years(rows).values_list(*columns) for rows in speaking), all=True
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
    found: QuerySet[Any] = speaking.annotate(said=Value(_YEAR, output_field=CharField()), code=year)
    return found


def _chosen(criteria: Criteria) -> dict[str, frozenset[str]]:
    values: dict[str, Iterable[str]] = {
        "levels": criteria.levels,
        "kinds": criteria.kinds,
        "audiences": criteria.audiences,
        "themes": criteria.themes,
        "owners": criteria.owners,
        "statuses": criteria.statuses,
        "amounts": criteria.amounts,
        "area": [criteria.area] if criteria.area else [],
        "fiscal_year": [] if criteria.fiscal_year is None else [str(criteria.fiscal_year)],
        "fits": [fit_name(code) for code in criteria.fits],
        "open_now": ["1"] if criteria.open_now else [],
    }
    return {member: frozenset(codes) for member, codes in values.items()}


def _meets(row: _Row, chosen: Mapping[str, frozenset[str]], but: str) -> bool:
    return all(
        not codes or member == but or not codes.isdisjoint(row.values[member])
        for member, codes in chosen.items()
    )


def _group(
    name: str,
    member: str,
    title: str,
    *,
    rows: list[_Row],
    chosen: Mapping[str, frozenset[str]],
    words: Mapping[str, str],
) -> FacetGroup:
    counts = Counter(code for row in rows if _meets(row, chosen, member) for code in row.values[member])
    ticked = chosen[member]
    choices = tuple(
        FacetChoice(code, word, counts[code], code in ticked)
        for code, word in words.items()
        if counts[code] or code in ticked
    )
    return FacetGroup(name, title, choices, single=name in _SINGLE)
