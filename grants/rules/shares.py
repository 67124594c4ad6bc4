"""負担割合: how what the project costs the towns is split among them, exactly, with its reasoning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.exceptions import DomainError, Fault
from core.money import floor_to, format_yen
from grants.enums import IncomeKind
from grants.rules.subsidy import SubsidyResult
from grants.rules.terms import Budget, MemberKey

WHOLE = 100
"""The parts of a mixture are percents of it."""


class Basis(StrEnum):
    """What a share follows."""

    EQUAL = "equal"
    POPULATION = "population"
    COST = "cost"


BASIS_LABELS = {Basis.EQUAL: "均等割", Basis.POPULATION: "人口割", Basis.COST: "事業費割"}


@dataclass(frozen=True)
class ShareRule:
    """Percents by basis, together 100; `unit` yen to which partners' shares are rounded down."""

    parts: Mapping[Basis, int]
    unit: int = 1

    def words(self) -> str:
        """「均等割50%・人口割50%」."""
        mixed = len([percent for percent in self.parts.values() if percent]) > 1
        return "・".join(
            f"{BASIS_LABELS[basis]}{f'{percent}%' if mixed else ''}"
            for basis, percent in self.parts.items()
            if percent
        )


@dataclass(frozen=True)
class YearShares:
    """One fiscal year: the total in yen, each member's share, and each member's fraction of the total."""

    fiscal_year: int
    total: int
    shares: Mapping[MemberKey, int]
    fractions: Mapping[MemberKey, Fraction]


def split(total: int, rule: ShareRule, weights: Mapping[Basis, Mapping[MemberKey, int]]) -> YearShares:
    """Split a total among the members of `weights`; the first one is the lead, who bears what rounding leaves over.

    The shares sum to the total exactly and none is negative: every partner's is rounded down, so the lead's is at
    least what its own fraction says. The fiscal year is 0 here. Raises DomainError for percents that are not 100,
    a negative total, or a basis without weights.
    """
    _check(total, rule, weights)
    members = list(next(iter(weights.values())))
    fractions = {
        member: sum(
            (Fraction(percent, WHOLE) * Fraction(weights[basis][member], sum(weights[basis].values())))
            for basis, percent in rule.parts.items()
            if percent
        )
        or Fraction(0)
        for member in members
    }
    shares = {member: floor_to(total * fractions[member], rule.unit) for member in members}
    lead = members[0]
    shares[lead] = total - sum(amount for member, amount in shares.items() if member != lead)
    return YearShares(0, total, shares, fractions)


def _check(total: int, rule: ShareRule, weights: Mapping[Basis, Mapping[MemberKey, int]]) -> None:
    if sum(rule.parts.values()) != WHOLE or min(rule.parts.values()) < 0:
        raise DomainError(
            Fault("parts", "割合の合計が100%になっていません。", "三つの割合の合計を100にしてください。")
        )
    if total < 0:
        raise DomainError(
            Fault("total", "収入が支出を上回り、負担する額がありません。", "収支計画を見直してください。")
        )
    for basis in (basis for basis, percent in rule.parts.items() if percent):
        values = weights.get(basis, {})
        if not values or min(values.values()) < 0 or not sum(values.values()):
            raise DomainError(
                Fault(
                    basis.value,
                    f"{BASIS_LABELS[basis]}のもとになる数がありません。",
                    "数を入力するか、別の割り方を選んでください。",
                )
            )


def burden(budget: Budget, result: SubsidyResult, fiscal_year: int) -> int:
    """What is left for the towns in a year: 総事業費 less the subsidy and every income that is not a town's own share.

    Money one member pays to another is one cost, counted where it is spent. Negative where incomes exceed the cost.
    """
    spent = sum(c.amount for c in budget.costs if c.fiscal_year == fiscal_year and c.paid_to is None)
    incomes = sum(
        i.amount
        for i in budget.incomes
        if i.fiscal_year == fiscal_year and i.kind is not IncomeKind.MEMBER_SHARE
    )
    return spent - incomes - result.amount(fiscal_year)


def spent_by_member(budget: Budget, fiscal_year: int) -> dict[MemberKey, int]:
    """What each member spends itself: the weights of 事業費割."""
    return {
        member: sum(
            c.amount
            for c in budget.costs
            if c.member == member and c.fiscal_year == fiscal_year and c.paid_to is None
        )
        for member in budget.members
    }


def transfers(
    budget: Budget, result: SubsidyResult, fiscal_year: int, shares: Mapping[MemberKey, int]
) -> dict[MemberKey, int]:
    """What each partner pays to the lead (plus) or gets from it (minus), so that every town's year balances.

    A town has its share, its own incomes and its part of the subsidy, and spends what it spends; the difference goes
    to or comes from the lead.
    """
    spent = spent_by_member(budget, fiscal_year)
    found = {}
    for member in list(budget.members)[1:]:
        own = sum(
            i.amount
            for i in budget.incomes
            if i.member == member and i.fiscal_year == fiscal_year and i.kind is not IncomeKind.MEMBER_SHARE
        )
        found[member] = shares[member] + own + result.paid_to(member, fiscal_year) - spent[member]
    return found


def trail(rule: ShareRule, year: YearShares, names: Mapping[MemberKey, str]) -> list[tuple[str, str, int]]:
    """Each member's step: name, how it was reached, the share in yen; the lead's says what rounding left over."""
    members: Sequence[MemberKey] = list(year.shares)
    steps = []
    for member in members:
        fraction, share = year.fractions[member], year.shares[member]
        exact = f"{format_yen(year.total)} × {fraction.numerator}/{fraction.denominator}"
        rest = share - floor_to(year.total * fraction, rule.unit)
        end = f"（端数 {format_yen(rest)} を含む）" if member == members[0] and rest else ""
        steps.append((names[member], f"{exact}{end}", share))
    return steps
