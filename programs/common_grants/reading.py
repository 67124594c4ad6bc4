"""The opportunities that meet a question, in its order: narrow rows first, whole programs only for one page."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Max, OuterRef, Subquery

from core.actor import ANONYMOUS
from programs import rules
from programs.common_grants.asking import Asked
from programs.enums import AvailabilityState, Kind
from programs.funding import printed
from programs.models import Call, Program
from programs.models.program import ProgramQuerySet
from programs.queries.freshness import UNRECORDED, checked_days, first_known, last_known
from programs.queries.rounds import with_round
from programs.queries.search import Criteria
from programs.queries.search import search as catalogue_search

CURRENCY: Final = "JPY"
_NAMESPACE: Final = uuid.UUID("6f6a4f0a-5a55-5d0f-9a3e-0f2f3c1f7b11")
_COLUMNS: Final = (
    *("pk", "slug", "title", "offering", "kind", "last_year", "published_at", "money", "citations"),
    *("round_opens", "round_closes", "round_cap", "round_budget", "round_capacity", "announced"),
)
_known: dict[uuid.UUID, str] = {}
"""Identifiers met so far in this process; a slug never changes, so an entry is never wrong."""


@dataclass(frozen=True)
class Opportunity:
    """What is asked and sorted by. Amounts are yen, moments instants; None is not known."""

    pk: int
    slug: str
    title: str
    status: str
    state: rules.Availability
    opens_at: datetime | None
    closes_at: datetime | None
    total: int | None
    most: int | None
    count: int | None
    created_at: datetime
    modified_at: datetime
    least: int | None = None


def identifier(slug: str) -> uuid.UUID:
    """The UUID of a program (version 5, from its slug), the same after every load."""
    return uuid.uuid5(_NAMESPACE, slug)


def matching(asked: Asked, at: datetime) -> list[Opportunity]:
    """Every opportunity that meets the question, in its order; what is not known comes last either way."""
    found = [each for each in _all(asked.words, at) if _meets(each, asked)]
    found.sort(key=lambda each: each.slug)
    known = [each for each in found if _key(each, asked.sort) is not None]
    unknown = [each for each in found if _key(each, asked.sort) is None]
    known.sort(key=lambda each: _key(each, asked.sort), reverse=asked.descending)
    return known + unknown


def one(wanted: uuid.UUID, at: datetime) -> Opportunity | None:
    """One opportunity everybody sees, by its UUID."""
    if wanted not in _known:
        slugs = Program.objects.order_by().values_list("slug", flat=True)
        _known.update((identifier(slug), slug) for slug in slugs.iterator(chunk_size=5000))
    slug = _known.get(wanted)
    if slug is None:
        return None
    return next(_opportunities(Program.objects.visible_to(ANONYMOUS, at).filter(slug=slug), at), None)


def whole(page: Sequence[Opportunity], at: datetime) -> list[tuple[Opportunity, Program]]:
    """The programs behind a page of opportunities."""
    rows = Program.objects.visible_to(ANONYMOUS, at).select_related("owner").prefetch_related("tags")
    programs = {row.pk: row for row in rows.filter(pk__in=[each.pk for each in page])}
    return [(each, programs[each.pk]) for each in page if each.pk in programs]


def _all(words: tuple[str, ...], at: datetime) -> Iterator[Opportunity]:
    return _opportunities(catalogue_search(Criteria(words=words), at, ANONYMOUS).order_by(), at)


def _opportunities(programs: ProgramQuerySet, at: datetime) -> Iterator[Opportunity]:
    days = checked_days()
    newest = Call.objects.published(at).filter(program=OuterRef("pk")).order_by().values("program")
    rows = with_round(programs, at).annotate(
        announced=Subquery(newest.annotate(newest=Max(F("published_at"))).values("newest"))
    )
    for row in rows.values(*_COLUMNS).iterator(chunk_size=2000):
        yield _opportunity(row, days, at)


def _opportunity(row: dict[str, Any], days: Any, at: datetime) -> Opportunity:
    opens, closes = row["round_opens"], row["round_closes"]
    windows = [rules.Window(opens, closes)] if opens is not None else []
    state = rules.availability(
        offering=row["offering"], kind=row["kind"], windows=windows, at=at, last_year=row["last_year"]
    )
    first = first_known(row["published_at"], row["citations"], days)
    stated = printed.cap(row["money"], pays_directly=row["kind"] == Kind.GRANT)
    return Opportunity(
        pk=row["pk"],
        slug=row["slug"],
        title=row["title"],
        status=_status(state, at),
        state=state,
        opens_at=opens,
        closes_at=closes,
        total=row["round_budget"],
        most=row["round_cap"] if stated is None else stated,
        count=row["round_capacity"],
        created_at=first or UNRECORDED,
        modified_at=last_known(first, [row["announced"]]) or UNRECORDED,
    )


def _status(state: rules.Availability, at: datetime) -> str:
    """open, forecasted (a round or the program itself is still to come), closed, or custom: nobody says when."""
    if state.state in {AvailabilityState.OPEN, AvailabilityState.YEAR_ROUND}:
        return "open"
    coming = state.opens_at is not None and state.opens_at > at
    if coming or state.state is AvailabilityState.PLANNED:
        return "forecasted"
    return "custom" if state.state is AvailabilityState.ASK else "closed"


def _meets(each: Opportunity, asked: Asked) -> bool:
    if each.status not in asked.statuses:
        return False
    if asked.closes is not None and not asked.closes.holds(each.closes_at):
        return False
    return all(
        wanted.holds(_decimal(getattr(each, column)), CURRENCY) for column, wanted in asked.amounts.items()
    )


def _decimal(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


def _key(each: Opportunity, sort: str) -> Any:
    return {
        "lastModifiedAt": each.modified_at,
        "createdAt": each.created_at,
        "title": each.title,
        "status.value": each.status,
        "keyDates.closeDate": each.closes_at,
        "funding.maxAwardAmount": each.most,
        "funding.minAwardAmount": each.least,
        "funding.totalAmountAvailable": each.total,
        "funding.estimatedAwardCount": each.count,
    }[sort]


def page_of(found: Sequence[Opportunity], asked: Asked) -> Iterable[Opportunity]:
    """The rows of the page asked for; none beyond the last."""
    first = (asked.page - 1) * asked.size
    return found[first : first + asked.size]
