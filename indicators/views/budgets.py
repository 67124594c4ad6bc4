"""A 予算・決算カルテ taken into a plan in three steps: the file, what each column is, the difference cell by cell."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.access import access, actor_of, arrival_of, require
from core.exceptions import DomainError, Fault
from indicators import queries
from indicators.actions.budgets import import_budget, read_for, rehearse_budget
from indicators.forms import BudgetConfirmForm, BudgetFileForm, ColumnsForm
from indicators.importing.budget import heading_row
from indicators.importing.budget_rows import BudgetReading
from indicators.models import Plan
from indicators.queries.budgets import remembered_columns
from indicators.views.sheets import SHOWN


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, slug: str) -> HttpResponse:
    """The coordinator's pages. The table travels packed in the form; nothing is kept before the last step."""
    plan = queries.plans(actor_of(request)).filter(slug=slug).first()
    if plan is None:
        raise Http404
    require(actor_of(request), "indicators.import_sheets", plan, arrival_of(request))
    if request.method != "POST":
        return _start(request, plan, BudgetFileForm())
    if "packed" in request.POST:
        return _carried(request, plan)
    form = BudgetFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, plan, form, status=422)
    columns = ColumnsForm(pages=form.pages, known=remembered_columns(plan))
    return _columns(request, plan, columns, (form.packed, form.named))


def _start(request: HttpRequest, plan: Plan, form: BudgetFileForm, status: int = 200) -> HttpResponse:
    return render(request, "plans/import_budget.html", {"plan": plan, "form": form}, status=status)


def _columns(
    request: HttpRequest, plan: Plan, form: ColumnsForm, carried: tuple[str, str], status: int = 200
) -> HttpResponse:
    context = {"plan": plan, "form": form, "packed": carried[0], "name": carried[1]}
    return render(request, "plans/import_columns.html", context, status=status)


def _carried(request: HttpRequest, plan: Plan) -> HttpResponse:
    """The second and third step: other headings asked for, the difference, or the act."""
    carried = BudgetConfirmForm(request.POST)
    if not carried.is_valid():
        messages.error(request, "表を受け取れませんでした。もう一度ファイルをえらんでください。")
        return _start(request, plan, BudgetFileForm(), status=422)
    table = (carried.cleaned_data["packed"], carried.cleaned_data["name"])
    known = remembered_columns(plan)
    if request.POST.get("step") == "look":
        return _columns(request, plan, _looked(request, carried, known), table)
    form = ColumnsForm(request.POST, pages=carried.pages, heading=_heading(request), known=known)
    if not form.is_valid():
        return _columns(request, plan, form, table, status=422)
    try:
        reading = read_for(plan, carried.pages, form.chosen)
    except DomainError as error:
        form.refuse(error)
        return _columns(request, plan, form, table, status=422)
    shown = _Shown.of(request, carried, form)
    if request.POST.get("step") == "take":
        return _taken(request, plan, reading, shown)
    return _difference(request, plan, reading, shown)


def _heading(request: HttpRequest) -> int | None:
    """The row the page showed as headings, from 0."""
    text = request.POST.get("heading", "")
    return int(text) - 1 if text.isascii() and text.isdecimal() and 0 < len(text) < 5 and int(text) else None  # noqa: PLR2004


def _looked(request: HttpRequest, carried: BudgetConfirmForm, known: dict[str, str]) -> ColumnsForm:
    """Another page or row of headings: the columns are proposed anew."""
    page = next((row for row in carried.pages if row.name == request.POST.get("page")), carried.pages[0])
    asked = _heading(request)
    other_page = request.POST.get("page") != request.POST.get("shown")
    heading = heading_row(page) if other_page or asked is None or asked >= len(page.rows) else asked
    return ColumnsForm(pages=carried.pages, page=page, heading=heading, known=known)


@dataclass(frozen=True)
class _Shown:
    """A table on its way through the page of differences, with all that was chosen, ticked and typed."""

    name: str
    hidden: list[tuple[str, str]]
    accept: tuple[str, ...] = ()
    reason: str = ""

    @classmethod
    def of(cls, request: HttpRequest, carried: BudgetConfirmForm, form: ColumnsForm) -> "_Shown":
        data = carried.cleaned_data
        chosen = [(name, value) for name in form.fields if (value := request.POST.get(name, ""))]
        hidden = [("packed", data["packed"]), ("name", data["name"]), ("step", "take"), *chosen]
        return cls(data["name"], hidden, tuple(request.POST.getlist("accept")), data["reason"])


def _difference(
    request: HttpRequest, plan: Plan, reading: BudgetReading, shown: _Shown, faults: tuple[Fault, ...] = ()
) -> HttpResponse:  # fmt: skip
    """The difference cell by cell, nothing written; columns that are left are counted, not listed cell by cell."""
    outcome = rehearse_budget(reading=reading, plan=plan, by=actor_of(request), at=arrival_of(request))
    doubts = [row for row in reading.doubts if row.kind != "unmapped"]
    left = Counter(
        reading.place(reading.choice.heading, row.end).rpartition("シート ")[2]
        for row in reading.doubts
        if row.kind == "unmapped"
    )
    context = {
        "plan": plan, "back": reverse("plans:import-budget", args=[plan.slug]), "what": "予算・決算カルテを取り込む",
        "outcome": outcome, "doubts": [("", row) for row in doubts[:SHOWN]], "doubt_count": len(doubts),
        "repairs": [("", row) for row in reading.repairs[:SHOWN]],
        "repair_count": len(reading.repairs), "left": list(left.items()), "shown": shown, "faults": faults,
    }  # fmt: skip
    return render(request, "plans/import_difference.html", context, status=422 if faults else 200)


def _taken(request: HttpRequest, plan: Plan, reading: BudgetReading, shown: _Shown) -> HttpResponse:
    try:
        outcome = import_budget(
            reading=reading, plan=plan, by=actor_of(request), accept=shown.accept, reason=shown.reason,
            source=shown.name, at=arrival_of(request),
        )  # fmt: skip
    except DomainError as error:
        return _difference(request, plan, reading, shown, error.faults)
    kept = len(outcome.differences) + len(outcome.published)
    rest = f"今の内容を残した欄は{kept}です。" if kept else ""
    messages.success(
        request, f"予算・決算カルテを取り込みました。書いた欄は{len(outcome.changes)}です。{rest}"
    )
    return HttpResponseRedirect(reverse("plans:detail", args=[plan.slug]))
