"""Filling the budget: one member's expenditure and money at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from core.fiscal_year import label
from core.money import LARGEST
from core.text import unstorable
from grants.actions.changes import changed, open_for_edit
from grants.enums import BUDGET_SECTION, MONEY_ITEM, IncomeKind
from grants.models import Application, BudgetLine, IncomeLine, Member
from grants.permissions import limits
from grants.queries.content import share_data

MAX_NOTE = 500


@dataclass(frozen=True)
class CostEntry:
    """One cell as typed: whole yen. `paid_to` is the id of the member that will spend it."""

    item: str
    fiscal_year: int
    amount: int
    paid_to_id: int | None = None
    note: str = ""


@dataclass(frozen=True)
class IncomeEntry:
    """One source of money as typed."""

    kind: str
    fiscal_year: int
    amount: int
    note: str = ""


@transaction.atomic
def save_budget(
    *,
    application_id: int,
    member_id: int,
    costs: Sequence[CostEntry],
    incomes: Sequence[IncomeEntry],
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Member:
    """Replace one member's whole budget; a budget that does not add up yet is kept all the same.

    `expected_version` is the member's `budget_version` the page showed. Cells of 0 yen without a note are not
    kept; an equal budget changes nothing. Raises Conflict when a colleague was faster, Refused for members of
    others, UnknownTransition or DomainError where nothing can be changed now, DomainError naming each cell with
    an unknown item, a year outside the span, a negative amount, or a payee that is not in.
    """
    instant = at or clock.now()
    application, member = open_for_edit(
        application_id, section=BUDGET_SECTION, member_id=member_id, by=by, at=instant
    )
    if member is None:
        raise AssertionError("a budget belongs to a member")
    if expected_version is not None and expected_version != member.budget_version:
        raise Conflict(
            Fault(
                BUDGET_SECTION,
                f"{member}の収支計画は、ほかの人が先に保存しました。",
                "最新の画面を開き直し、両方を見比べてください。",
            )
        )
    faults = [*_cost_faults(application, member, costs), *_income_faults(application, member, incomes)]
    faults += _not_given(application, member, costs, incomes, by, instant)
    if faults:
        raise DomainError(*faults)
    _replace(application, member, costs, incomes, by, instant)
    return member


def _not_given(  # noqa: PLR0917 - the parts of one budget
    application: Application,
    member: Member,
    costs: Sequence[CostEntry],
    incomes: Sequence[IncomeEntry],
    by: Actor,
    at: datetime,
) -> Iterable[Fault]:
    """Rows that changed and that the town's 庁内照会 has left to another unit."""
    left = limits(by, application, BUDGET_SECTION, member, at)
    if left.only is None and not left.without:
        return
    saved = entries_of(member)
    moved_costs = {cost for cost in costs if cost.amount or cost.note} ^ set(saved["costs"])
    moved_incomes = {income for income in incomes if income.amount or income.note} ^ set(saved["incomes"])
    places = {(cost.item, cost.item) for cost in moved_costs}
    places |= {(MONEY_ITEM, income.kind) for income in moved_incomes}
    for item, row in sorted(places):
        if not left.allow(item):
            name = "収入" if item == MONEY_ITEM else application.template.item_label(item)
            field = f"budget/{member.public_id}/{row}/{application.call.fiscal_year}"
            cure = "この行は元に戻して保存してください。"
            yield Fault(field, f"「{name}」は、庁内照会で別の部署が受け持っています。", cure)


