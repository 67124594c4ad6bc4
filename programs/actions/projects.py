"""The public record of adopted projects: written when a result is announced, taken off when it no longer stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import Organization
from core import clock
from core.actor import Actor
from core.exceptions import Refused
from programs.models import AdoptedProject, Program, ProgramEvent, ProjectActor, ProjectMember, ProjectResult

ANNOUNCING_ROLES = frozenset({"officer", "decider", "publisher"})


@dataclass(frozen=True)
class ProjectFacts:
    """What the public may know. `partners` without the lead; `outline` a list of text; `actors` names in order.

    `groups` are those of them that stand for several bodies (各市の商工会議所).
    """

    program: Program
    title: str
    adopted_fiscal_year: int
    max_years: int
    lead: Organization
    partners: Sequence[Organization]
    actors: Sequence[str]
    purpose: str
    outline: Sequence[str]
    is_fictional: bool = False
    groups: frozenset[str] = frozenset()


@transaction.atomic
def publish_project(
    *, slug: str, facts: ProjectFacts, by: Actor, at: datetime | None = None
) -> AdoptedProject:
    """Put an adopted project on view from `at` (default: now), or bring it up to date, and record it.

    Lead first, then partners in code order. A project already on view keeps its first instant. Raises Refused
    for anyone but the system and the program's owner's officers, deciders and publishers.
    """
    instant = at or clock.now()
    _require_owner(by, facts.program)
    project = AdoptedProject.objects.select_for_update().filter(slug=slug).first()
    created = project is None
    project = project or AdoptedProject(slug=slug, announced_at=instant)
    project.program, project.lead, project.title = facts.program, facts.lead, facts.title
    project.adopted_fiscal_year, project.max_years = facts.adopted_fiscal_year, facts.max_years
    project.purpose, project.outline, project.is_fictional = (
        facts.purpose,
        list(facts.outline),
        facts.is_fictional,
    )
    project.save()
    project.memberships.all().delete()
    ProjectMember.objects.bulk_create(
        ProjectMember(project=project, organization=partner)
        for partner in sorted(facts.partners, key=lambda partner: partner.code)
    )
    project.actors.all().delete()
    ProjectActor.objects.bulk_create(
        ProjectActor(project=project, name=name, position=position, is_group=name in facts.groups)
        for position, name in enumerate(dict.fromkeys(facts.actors))
    )
    _record(project, "publish_project" if created else "update_project", by, instant)
    return project


@transaction.atomic
def withdraw_project(*, slug: str, by: Actor, reason: str, at: datetime | None = None) -> bool:
    """Take a project off view whose decision no longer stands; True if there was one. The record keeps what stood.

    Raises Refused as `publish_project`.
    """
    instant = at or clock.now()
    project = (
        AdoptedProject.objects.select_for_update().filter(slug=slug).select_related("program", "lead").first()
    )
    if project is None:
        return False
    _require_owner(by, project.program)
    _record(project, "withdraw_project", by, instant, reason)
    project.delete()
    return True


@dataclass(frozen=True)
class ProjectOutcome:
    """One line of a project's results: a figure with its unit, words, or an address (https) with its title."""

    text: str
    fiscal_year: int
    value: int | Decimal | None = None
    unit: str = ""
    period_text: str = ""
    url: str = ""


@transaction.atomic
def replace_outcomes(
    *, slug: str, outcomes: Sequence[ProjectOutcome], by: Actor, at: datetime | None = None
) -> int:
    """Write the results of a project on view anew, in this order; how many, 0 where there is no such project.

    Raises Refused as `publish_project`.
    """
    project = (
        AdoptedProject.objects.select_for_update(of=("self",))
        .filter(slug=slug)
        .select_related("program", "lead")
        .first()
    )
    if project is None:
        return 0
    _require_owner(by, project.program)
    project.results.all().delete()
    ProjectResult.objects.bulk_create(
        ProjectResult(
            project=project, position=position, text=one.text, fiscal_year=one.fiscal_year, value=one.value,
            unit=one.unit, as_written=f"{one.value:,}{one.unit}" if one.value is not None else "",
            period_text=one.period_text, url=one.url,
        )
        for position, one in enumerate(outcomes)
    )  # fmt: skip
    _record(project, "update_results", by, at or clock.now())
    return len(outcomes)


def _require_owner(by: Actor, program: Program) -> None:
    if not by.is_system and not (by.belongs_to(program.owner_id) and by.has_role(*ANNOUNCING_ROLES)):
        raise Refused("採択事業を公表できるのは、制度の所管だけです。")


def _record(project: AdoptedProject, action: str, by: Actor, at: datetime, comment: str = "") -> ProgramEvent:
    return ProgramEvent.append(
        f"program:{project.program.slug}",
        by,
        action,
        comment=comment,
        at=at,
        payload={
            "project": project.slug,
            "title": project.title,
            "fiscal_year": project.adopted_fiscal_year,
            "lead": project.lead.code,
            "partners": sorted(project.partners.values_list("code", flat=True)),
            "actors": list(project.actors.values_list("name", flat=True)),
        },
        program=project.program,
    )
