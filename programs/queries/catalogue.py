"""Reads of programs, calls and projects with what a page or the API shows of them. Dates are arguments."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Prefetch, Q

from accounts.models import Organization
from core.actor import ANONYMOUS, Actor
from core.shelf import Newest
from programs.models import (
    AdoptedProject,
    BudgetLine,
    Call,
    Program,
    ProjectMember,
)
from programs.models.call import CallQuerySet
from programs.models.program import ProgramQuerySet
from programs.models.project import ProjectQuerySet
from programs.queries.current import Moment
from programs.queries.facets import Found
from programs.queries.places import place_of
from programs.queries.search import Criteria, search
from programs.queries.tags import Tags, tags_of

_LINE = (
    *("slug", "title", "summary", "level", "kind", "kind_label", "audience_scope", "offering"),
    *("phone", "money", "first_year", "last_year"),
    *("owner", "owner__code", "owner__name", "owner__municipal_type"),
    *("parent", "parent__slug", "parent__title", "parent__publication", "parent__published_at"),
)
"""Columns a line of a list shows, of the program itself, its owner and the program it is a component of."""
_CALL = ("program", "publication", "published_at", "opens_at", "closes_at", "is_fictional")
"""Columns of a call that say whether a program can be applied for."""


def with_list_parts(programs: ProgramQuerySet, at: datetime) -> ProgramQuerySet:
    """What a line of a list reads: owner, parent, facets, published calls (own and parent's), budgets.

    Five queries however many rows.
    """
    published = Call.objects.published(at)
    return programs.select_related("owner", "parent").prefetch_related(
        "tags",
        Prefetch("calls", published),
        Prefetch("parent__calls", published),
        Prefetch("budget_lines", BudgetLine.objects.order_by("-fiscal_year", "pk")),
    )


@dataclass(frozen=True)
class Budget:
    """A printed budget of a fiscal year in yen."""

    fiscal_year: int
    amount: int


@dataclass(frozen=True)
class ListedProgram:
    """A program of a list with the published calls it can be applied for by (its own, its parent's) and its
    newest budget."""

    program: Program
    calls: list[Call]
    budget: Budget | None


@dataclass(frozen=True)
class _Beside:
    """What stands beside programs in a list, by their numbers: published calls in order, and the newest budget."""

    calls: Mapping[int, Sequence[Call]]
    budgets: Mapping[int, Budget]


_beside: Final[Newest[Moment, _Beside]] = Newest()
"""That of every program, for a moment of the catalogue: few have a call or a budget, and both are short."""


def with_lines(
    programs: Iterable[Program], tags: Tags, at: datetime, named: Moment | None = None
) -> list[ListedProgram]:
    """The programs of one page with their calls and newest budgets; `tags` were counted.

    Two queries; none where `named`, the moment of the instant, has been asked for already.
    """
    rows = list(programs)
    sources = {row.pk for row in rows} | {row.parent_id for row in rows if row.parent_id is not None}
    if not sources:
        return []
    beside = _read_beside(Q(program__in=sources), at) if named is None else _all_beside(at, named)
    return [_listed(row, beside, tags) for row in rows]


def calls_beside(at: datetime, named: Moment) -> Mapping[int, Sequence[Call]]:
    """Published calls of every program by its number, in order; two queries, none where the moment was asked for."""
    return _all_beside(at, named).calls


def _all_beside(at: datetime, named: Moment) -> _Beside:
    return _beside.get(named, lambda: _read_beside(Q(), at))


def _read_beside(asked: Q, at: datetime) -> _Beside:
    calls: defaultdict[int, list[Call]] = defaultdict(list)
    for call in Call.objects.published(at).filter(asked).only(*_CALL).order_by("closes_at", "pk"):
        calls[call.program_id].append(call)
    budgets: dict[int, Budget] = {}
    lines = BudgetLine.objects.filter(asked, fiscal_year__isnull=False).order_by("-fiscal_year", "pk")
    for pk, year, amount in lines.values_list("program_id", "fiscal_year", "amount"):
        if year is not None:
            budgets.setdefault(pk, Budget(year, amount))
    return _Beside(dict(calls), budgets)


def page_of(
    found: Found, pks: Sequence[int], at: datetime, actor: Actor = ANONYMOUS, named: Moment | None = None
) -> list[ListedProgram]:
    """The programs of one page of what was found, in its order; one query, and those of `with_lines`.

    Numbers come first, so nothing is joined for the pages before; only what a line shows is read (_LINE).
    """
    rows = Program.objects.visible_to(actor, at).filter(pk__in=pks).select_related("owner", "parent")
    held = {row.pk: row for row in rows.only(*_LINE).order_by()}
    return with_lines([held[pk] for pk in pks if pk in held], found.tags(held), at, named)


def compared(slugs: Sequence[str], at: datetime, actor: Actor = ANONYMOUS) -> list[ListedProgram]:
    """The programs an actor sees among some, in the order asked for; four queries."""
    seen = Program.objects.visible_to(actor, at).filter(slug__in=slugs).select_related("owner", "parent")
    found = {row.slug: row for row in seen}
    rows = [found[slug] for slug in slugs if slug in found]
    return with_lines(rows, tags_of(rows), at)


def _listed(row: Program, beside: _Beside, tags: Tags) -> ListedProgram:
    row.held_tags = tags.get(row.pk, {})
    above = beside.calls.get(row.parent_id, ()) if row.parent_id is not None else ()
    return ListedProgram(row, [*beside.calls.get(row.pk, ()), *above], beside.budgets.get(row.pk))


def merged_slug(slug: str, at: datetime) -> str | None:
    """Where the address of a program leads that was merged into another one everybody sees; None for any other."""
    gone = Program.objects.filter(slug=slug, merged_into__in=Program.objects.visible_to(ANONYMOUS, at))
    return gone.values_list("merged_into__slug", flat=True).first()


def visible_calls(actor: Actor, at: datetime) -> CallQuerySet:
    """Calls an actor sees, with program and owner."""
    return Call.objects.visible_to(actor, at).select_related("program__owner", "program__parent")


def visible_projects(actor: Actor, at: datetime) -> ProjectQuerySet:
    """Adopted projects an actor sees, newest first, with everything a page shows of them."""
    members = ProjectMember.objects.select_related("organization").order_by("organization__code")
    return (
        AdoptedProject.objects.visible_to(actor, at)
        .select_related("program__owner", "lead")
        .prefetch_related(Prefetch("memberships", members), "actors", "results")
    )


@dataclass(frozen=True)
class MunicipalityPrograms:
    """What the catalogue says about one municipality.

    `own` are programs it offers itself, `usable` those of others it may use by area and kind of town (see
    `programs.rules.area_fit`), top level only; `projects` those it takes part in.
    """

    own: list[Program]
    usable: ProgramQuerySet
    projects: list[AdoptedProject]


def municipality_programs(
    organization: Organization, at: datetime, actor: Actor = ANONYMOUS
) -> MunicipalityPrograms:
    """Programs and projects of a municipality, for its page. `usable` is lazy and ordered as a search."""
    found = search(Criteria(place=place_of(organization), fits=(0,)), at, actor)
    own = with_list_parts(Program.objects.visible_to(actor, at).filter(owner=organization), at)
    usable = with_list_parts(found.exclude(owner=organization).filter(parent__isnull=True), at)
    projects = visible_projects(actor, at).taking_part(organization)
    return MunicipalityPrograms(list(own), usable, list(projects))
