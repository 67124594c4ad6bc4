"""Public pages of adopted projects."""

from collections import Counter
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import resolve_citations
from core import clock, fiscal_year
from core.access import access, actor_of
from programs.models import AdoptedProject
from programs.queries.catalogue import visible_projects
from programs.views.figures import office, sources


@access(public=True)
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """All adopted projects with the map of who takes part."""
    at = clock.now()
    projects = list(visible_projects(actor_of(request), at))
    counts = Counter(code for project in projects for code in _codes(project))
    context = {
        "projects": [(project, year_of(project, at)) for project in projects],
        "counts": dict(counts),
        "leads": sorted({project.lead.code for project in projects}),
        "by_year": [
            (fiscal_year.label(year), number)
            for year, number in sorted(Counter(each.adopted_fiscal_year for each in projects).items())
        ],
    }
    return render(request, "projects/list.html", context)


@access(public=True)
@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One adopted project; 404 when the reader may not see it."""
    at = clock.now()
    project = visible_projects(actor_of(request), at).filter(slug=slug).first()
    if project is None:
        raise Http404
    members = [project.lead, *(membership.organization for membership in project.memberships.all())]
    context = {
        "project": project,
        "year": year_of(project, at),
        "members": members,
        "codes": [member.code for member in members],
        "sources": sources(resolve_citations(project.citations)),
        "office": office(project.program),
    }
    return render(request, "projects/detail.html", context)


def _codes(project: AdoptedProject) -> list[str]:
    return [project.lead.code, *(membership.organization.code for membership in project.memberships.all())]


def year_of(project: AdoptedProject, at: datetime) -> int | None:
    """Which year of its support a project is in at an instant, or None outside."""
    return project.year_number(fiscal_year.fiscal_year_of(clock.today(at)))
