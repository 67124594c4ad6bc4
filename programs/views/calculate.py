"""「試算」 and 「うちの自治体で使えるか」 of one program. Nothing is stored: the address says everything."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Area
from accounts.models import Organization
from accounts.queries import municipalities, resolve_citations
from core import clock
from core.access import access, actor_of, allowed
from core.htmx import is_htmx, render_fragment
from programs.enums import Fit
from programs.forms.rules import RuleForm, query_of
from programs.funding.faults import InputError
from programs.funding.rules import Calculation, Verdict
from programs.models import EligibilityRule, FundingRule, Program
from programs.queries.fitting import Fitting, fits_everywhere, fitting
from programs.queries.rules import eligibility_rules, funding_rules
from programs.views.figures import sources


@dataclass(frozen=True)
class Trial:
    """One eligibility rule on the page: its form, and its verdict where it was asked."""

    rule: EligibilityRule
    form: RuleForm
    verdict: Verdict | None


@access(public=True)
@require_safe
def calculate(request: HttpRequest, slug: str) -> HttpResponse:
    """The amount of a program's rule, step by step; 404 for a program without rules."""
    program = _program(request, slug, clock.now())
    rules = funding_rules(program)
    asked = request.GET.get("rule", "")
    rule = next((each for each in rules if each.slug == asked), rules[0] if rules and not asked else None)
    if rule is None:
        raise Http404
    formula = rule.parsed()
    form = RuleForm(_asked(request, rule, [item.name for item in formula.inputs]), formula.inputs)
    result: Calculation | None = None
    if form.is_bound and form.is_valid():
        try:
            result = formula.calculate(form.given())
        except InputError as error:
            form.add_faults(error.faults)
    context = {
        "program": program,
        "rules": rules,
        "rule": rule,
        "form": form,
        "result": result,
        "steps": result.steps[:-1] if result else (),
        "last": result.steps[-1] if result else None,
        "link": request.build_absolute_uri() if result else "",
        "example": urlencode(query_of(rule.slug, rule.examples[0]["inputs"])) if rule.examples else "",
        "sources": sources(resolve_citations(rule.citations)),
        "may_request": bool(allowed(actor_of(request), "programs.budget_request")),
    }
    return render_fragment(
        request, "programs/calculate.html", "result", context, status=_status(request, form)
    )


def _asked(request: HttpRequest, rule: FundingRule | EligibilityRule, names: list[str]) -> QueryDict | None:
    """The query, if it asks this rule anything."""
    same = request.GET.get("rule") in {None, rule.slug}
    return request.GET if same and any(name in request.GET for name in names) else None


def _status(request: HttpRequest, form: RuleForm) -> int:
    """422 for a faulty form; htmx shows the faults of a form being filled in only with 200."""
    return 422 if form.is_bound and form.errors and not is_htmx(request) else 200


@access(public=True)
@require_safe
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether a municipality can use a program, and whether a project meets its conditions."""
    program = _program(request, slug, clock.now())
    bodies = list(municipalities())
    code = request.GET.get("municipality", actor_of(request).organization_code)
    body = next((each for each in bodies if each.code == code), None)
    unknown = body is None and "municipality" in request.GET and bool(code)
    everywhere = fits_everywhere(program)
    found: Fitting | None = fitting(program, body) if body else None
    trials = [_trial(request, rule) for rule in eligibility_rules(program)]
    faulty = unknown or any(trial.form.is_bound and trial.form.errors for trial in trials)
    context = {
        "program": program,
        "groups": _by_area(bodies),
        "municipality": body,
        "unknown": code[:20] if unknown else "",
        "fitting": found,
        "yes": [each for each, fit in everywhere.items() if fit is Fit.YES],
        "no": [each for each, fit in everywhere.items() if fit is Fit.NO],
        "check": [each for each, fit in everywhere.items() if fit is Fit.CHECK],
        "trials": trials,
        "faulty": next((t.form for t in trials if t.form.is_bound and t.form.errors), None),
    }
    return render(request, "programs/eligibility.html", context, status=422 if faulty else 200)


def _trial(request: HttpRequest, rule: EligibilityRule) -> Trial:
    requirement = rule.parsed()
    bound = request.GET if request.GET.get("rule") == rule.slug else None
    form = RuleForm(bound, requirement.inputs, unknown_allowed=True)
    form.auto_id = f"id_{rule.slug}_%s"
    if not (form.is_bound and form.is_valid()):
        return Trial(rule, form, None)
    try:
        return Trial(rule, form, requirement.judge(form.given()))
    except InputError as error:
        form.add_faults(error.faults)
        return Trial(rule, form, None)


def _program(request: HttpRequest, slug: str, at: datetime) -> Program:
    visible = Program.objects.visible_to(actor_of(request), at).select_related("owner")
    program = visible.filter(slug=slug).first()
    if program is None:
        raise Http404
    return program


def _by_area(bodies: list[Organization]) -> list[tuple[str, list[Organization]]]:
    return [
        (str(area.label), [body for body in bodies if body.area == area])
        for area in (Area.TAMA, Area.ISLANDS, Area.WARDS)
    ]
