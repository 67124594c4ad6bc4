"""予算要求シート: a town picks rules, types its planned costs, and gets one page or workbook. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.queries import organization_by_code
from core import clock, fiscal_year
from core.access import access, actor_of
from core.money import format_yen
from core.wareki import short_date
from programs.enums import AvailabilityState, Fit
from programs.forms.rules import BudgetForm
from programs.funding.budget import (
    LABELS,
    BudgetLine,
    BudgetTotal,
    Column,
    budget_line,
    budget_total,
    column_asked,
)
from programs.funding.faults import InputError
from programs.queries.budget import Offered, offered
from programs.queries.rules import sources_in_words
from programs.rules import Availability
from programs.workbook import budget_workbook

MOST_RULES = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Row:
    """One picked rule: its form, and its line where the form was filled in."""

    offer: Offered
    form: BudgetForm
    line: BudgetLine | None
    schedule: str
    source: str

    @property
    def amounts(self) -> list[int]:
        """国費, 都費, 地方債 of the line."""
        return [self.line.of(column) for column in PAID] if self.line else []


PAID = (Column.NATIONAL, Column.METROPOLITAN, Column.BOND)


@access(action="programs.budget_request")
@require_safe
def budget_request(request: HttpRequest) -> HttpResponse:
    """The choice of rules, their forms, and the sheet; `format=xlsx` gives the sheet as a workbook."""
    at, actor = clock.now(), actor_of(request)
    body = organization_by_code(actor.organization_code)
    if body is None:
        raise Http404
    offers = offered(body, at, actor)
    picked = list(dict.fromkeys(request.GET.getlist("pick")))[:MOST_RULES]
    rows = [_row(request, each, at) for each in offers if each.rule.slug in picked]
    done = bool(rows) and all(row.line for row in rows)
    lines = [row.line for row in rows if row.line]
    totals = budget_total(lines)
    title = (
        f"{body.name}　{fiscal_year.label(fiscal_year.current_fiscal_year(at) + 1)} 予算要求シート（見込み）"
    )
    if done and request.GET.get("format") == "xlsx":
        return _workbook(title, rows, totals)
    faulty = any(row.form.is_bound and row.form.errors for row in rows)
    context = {
        "municipality": body,
        "title": title,
        "groups": _by_program(offers),
        "picked": picked,
        "rows": rows,
        "done": done,
        "totals": totals,
        "paid": [totals.columns[column] for column in PAID],
        "tax": totals.columns[Column.TAX],
        "faulty": [row.form for row in rows if row.form.is_bound and row.form.errors],
        "query": request.GET.urlencode(),
    }
    return render(request, "programs/budget_request.html", context, status=422 if faulty else 200)


def _row(request: HttpRequest, offer: Offered, at: datetime) -> Row:
    formula = offer.rule.parsed()
    name = offer.rule.slug
    asked = any(key.startswith(f"{name}-") for key in request.GET)
    form = BudgetForm(request.GET if asked else None, formula.inputs, prefix=name)
    line: BudgetLine | None = None
    if form.is_bound and form.is_valid():
        try:
            inputs = form.given()
            line = budget_line(form.total(), column_asked(offer.column, inputs), formula.calculate(inputs))
        except InputError as error:
            form.add_faults(error.faults)
    source = sources_in_words(offer.rule.citations) if line else ""
    return Row(offer, form, line, _schedule(offer.program.availability(at)), source)


def _schedule(found: Availability) -> str:
    """When applications are taken, by date: a sheet on paper is read weeks later."""
    if found.closes_at is None or found.state not in {AvailabilityState.OPEN, AvailabilityState.OPENS_SOON}:
        return found.text
    until = f"{short_date(clock.today(found.closes_at))}まで"
    if found.state is AvailabilityState.OPENS_SOON and found.opens_at is not None:
        return f"{found.word} {short_date(clock.today(found.opens_at))}から{until}"
    return f"{found.word} {until}"


def _by_program(offers: Sequence[Offered]) -> list[tuple[Offered, list[Offered]]]:
    """Each program once, with its rules."""
    groups: dict[int, list[Offered]] = {}
    for each in offers:
        groups.setdefault(each.program.pk, []).append(each)
    return [(rows[0], rows) for rows in groups.values()]


def _workbook(title: str, rows: Sequence[Row], totals: BudgetTotal) -> HttpResponse:
    note = "額は資料のきまりによる見込みです。一般財源は、事業費から国費・都費・地方債を引いた額です。"
    cells = [_cells(row, row.line) for row in rows if row.line]
    paid = [totals.columns[column] for column in PAID]
    sums: list[Any] = [
        "合計",
        "",
        totals.total,
        *paid,
        totals.general,
        totals.columns[Column.TAX],
        "",
        "",
        "",
    ]
    response = HttpResponse(budget_workbook(title, note, cells, sums), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename="予算要求シート.xlsx"
    )
    return response


def _cells(row: Row, line: BudgetLine) -> list[Any]:
    others = [
        f"{LABELS[line.column]} {format_yen(each.amount) if each.amount is not None else '計算できません'}：{each.reason}"
        for each in line.others
    ]
    doubt = "（使えるかは確認が必要）" if row.offer.fit is Fit.CHECK else ""
    return [
        f"{row.offer.program.title}{doubt}", row.offer.rule.name, line.total, *row.amounts, line.general,
        line.of(Column.TAX), "\n".join(others), row.schedule, row.source,
    ]  # fmt: skip
