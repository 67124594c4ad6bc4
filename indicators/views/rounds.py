"""The rounds: a list of one's own, preparing one, the board of its sheets, and its steps."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, fiscal_year
from core.access import access, actor_of, allowed, arrival_of, require
from core.actor import Actor
from core.exceptions import DomainError, Refused
from core.fiscal_year import current_fiscal_year
from indicators import queries
from indicators.actions import publishing, rounds
from indicators.forms import ExtendForm, PlainForm, PlanRoundForm
from indicators.models import Plan, ProgressRound
from indicators.permissions import Ground, coordinates, judge_round
from indicators.queries.rounds import SheetLine, facets, narrowed, round_lines, rounds_for, sheet_lines
from indicators.rules import sheets
from indicators.views.round_frame import status_of


@access(action="indicators.see_rounds")
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds the actor has to do with, and for a coordinator the plans to ask about."""
    actor = actor_of(request)
    plans = [
        plan
        for plan in queries.plans(actor).filter(organization_id=actor.organization_id or 0)
        if coordinates(actor, plan)
    ]
    return render(request, "rounds/list.html", {"lines": round_lines(actor), "plans": plans})


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Prepare a round of a plan."""
    actor, at = actor_of(request), arrival_of(request)
    plan = queries.plans(actor).filter(slug=slug).first()
    if plan is None:
        raise Refused
    require(actor, "indicators.plan_round", plan, at)
    form = PlanRoundForm(request.POST or None, fiscal_year=_year(request))
    if request.method != "POST":
        return render(request, "rounds/new.html", {"plan": plan, "form": form})
    if form.is_valid():
        try:
            made = rounds.plan_round(
                plan=plan, fiscal_year=form.cleaned_data["fiscal_year"], kind=form.cleaned_data["kind"],
                open_cells=form.open_cells(), due_at=form.cleaned_data["due_at"], note=form.cleaned_data["note"],
                by=actor, at=at,
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
            return render(request, "rounds/new.html", {"plan": plan, "form": form}, status=status_of(error))
        messages.success(request, "照会を準備しました。まだ担当課には知らせていません。")
        return redirect("rounds:detail", made.pk)
    return render(request, "rounds/new.html", {"plan": plan, "form": form}, status=422)


def _year(request: HttpRequest) -> int:
    """The fiscal year the boxes speak of: the one typed, else the current one."""
    typed = request.POST.get("fiscal_year", "")
    return int(typed) if typed.isdecimal() and len(typed) == len("2026") else current_fiscal_year(clock.now())


def round_of(request: HttpRequest, round_id: int) -> ProgressRound:
    """One of the actor's own rounds. Raises Refused for any other."""
    found = rounds_for(actor_of(request)).filter(pk=round_id).first()
    if found is None:
        raise Refused
    return found


@access(action="indicators.see_rounds")
@require_safe
def detail(request: HttpRequest, round_id: int) -> HttpResponse:
    """The board of all sheets for the coordinator, the own sheets by due date for a section."""
    actor, at = actor_of(request), arrival_of(request)
    round_ = round_of(request, round_id)
    lines = sheet_lines(actor, round_)
    shown = narrowed(lines, request.GET.dict())
    context = {
        "round": round_,
        "asked": _asked_by_year(round_),
        "todo": _todo(lines, coordinator=coordinates(actor, round_.plan)),
        "lines": shown,
        "total": len(lines),
        "facets": facets(lines),
        "chosen": {name: request.GET.get(name, "") for name in ("state", "department", "theme", "outlook")},
        "is_coordinator": coordinates(actor, round_.plan),
        "steps": [(name, step.label) for name, step in STEPS.items() if _may(actor, name, round_, at)],
        "may_plan": bool(allowed(actor, "indicators.plan_round", round_.plan, at)),
    }
    return render(request, "rounds/detail.html", context)


def _asked(round_: ProgressRound) -> list[str]:
    return [
        f"{fiscal_year.label(int(year))}の{sheets.label_of(cell)}"
        for year, cells in sorted(round_.open_cells.items())
        for cell in cells
    ]


