"""What a share rule would make of the budget as it stands: the table that is shown before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.exceptions import DomainError, Fault
from core.fiscal_year import label
from grants import rules
from grants.models import Application, SharePlan
from grants.queries.content import budget_of, subsidy_of

TRANSFER_ITEM = "18"
"""節 18 負担金、補助及び交付金: the item in which one municipality pays its share to another."""


@dataclass(frozen=True)
class ShareTable:
    """Shares by year, what partners pay to the lead by year (minus: get), names by id, and the mark of it all."""

    years: tuple[rules.YearShares, ...]
    transfers: Mapping[int, Mapping[str, int]]
    names: Mapping[str, str]
    mark: str


def share_table(
    application: Application, rule: rules.ShareRule, populations: Mapping[str, int]
) -> ShareTable:
    """The table of a rule. Raises DomainError naming what stands in the way (total, a basis, the item of transfers)."""
    budget, result = budget_of(application), subsidy_of(application)
    first = {member: populations.get(member, 0) for member in budget.members}
    years, paid = [], {}
    for fiscal_year in budget.fiscal_years:
        spent = rules.spent_by_member(budget, fiscal_year)
        weights = {
            rules.Basis.EQUAL: dict.fromkeys(budget.members, 1),
            rules.Basis.POPULATION: first,
            rules.Basis.COST: spent,
        }
        total = rules.burden(budget, result, fiscal_year)
        try:
            found = rules.split(total, rule, weights)
        except DomainError as error:
            faults = [Fault(f.field, f"{label(fiscal_year)}：{f.message}", f.cure) for f in error.faults]
            raise DomainError(*faults) from None
        years.append(rules.YearShares(fiscal_year, total, found.shares, found.fractions))
        paid[fiscal_year] = rules.transfers(budget, result, fiscal_year, found.shares)
    if not years:
        raise DomainError(Fault("total", "支出がまだありません。", "各市町村の支出を先に入力してください。"))
    moved = any(amount for year in paid.values() for amount in year.values())
    if moved and TRANSFER_ITEM not in application.template.item_codes():
        raise DomainError(
            Fault(
                "total",
                "この様式には、団体の間の負担金の費目がありません。",
                "負担金を各団体の収支計画に入力してください。",
            )
        )
    mark = rules.fingerprint(
        {
            "shares": {str(year.fiscal_year): dict(year.shares) for year in years},
            "transfers": {str(number): dict(amounts) for number, amounts in paid.items()},
        }
    )
    return ShareTable(tuple(years), paid, dict(budget.members), mark)


def share_plan(application: Application) -> SharePlan | None:
    """The rule in force: the one applied last."""
    return application.share_plans.order_by("-applied_at", "-pk").first()


def rule_of(plan: SharePlan) -> rules.ShareRule:
    """A kept rule as the sum takes it."""
    return rules.ShareRule({rules.Basis(basis): percent for basis, percent in plan.parts.items()}, plan.unit)
