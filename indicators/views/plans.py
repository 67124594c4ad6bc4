"""Public pages: the plans, one plan at a glance, one sheet, one indicator."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import resolve_citations
from core import clock
from core.access import access, actor_of, allowed
from indicators import queries
from indicators.enums import GoalStatus, Motion, Progress
from indicators.queries.glance import beside, glance, matrix
from indicators.queries.revisions import revisions_of
from indicators.views.indicator_acts import offered
from indicators.views.rounds import plans_round


@access(public=True)
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Every plan the person may see."""
    plans = queries.plan_summaries(actor_of(request))
    return render(request, "plans/list.html", {"plans": plans})


@access(public=True)
@require_safe
def plan_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One plan: goal, indicators with where they stand, sheets by direction and policy."""
    plan = queries.plan_by_slug(actor_of(request), slug)
    if plan is None:
        raise Http404
    return render(
        request,
        "plans/detail.html",
        {
            "plan": plan,
            "glance": glance(plan),
            "Motion": Motion,
            "sources": resolve_citations(plan.citations),
            "Progress": Progress,
            "rounds": plans_round(actor_of(request), plan),
            "may_keep": bool(allowed(actor_of(request), "indicators.keep_indicators", plan, clock.now())),
            "may_import": bool(allowed(actor_of(request), "indicators.import_sheets", plan, clock.now())),
        },
    )


@access(public=True)
@require_safe
def matrix_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Themes by measures."""
    plan = queries.plan_by_slug(actor_of(request), slug)
    if plan is None:
        raise Http404
    return render(request, "plans/matrix.html", {"plan": plan, "matrix": matrix(plan), "Motion": Motion})


@access(public=True)
@require_safe
def revisions_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of the plan's words, the earlier ones beside the later ones."""
    plan = queries.plan_by_slug(actor_of(request), slug)
    if plan is None:
        raise Http404
    return render(request, "plans/revisions.html", {"plan": plan, "revisions": revisions_of(plan)})


@access(public=True)
@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """Two plans side by side, chosen by `a` and `b`."""
    actor = actor_of(request)
    left, right = request.GET.get("a", ""), request.GET.get("b", "")
    both = beside(actor, left, right) if left and right and left != right else None
    if left and right and left != right and both is None:
        raise Http404
    context = {
        "plans": list(queries.plans(actor)), "left": left, "right": right, "both": both,
        "asked": bool(left or right), "Progress": Progress,
        "sides": [both.left, both.right] if both else [],
    }  # fmt: skip
    return render(request, "plans/compare.html", context)


@access(public=True)
@require_safe
def measure_page(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One sheet with its years."""
    measure = queries.measure_by_number(actor_of(request), slug, number)
    if measure is None:
        raise Http404
    before, after = queries.neighbours(measure)
    return render(
        request,
        "plans/measure.html",
        {
            "measure": measure,
            "before": before,
            "after": after,
            "sources": resolve_citations(measure.citations),
            "GoalStatus": GoalStatus,
            "corrections": queries.corrections_of(measure),
            "may_keep": bool(
                allowed(actor_of(request), "indicators.keep_indicators", measure.plan, clock.now())
            ),
        },
    )


@access(public=True)
@require_safe
def indicator_page(request: HttpRequest, slug: str, indicator: str) -> HttpResponse:
    """One indicator: baseline, observations, target, judgement and its reason, and what was changed of them."""
    found = queries.indicator_by_slug(actor_of(request), slug, indicator)
    if found is None:
        raise Http404
    keeps = allowed(actor_of(request), "indicators.keep_indicators", found.plan, clock.now())
    return render(
        request,
        "plans/indicator.html",
        {
            "indicator": found,
            "standing": queries.standing(found),
            "points": queries.points(found),
            "series": queries.chart_series(found),
            "target": queries.chart_target(found),
            "this_year": clock.today().year,
            "sources": resolve_citations(found.citations),
            "scale": queries.scale_of(found.plan),
            "corrections": queries.figure_corrections(found),
            "missed": [row for row in found.observations.all() if row.missed_text],
            "acts": offered(found) if keeps else [],
            "Progress": Progress,
        },
    )
