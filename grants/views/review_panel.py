"""The panel of a call: the order by points, how the reviewers agree, and how firm the order stands."""

from dataclasses import dataclass, replace
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from core.access import access, actor_of, arrival_of
from core.exceptions import DomainError
from grants.actions.panels import remove_scenario, save_scenario
from grants.forms.meeting import ScenarioForm
from grants.forms.panel import PanelForm
from grants.models import PanelScenario
from grants.queries.call_board import CaseLine
from grants.queries.panel import PanelOfCall, panel_of
from grants.rules import panel as rules
from grants.rules.panel import CriterionFigures, Panel, Shift, WeightRange
from grants.views.review_call import call_of
from grants.views.review_table import WIDE_SPREAD

_SHOWN: Final = 3
"""So many moves are named in a sentence; the rest are counted."""


@dataclass(frozen=True)
class RankedLine:
    """One case in the order: rank and share as counted, the rank by the weights of the form where they differ."""

    case: CaseLine
    rank: int
    percent: str
    used: int
    within: bool
    before: int | None


@dataclass(frozen=True)
class ScenarioLine:
    """A kept what-if: the address that shows it again ("" when it cannot be compared), and what it changes."""

    row: PanelScenario
    query: str
    words: str


@dataclass(frozen=True)
class CriterionLine:
    """One criterion in words: the mean with one decimal, agreement as a percentage, what the range of its weight says."""

    label: str
    figures: CriterionFigures
    mean: str
    agreement: str
    to_discuss: bool
    sentence: str


@access(action="grants.view_call")
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, call: str) -> HttpResponse:
    """The panel's points; other weights and another budget by the address, which can be sent to a colleague or kept
    under a name."""
    actor, at = actor_of(request), arrival_of(request)
    found = panel_of(actor, call_of(request, call, "grants.view_call"), at)
    held = found.panel
    asked = any(name == "budget" or name.startswith("weight_") for name in request.GET)
    form = PanelForm(
        request.GET if asked else None, weights=held.weights, labels=found.labels, budget=held.budget
    )
    tried = replace(held, weights=form.weights(), budget=form.chosen_budget()) if form.is_valid() else held
    saving, status = ScenarioForm(request.POST or None), 422 if form.errors else 200
    if request.method == "POST":
        status = 422
        if saving.is_valid() and not form.errors:
            try:
                save_scenario(
                    call=found.call,
                    by=actor,
                    at=at,
                    weights=tried.weights,
                    budget=tried.budget,
                    **saving.cleaned_data,
                )
            except DomainError as error:
                saving.refuse(error)
            else:
                messages.success(request, "試算を保存しました。")
                return redirect(request.get_full_path())
    context = {
        "call": found.call, "found": found, "form": form, "saving": saving, "budget": tried.budget,
        "is_trial": tried != held, "lines": _lines(found, tried), "criteria": _criteria(found),
        "firmness": _firmness(found), "reviewers": len(held.reviewers), "scenarios": _scenarios(found),
        "address": request.get_full_path(),
    }  # fmt: skip
    return render(request, "grants/review/panel.html", context, status=status)


@access(action="grants.view_call")
@require_POST
def forget(request: HttpRequest, call: str, scenario: int) -> HttpResponse:
    """Forget a kept what-if."""
    found = call_of(request, call, "grants.view_call")
    remove_scenario(scenario_id=scenario, call=found, by=actor_of(request), at=arrival_of(request))
    messages.success(request, "試算を消しました。")
    return redirect("review:panel", found.public_id)