def _asked_by_year(round_: ProgressRound) -> list[tuple[str, str]]:
    """(令和7年度, 実施結果・次年度以降の課題): what the round asks for, a line a year."""
    return [
        (fiscal_year.label(int(year)), "、".join(str(sheets.label_of(cell)) for cell in cells))
        for year, cells in sorted(round_.open_cells.items())
    ]


NEXT: Final = {
    True: (
        ("disclaimed", "「担当ではない」と答えのあった個票"), ("submitted", "確認を待つ個票"), ("returned", "課が直している個票"),
        ("proposed", "課長の承認を待つ個票"), ("open", "課が書いている個票"), ("not_begun", "まだ書かれていない個票"),
    ),
    False: (
        ("returned", "差し戻された個票"), ("not_begun", "まだ書いていない個票"), ("open", "書きかけの個票"),
        ("proposed", "課長の承認を待つ個票"),
    ),
}  # fmt: skip
"""What is to be done first, for a coordinator and for a section, by the state a sheet is in."""


def _todo(lines: Sequence[SheetLine], *, coordinator: bool) -> list[tuple[str, str, int]]:
    """(query, words, count), those without a sheet left out; sheets without a section come before all."""
    states = Counter(line.state for line in lines)
    homeless = sum(line.task.department is None for line in lines)
    found = [("department=none", "担当課が決まっていない個票", homeless)] if homeless and coordinator else []
    return found + [
        (f"state={state}", words, states[state]) for state, words in NEXT[coordinator] if states[state]
    ]


def _may(actor: Actor, name: str, round_: ProgressRound, at: Any) -> bool:
    return judge_round(actor, name, round_, at).ground in {Ground.YES, Ground.CONDITION}


@dataclass(frozen=True)
class Step:
    """A step of a round on its own page."""

    label: str
    effect: str
    done: str
    run: Callable[..., object]
    asks: bool = False
    grave: bool = False


def _moved(action: str) -> Callable[..., object]:
    return lambda **given: rounds.step(action=action, **given)


STEPS: Final[dict[str, Step]] = {
    "open_round": Step("照会を始める", "計画の個票を担当課に配り、各課に知らせます。課が見つからない個票は、担当課を決めるまで配られません。", "照会を始めました。担当課に知らせます。", rounds.open_round),
    "extend": Step("期限を変える", "回答の期限を変え、各課に知らせます。受付を終えた照会は、また受け付けます。", "期限を変えました。各課に知らせます。", rounds.extend, asks=True),
    "close_collection": Step("受付を終える", "課は、差し戻した欄のほかは記入できなくなります。計画の取りまとめ課は代理で記入できます。", "受付を終えました。", _moved("close_collection")),
    "deliberate": Step("会議・審議に入る", "全ての個票の確認が済んだことを確かめ、会議と審議に進みます。", "会議・審議に入りました。", _moved("deliberate")),
    "publish_round": Step("公表する", "確認の済んだ個票を公開のページに書き込み、固定します。公表の後は、理由を付けた訂正だけができます。", "公表しました。", publishing.publish_round, grave=True),
}  # fmt: skip


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, round_id: int, name: str) -> HttpResponse:
    """One step of the round: what it does, and why it cannot be taken where that is so."""
    actor, at = actor_of(request), arrival_of(request)
    round_, chosen = round_of(request, round_id), STEPS.get(name)
    if chosen is None or not coordinates(actor, round_.plan):
        raise Refused
    kind = ExtendForm if chosen.asks else PlainForm
    form: PlainForm = kind(
        request.POST if request.method == "POST" else None, initial={"version": round_.version}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                chosen.run(round_id=round_.pk, by=actor, at=at, **form.arguments())
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, chosen.done)
                return redirect("rounds:detail", round_.pk)
    decision = judge_round(actor, name, round_, at).decision()
    context = {"round": round_, "step": chosen, "form": form, "decision": decision, "asked": _asked(round_)}
    return render(request, "rounds/step.html", context, status=status)


def plans_round(actor: Actor, plan: Plan) -> list[ProgressRound]:
    """The rounds of one plan that the actor has to do with, newest first."""
    return list(rounds_for(actor).filter(plan=plan))
