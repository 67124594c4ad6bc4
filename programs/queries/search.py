"""The one search of the catalogue: criteria, hits in order, and the counts beside each facet.

Pages, API, alerts and exports all ask here. Text is compared on folded columns, so every substring of a
title or text is found whatever its width, case or kana; the index of two-character keys says where to look
(programs.models.searching). A word also finds its synonyms, a phrase stands as
typed. Every condition is one `Q` of `conditions`; whoever leaves one out asks the same question without it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable

from core.actor import ANONYMOUS, Actor
from core.text import bigram_keys, fold
from programs.enums import (
    AMOUNT_BOUNDS,
    ROUNDLESS_KINDS,
    AmountRange,
    AudienceScope,
    Facet,
    Fit,
    Level,
    Offering,
)
from programs.models import BudgetLine, Call, Holders, Program, ProgramTag, ProgramYear
from programs.models.program import ProgramQuerySet
from programs.models.searching import BODY, TITLE, looked_up
from programs.rules import EXCLUDED_TYPES, Place

ORDERS = {"narrow": "地域が狭い順、締切が近い順", "deadline": "締切が近い順", "kana": "五十音順"}
KEY_LENGTH = 2
"""A word of so many characters occurs exactly where its key does."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟", '"'))
_PHRASE = re.compile(r'"([^"]*)"|「([^「」]*)」|『([^『』]*)』')
_PIECE = re.compile(r'[\s"＂“”„‟「」『』｢｣]+')


