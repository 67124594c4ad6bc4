"""How many programs each further choice would leave. A facet never counts itself away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core import fiscal_year
from core.actor import ANONYMOUS, Actor
from programs.enums import AmountRange, Audience, Fit, Kind, Level, Offering, Theme
from programs.queries.current import Moment, current
from programs.queries.search import Criteria, hits
from programs.queries.standing import AREAS, Ranked, Standing, fit_name, ranked
from programs.queries.tags import Tags


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
class TownCount:
    """A municipality of the select, and how many of the programs it can use, as far as the sources tell."""

    code: str
    name: str
    area: str
    count: int


@dataclass(frozen=True)
class FacetCounts:
    """All facets, how many programs meet the whole criteria (`total`), how those split by fit, and how many of what
    the other criteria leave each municipality can use (`towns`, in 建制順)."""

    total: int
    groups: tuple[FacetGroup, ...]
    fits: Mapping[str, int]
    towns: tuple[TownCount, ...]


@dataclass(frozen=True)
class Found:
    """What a page of results shows: the counts, the numbers of the programs in order, and their tags."""

    counts: FacetCounts
    ids: Ranked

    def tags(self, pks: Iterable[int]) -> Tags:
        """Audiences and themes of some of them; no query."""
        standing = self.ids.standing
        return {pk: standing.tags[standing.position[pk]] for pk in pks}


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
_WORDS: dict[str, dict[str, str]] = {
    "area": {area.value: str(area.label) for area in AREAS},
    "levels": {str(code): str(word) for code, word in Level.choices},
    "kinds": {str(code): str(word) for code, word in Kind.choices},
    "audiences": {str(code): str(word) for code, word in Audience.choices},
    "themes": {str(code): str(word) for code, word in Theme.choices},
    "amounts": {str(code): str(word) for code, word in AmountRange.choices},
    "statuses": {str(code): str(word) for code, word in Offering.choices},
    "fits": {fit.name.lower(): str(fit.label) for fit in Fit},
    "open_now": {"1": "いま使える・申し込める"},
}


def find(criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS, named: Moment | None = None) -> Found:
    """The search of `programs.queries.search` with its counts, from the catalogue as it stands.

    Only words are asked of the database, once. Each choice is counted among the programs that meet all criteria but
    those of its own facet. `named` is the moment of `at` where it is known already.
    """
    standing = current(at, actor, named)
    ground, titles = standing.everything, standing.everything
    if criteria.words:
        holding, in_title = hits(criteria)
        ground, titles = standing.the_set(holding), standing.the_set(in_title)
    held, chosen = held_by(standing, criteria), _chosen(criteria)
    asked = restrictions(held, criteria)
    found = all_of(ground, asked.values())
    years = sorted(set(held["fiscal_year"]) | chosen["fiscal_year"], reverse=True)
    words = _WORDS | {
        "owners": {code: code for code in criteria.owners} | dict(standing.owners),
        "fiscal_year": {year: fiscal_year.label(int(year)) for year in years},
    }
    groups = tuple(
        _group(
            name,
            title,
            among=all_of(ground, (kept for other, kept in asked.items() if other != member)),
            held=held[member],
            ticked=chosen[member],
            words=words[member],
        )
        for name, member, title in _FACETS
        if member != "fits" or criteria.place is not None
    )
    fits = {name: (found & those).bit_count() for name, those in held["fits"].items()}
    anywhere = all_of(ground, (kept for member, kept in asked.items() if member != "fits"))
    counts = FacetCounts(found.bit_count(), groups, fits, _towns(standing, anywhere))
    return Found(counts, ranked(standing, found, criteria, titles))


def in_order(criteria: Criteria, at: datetime, named: Moment | None = None) -> Ranked:
    """The numbers of what everybody finds, in order; nothing else is counted. `named` as for `find`."""
    standing = current(at, named=named)
    ground, titles = standing.everything, standing.everything
    if criteria.words:
        holding, in_title = hits(criteria)
        ground, titles = standing.the_set(holding), standing.the_set(in_title)
    asked = restrictions(held_by(standing, criteria), criteria)
    return ranked(standing, all_of(ground, asked.values()), criteria, titles)


def facets(criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS) -> FacetCounts:
    """The counts alone."""
    return find(criteria, at, actor).counts


def held_by(standing: Standing, criteria: Criteria) -> Mapping[str, Mapping[str, int]]:
    """The sets that hold each code by criteria member, the judgements on the chosen municipality among them."""
    return standing.held | {"fits": standing.fits(criteria.place)}


def restrictions(held: Mapping[str, Mapping[str, int]], criteria: Criteria) -> dict[str, int]:
    """What each active member but the words leaves of the catalogue."""
    return {member: _any_of(held[member], codes) for member, codes in _chosen(criteria).items() if codes}


def all_of(ground: int, conditions: Iterable[int]) -> int:
    """What several conditions leave of a set."""
    for condition in conditions:
        ground &= condition
    return ground


def _towns(standing: Standing, among: int) -> tuple[TownCount, ...]:
    usable = standing.usable
    return tuple(
        TownCount(code, place.name, place.area, (among & usable[code]).bit_count())
        for code, place in standing.places.items()
    )


def _any_of(held: Mapping[str, int], codes: Iterable[str]) -> int:
    found = 0
    for code in codes:
        found |= held.get(code, 0)
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
        "fits": [fit_name(Fit(code)) for code in criteria.fits],
        "open_now": ["1"] if criteria.open_now else [],
    }
    return {member: frozenset(codes) for member, codes in values.items()}


def _group(
    name: str,
    title: str,
    *,
    among: int,
    held: Mapping[str, int],
    ticked: frozenset[str],
    words: Mapping[str, str],
) -> FacetGroup:
    counts = {code: (among & those).bit_count() for code, those in held.items()}
    choices = tuple(
        FacetChoice(code, word, counts.get(code, 0), code in ticked)
        for code, word in words.items()
        if counts.get(code) or code in ticked
    )
    return FacetGroup(name, title, choices, single=name in _SINGLE)
