"""Public pages of programs: the list with its search, and the sheet of one program."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.access import access, actor_of, allowed
from programs.enums import Offering, Publication
from programs.filters import CriteriaForm
from programs.models import Program
from programs.queries.catalogue import merged_slug
from programs.queries.facets import FacetCounts, find
from programs.queries.search import ORDERS, Criteria
from programs.queries.sheet import ProgramSheet, program_sheet
from programs.views import figures, readings
from programs.views.calls import steps_of
from programs.views.chips import advice, chips
from programs.views.compare import MOST as MOST_COMPARED
from programs.views.drawing import boxes, lines_of, town_options
from programs.views.keeping import kept, seen_by

PAGE_SIZE = 20
CITY_PLANS = {"132241": "tama-sangyo-shinko"}
"""The plan whose measure numbers a body's programs carry (`Program.measure_numbers`)."""


@access(public=True)
@require_safe
@kept
def program_list(request: HttpRequest) -> HttpResponse:
    """Search and browse; a faulty parameter is named above the result of the others (400)."""
    seen, actor = seen_by(request), actor_of(request)
    at = seen.at
    form = CriteriaForm(request.GET, seen.moment[0] if seen.moment else "")
    criteria = form.criteria()
    found = find(criteria, at, actor, seen.moment)
    counts = found.counts
    page: Page[int] = Paginator(found.ids, PAGE_SIZE).get_page(request.GET.get("page"))
    picked = list(dict.fromkeys(slug for slug in request.GET.getlist("compare") if slug))[:MOST_COMPARED]
    lines = lines_of(found, list(page), criteria, seen=seen, actor=actor, picked=picked)
    context = {
        "form": form,
        "typed": request.GET,
        "criteria": criteria,
        "counts": counts,
        "page": page,
        "lines": lines,
        "alert_query": form.query(),
        "picked": picked,
        "picked_elsewhere": [slug for slug in picked if slug not in {line.slug for line in lines}],
        "chips": chips(form, counts),
        "advice": advice(criteria, request.GET, at, actor, seen.moment) if not counts.total else [],
        "orders": ORDERS,
        "groups": [(group, boxes(group)) for group in counts.groups if group.choices],
        "towns": town_options(counts.towns, criteria.place.code if criteria.place else ""),
        "usable": _usable(criteria, counts),
    }
    return render(request, "programs/list.html", context, status=400 if form.errors else 200)


def _usable(criteria: Criteria, counts: FacetCounts) -> int | None:
    """How many of the hits the chosen municipality can use, as far as area and kind of town tell."""
    return counts.fits.get("yes", 0) if criteria.place else None


@access(public=True)
@require_safe
@kept
def program_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet of one program; 404 when the reader may not see it."""
    at = seen_by(request).at
    sheet = program_sheet(slug, at, actor_of(request))
    if sheet is None:
        onward = merged_slug(slug, at)
        if onward is None:
            raise Http404
        return redirect("programs:detail", slug=onward)
    return render(request, "programs/detail.html", sheet_context(request, sheet, at))


def sheet_context(request: HttpRequest, sheet: ProgramSheet, at: datetime) -> dict[str, Any]:
    """Everything the page of a program shows at an instant."""
    program = sheet.program
    drawn, singles = figures.charts(program, sheet.records)
    terms = readings.terms_for(request)
    current = next((call for call in reversed(sheet.calls) if call.closes_at >= at), None)
    return {
        "sheet": sheet,
        "program": program,
        "state": program.availability(at, sheet.calls),
        "current": current,
        "steps": steps_of(current, at) if current else [],
        "calls": [(call, call.availability(at)) for call in sheet.calls],
        "key_facts": figures.key_facts(program, sheet.records),
        "who": figures.who(program),
        "charts": drawn,
        "singles": singles,
        "milestones": [record for record in sheet.records if record.value is None],
        "map": figures.project_map(sheet.projects),
        "measures": _measures(program),
        "sources": figures.sources(sheet.sources),
        "office": figures.office(program),
        "has_changes": any(year.change for year in sheet.years),
        "has_year_budgets": any(year.budget is not None for year in sheet.years),
        "is_draft": program.publication != Publication.PUBLISHED,
        "said": readings.said(program, terms),
        "terms": readings.occurring(program, terms),
        "on": readings.wanted(request),
        "may_edit": bool(allowed(actor_of(request), "programs.edit", program, at)),
        "ended": program.offering == Offering.ENDED,
        "title_phrase": '"{}"'.format(program.title.replace('"', "")),
    }


def _measures(program: Program) -> list[tuple[str, str]]:
    """(number as printed, address) of the plan measures a city's program carries out."""
    plan = CITY_PLANS.get(program.owner.code)
    if plan is None:
        return []
    return [
        (number, reverse("plans:measure", args=[plan, number.lstrip("0")]))
        for number in program.measure_numbers
    ]