def _scenarios(found: PanelOfCall) -> list[ScenarioLine]:
    """The kept what-ifs as they come out with today's points."""
    rows = PanelScenario.objects.filter(call=found.call).select_related("saved_by").order_by("saved_at", "pk")
    lines = []
    before = rules.standing(found.panel)
    for row in rows:
        weights = {str(code): int(weight) for code, weight in row.weights.items()}
        if set(weights) != set(found.panel.weights) or not any(weights.values()):
            lines.append(ScenarioLine(row, "", "採点の観点が変わったため、いまは比べられません。"))
            continue
        ordered = {code: weights[code] for code in found.panel.weights}
        tried = replace(found.panel, weights=ordered, budget=row.budget)
        change = rules.shift(before, rules.standing(tried))
        told = "いまの順位と同じです。" if change.is_none else _in_words(found, change)
        query = urlencode({**{f"weight_{code}": weight for code, weight in ordered.items()},
                           **({} if row.budget is None else {"budget": row.budget})})  # fmt: skip
        lines.append(ScenarioLine(row, query, told))
    return lines


def _lines(found: PanelOfCall, tried: Panel) -> list[RankedLine]:
    now, before = rules.standing(tried), rules.standing(found.panel)
    changed = tried != found.panel
    return [
        RankedLine(
            case=found.lines[key],
            rank=rank,
            percent=rules.one_decimal(100 * now.shares[key]),
            used=now.used[key],
            within=key in now.within,
            before=before.ranks[key] if changed and before.ranks[key] != rank else None,
        )
        for key, rank in now.ranks.items()
    ]


def _criteria(found: PanelOfCall) -> list[CriterionLine]:
    ranges = {each.code: each for each in rules.weight_ranges(found.panel)}
    return [
        CriterionLine(
            label=found.labels[each.code],
            figures=each,
            mean=rules.one_decimal(each.mean),
            agreement="" if each.agreement is None else rules.one_decimal(100 * each.agreement),
            to_discuss=each.widest >= WIDE_SPREAD,
            sentence=_range_in_words(found, ranges[each.code]),
        )
        for each in rules.criteria(found.panel)
    ]


def _firmness(found: PanelOfCall) -> list[str]:
    """For each reviewer what leaving the points out would change."""
    if len(found.panel.reviewers) <= 1:  # without the only one nothing is left
        return []
    return [
        f"{found.names[who]}の点を除くと、{_in_words(found, change)}"
        if not change.is_none
        else f"{found.names[who]}の点を除いても、順位は変わりません。"
        for who, change in rules.without_each(found.panel).items()
    ]


def _range_in_words(found: PanelOfCall, each: WeightRange) -> str:
    """「重みを2から5の間で変えても順位は変わりません。6にすると、…」"""
    if each.below is None and each.above is None:
        return f"重みを{each.lowest}から{each.highest}の間のどれにしても、順位は変わりません。"
    kept = (
        f"重みを{each.lowest}から{each.highest}の間で変えても、順位は変わりません。"
        if each.lowest != each.highest
        else ""
    )
    steps = ((each.lowest - 1, each.below), (each.highest + 1, each.above))
    told = [f"{weight}にすると、{_in_words(found, change)}" for weight, change in steps if change is not None]
    return kept + "".join(told)


def _in_words(found: PanelOfCall, change: Shift) -> str:
    """What moves, and whether what the budget covers stays the same."""
    named = [
        f"「{found.lines[case].title}」が{was}位から{now}位に"
        if now
        else f"「{found.lines[case].title}」が対象外に"
        for case, was, now in change.moved[:_SHOWN]
    ]
    more = len(change.moved) - len(named)
    moves = "、".join(named) + (f"、ほか{more}件も" if more > 0 else "") + "変わります。" if named else ""
    if found.panel.budget is None:
        return moves
    if not (change.enters or change.leaves):
        return f"{moves}予算に収まる申請は同じです。"
    enters = "、".join(f"「{found.lines[case].title}」" for case in change.enters)
    leaves = "、".join(f"「{found.lines[case].title}」" for case in change.leaves)
    told = [words for words, which in ((f"{enters}が入り", enters), (f"{leaves}が外れ", leaves)) if which]
    return f"{moves}予算に収まる申請は、{'、'.join(told)}ます。"
