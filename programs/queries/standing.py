"""The catalogue as the public sees it between two instants, held in memory: what facets and pages count and order.

A `Standing` is of a version of the catalogue (`programs.models.versioning`) and a moment: it serves as long
as nothing was written and no call opened or closed; then the next one is made from it (`programs.queries.current`).
Programs are positions in the ordinary order (narrowest area, nearest deadline, 五十音), sets of programs are integers
with a bit for each position. It holds nothing about readers, and nobody changes it: `patched` makes another one.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import compress, islice
from typing import Any, Final, overload

from accounts.enums import Area
from core.actor import ANONYMOUS, Actor
from programs.enums import AudienceScope, Facet, Fit, Level
from programs.queries.search import Criteria, judged
from programs.queries.tags import YEAR, Tags, tags_and_years
from programs.queries.towns import towns
from programs.rules import EXCLUDED_TYPES, Place, amount_range, reaches_area

AREAS: Final = (Area.TAMA, Area.ISLANDS, Area.WARDS)
_SCOPE: Final = "scope"
_COMPONENT: Final = "component"
_COLUMNS: Final = (
    *("pk", "level", "kind", "offering", "owner__code", "owner__name", "usable_now"),
    *("largest_amount", "audience_scope", "owner__area", "area_rank", "nearest_deadline"),
    *("title_kana", "slug", "parent_id"),
)
Key = tuple[int, datetime, str, str]
"""What the ordinary order goes by: width of the area, nearest deadline, reading, public id. No two are the same."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_ZERO, _ONE = b"01"
_ZERO_ONE: Final = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True)
class Standing:
    """Programs by position (`pks`) with what they are ordered by (`keys`), their audiences and themes (`tags`), the set
    of those that hold a code by criteria member (`held`), names of owners, and the municipalities by code."""

    pks: list[int]
    keys: list[Key]
    tags: list[Mapping[str, frozenset[str]]]
    held: dict[str, dict[str, int]]
    names: Mapping[str, str]
    places: Mapping[str, Place]

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Name of each owner by code, in the order of their first programs."""
        held = self.held["owners"]
        return {code: self.names[code] for code in sorted(held, key=lambda code: held[code] & -held[code])}

    @cached_property
    def orders(self) -> Mapping[str, list[int]]:
        """The other orders, as positions."""
        keys, places = self.keys, range(len(self.keys))
        return {
            "kana": sorted(places, key=lambda place: keys[place][2:]),
            "deadline": sorted(places, key=lambda place: (keys[place][1], keys[place][0], *keys[place][2:])),
        }

    @cached_property
    def position(self) -> dict[int, int]:
        """Where each program stands."""
        return {pk: place for place, pk in enumerate(self.pks)}

    @cached_property
    def _slots(self) -> "array[int]":
        """By program, the digit of `bits` that is its own; 0, which is no position's, for what does not stand here."""
        slots = array("i", [0]) * (max(self.pks, default=0) + 1)
        for place, pk in enumerate(self.pks):
            slots[pk] = len(self.pks) - place
        return slots

    @cached_property
    def everything(self) -> int:
        """The set of all."""
        return (1 << len(self.pks)) - 1

    @property
    def components(self) -> int:
        """The set of those that are a component (内訳) of another."""
        return self.held[_COMPONENT].get("1", 0)

    @cached_property
    def usable(self) -> Mapping[str, int]:
        """The set each municipality can use, as far as the sources tell, by its code in 建制順."""
        return {code: self.fits(place)[fit_name(Fit.YES)] for code, place in self.places.items()}

    def the_set(self, pks: Iterable[int]) -> int:
        """Those programs, as far as they stand here.

        By a table of numbers, not by `position`: for a word that half of 100,000 programs hold, looking each up there
        was most of the search.
        """
        slots = self._slots
        marked, known = bytearray(b"0") * (len(self.pks) + 1), len(slots)
        for pk in pks:
            if pk < known:
                marked[slots[pk]] = _ONE
        marked[0] = _ZERO
        return int(marked, 2)

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
        if self.order == "narrow" and len(self.groups) == 1 and self.total == len(self.standing.pks):
            return self.standing.pks[start:stop]  # everything, as it stands: nothing to walk through
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
        marked[size - place] = _ONE  # the highest position stands first
    return int(marked, 2)