def _replace(  # noqa: PLR0917 - the parts of one budget
    application: Application,
    member: Member,
    costs: Iterable[CostEntry],
    incomes: Iterable[IncomeEntry],
    by: Actor,
    at: datetime,
) -> None:
    before = share_data(member)
    member.budget_lines.all().delete()
    member.income_lines.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(
            application=application, member=member, item=cost.item, fiscal_year=cost.fiscal_year,
            amount=cost.amount, paid_to_id=cost.paid_to_id, note=cost.note,
        )
        for cost in costs
        if cost.amount or cost.note
    )  # fmt: skip
    IncomeLine.objects.bulk_create(
        IncomeLine(
            application=application, member=member, kind=income.kind, fiscal_year=income.fiscal_year,
            amount=income.amount, note=income.note,
        )
        for income in incomes
        if income.amount or income.note
    )  # fmt: skip
    after = share_data(member)
    if after == before:
        return
    member.budget_version += 1
    member.save(update_fields=["budget_version"])
    changed(
        application, section=BUDGET_SECTION, key="budget", member=member, by=by, at=at, before=before, after=after
    )  # fmt: skip


def _cost_faults(application: Application, member: Member, costs: Sequence[CostEntry]) -> Iterable[Fault]:
    items = set(application.template.item_codes())
    payees = {m.pk for m in application.members.present().municipalities() if m.pk != member.pk}
    seen: set[tuple[str, int, int | None]] = set()
    for cost in costs:
        field = f"budget/{member.public_id}/{cost.item}/{cost.fiscal_year}"
        name = f"{member}の{application.template.item_label(cost.item)}（{_year(cost.fiscal_year)}）"
        yield from _amount_faults(application, field, name, cost.fiscal_year, cost.amount, cost.note)
        if cost.item not in items:
            yield Fault(field, f"{name}の費目がこの募集にありません。", "費目を選び直してください。")
        if cost.paid_to_id is not None and cost.paid_to_id not in payees:
            yield Fault(
                field, f"{name}の支払先が構成する市町村にありません。", "支払先を選び直してください。"
            )
        key = (cost.item, cost.fiscal_year, cost.paid_to_id)
        if key in seen:
            yield Fault(field, f"{name}が二つあります。", "一つにまとめてください。")
        seen.add(key)


def _income_faults(
    application: Application, member: Member, incomes: Sequence[IncomeEntry]
) -> Iterable[Fault]:
    seen: set[tuple[str, int]] = set()
    for income in incomes:
        field = f"budget/{member.public_id}/{income.kind}/{income.fiscal_year}"
        known = income.kind in IncomeKind.values
        name = f"{member}の{IncomeKind(income.kind).label if known else income.kind}（{_year(income.fiscal_year)}）"
        yield from _amount_faults(application, field, name, income.fiscal_year, income.amount, income.note)
        if not known:
            yield Fault(field, f"{name}の財源の種類がありません。", "種類を選び直してください。")
        if (income.kind, income.fiscal_year) in seen:
            yield Fault(field, f"{name}が二つあります。", "一つにまとめてください。")
        seen.add((income.kind, income.fiscal_year))


def _amount_faults(  # noqa: PLR0917 - one cell
    application: Application, field: str, name: str, fiscal_year: int, amount: object, note: str
) -> Iterable[Fault]:
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 <= amount <= LARGEST:
        yield Fault(field, f"{name}の金額が正しくありません。", "0円以上の整数で入力してください。")
    if fiscal_year not in application.template.fiscal_years(application.call):
        years = application.template.fiscal_years(application.call)
        span = f"{label(years[0])}から{label(years[-1])}まで"
        yield Fault(field, f"{name}は補助の期間（{span}）の外です。", "期間内の年度に入力してください。")
    if len(note) > MAX_NOTE or unstorable(note):
        yield Fault(
            field, f"{name}の内訳に使えない文字があるか、{MAX_NOTE}字を超えています。", "直してください。"
        )


def _year(fiscal_year: int) -> str:
    try:
        return label(fiscal_year)
    except (ValueError, OverflowError):
        return f"{fiscal_year}年度"


def entries_of(member: Member) -> Mapping[str, list[Any]]:
    """The member's budget as entries, to fill a form with."""
    return {
        "costs": [
            CostEntry(line.item, line.fiscal_year, line.amount, line.paid_to_id, line.note)
            for line in member.budget_lines.all()
        ],
        "incomes": [
            IncomeEntry(line.kind, line.fiscal_year, line.amount, line.note)
            for line in member.income_lines.all()
        ],
    }
