"""Whether a budget adds up: for each member and fiscal year, what is spent equals what comes in."""

from collections.abc import Iterable

from core.exceptions import Fault
from core.fiscal_year import label
from core.money import format_yen
from grants.enums import IncomeKind
from grants.rules.subsidy import SubsidyResult
from grants.rules.terms import Budget, FundingTerms, Income, MemberKey


def balance(budget: Budget, terms: FundingTerms, result: SubsidyResult) -> list[Fault]:
    """Everything that does not add up, each naming member, item, year and difference, with the cure.

    `field` is "budget/<member>/<fiscal year>" (or with an item, or "budget" for the whole). A member's
    expenditure includes what it pays to another member; its money includes what others pay to it and the
    subsidy paid to it. Since every member balances, the project does.
    """
    faults = [*_first_year(budget, terms), *_span(budget, terms), *_transfers(budget)]
    for fiscal_year in budget.fiscal_years:
        for member in budget.members:
            faults += _cell(budget, result, member, fiscal_year)
    return faults


def _first_year(budget: Budget, terms: FundingTerms) -> Iterable[Fault]:
    first = terms.first_fiscal_year
    spent = sum(c.amount for c in budget.costs if c.fiscal_year == first and c.item in terms.eligible_items)
    if not spent:
        yield Fault(
            "budget",
            f"{label(first)}の対象経費がありません。",
            "初年度の支出を、対象になる費目に入力してください。",
        )


def _span(budget: Budget, terms: FundingTerms) -> Iterable[Fault]:
    for fiscal_year in budget.fiscal_years:
        if not 1 <= terms.support_year(fiscal_year) <= terms.max_years:
            yield Fault(
                f"budget/{fiscal_year}",
                f"{label(fiscal_year)}は補助の期間（{terms.max_years}年度）の外です。",
                "その年度の金額を消してください。",
            )


def _transfers(budget: Budget) -> Iterable[Fault]:
    for cost in budget.costs:
        if cost.paid_to is not None and cost.paid_to not in budget.members and cost.amount:
            name = budget.members.get(cost.member, cost.member)
            yield Fault(
                f"budget/{cost.member}/{cost.item}/{cost.fiscal_year}",
                f"{name}の{label(cost.fiscal_year)}の負担金 {format_yen(cost.amount)} の支払先が構成団体にありません。",
                "支払先を選び直すか、この欄を消してください。",
            )


def _cell(budget: Budget, result: SubsidyResult, member: MemberKey, fiscal_year: int) -> Iterable[Fault]:
    spending = sum(c.amount for c in budget.costs if c.member == member and c.fiscal_year == fiscal_year)
    received = sum(c.amount for c in budget.costs if c.paid_to == member and c.fiscal_year == fiscal_year)
    incomes = [i for i in budget.incomes if i.member == member and i.fiscal_year == fiscal_year]
    subsidy = result.paid_to(member, fiscal_year)
    money = sum(income.amount for income in incomes) + received + subsidy
    if spending == money:
        return
    parts = [f"{kind.label} {format_yen(amount)}" for kind, amount in _sums(incomes)]
    parts += [f"他の構成団体からの負担金 {format_yen(received)}"] if received else []
    parts += [f"補助金 {format_yen(subsidy)}"] if subsidy else []
    difference, word = abs(spending - money), "足りません" if spending > money else "多くなっています"
    yield Fault(
        f"budget/{member}/{fiscal_year}",
        f"{budget.members[member]}の{label(fiscal_year)}：支出 {format_yen(spending)} に対し、財源"
        f"（{'、'.join(parts) or 'なし'}）の計 {format_yen(money)} が {format_yen(difference)} {word}。",
        f"{IncomeKind.MEMBER_SHARE.label}を {format_yen(difference)} "
        f"{'増やす' if spending > money else '減らす'}か、支出を見直してください。",
    )


def _sums(incomes: Iterable[Income]) -> list[tuple[IncomeKind, int]]:
    listed = list(incomes)
    return [
        (kind, amount) for kind in IncomeKind if (amount := sum(i.amount for i in listed if i.kind is kind))
    ]
