"""What the sum is made of: the terms of a call and a budget, as plain data. Yen are int, rates Fractions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from grants.enums import CapReading, IncomeKind, OtherSubsidy
from grants.rules.lines import Line

MemberKey: TypeAlias = str


@dataclass(frozen=True)
class FundingTerms:
    """The parameters of the first subsidy's kind. Source: docs/glossary.md; every value is data of the form or the call.

    `first_year_cap` and `later_year_cap` bind each fiscal year; with the reading WHOLE_PROJECT the sum of
    all years is bound by `project_cap` as well. `rounding_unit` 1000 means 千円未満切捨て, per payee, per item
    or for the project as `rounding_scope` says. `eligible_items` are the codes of 対象経費. With `lines` each line
    has its own rate and cap, or none; rate and caps of the whole are None then.
    """

    rate: Fraction | None
    first_fiscal_year: int
    max_years: int
    first_year_cap: int | None
    later_year_cap: int | None
    project_cap: int | None
    eligible_items: frozenset[str]
    cap_reading: CapReading = CapReading.PER_YEAR
    other_subsidy: OtherSubsidy = OtherSubsidy.DEDUCT
    rounding_unit: int = 1
    rounding_scope: str = "payee"
    funding_route: str = "lead"
    standard_amount: int | None = None
    item_labels: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()

    def support_year(self, fiscal_year: int) -> int:
        """1 for the first year of support."""
        return fiscal_year - self.first_fiscal_year + 1

    def cap(self, fiscal_year: int) -> int | None:
        """The cap of one fiscal year; None where there is none."""
        return self.first_year_cap if self.support_year(fiscal_year) == 1 else self.later_year_cap

    def item_label(self, code: str) -> str:
        """「12 委託料」."""
        return self.item_labels.get(code, code)


@dataclass(frozen=True)
class Cost:
    """One cell of expenditure. `paid_to` names the member that will spend it: then it is no cost of the project."""

    member: MemberKey
    item: str
    fiscal_year: int
    amount: int
    paid_to: MemberKey | None = None

    def __post_init__(self) -> None:
        _check_yen(self.amount)


@dataclass(frozen=True)
class Income:
    """One source of money other than the subsidy."""

    member: MemberKey
    kind: IncomeKind
    fiscal_year: int
    amount: int

    def __post_init__(self) -> None:
        _check_yen(self.amount)


@dataclass(frozen=True)
class Budget:
    """A whole budget. `members` gives the names in order, the lead first; `requests` what is asked for by line."""

    members: Mapping[MemberKey, str]
    costs: tuple[Cost, ...] = ()
    incomes: tuple[Income, ...] = ()
    requests: Mapping[str, int] = field(default_factory=dict)

    @property
    def lead(self) -> MemberKey:
        """The lead's key."""
        return next(iter(self.members))

    @property
    def fiscal_years(self) -> list[int]:
        """The fiscal years in which anything is spent or comes in, in order."""
        spent = {cost.fiscal_year for cost in self.costs if cost.amount}
        return sorted(spent | {income.fiscal_year for income in self.incomes if income.amount})


def _check_yen(amount: object) -> None:
    """Refuse what is not whole, non-negative yen: TypeError for other types (floats above all), ValueError below 0."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"金額は円の整数で渡してください（{type(amount).__name__} は使えません）。")
    if amount < 0:
        raise ValueError("金額は0円以上にしてください。")
