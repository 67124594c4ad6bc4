"""What the contract's addresses read: the one search of the catalogue, for everybody, with one round a program."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q

from core.actor import ANONYMOUS
from programs.enums import AudienceScope, Facet, Level
from programs.exp import vocabulary
from programs.exp.identity import slug_of
from programs.exp.parameters import Wanted
from programs.models import Program, ProgramTag
from programs.models.program import ProgramQuerySet
from programs.queries.rounds import with_round
from programs.queries.search import Criteria, search

_TOLD: Final = ("round_opens", "round_closes", "round_cap")
_READ: Final = (
    *("slug", "title", "level", "audience_scope", "kind", "money"),
    *("parent__title", "parent__publication", "parent__published_at"),
)
"""Columns a row of the search is made of."""


def found(wanted: Wanted, at: datetime) -> ProgramQuerySet:
    """The programs a client looks for, in its order; without a date last in both orders, ties by reading and slug.

    Open are those of which the search finds a round open at `at`. Industry and number of employees restrict
    nothing that names none (no source does): an industry nobody knows finds nothing.
    """
    programs = with_round(search(Criteria(words=wanted.words), at, ANONYMOUS), at, *_TOLD)
    if wanted.open_only:
        programs = programs.filter(Q(nearest_deadline__isnull=False))
    if wanted.purposes:
        programs = programs.filter(_serves(wanted.purposes))
    if wanted.industries and vocabulary.INDUSTRIES.isdisjoint(wanted.industries):
        programs = programs.none()
    if wanted.area:
        programs = programs.filter(_states(wanted.area))
    for word in wanted.institution:
        programs = programs.filter(_of_scheme(word, at))
    moment = F(wanted.sort)
    ordered = moment.desc(nulls_last=True) if wanted.descending else moment.asc(nulls_last=True)
    return programs.select_related("parent").only(*_READ).order_by(ordered, "title_kana", "slug")


def _serves(purposes: tuple[str, ...]) -> Q:
    themes = ProgramTag.objects.filter(
        program=OuterRef("pk"), facet=Facet.THEME, code__in=vocabulary.themes_for(purposes)
    )
    return Q(kind__in=vocabulary.kinds_for(purposes)) | Q(Exists(themes))


def _states(area: str) -> Q:
    everywhere = Q(level=Level.NATIONAL) | Q(audience_scope=AudienceScope.NATIONWIDE)
    if area == vocabulary.NATIONWIDE:
        return everywhere
    return ~everywhere if area in vocabulary.WITH_TOKYO else Q(pk__in=[])


def _of_scheme(word: str, at: datetime) -> Q:
    """Whose scheme's name holds the word: that of the program it is a component of, where the public sees it."""
    above = Exists(
        Program.objects.visible_to(ANONYMOUS, at).filter(
            pk=OuterRef("parent_id"), search_title__contains=word
        )
    )
    hidden = ~Exists(Program.objects.visible_to(ANONYMOUS, at).filter(pk=OuterRef("parent_id")))
    return Q(above) | (Q(hidden) & Q(search_title__contains=word))


def by_identifier(identifier: str, at: datetime) -> Program | None:
    """One program everybody sees, with what its detail needs; None for any other identifier."""
    slug = slug_of(identifier, _every_slug)
    if slug is None:
        return None
    visible = with_round(Program.objects.visible_to(ANONYMOUS, at), at, *_TOLD)
    return visible.select_related("owner", "parent").prefetch_related("tags").filter(slug=slug).first()


def _every_slug() -> Iterator[str]:
    return Program.objects.order_by().values_list("slug", flat=True).iterator(chunk_size=5000)
