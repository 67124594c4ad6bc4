"""The catalogue as the public sees it between two instants, held in memory: what facets and pages count and order.

A `Standing` is made once for a version of the catalogue (`programs.models.versioning`) and a moment: it serves as long
as nothing was written and no call opened or closed. Programs are positions in the ordinary order (narrowest area,
nearest deadline, 五十音), sets of programs are integers with a bit for each position. It holds nothing about readers;
whoever sees more than the public gets one of their own, which is not kept.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import compress, islice
from typing import Any, Final, overload

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from accounts.enums import Area
from core import clock
from core.actor import ANONYMOUS, Actor
from core.shelf import Newest
from programs.enums import AudienceScope, Facet, Fit, Level
from programs.models import AdoptedProject, Call, Program
from programs.models.versioning import version
from programs.queries.search import Criteria, judged
from programs.queries.tags import YEAR, Tags, tags_and_years
from programs.queries.towns import towns
from programs.rules import EXCLUDED_TYPES, Place, amount_range, reaches_area

AREAS: Final = (Area.TAMA, Area.ISLANDS, Area.WARDS)
_SCOPE: Final = "scope"
_COLUMNS: Final = (
    *("pk", "level", "kind", "offering", "owner__code", "owner__name", "usable_now"),
    *("largest_amount", "audience_scope", "owner__area", "area_rank", "nearest_deadline"),
)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_ZERO_ONE: Final = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True)
class Standing:
    """Programs by position (`pks`), the set of those that hold a code by criteria member (`held`), names of owners,
    audiences and themes by position (`tags`), the other orders as positions, and the municipalities by code."""

    pks: list[int]
    held: dict[str, dict[str, int]]
    owners: Mapping[str, str]
    tags: list[Mapping[str, frozenset[str]]]
    orders: Mapping[str, list[int]]
    places: Mapping[str, Place]

    @cached_property
    def position(self) -> dict[int, int]:
        """Where each program stands."""
        return {pk: place for place, pk in enumerate(self.pks)}

    @cached_property
    def everything(self) -> int:
        """The set of all."""
        return (1 << len(self.pks)) - 1

    @cached_property
    def usable(self) -> Mapping[str, int]:
        """The set each municipality can use, as far as the sources tell, by its code in 建制順."""
        return {code: self.fits(place)[fit_name(Fit.YES)] for code, place in self.places.items()}

    def the_set(self, pks: Iterable[int]) -> int:
        """Those programs, as far as they stand here."""
        position = self.position
        return bits((position[pk] for pk in pks if pk in position), len(self.pks))

    def fits(self, place: Place | None) -> dict[str, int]:
        """Who can use a program as `programs.queries.search.fit_expression` says it to the database."""
        if place is None:
            return {fit_name(Fit.YES): self.everything}
        scopes, none = self.held[_SCOPE], 0
        single = self.held["levels"].get(Level.MUNICIPAL, 0) | scopes.get(AudienceScope.SINGLE, 0)
        ruled = {
            fit: self.the_set(key for key, ruling in place.rulings.items() if ruling.fit is fit)
            for fit in Fit
        }
        areas = (AudienceScope.TAMA.value, AudienceScope.ISLANDS.value)
        outside = [scope for scope in areas if scope != place.area]
        outside += [scope for scope, types in EXCLUDED_TYPES.items() if place.municipal_type in types]
        for named in outside:
            none |= scopes.get(named, 0)
        none |= (single & ~self.held["owners"].get(place.code, 0)) | ruled[Fit.NO]
        check = (ruled[Fit.CHECK] | (scopes.get("", 0) & ~single & ~ruled[Fit.YES])) & ~none
        return {
            fit_name(Fit.YES): self.everything & ~none & ~check,
            fit_name(Fit.CHECK): check,
            fit_name(Fit.NO): none,
        }


@dataclass(frozen=True)
class Ranked(Sequence[int]):
    """The numbers of the programs found, in order; cut out what a page shows."""

    standing: Standing
    found: int
    total: int
    groups: tuple[int, ...]
    order: str = "narrow"

    def __len__(self) -> int:
        return self.total

    @overload
    def __getitem__(self, wanted: int) -> int: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[int]: ...
    def __getitem__(self, wanted: int | slice) -> int | list[int]:
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        start, stop, _ = wanted.indices(self.total)
        return list(islice(iter(self), start, stop))

    def __iter__(self) -> Iterator[int]:
        pks = self.standing.pks
        if self.order != "narrow":
            marked = flags(self.found, len(pks))
            return (pks[place] for place in self.standing.orders[self.order] if marked[place])
        return (
            pk
            for group in self.groups
            if self.found & group
            for pk in compress(pks, flags(self.found & group, len(pks)))
        )


def ranked(standing: Standing, found: int, criteria: Criteria, titles: int) -> Ranked:
    """What was found in the order of the criteria; `titles` hold every word in their title."""
    whole = standing.everything
    outside, by_fit = [whole], [whole]
    if criteria.place is not None:
        fits = standing.fits(criteria.place)
        outside = [whole & ~fits[fit_name(Fit.NO)], fits[fit_name(Fit.NO)]]
        by_fit = [fits[fit_name(fit)] for fit in (Fit.YES, Fit.CHECK, Fit.NO)]
    by_title = [titles, whole & ~titles] if criteria.words else [whole]
    groups = tuple(a & b & c for a in outside for b in by_title for c in by_fit)
    return Ranked(standing, found, found.bit_count(), groups, criteria.order)


# --- Sets ---------------------------------------------------------------------------------------------


def bits(positions: Iterable[int], size: int) -> int:
    """The set of these positions below `size`."""
    marked = bytearray(b"0") * (size + 1)
    for place in positions:
        marked[size - place] = 49  # "1"; the highest position stands first
    return int(marked, 2)


def flags(found: int, size: int) -> bytes:
    """1 for each position in the set, 0 for the others."""
    return format(found, f"0{size}b").encode().translate(_ZERO_ONE)[::-1]


# --- Making one ---------------------------------------------------------------------------------------


def build(at: datetime, actor: Actor = ANONYMOUS, token: str = "") -> Standing:
    """Read it: two queries, one of programs and one of their audiences, themes and years; `token` as for `towns`."""
    scan = judged(Criteria(), at, actor).order_by("title_kana", "slug").values_list(*_COLUMNS)
    rows = list(scan)
    by_area = sorted(range(len(rows)), key=lambda kana: (rows[kana][10], rows[kana][11] or _NEVER, kana))
    place_of_kana = {kana: place for place, kana in enumerate(by_area)}
    ordered = [rows[kana] for kana in by_area]
    tags = tags_and_years({row[0] for row in rows}, at) if rows else {}
    positions: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(ordered):
        for member, code in _codes(row, tags):
            positions[member][code].append(place)
    held: dict[str, dict[str, int]] = {
        member: {code: bits(places, len(rows)) for code, places in codes.items()}
        for member, codes in positions.items()
    }
    by_deadline = sorted(range(len(rows)), key=lambda kana: (rows[kana][11] or _NEVER, rows[kana][10], kana))
    return Standing(
        pks=[row[0] for row in ordered],
        held=defaultdict(dict, held),
        owners={row[4]: row[5] for row in ordered},
        tags=[tags.get(row[0], {}) for row in ordered],
        orders={
            "kana": [place_of_kana[kana] for kana in range(len(rows))],
            "deadline": [place_of_kana[kana] for kana in by_deadline],
        },
        places=towns(token),
    )


def _codes(row: tuple[Any, ...], tags: Tags) -> Iterator[tuple[str, str]]:
    """Every code one scanned line (_COLUMNS) holds, by criteria member."""
    pk, level, kind, offering, owner, _, usable, amount, scope, area, _, _ = row
    held = tags.get(pk, {})
    yield "levels", level
    yield "kinds", kind
    yield "statuses", offering
    yield "owners", owner
    yield "amounts", amount_range(amount).value
    yield _SCOPE, scope
    if usable:
        yield "open_now", "1"
    for reached in AREAS:
        if reaches_area(level=level, scope=scope, owner_area=area, area=reached.value):
            yield "area", reached.value
    for member, name in (("audiences", Facet.AUDIENCE), ("themes", Facet.THEME), ("fiscal_year", YEAR)):
        for code in held.get(name, ()):
            yield member, code


def fit_name(fit: Fit) -> str:
    """The spelling of a judgement in addresses: yes, check, no."""
    return fit.name.lower()


# --- Keeping it -----------------------------------------------------------------------------------------

Moment = tuple[str, int, int, str]
"""Version, how many changes lie before the instant, how many not after it, and the Japanese date."""
_changes: Final[Newest[str, list[datetime]]] = Newest()
_kept: Final[Newest[Moment, Standing]] = Newest()


def moment(at: datetime, using: str = DEFAULT_DB_ALIAS) -> Moment:
    """What names the catalogue at an instant: two instants of one moment see the same. One statement, if known."""
    token = version(using)
    changes = _changes.get(token, lambda: _instants(using))
    return token, bisect_left(changes, at), bisect_right(changes, at), clock.today(at).isoformat()


def current(at: datetime, actor: Actor = ANONYMOUS, named: Moment | None = None) -> Standing:
    """The catalogue an actor sees at an instant; `named` is its moment, where that is known already."""
    if actor.is_system or actor.has_role("publisher"):
        return build(at, actor)
    known = named or moment(at)
    return _kept.get(known, lambda: build(at, token=known[0]))


def _instants(using: str) -> list[datetime]:
    """Every instant at which the public sees something else though nothing is written, in order."""
    columns: list[tuple[type[Model], str]] = [(Program, "published_at"), (AdoptedProject, "announced_at")]
    columns += [
        (Call, name) for name in ("opens_at", "closes_at", "precheck_due_at", "announce_at", "published_at")
    ]
    first, *others = (
        model._default_manager.using(using).exclude(**{name: None}).order_by().values_list(name)
        for model, name in columns
    )
    return sorted(row[0] for row in first.union(*others))
