"""How many programs each further choice would leave. A facet never counts itself away."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.actor import ANONYMOUS, Actor
from programs.enums import Audience, Facet, Fit, Kind, Level, Offering, Theme
from programs.models import ProgramTag
from programs.queries.search import Criteria, candidates


@dataclass(frozen=True)
class FacetChoice:
    """One box: its code and word, how many programs it stands for, whether it is ticked."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetGroup:
    """One facet: the query parameter, its title, and its boxes."""

    name: str
    title: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True)
class FacetCounts:
    """All facets, and how many programs meet the whole criteria (`total`), and how those split by fit."""

    total: int
    groups: tuple[FacetGroup, ...]
    fits: Mapping[str, int]


@dataclass(frozen=True)
class _Row:
    """The codes of one candidate, by criteria member."""

    values: Mapping[str, frozenset[str]]


# query parameter, criteria member, title
_FACETS = (
    ("fit", "fits", "使えるか"),
    ("open", "open_now", "受付"),
    ("level", "levels", "出している所"),
    ("kind", "kinds", "支援の種類"),
    ("audience", "audiences", "使える人"),
    ("theme", "themes", "テーマ"),
    ("owner", "owners", "所管"),
    ("status", "statuses", "実施の状態"),
)
_WORDS: dict[str, dict[str, str]] = {
    "levels": {str(code): str(word) for code, word in Level.choices},
    "kinds": {str(code): str(word) for code, word in Kind.choices},
    "audiences": {str(code): str(word) for code, word in Audience.choices},
    "themes": {str(code): str(word) for code, word in Theme.choices},
    "statuses": {str(code): str(word) for code, word in Offering.choices},
    "fits": {fit.name.lower(): str(fit.label) for fit in Fit},
    "open_now": {"1": "いま使える・申し込める"},
}


_COLUMNS: tuple[str, ...] = (
    *("pk", "level", "kind", "offering", "owner__code", "owner__name", "fit_code", "usable_now"),
)


def facets(criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS) -> FacetCounts:
    """Count in two queries: one narrow scan of the candidates, one of their audiences and themes.

    Each choice is counted among the programs that meet all criteria but those of its own facet.
    """
    found = candidates(criteria, at, actor)
    scan = list(found.values_list(*_COLUMNS))
    tags = _tags({row[0] for row in scan})
    owners = {code: code for code in criteria.owners} | {row[4]: row[5] for row in scan}
    rows = [
        _Row(
            {
                "levels": frozenset({row[1]}),
                "kinds": frozenset({row[2]}),
                "statuses": frozenset({row[3]}),
                "owners": frozenset({row[4]}),
                "fits": frozenset({fit_name(row[6])}),
                "open_now": frozenset({"1"} if row[7] else ()),
                "audiences": tags[row[0], Facet.AUDIENCE.value],
                "themes": tags[row[0], Facet.THEME.value],
            }
        )
        for row in scan
    ]
    chosen = _chosen(criteria)
    words = _WORDS | {"owners": owners}
    groups = tuple(
        _group(name, member, title, rows=rows, chosen=chosen, words=words[member])
        for name, member, title in _FACETS
        if member != "fits" or criteria.place is not None
    )
    hits = [row for row in rows if _meets(row, chosen, "")]
    fits = Counter(name for row in hits for name in row.values["fits"])
    return FacetCounts(len(hits), groups, fits)


def fit_name(code: int) -> str:
    """The spelling of a judgement in addresses: yes, check, no."""
    return Fit(code).name.lower()


def _tags(programs: set[int]) -> Mapping[tuple[int, str], frozenset[str]]:
    held: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for program, facet, code in ProgramTag.objects.values_list("program_id", "facet", "code"):
        if program in programs:
            held[program, facet].add(code)
    return defaultdict(frozenset, {key: frozenset(codes) for key, codes in held.items()})


def _chosen(criteria: Criteria) -> dict[str, frozenset[str]]:
    values: dict[str, Iterable[str]] = {
        "levels": criteria.levels,
        "kinds": criteria.kinds,
        "audiences": criteria.audiences,
        "themes": criteria.themes,
        "owners": criteria.owners,
        "statuses": criteria.statuses,
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
    return FacetGroup(name, title, choices)
