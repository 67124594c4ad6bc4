"""One municipality at a glance: its designations, what it can use, its projects, its plans."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Area, DesignationState
from accounts.models import Designation, Organization
from accounts.queries import municipalities, organization_by_code, resolve_citations
from core import clock
from core.access import access, actor_of
from indicators.queries import plans_of_municipality
from programs.models import Program
from programs.queries.catalogue import municipality_programs

PAGE_SIZE = 10
OWN_SHOWN = 10


@dataclass(frozen=True)
class Offer:
    """A program with its state at the instant of the page."""

    program: Program
    state: object


@dataclass(frozen=True)
class AreaGroup:
    """The municipalities of one area in 建制順."""

    label: str
    rows: list[Organization]


@access(public=True)
@require_safe
def municipality_list(request: HttpRequest) -> HttpResponse:
    """All 62, the 39 of 多摩・島しょ first."""
    rows = list(municipalities())
    groups = [
        AreaGroup(Area(code).label, [row for row in rows if row.area == code])
        for code in (Area.TAMA, Area.ISLANDS, Area.WARDS)
    ]
    return render(request, "pages/municipalities.html", {"groups": groups})


@access(public=True)
@require_safe
def municipality_page(request: HttpRequest, code: str) -> HttpResponse:
    """One municipality; 404 for a code that is none."""
    organization = organization_by_code(code)
    if organization is None or not organization.is_municipality:
        raise Http404
    actor = actor_of(request)
    at = clock.now()
    designations = list(organization.designations.all())
    offers = municipality_programs(organization, at, actor)
    usable = Paginator(offers.usable, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/municipality.html",
        {
            "organization": organization,
            "designated": _with(designations, DesignationState.DESIGNATED),
            "not_designated": _with(designations, DesignationState.NOT_DESIGNATED),
            "unknown": _with(designations, DesignationState.UNKNOWN),
            "own": [Offer(program, program.availability(at)) for program in offers.own[:OWN_SHOWN]],
            "own_total": len(offers.own),
            "usable": [Offer(program, program.availability(at)) for program in usable],
            "page": usable,
            "projects": offers.projects,
            "plans": list(plans_of_municipality(actor, organization.pk)),
            "sources": resolve_citations([*organization.citations, *_citations(designations)]),
        },
    )


def _with(designations: list[Designation], state: DesignationState) -> list[Designation]:
    return [row for row in designations if row.state == state]


def _citations(designations: list[Designation]) -> list[dict[str, object]]:
    """The sources behind all designations, each once."""
    slugs = {item["source"] for row in designations for item in row.citations}
    return [{"source": slug, "lines": [], "note": ""} for slug in sorted(slugs)]
