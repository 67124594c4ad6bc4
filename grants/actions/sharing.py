"""Splitting the towns' burden by a rule, and writing it into every town's budget at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from grants import rules
from grants.actions import budgeting, locking
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.actions.changes import person
from grants.enums import BUDGET_SECTION, LEAD_PARTIES, IncomeKind
from grants.models import Member, SharePlan
from grants.permissions import parties
from grants.queries.sharing import TRANSFER_ITEM, ShareTable, share_table


@dataclass(frozen=True)
class ShareChoice:
    """A rule as chosen: `populations` by member id, with the day they count from."""

    rule: rules.ShareRule
    populations: Mapping[str, int]
    population_on: date | None = None


@transaction.atomic
def apply_shares(
    *, application_id: int, choice: ShareChoice, shown: str, by: Actor, at: datetime | None = None
) -> SharePlan:
    """Write each town's 構成市町村負担金 and what it pays to (or gets from) the lead, for every year with costs.

    What towns spend themselves and their other incomes stay; payments between members are replaced. `shown` is the
    mark of the table the page showed: Conflict when a budget moved since. Raises DomainError for a rule that cannot be
    applied, Refused for everybody but the lead's people, and as save_budget.
    """
    instant = at or clock.now()
    application = locking.application(application_id)
    if not parties(by, application) & LEAD_PARTIES:
        raise Refused
    if choice.rule.parts.get(rules.Basis.POPULATION) and choice.population_on is None:
        raise DomainError(
            Fault("population_on", "人口の基準日が空です。", "例：令和8年1月1日（住民基本台帳）")
        )
    table = share_table(application, choice.rule, choice.populations)
    if table.mark != shown:
        raise Conflict(
            Fault(
                BUDGET_SECTION,
                "見せた後に、収支計画か割り方が変わりました。",
                "新しい計算を確かめて、もう一度反映してください。",
            )
        )
    members = {m.public_id: m for m in application.members.present().municipalities().order_by("position")}
    for member in members.values():
        _write(member, table, members, by, instant)
    return SharePlan.objects.create(
        application=application, parts={basis.value: percent for basis, percent in choice.rule.parts.items()},
        unit=choice.rule.unit, populations=dict(choice.populations), population_on=choice.population_on,
        shares={str(year.fiscal_year): dict(year.shares) for year in table.years}, applied_at=instant,
        applied_by_id=person(by),
    )  # fmt: skip


def _write(member: Member, table: ShareTable, members: Mapping[str, Member], by: Actor, at: datetime) -> None:
    key = member.public_id
    now = budgeting.entries_of(member)
    costs = [cost for cost in now["costs"] if cost.paid_to_id is None]
    incomes = [income for income in now["incomes"] if income.kind != IncomeKind.MEMBER_SHARE]
    notes = {i.fiscal_year: i.note for i in now["incomes"] if i.kind == IncomeKind.MEMBER_SHARE}
    lead = next(iter(members))
    for year in table.years:
        number = year.fiscal_year
        paid = table.transfers[number]
        incomes.append(IncomeEntry(IncomeKind.MEMBER_SHARE, number, year.shares[key], notes.get(number, "")))
        if key == lead:
            costs += [
                CostEntry(TRANSFER_ITEM, number, -amount, members[other].pk)
                for other, amount in paid.items()
                if amount < 0
            ]
        elif paid[key] > 0:
            costs.append(CostEntry(TRANSFER_ITEM, number, paid[key], members[lead].pk))
    budgeting.save_budget(
        application_id=member.application_id, member_id=member.pk, costs=costs, incomes=incomes, by=by, at=at
    )