def flags(found: int, size: int) -> bytes:
    """1 for each position in the set, 0 for the others."""
    return format(found, f"0{size}b").encode().translate(_ZERO_ONE)[::-1]


# --- Making one ---------------------------------------------------------------------------------------

Row = tuple[Any, ...]
"""One scanned line (_COLUMNS)."""


def build(at: datetime, actor: Actor = ANONYMOUS, token: str = "") -> Standing:
    """Read all of it: two queries, one of programs and one of their audiences, themes and years; `token` as for `towns`."""
    rows = sorted(judged(Criteria(), at, actor).order_by().values_list(*_COLUMNS), key=_key)
    tags = tags_and_years({row[0] for row in rows}, at) if rows else {}
    positions: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(rows):
        for member, code in _codes(row, tags):
            positions[member][code].append(place)
    held = {
        member: {code: bits(places, len(rows)) for code, places in codes.items()}
        for member, codes in positions.items()
    }
    return Standing(
        pks=[row[0] for row in rows],
        keys=[_key(row) for row in rows],
        tags=[tags.get(row[0], {}) for row in rows],
        held=defaultdict(dict, held),
        names={row[4]: row[5] for row in rows},
        places=towns(token),
    )


def patched(
    base: Standing, pks: Collection[int], at: datetime, actor: Actor = ANONYMOUS, token: str = ""
) -> Standing:
    """Another one, in which these programs alone are read again, or are gone; two queries, as long as there are any."""
    rows: list[Row] = []
    if pks:
        rows = sorted(
            judged(Criteria(), at, actor).filter(pk__in=pks).order_by().values_list(*_COLUMNS), key=_key
        )
    tags = tags_and_years({row[0] for row in rows}, at, narrowed=True) if rows else {}
    numbers, keys, held_tags = list(base.pks), list(base.keys), list(base.tags)
    sets = {member: dict(codes) for member, codes in dict(base.held).items()}
    for place in sorted((base.position[pk] for pk in pks if pk in base.position), reverse=True):
        del numbers[place], keys[place], held_tags[place]
        _closed(sets, place)
    for row in rows:
        key = _key(row)
        place = bisect_left(keys, key)
        numbers.insert(place, row[0])
        keys.insert(place, key)
        held_tags.insert(place, tags.get(row[0], {}))
        _opened(sets, place)
        for member, code in _codes(row, tags):
            codes = sets.setdefault(member, {})
            codes[code] = codes.get(code, 0) | 1 << place
    left = {member: {code: found for code, found in codes.items() if found} for member, codes in sets.items()}
    names = {**base.names, **{row[4]: row[5] for row in rows}}
    return Standing(numbers, keys, held_tags, defaultdict(dict, left), names, towns(token))


def _closed(sets: Mapping[str, dict[str, int]], place: int) -> None:
    """Take a position out of every set; those behind it move up."""
    below = (1 << place) - 1
    for codes in sets.values():
        for code, found in codes.items():
            codes[code] = found >> place + 1 << place | found & below


def _opened(sets: Mapping[str, dict[str, int]], place: int) -> None:
    """Make room for a position in every set; those from it on move down."""
    below = (1 << place) - 1
    for codes in sets.values():
        for code, found in codes.items():
            codes[code] = found >> place << place + 1 | found & below


def _key(row: Row) -> Key:
    return row[10], row[11] or _NEVER, row[12], row[13]


def _codes(row: Row, tags: Tags) -> Iterator[tuple[str, str]]:
    """Every code one scanned line holds, by criteria member."""
    pk, level, kind, offering, owner, _, usable, amount, scope, area, *_, parent = row
    held = tags.get(pk, {})
    yield "levels", level
    yield "kinds", kind
    yield "statuses", offering
    yield "owners", owner
    yield "amounts", amount_range(amount).value
    yield _SCOPE, scope
    if parent is not None:
        yield _COMPONENT, "1"
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
