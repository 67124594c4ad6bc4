"""The budget: one municipality's grid at a time, the subsidy with its reasoning beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core import clock
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.fiscal_year import label
from grants import queries, rules
from grants.actions import budgeting
from grants.enums import BUDGET_SECTION, CapReading, IncomeKind
from grants.forms import BudgetForm, BudgetRow
from grants.models import BudgetLine, IncomeLine, Member
from grants.queries.content import budget_faults
from grants.queries.forms import retired_items
from grants.queries.sharing import TRANSFER_ITEM
from grants.views.frame import CasePage, case_page, form_page, member_of_case, sees, status_of
from programs.enums import InputUnit


@dataclass(frozen=True)
class YearLine:
    """One member's year: what it spends and where the money comes from, in yen."""

    fiscal_year: int
    spending: int
    incomes: int
    received: int
    subsidy: int

    @property
    def difference(self) -> int:
        """What is missing (plus) or too much (minus)."""
        return self.spending - self.incomes - self.received - self.subsidy


@dataclass(frozen=True)
class YearTrail:
    """One fiscal year of the whole project: the steps of the sum, and the result."""

    fiscal_year: int
    number: int
    steps: list[rules.TrailStep]
    year: rules.YearSubsidy


@sees
@require_safe
def budget(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole project's budget: each municipality by year, the subsidy and its reasoning, what does not add up."""
    page = money_page(request, public_id)
    members = _municipalities(page)
    lines = {member: year_lines(page, member) for member in members}
    own = {member.public_id for member in members}
    faults = [
        fault
        for fault in budget_faults(page.application)
        if page.is_lead or fault.field.split("/")[1:2] == [*own]
    ]
    return page.render(request, "budget", members=members, lines=lines.items(), faults=faults, **_sums(page))


@sees
@form_page
def budget_member(request: HttpRequest, public_id: str, member: str) -> HttpResponse:
    """One municipality's grid."""
    page = money_page(request, public_id)
    body = member_of_case(page, member)
    if request.method == "POST":
        return _save(request, page, body)
    form = budget_form(page, body)
    decision = page.edits(BUDGET_SECTION, body)
    return show_grid(request, page, body, form, editable=decision.permitted, reason=decision.reason)


def money_page(request: HttpRequest, public_id: str) -> CasePage:
    """The case, if there is money in it; raises Refused."""
    page = case_page(request, public_id)
    if not page.application.template.has_section(BUDGET_SECTION):
        raise Refused
    return page


def _municipalities(page: CasePage) -> list[Member]:
    found = page.application.members.present().municipalities().order_by("position")
    return [member for member in found if page.is_lead or member.pk == page.member.pk]


def _save(request: HttpRequest, page: CasePage, body: Member) -> HttpResponse:
    form = budget_form(page, body, request.POST)
    if form.is_valid() and (doubt := form.doubt(largest(page))):
        form.add_error("unit_confirmed", f"{doubt}単位が合っていれば、ここに印を付けて保存してください。")
    if not form.is_valid():
        return show_grid(request, page, body, form, status=422)
    try:
        budgeting.save_budget(
            application_id=page.application.pk,
            member_id=body.pk,
            costs=form.costs(),
            incomes=form.incomes(),
            expected_version=form.cleaned_data["version"],
            by=page.actor,
            at=page.at,
        )
    except Conflict as error:
        return _clash(request, page, body, form, error)
    except DomainError as error:
        form.refuse(error)
        return show_grid(request, page, body, form, status=status_of(error))
    messages.success(
        request, f"{clock.local(page.at):%H:%M} に保存しました。補助金の見込みを計算し直しました。"
    )
    return redirect(page.url("detail") if "back" in request.POST else request.path)


def largest(page: CasePage) -> int:
    """The largest sum that is likely, in yen: the cap of the first year, else what the whole call has; 0: unknown."""
    return page.application.template.first_year_cap or page.application.call.budget or 0


def _clash(
    request: HttpRequest, page: CasePage, body: Member, form: BudgetForm, error: DomainError
) -> HttpResponse:
    """Both values of every cell that differs; saving once more keeps what this person typed."""
    fresh = member_of_case(page, body.public_id)
    form.refuse(
        DomainError(
            *(
                Fault("", fault.message, "下で見比べてから、もう一度保存してください。")
                for fault in error.faults
            )
        )
    )
    differences = form.differences(rows_of(page, fresh))
    renewed = request.POST.copy()
    renewed["version"] = str(fresh.budget_version)
    form.data = renewed
    return show_grid(request, page, fresh, form, status=409, differences=differences)


def show_grid(
    request: HttpRequest, page: CasePage, body: Member, form: BudgetForm, *, status: int = 200,
    differences: Sequence[tuple[str, str, str]] = (), editable: bool = True, reason: str = "",
    pasted: Any = None,
) -> HttpResponse:  # fmt: skip
    """The grid with its figures, what two people typed side by side, and what was pasted."""
    mine = f"budget/{body.public_id}/"
    faults = [fault for fault in budget_faults(page.application) if fault.field.startswith(mine)]
    return page.render(
        request, "budget_member", status=status, heading=f"収支計画（{body}）", body=body, form=form, faults=faults, lines=year_lines(page, body),
        first_column="取組" if page.application.template.lines else "費目（節）",
        members=_municipalities(page), differences=differences, editable=editable, reason=reason, pasted=pasted,
        address=page.url("budget_member", body.public_id), **_sums(page),
    )  # fmt: skip


def budget_form(
    page: CasePage,
    body: Member,
    data: Mapping[str, Any] | None = None,
    rows: Sequence[BudgetRow] | None = None,
) -> BudgetForm:
    """One member's grid: as saved, or as typed; all of its rows, or these."""
    return BudgetForm(
        data, rows=rows_of(page, body) if rows is None else rows, years=_years(page), initial={"version": body.budget_version},
        thousand=page.application.call.input_unit == InputUnit.THOUSAND_YEN,
    )  # fmt: skip


def _years(page: CasePage) -> list[int]:
    return list(page.application.template.fiscal_years(page.application.call))


# --- Rows ---------------------------------------------------------------------------------------------------


def rows_of(page: CasePage, body: Member) -> list[BudgetRow]:
    """The rows of one member's grid with what is saved: items, payments to other members, kinds of money."""
    costs, incomes = queries.shares_for(page.actor, page.application)
    mine = list(costs.filter(member=body))
    return [
        *_item_rows(page, [line for line in mine if line.paid_to_id is None]),
        *_transfer_rows(page, body, [line for line in mine if line.paid_to_id is not None]),
        *_income_rows(list(incomes.filter(member=body))),
    ]


def _item_rows(page: CasePage, lines: Sequence[BudgetLine]) -> list[BudgetRow]:
    template = page.application.template
    chosen = {row.line for row in page.application.line_requests.all()}
    rows = [
        _row(
            f"c-{item['code']}", _item_name(item), [line for line in lines if line.item == item["code"]],
            item=str(item["code"]), hint=str(item.get("note", "")), eligible=bool(item["eligible"]),
        )
        for item in template.cost_items
        if not chosen or item["code"] in chosen or any(line.item == item["code"] for line in lines)
    ]  # fmt: skip
    gone = dict.fromkeys(line.item for line in lines if line.item not in template.item_codes())
    labels = retired_items(template) if gone else {}
    return rows + [
        _row(
            f"c-{code}", f"{labels.get(code, code)}（前の版の費目）", [line for line in lines if line.item == code],
            item=code, hint="いまの様式にない費目です。金額をほかの費目に移し、この行は空にします", eligible=False,
        )
        for code in gone
    ]  # fmt: skip


def _item_name(item: Mapping[str, Any]) -> str:
    """「12 委託料」; items without a number of 節 go by their name alone."""
    return f"{item['code']} {item['label']}" if str(item["code"]).isdigit() else str(item["label"])


def _transfer_rows(page: CasePage, body: Member, lines: Sequence[BudgetLine]) -> list[BudgetRow]:
    template = page.application.template
    others = {m.pk: m for m in page.application.members.municipalities().exclude(pk=body.pk) if m.is_present}
    wanted = [(TRANSFER_ITEM, pk) for pk in others] if TRANSFER_ITEM in template.item_codes() else []
    wanted += [key for line in lines if (key := (line.item, line.paid_to_id or 0)) not in wanted]
    names = {line.paid_to_id: str(line.paid_to) for line in lines} | {pk: str(m) for pk, m in others.items()}
    return [
        _row(
            f"t-{item}-{pk}", f"{template.item_label(item)}のうち{names[pk]}へ",
            [line for line in lines if (line.item, line.paid_to_id) == (item, pk)],
            item=item, paid_to_id=pk, hint="構成団体の間の負担金。事業費に二重に数えません",
        )
        for item, pk in dict.fromkeys(wanted)
    ]  # fmt: skip


def _income_rows(lines: Sequence[IncomeLine]) -> list[BudgetRow]:
    return [
        _row(
            f"i-{kind.value}",
            str(kind.label),
            [line for line in lines if line.kind == kind],
            income=kind.value,
        )
        for kind in IncomeKind
    ]


def _row(
    key: str, name: str, lines: Sequence[BudgetLine | IncomeLine], *, item: str = "", income: str = "",
    paid_to_id: int | None = None, hint: str = "", eligible: bool = True,
) -> BudgetRow:  # fmt: skip
    return BudgetRow(
        key, name, item, income, paid_to_id, hint, eligible,
        amounts={line.fiscal_year: line.amount for line in lines},
        notes={line.fiscal_year: line.note for line in lines},
    )  # fmt: skip


# --- Figures ------------------------------------------------------------------------------------------------


def year_lines(page: CasePage, body: Member) -> list[YearLine]:
    """One member's saved years against the subsidy it would get."""
    plan, result = queries.budget_of(page.application), queries.subsidy_of(page.application)
    key = body.public_id
    return [
        YearLine(
            year,
            sum(c.amount for c in plan.costs if c.member == key and c.fiscal_year == year),
            sum(i.amount for i in plan.incomes if i.member == key and i.fiscal_year == year),
            sum(c.amount for c in plan.costs if c.paid_to == key and c.fiscal_year == year),
            result.paid_to(key, year),
        )
        for year in _years(page)
    ]


def _sums(page: CasePage) -> dict[str, Any]:
    """The subsidy of every year with its reasoning, for those who see the whole budget."""
    template, call = page.application.template, page.application.call
    result = queries.subsidy_of(page.application)
    trails = [
        YearTrail(year.fiscal_year, year.support_year, result.steps(year.fiscal_year), year)
        for year in result.years
    ]
    shown = page.is_lead or BUDGET_SECTION in template.binding(call)
    return {
        "years": [(year, label(year)) for year in _years(page)],
        "trails": trails if shown else [],
        "total": result.total,
        "shown": shown,
        "terms": template,
        "per_year": template.cap_reading == CapReading.PER_YEAR,
    }
