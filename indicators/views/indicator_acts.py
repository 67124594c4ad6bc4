"""The coordinator's acts on an indicator and on a plan's scale, each on its own page that says what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access, actor_of, arrival_of, require
from core.exceptions import DomainError, Refused
from indicators import queries
from indicators.actions import observing
from indicators.forms import (
    CorrectFigureForm,
    ExplainForm,
    ObserveForm,
    PlainForm,
    PostponeForm,
    RedefineForm,
    ScaleForm,
)
from indicators.models import Indicator, Plan
from indicators.views.round_frame import status_of

_PERCENT: Final = 100


@dataclass(frozen=True)
class Act:
    """An act on its own page: what it is called, what it does, how it asks, and the action behind it."""

    label: str
    effect: str
    done: str
    form: type[PlainForm]
    run: Callable[..., object]
    of_figure: bool = False


ACTS: Final[dict[str, Act]] = {
    "observe": Act("新しい値を記録する", "この期間の値として、公開のページのグラフと表に加わります。値がないこと（測定不能）は、0とは別のものとして理由とともに示します。", "値を記録しました。", ObserveForm, observing.record_observation),
    "correct": Act("値を訂正する", "公表した値を直します。前の値と理由は、公開のページに残ります。", "訂正しました。", CorrectFigureForm, observing.correct_observation, of_figure=True),
    "explain": Act("目標に届かなかった理由を書く", "届かなかった要因と今後の対応を、公開のページに出します。", "書きました。", ExplainForm, observing.explain_miss, of_figure=True),
    "postpone": Act("次回の更新の遅れを記録する", "次回数値更新（予定）を後の時期に変えます。前の予定と理由は、公開のページに残ります。催促は新しい時期で行います。", "記録しました。", PostponeForm, observing.postpone_update),
    "redefine": Act("定義の変更を記録する", "この年からの値を、新しい版の定義によるものとします。グラフの線はそこで切れ、表に区切りが付きます。", "記録しました。", RedefineForm, observing.redefine),
}  # fmt: skip


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_act(request: HttpRequest, slug: str, indicator: str, name: str) -> HttpResponse:
    """One act on one indicator."""
    actor, at, chosen = actor_of(request), arrival_of(request), ACTS.get(name)
    found = queries.indicator_by_slug(actor, slug, indicator)
    if found is None or chosen is None:
        raise Refused
    require(actor, "indicators.keep_indicators", found.plan, at)
    form = _form(chosen, found, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                own = {} if chosen.of_figure else {"indicator_id": found.pk}
                chosen.run(by=actor, at=at, **own, **form.arguments())
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, chosen.done)
                return redirect("plans:indicator", slug, indicator)
    context = {
        "indicator": found, "plan": found.plan, "act": chosen, "form": form, "points": queries.points(found),
        "standing": queries.standing(found), "possible": not chosen.of_figure or bool(found.observations.all()),
    }  # fmt: skip
    return render(request, "plans/indicator_act.html", context, status=status)


def _form(chosen: Act, indicator: Indicator, data: Any) -> PlainForm:
    make: Any = chosen.form
    form: PlainForm = make(data, indicator=indicator, initial={"version": indicator.version})
    return form


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def scale(request: HttpRequest, slug: str) -> HttpResponse:
    """Declare the scale of a plan."""
    actor, at = actor_of(request), arrival_of(request)
    plan = queries.plans(actor).filter(slug=slug).first()
    if plan is None:
        raise Refused
    require(actor, "indicators.keep_indicators", plan, at)
    form, status = ScaleForm(request.POST if request.method == "POST" else None, initial=_initial(plan)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                observing.declare_scale(plan_id=plan.pk, by=actor, at=at, **form.arguments())
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "判定の物差しを変えました。")
                return redirect("plans:detail", slug)
    context = {"plan": plan, "form": form, "standings": queries.indicators_of(plan)}
    return render(request, "plans/scale.html", context, status=status)


def _initial(plan: Plan) -> dict[str, Any]:
    """The scale as people type it."""
    found = queries.scale_of(plan)
    if found is None:
        return {"version": plan.version}
    lines = [f"{row.at_least * _PERCENT}% {row.label}" if (row.at_least * _PERCENT).denominator == 1
             else f"{row.at_least} {row.label}" for row in found.grades]  # fmt: skip
    return {
        "version": plan.version, "name": found.name, "own": "yes" if found.own else "no",
        "formula": found.formula.value, "grades": "\n".join(lines), "below": found.below,
    }  # fmt: skip


def offered(indicator: Indicator) -> list[tuple[str, str]]:
    """The acts a coordinator is offered at an indicator: those on figures only where there are some."""
    some = bool(indicator.observations.all())
    return [(name, act.label) for name, act in ACTS.items() if some or not act.of_figure]