@dataclass(frozen=True)
class Criteria:
    """What somebody looks for. Empty members do not restrict; several values of one member mean "or".

    `words` are folded and all of them must occur (`terms` makes them from what was typed), those of them in
    `exact` as they stand, the others also by a synonym; the other members hold codes of `programs.enums`,
    `owners` codes of organizations, `fiscal_year` a start year.
    `place` sorts what a municipality cannot use to the end, `fits` keeps only those judgements.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    area: str = ""
    place: Place | None = None
    fits: tuple[int, ...] = ()
    fiscal_year: int | None = None
    amounts: tuple[str, ...] = ()
    open_now: bool = False
    order: str = "narrow"

    def without(self, member: str) -> "Criteria":
        """The same criteria with one member empty."""
        empty: dict[str, Any] = {member: type(self).__dataclass_fields__[member].default}
        return replace(self, **empty)

    @property
    def active(self) -> tuple[str, ...]:
        """The members that restrict the result, in the order of the class."""
        passive = {"text", "exact", "order", "place"}
        blank: tuple[object, ...] = ((), "", None, False)
        return tuple(
            name
            for name in self.__dataclass_fields__
            if name not in passive and getattr(self, name) not in blank
        )


def terms(text: str) -> tuple[str, ...]:
    """What must occur: phrases between "…", “…”, 「…」 or 『…』, and the other words, split at spaces.

    A single quote mark without its partner is an ordinary character, so that pasted text is found.
    """
    return tuple(dict.fromkeys([*phrases(text), *_PHRASE.sub(" ", _quoted(text)).split()]))


def phrases(text: str) -> tuple[str, ...]:
    """Those of the terms that stood between quotes: they are looked for as they stand, without synonyms."""
    found = ("".join(groups).strip() for groups in _PHRASE.findall(_quoted(text)))
    return tuple(dict.fromkeys(phrase for phrase in found if phrase))


def as_typed(text: str) -> dict[str, str]:
    """The spelling somebody typed for each folded word, for pages; phrases of several words are not in it."""
    return {fold(piece): piece for piece in _PIECE.split(text) if piece}


def _quoted(text: str) -> str:
    """Folded, with one kind of double quote."""
    return fold(text).translate(_QUOTES)


def search(criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS) -> ProgramQuerySet:
    """The programs an actor may see that meet the criteria, in order.

    What the chosen municipality cannot use comes last; before it title hits (when there are words), what
    needs checking after what is usable, the narrowest area, the nearest deadline, 五十音. Annotates `nearest_deadline`, `usable_now` and `fit_code`.
    """
    found = judged(criteria, at, actor)
    for condition in conditions(criteria, at).values():
        found = found.filter(condition)
    return _ordered(found, criteria)


def hits(criteria: Criteria) -> tuple[list[int], list[int]]:
    """The numbers of the programs that hold the words, whoever may see them, and of those with all in the title.

    One statement. Where keys are the answer, no program is read.
    """
    words, exact = criteria.words, criteria.exact
    if not exact and all(len(word) == KEY_LENGTH for word in words):
        body, title = (
            frozenset[str]().union(*(bigram_keys(word, mark) for word in words)) for mark in (BODY, TITLE)
        )
        return looked_up(body, title)
    anywhere = Program.objects.filter(has_words(words, exact)).order_by().values_list("pk", Value(0))
    titled = Program.objects.filter(in_title(words)).order_by().values_list("pk", Value(1))
    found: tuple[list[int], list[int]] = ([], [])
    for program, in_the_title in anywhere.union(titled, all=True):
        found[in_the_title].append(program)
    return found


def hits_of_each(criteria: Criteria) -> list[list[int]]:
    """The numbers of the programs that hold each word, whoever may see them; one statement for all words."""
    found: list[list[int]] = [[] for _ in criteria.words]
    if not found:
        return found
    first, *others = (
        Program.objects.filter(has_words([word], criteria.exact)).order_by().values_list("pk", Value(place))
        for place, word in enumerate(criteria.words)
    )
    for program, place in first.union(*others, all=True):
        found[place].append(program)
    return found


def judged(criteria: Criteria, at: datetime, actor: Actor = ANONYMOUS) -> ProgramQuerySet:
    """Everything an actor may see, with the annotations that `conditions` rest on."""
    return _annotated(Program.objects.visible_to(actor, at), criteria, at)


def conditions(criteria: Criteria, at: datetime) -> dict[str, Q]:
    """What each active member asks of a program that `judged` has read, by the name of the member."""
    stated = {
        "words": has_words(criteria.words, criteria.exact),
        "levels": Q(level__in=criteria.levels),
        "kinds": Q(kind__in=criteria.kinds),
        "audiences": _tagged(Facet.AUDIENCE, criteria.audiences),
        "themes": _tagged(Facet.THEME, criteria.themes),
        "owners": Q(owner__code__in=criteria.owners),
        "statuses": Q(offering__in=criteria.statuses),
        "area": ~area_excludes(criteria.area),
        "fits": Q(fit_code__in=criteria.fits),
        "fiscal_year": Q() if criteria.fiscal_year is None else _of_year(criteria.fiscal_year, at),
        "amounts": _of_amounts(criteria.amounts),
        "open_now": Q(usable_now=1),
    }
    return {member: stated[member] for member in criteria.active}


def has_words(words: Iterable[str], exact: Iterable[str] = ()) -> Q:
    """Every word occurs, by itself or (those not in `exact`) by a synonym.

    The index answers for words of two characters. Longer words and phrases are looked up and read again, a single
    character is read for.
    """
    literal = frozenset(exact)
    keys: set[str] = set()
    found = Q()
    for word in words:
        keys |= bigram_keys(word)
        here = Q(search_text__contains=word)
        if word in literal:
            found &= here
        elif len(word) != KEY_LENGTH:
            found &= here | Q(search_synonyms__contains=word)
    return Q(pk__in=Holders(keys)) & found if keys else found


def _tagged(facet: Facet, codes: tuple[str, ...]) -> Q:
    return Q(Exists(ProgramTag.objects.filter(program=OuterRef("pk"), facet=facet, code__in=codes)))


def _of_amounts(codes: tuple[str, ...]) -> Q:
    """Programs whose largest amount lies in one of the ranges (`programs.rules.amount_range`)."""
    found = Q(pk__in=[])
    for code in codes:
        found |= _of_amount(code)
    return found


def _of_amount(code: str) -> Q:
    if code == AmountRange.NONE:
        return Q(largest_amount__isnull=True)
    bounds = list(AMOUNT_BOUNDS)
    if code == AmountRange.OVER_20M:
        return Q(largest_amount__gt=AMOUNT_BOUNDS[bounds[-1]])
    place = bounds.index(code)
    above = Q(largest_amount__gt=AMOUNT_BOUNDS[bounds[place - 1]]) if place else Q()
    return above & Q(largest_amount__lte=AMOUNT_BOUNDS[code])


def _annotated(programs: ProgramQuerySet, criteria: Criteria, at: datetime) -> ProgramQuerySet:
    own_or_parents = Q(program=OuterRef("pk")) | Q(program=OuterRef("parent_id"))
    published = Call.objects.published(at).filter(own_or_parents)
    nearest = Call.objects.open_at(at).filter(own_or_parents).order_by("closes_at").values("closes_at")[:1]
    roundless = Q(kind__in=ROUNDLESS_KINDS) & ~Exists(published)
    return programs.annotate(
        nearest_deadline=Case(
            When(offering=Offering.ACTIVE, then=Subquery(nearest)), output_field=DateTimeField()
        ),
        fit_code=fit_expression(criteria.place),
    ).annotate(
        usable_now=Case(
            When(
                Q(offering=Offering.ACTIVE) & (Q(nearest_deadline__isnull=False) | roundless), then=Value(1)
            ),
            default=Value(0),
            output_field=IntegerField(),
        )
    )


def _ordered(programs: ProgramQuerySet, criteria: Criteria) -> ProgramQuerySet:
    deadline = F("nearest_deadline").asc(nulls_last=True)
    kana: tuple[str, ...] = ("title_kana", "slug")
    if criteria.order == "kana":
        return programs.order_by(*kana)
    if criteria.order == "deadline":
        return programs.order_by(deadline, "area_rank", *kana)
    # A member that is the same for all is left out: PostgreSQL reads a bare 0 in ORDER BY as a position.
    outside = Case(When(Q(fit_code=int(Fit.NO)), then=Value(1)), default=Value(0))
    out_of_place, by_fit = ([outside], [F("fit_code").asc()]) if criteria.place else ([], [])
    by_title = [_title_rank(criteria.words)] if criteria.words else []
    return programs.order_by(*out_of_place, *by_title, *by_fit, "area_rank", deadline, *kana)


def in_title(words: Iterable[str]) -> Q:
    """Every word stands in the title, another name, or one of these in another wording."""
    keys: set[str] = set()
    found = Q()
    for word in words:
        keys |= bigram_keys(word, TITLE)
        if len(word) != KEY_LENGTH:
            found &= Q(search_title__contains=word)
    return Q(pk__in=Holders(keys)) & found if keys else found


def _title_rank(words: Iterable[str]) -> Combinable:
    """0 for programs with every word in the title, 1 for the others."""
    return Case(When(in_title(words), then=Value(0)), default=Value(1))


def _of_year(year: int, at: datetime) -> Q:
    """Programs of which a source or a published call says something for a fiscal year."""
    rows = (ProgramYear.objects.all(), BudgetLine.objects.all(), Call.objects.published(at))
    said = [Exists(row.filter(program=OuterRef("pk"), fiscal_year=year)) for row in rows]
    return Q(said[0]) | Q(said[1]) | Q(said[2])


# --- Area ---------------------------------------------------------------------------------------------


def area_excludes(area: str) -> Q:
    """Programs that nobody in an area (accounts.enums.Area) can use."""
    elsewhere = (Q(level=Level.MUNICIPAL) | Q(audience_scope=AudienceScope.SINGLE)) & ~Q(owner__area=area)
    other = {AudienceScope.TAMA.value, AudienceScope.ISLANDS.value} - {area}
    excluded = elsewhere | Q(audience_scope__in=sorted(other))
    if area == "wards":
        excluded |= Q(audience_scope__in=[AudienceScope.SHI_CHO_SON, AudienceScope.CHO_SON])
    return excluded


def fit_expression(place: Place | None) -> Combinable:
    """`programs.rules.combined_fit`, said to the database: 0 usable, 1 to be checked, 2 not; 0 without a place."""
    if place is None:
        return Value(int(Fit.YES), output_field=IntegerField())
    single = Q(level=Level.MUNICIPAL) | Q(audience_scope=AudienceScope.SINGLE)
    by_area = [scope for scope in (AudienceScope.TAMA, AudienceScope.ISLANDS) if scope.value != place.area]
    by_type = [scope for scope, types in EXCLUDED_TYPES.items() if place.municipal_type in types]
    ruled = {fit: [key for key, ruling in place.rulings.items() if ruling.fit is fit] for fit in Fit}
    return Case(
        When(single & ~Q(owner__code=place.code), then=Value(int(Fit.NO))),
        When(audience_scope__in=[*by_area, *by_type], then=Value(int(Fit.NO))),
        When(pk__in=ruled[Fit.NO], then=Value(int(Fit.NO))),
        When(pk__in=ruled[Fit.CHECK], then=Value(int(Fit.CHECK))),
        When(~single & ~Q(pk__in=ruled[Fit.YES]) & Q(audience_scope=""), then=Value(int(Fit.CHECK))),
        default=Value(int(Fit.YES)),
        output_field=IntegerField(),
    )
