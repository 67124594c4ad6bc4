"""Reads of programs, calls and projects with what a page or the API shows of them. Dates are arguments."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

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
from programs.queries.places import place_of
from programs.queries.search import Criteria, search


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
