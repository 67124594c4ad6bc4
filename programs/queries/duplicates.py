"""Programs that look the same: pairs among those a publisher looks after, each with the reasons.

A pair is found by one of three: the same folded title, similar titles of the same owner (of their two-character keys
at least seven of ten in common), or the same official page. A page that more than `MOST_OF_A_PAGE` programs name is a list and
tells nothing; a program and its component, and components of one program, are no pair. Keys that more than `COMMON`
programs of an owner have (事業, 支援) lead to no candidates by themselves, so that the work grows with the catalogue.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final
from urllib.parse import urlsplit

from core.actor import Actor
from core.text import bigrams, fold
from core.web_address import unfit
from programs.enums import Publication
from programs.models import DistinctPair, Program
from programs.queries.revisions import curated

SIMILAR: Final = 7, 10
MOST_OF_A_PAGE: Final = 5
COMMON: Final = 60
_NOISE: Final = re.compile(r"【[^】]*】|[\s・、,()（）「」『』\-－ー]|令和\d+年度")


@dataclass(frozen=True)
class Look:
    """What of a program is compared."""

    pk: int
    slug: str
    title: str
    owner_id: int
    owner: str
    parent_id: int | None
    url: str


@dataclass(frozen=True)
class Pair:
    """Two programs, the one with the lower key first, and why they look the same."""

    first: Look
    second: Look
    reasons: list[str] = field(default_factory=list)


def likely_pairs(actor: Actor) -> list[Pair]:
    """The pairs nobody has decided about, by title; four queries at any size."""
    looks = _looks(actor)
    decided = set(DistinctPair.objects.values_list("first_id", "second_id"))
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for words, pairs in (("公式ページが同じ", _same_page(looks.values())), *_titles(looks.values())):
        for pair in pairs:
            if pair not in decided and not _related(looks[pair[0]], looks[pair[1]]):
                reasons[pair].append(words)
    found = [Pair(looks[first], looks[second], told) for (first, second), told in reasons.items()]
    return sorted(
        found, key=lambda pair: (-len(pair.reasons), pair.first.title, pair.first.pk, pair.second.pk)
    )


def decided_pairs(actor: Actor) -> list[DistinctPair]:
    """What was decided about programs the actor looks after, newest first."""
    mine = curated(actor).values("pk")
    rows = DistinctPair.objects.filter(first__in=mine, second__in=mine)
    return list(rows.select_related("first", "second")[:200])


def pair_of(actor: Actor, first: str, second: str) -> tuple[Program, Program] | None:
    """Two different programs an actor looks after, the one with the lower key first; None otherwise."""
    rows = curated(actor).filter(slug__in=[first, second]).select_related("owner", "parent")
    found = list(rows.prefetch_related("tags", "years").order_by("pk"))
    return (found[0], found[1]) if len(found) == 2 else None  # noqa: PLR2004 - two programs


def _looks(actor: Actor) -> dict[int, Look]:
    rows = curated(actor).exclude(publication=Publication.WITHDRAWN).order_by("pk")
    columns = rows.values_list("pk", "slug", "title", "owner_id", "owner__name", "parent_id", "url")
    return {row[0]: Look(*row) for row in columns.iterator(chunk_size=5000)}


def _related(one: Look, other: Look) -> bool:
    if other.pk == one.parent_id or one.pk == other.parent_id:
        return True
    return one.parent_id is not None and one.parent_id == other.parent_id


def _same_page(looks: Iterable[Look]) -> Iterator[tuple[int, int]]:
    pages: dict[str, list[int]] = defaultdict(list)
    for look in looks:
        if look.url and not unfit(look.url):
            pages[_page(look.url)].append(look.pk)
    for group in pages.values():
        if len(group) <= MOST_OF_A_PAGE:
            yield from combinations(group, 2)


def _page(url: str) -> str:
    """An address without what leads to the same page all the same."""
    parts = urlsplit(url.strip())
    host = parts.netloc.casefold().removeprefix("www.")
    path = parts.path.rstrip("/").removesuffix("/index.html")
    return f"{host}{path}?{parts.query}"


def _titles(looks: Iterable[Look]) -> list[tuple[str, list[tuple[int, int]]]]:
    same: list[tuple[int, int]] = []
    like: list[tuple[int, int]] = []
    plain = {look.pk: _NOISE.sub("", fold(look.title)) for look in looks}
    groups: dict[str, list[int]] = defaultdict(list)
    owned: dict[int, list[int]] = defaultdict(list)
    for look in looks:
        groups[plain[look.pk]].append(look.pk)
        owned[look.owner_id].append(look.pk)
    for keys in groups.values():
        same += combinations(keys[:COMMON], 2)
    for keys in owned.values():
        like += _alike({pk: bigrams(plain[pk]) for pk in keys}, plain)
    return [("名前が同じ", same), ("同じ団体で名前がよく似ている", like)]


def _alike(keyed: dict[int, frozenset[str]], plain: dict[int, str]) -> Iterator[tuple[int, int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for pk, keys in keyed.items():
        for key in keys:
            holders[key].append(pk)
    candidates = {
        pair for group in holders.values() if 1 < len(group) <= COMMON for pair in combinations(group, 2)
    }
    for first, second in sorted(candidates):
        shared = len(keyed[first] & keyed[second])
        whole = len(keyed[first] | keyed[second])
        if plain[first] != plain[second] and shared * SIMILAR[1] >= SIMILAR[0] * whole:
            yield first, second
