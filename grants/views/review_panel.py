"""The panel of a call: the order by points, how the reviewers agree, and how firm the order stands."""

from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import access, actor_of, arrival_of
from grants.forms.panel import PanelForm
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
class CriterionLine:
    """One criterion in words: the mean with one decimal, agreement as a percentage, what the range of its weight says."""

    label: str
    figures: CriterionFigures
    mean: str
    agreement: str
    to_discuss: bool
    sentence: str


@access(action="grants.view_call")
@require_safe
def panel(request: HttpRequest, call: str) -> HttpResponse:
    """The panel's points; other weights and another budget by the address, which can be sent to a colleague."""
    found = panel_of(actor_of(request), call_of(request, call, "grants.view_call"), arrival_of(request))
    held = found.panel
    asked = any(name == "budget" or name.startswith("weight_") for name in request.GET)
    form = PanelForm(
        request.GET if asked else None, weights=held.weights, labels=found.labels, budget=held.budget
    )
    tried = replace(held, weights=form.weights(), budget=form.chosen_budget()) if form.is_valid() else held
    context = {
        "call": found.call,
        "found": found,
        "form": form,
        "budget": tried.budget,
        "is_trial": tried != held,
        "lines": _lines(found, tried),
        "criteria": _criteria(found),
        "firmness": _firmness(found),
        "reviewers": len(held.reviewers),
    }
    return render(request, "grants/review/panel.html", context, status=422 if form.errors else 200)


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
