"""Splitting the towns' burden by a rule: computed and shown first, written into every budget on a second click."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from core.exceptions import Conflict, DomainError, Refused
from core.fiscal_year import label
from grants import rules
from grants.actions.sharing import apply_shares
from grants.enums import BUDGET_SECTION
from grants.forms import ShareForm
from grants.queries.sharing import ShareTable, rule_of, share_plan, share_table
from grants.views.frame import CasePage, case_page, form_page, sees, status_of


@sees
@form_page
def shares(request: HttpRequest, public_id: str) -> HttpResponse:
    """The lead chooses a rule, sees every town's share with its reasoning, and writes it."""
    page = case_page(request, public_id)
    if not (page.is_lead and page.application.template.has_section(BUDGET_SECTION)):
        raise Refused
    members = page.application.members.present().municipalities().select_related("organization")
    plan = share_plan(page.application)
    form = ShareForm(request.POST or None, members=list(members.order_by("position")), plan=plan)
    table, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                table = share_table(page.application, form.choice().rule, form.choice().populations)
                status = 200
                if request.POST.get("do") == "apply":
                    _apply(request, page, form)
                    return redirect(page.url("budget"))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
                table = table if isinstance(error, Conflict) else None
            form.data = _renewed(request, table)
    decision = page.edits(BUDGET_SECTION)
    return page.render(
        request, "shares", status=status, form=form, decision=decision, plan=plan,
        people=[form[f"people-{member.public_id}"] for member in form.members],
        plan_words=rule_of(plan).words() if plan else "", **_shown(form, table),
    )  # fmt: skip


def _renewed(request: HttpRequest, table: ShareTable | None) -> QueryDict:
    """The form as typed, with the mark of the table beneath it."""
    data = request.POST.copy()
    data["shown"] = table.mark if table else ""
    return data


def _apply(request: HttpRequest, page: CasePage, form: ShareForm) -> None:
    shown = form.cleaned_data["shown"]
    apply_shares(
        application_id=page.application.pk, choice=form.choice(), shown=shown, by=page.actor, at=page.at
    )
    messages.success(request, "負担割合を、各市町村の収支計画に反映しました。")


def _shown(form: ShareForm, table: ShareTable | None) -> dict[str, Any]:
    """The table by year: steps of every town, and what it pays to the lead or gets from it."""
    if table is None:
        return {"years": []}
    rule = form.choice().rule
    years = []
    for year in table.years:
        steps = rules.trail(rule, year, table.names)
        paid = table.transfers[year.fiscal_year]
        moves = [(table.names[key], amount, -amount) for key, amount in paid.items() if amount]
        years.append({"label": label(year.fiscal_year), "total": year.total, "steps": steps, "moves": moves})
    return {"years": years, "rule": rule.words()}
