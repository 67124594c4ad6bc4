"""Reads of programs, calls and projects with what a page or the API shows of them. Dates are arguments."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Prefetch, Subquery

from accounts.models import Organization
from core.actor import ANONYMOUS, Actor
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
from programs.queries.facets import Found
from programs.queries.places import place_of
from programs.queries.search import Criteria, search
from programs.queries.tags import Tags, tags_of

UNSHOWN = ("search_title", "search_text", "search_synonyms")
"""Columns that only a search reads."""


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


def listed(programs: ProgramQuerySet) -> ProgramQuerySet:
    """A search with what a line reads of the program's own row: owner, parent, newest budget. No further query."""
    newest = BudgetLine.objects.filter(program=OuterRef("pk"), fiscal_year__isnull=False).order_by(
        "-fiscal_year", "pk"
    )
    return programs.select_related("owner", "parent").annotate(
        budget_year=Subquery(newest.values("fiscal_year")[:1]), budget=Subquery(newest.values("amount")[:1])
    )


def with_lines(programs: Iterable[Program], tags: Tags, at: datetime) -> list[ListedProgram]:
    """The programs of one page (read through `listed`) with their calls, in one query; `tags` were counted."""
    rows = list(programs)
    sources = {row.pk for row in rows} | {row.parent_id for row in rows if row.parent_id is not None}
    calls: defaultdict[int, list[Call]] = defaultdict(list)
    if sources:
        for call in Call.objects.published(at).filter(program__in=sources).order_by("closes_at", "pk"):
            calls[call.program_id].append(call)
    return [_listed(row, calls, tags) for row in rows]


def page_of(found: Found, pks: Sequence[int], at: datetime, actor: Actor = ANONYMOUS) -> list[ListedProgram]:
    """The programs of one page of what was found, in its order; two queries, one of programs and one of calls.

    Numbers come first, so nothing is joined for the pages before.
    """
    rows = listed(Program.objects.visible_to(actor, at).filter(pk__in=pks)).defer(*UNSHOWN).order_by()
    held = {row.pk: row for row in rows}
    return with_lines([held[pk] for pk in pks if pk in held], found.tags(held), at)


def compared(slugs: Sequence[str], at: datetime, actor: Actor = ANONYMOUS) -> list[ListedProgram]:
    """The programs an actor sees among some, in the order asked for; three queries."""
    found = {row.slug: row for row in listed(Program.objects.visible_to(actor, at).filter(slug__in=slugs))}
    rows = [found[slug] for slug in slugs if slug in found]
    return with_lines(rows, tags_of(rows), at)


def _listed(row: Program, calls: Mapping[int, list[Call]], tags: Tags) -> ListedProgram:
    row.held_tags = tags.get(row.pk, {})
    year, amount = getattr(row, "budget_year", None), getattr(row, "budget", None)
    budget = Budget(year, amount) if year is not None and amount is not None else None
    above = calls.get(row.parent_id, []) if row.parent_id is not None else []
    return ListedProgram(row, [*calls.get(row.pk, []), *above], budget)


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
