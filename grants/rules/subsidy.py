"""The subsidy of each fiscal year, exactly, with the reasoning of every step in Japanese."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.fiscal_year import label
from core.money import floor_to, format_yen
from grants.enums import DEDUCTED_INCOMES, CapReading, IncomeKind, OtherSubsidy
from grants.rules.lines import Line
from grants.rules.terms import Budget, Cost, FundingTerms, Income, MemberKey


@dataclass(frozen=True)
class TrailStep:
    """One step: what it is called, how it was reached, and what came out (yen; a fraction is cut in `amount` only)."""

    fiscal_year: int
    label: str
    expression: str
    amount: int

    def as_data(self) -> dict[str, Any]:
        """For snapshots and decisions."""
        return {
            "fiscal_year": self.fiscal_year,
            "label": self.label,
            "expression": self.expression,
            "amount": self.amount,
        }


@dataclass(frozen=True)
class YearSubsidy:
    """One fiscal year: gross 総事業費, eligible 対象経費, deducted incomes, selected 選定額, amount, by payee."""

    fiscal_year: int
    support_year: int
    gross: int
    eligible: int
    deducted: int
    selected: int
    amount: int
    payees: Mapping[MemberKey, int]


@dataclass(frozen=True)
class SubsidyResult:
    """The subsidy per fiscal year, the sum, and the trail of all steps."""

    years: tuple[YearSubsidy, ...]
    trail: tuple[TrailStep, ...]

    @property
    def total(self) -> int:
        """Of all years."""
        return sum(year.amount for year in self.years)

    def amount(self, fiscal_year: int) -> int:
        """Of one fiscal year, 0 where nothing is planned."""
        return sum(year.amount for year in self.years if year.fiscal_year == fiscal_year)

    def paid_to(self, member: MemberKey, fiscal_year: int) -> int:
        """What one payee gets in a fiscal year."""
        return sum(year.payees.get(member, 0) for year in self.years if year.fiscal_year == fiscal_year)

    def steps(self, fiscal_year: int) -> list[TrailStep]:
        """The reasoning of one fiscal year."""
        return [step for step in self.trail if step.fiscal_year == fiscal_year]


def subsidy(budget: Budget, terms: FundingTerms) -> SubsidyResult:
    """Compute every fiscal year of a budget under the terms.

    差引額 = 総事業費 − deducted incomes (not below 0); 選定額 = the least of 差引額, 対象経費 and 基準額;
    × rate; the year's cap (and what is left of the project's); rounded down. Money one member pays to
    another that spends it is left out. Years outside the span of support get 0 with that reason.
    """
    years: list[YearSubsidy] = []
    trail: list[TrailStep] = []
    left = terms.project_cap or 0
    for fiscal_year in budget.fiscal_years:
        year, steps = _Year(budget, terms, fiscal_year, left).compute()
        years.append(year)
        trail += steps
        left -= year.amount
    return SubsidyResult(tuple(years), tuple(trail))


class _Year:
    """The steps of one fiscal year, in their order; each writes its line of the trail."""

    def __init__(self, budget: Budget, terms: FundingTerms, fiscal_year: int, left: int) -> None:
        self.budget, self.terms, self.fiscal_year, self.left = budget, terms, fiscal_year, left
        self.costs = [cost for cost in budget.costs if cost.fiscal_year == fiscal_year]
        self.spent = [cost for cost in self.costs if cost.paid_to is None]
        self.incomes = [income for income in budget.incomes if income.fiscal_year == fiscal_year]
        self.trail: list[TrailStep] = []

    def compute(self) -> tuple[YearSubsidy, list[TrailStep]]:
        """The year's result and trail."""
        gross = self._gross()
        deducted = self._deducted()
        eligible = self._eligible()
        selected = self._selected(gross, deducted, eligible)
        exact = self._by_line(selected) if self.terms.lines else self._capped(selected)
        amount, payees = self._rounded(exact)
        support_year = self.terms.support_year(self.fiscal_year)
        year = YearSubsidy(
            self.fiscal_year, support_year, gross, eligible, deducted, selected, amount, payees
        )
        return year, self.trail

    def _step(self, name: str, expression: str, amount: int) -> int:
        self.trail.append(TrailStep(self.fiscal_year, name, expression, amount))
        return amount

    def _gross(self) -> int:
        gross = sum(cost.amount for cost in self.spent)
        internal = sum(cost.amount for cost in self.costs if cost.paid_to is not None)
        note = f"（構成団体の間の負担金 {format_yen(internal)} は二重に数えない）" if internal else ""
        return self._step("総事業費", f"支出の計 {format_yen(gross)}{note}", gross)

    def _deducted(self) -> int:
        kinds = set(DEDUCTED_INCOMES)
        if self.terms.other_subsidy is OtherSubsidy.DEDUCT:
            kinds.add(IncomeKind.OTHER_SUBSIDY)
        parts = _by_kind(self.incomes, kinds)
        total = sum(parts.values())
        if not parts:
            return self._step("差し引く収入", "なし", 0)
        named = " + ".join(f"{kind.label} {format_yen(amount)}" for kind, amount in parts.items())
        return self._step("差し引く収入", f"{named} = {format_yen(total)}", total)

    def _eligible(self) -> int:
        inside = sum(cost.amount for cost in self.spent if cost.item in self.terms.eligible_items)
        outside = sum(cost.amount for cost in self.spent) - inside
        words = [f"対象の費目の計 {format_yen(inside)}"]
        if outside:
            words.append(f"（対象外の費目 {format_yen(outside)} を除く）")
        if self.terms.other_subsidy is OtherSubsidy.EXCLUDE:
            other = sum(i.amount for i in self.incomes if i.kind is IncomeKind.OTHER_SUBSIDY)
            if other:
                words.append(f" − 他の補助金で賄う経費 {format_yen(other)}")
                inside = max(0, inside - other)
                words.append(f" = {format_yen(inside)}")
        return self._step("対象経費", "".join(words), inside)

    def _selected(self, gross: int, deducted: int, eligible: int) -> int:
        net = max(0, gross - deducted)
        self._step("差引額", f"{format_yen(gross)} − {format_yen(deducted)} = {format_yen(net)}", net)
        candidates = {"差引額": net, "対象経費": eligible}
        if self.terms.standard_amount is not None:
            candidates["基準額"] = self.terms.standard_amount
        least = min(candidates.values())
        compared = "、".join(f"{name} {format_yen(amount)}" for name, amount in candidates.items())
        return self._step("選定額", f"{compared} のうち最も少ない額 = {format_yen(least)}", least)

    def _capped(self, selected: int) -> Fraction:
        terms, number = self.terms, self.terms.support_year(self.fiscal_year)
        if not self._in_span():
            return Fraction(0)
        exact = self._rated(Fraction(selected), terms.rate)
        cap = terms.cap(self.fiscal_year)
        name = "初年度上限" if number == 1 else f"{number}年度目の上限"
        exact = self._least(name, exact, cap)
        if terms.cap_reading is CapReading.WHOLE_PROJECT:
            exact = self._least("事業期間全体の上限の残り", exact, max(0, self.left))
        return exact

    def _in_span(self) -> bool:
        """Whether the year is one of support; writes why not."""
        terms = self.terms
        if 1 <= terms.support_year(self.fiscal_year) <= terms.max_years:
            return True
        self._step("補助の期間", f"補助は{terms.max_years}年度まで。{label(self.fiscal_year)}は対象外", 0)
        return False

    def _rated(self, exact: Fraction, rate: Fraction | None, name: str = "補助率") -> Fraction:
        """Times the rate; as it is where none is stated."""
        if rate is None:
            return exact
        product = exact * rate
        words = f"{_exact(exact)} × {rate.numerator}/{rate.denominator} = {_exact(product)}"
        self._step(name, words, int(product))
        return product

    def _by_line(self, selected: int) -> Fraction:
        """Each chosen line: its cost, × its rate, its cap, not above what is asked for; their sum within 選定額."""
        if not self._in_span():
            return Fraction(0)
        total = Fraction(0)
        for line in self.terms.lines:
            cost = sum(c.amount for c in self.spent if c.item == line.code)
            asked = self.budget.requests.get(line.code)
            if asked is None and not cost:
                continue
            most = self._rated(Fraction(cost), line.rate, f"{line.label}の補助率")
            most = self._least(f"{line.label}の上限", most, line.cap)
            total += self._asked(line, cost, most, asked or 0)
        least = min(total, Fraction(selected))
        words = f"取組の計 {_exact(total)}、選定額 {format_yen(selected)} のうち少ない額 = {_exact(least)}"
        self._step("取組の計", words, int(least))
        return least

    def _asked(self, line: Line, cost: int, most: Fraction, asked: int) -> Fraction:
        """One line's amount: what is asked for, within the most it can be."""
        found = min(Fraction(asked), most)
        unstated = [name for name, value in (("補助率", line.rate), ("上限", line.cap)) if value is None]
        note = f"（{'と'.join(unstated)}は資料に記載なし）" if unstated else ""
        words = f"対象経費 {format_yen(cost)}、申請額 {format_yen(asked)} → {_exact(found)}{note}"
        self._step(line.label, words, int(found))
        return found

    def _least(self, name: str, exact: Fraction, cap: int | None) -> Fraction:
        if cap is None:
            return exact
        within = min(exact, Fraction(cap))
        verdict = "以内" if within == exact else f"を超えるため {format_yen(cap)}"
        self._step(name, f"{_exact(exact)} → {name} {format_yen(cap)} {verdict}", int(within))
        return within

    def _rounded(self, exact: Fraction) -> tuple[int, dict[MemberKey, int]]:
        unit = self.terms.rounding_unit
        each = self.terms.funding_route == "each_member"
        weights = self._weights(each)
        payees = {
            member: _floor_by(exact * share, parts, unit, per_item=self.terms.rounding_scope == "item")
            for member, (share, parts) in weights.items()
        }
        amount = sum(payees.values())
        word = {1: "1円未満切捨て", 1000: "千円未満切捨て"}.get(unit, f"{unit:,}円未満切捨て")
        scope = "交付先ごとに" if each else ("費目ごとに" if self.terms.rounding_scope == "item" else "")
        self._step("端数処理", f"{_exact(exact)} → {scope}{word} = {format_yen(amount)}", amount)
        return amount, payees

    def _weights(self, each: bool) -> dict[MemberKey, tuple[Fraction, list[Fraction]]]:
        """By payee: its share of the whole, and the shares of its items within that."""
        eligible = [cost for cost in self.spent if cost.item in self.terms.eligible_items and cost.amount]
        whole = sum(cost.amount for cost in eligible)
        if not whole:
            return {}
        groups: dict[MemberKey, list[Cost]] = {}
        for cost in eligible:
            groups.setdefault(cost.member if each else self.budget.lead, []).append(cost)
        return {
            member: (Fraction(_sum(costs), whole), _item_shares(costs))
            for member, costs in sorted(
                groups.items(), key=lambda pair: list(self.budget.members).index(pair[0])
            )
        }


def _sum(costs: Iterable[Cost]) -> int:
    return sum(cost.amount for cost in costs)


def _item_shares(costs: list[Cost]) -> list[Fraction]:
    by_item: dict[str, int] = {}
    for cost in costs:
        by_item[cost.item] = by_item.get(cost.item, 0) + cost.amount
    return [Fraction(amount, _sum(costs)) for _, amount in sorted(by_item.items())]


def _floor_by(exact: Fraction, shares: list[Fraction], unit: int, *, per_item: bool) -> int:
    """Round down once, or each item's share of it."""
    return sum(floor_to(exact * share, unit) for share in shares) if per_item else floor_to(exact, unit)


def _by_kind(incomes: Iterable[Income], kinds: set[IncomeKind]) -> dict[IncomeKind, int]:
    """Sums by kind, in the enum's order, without zeros."""
    listed = list(incomes)
    sums = {kind: sum(i.amount for i in listed if i.kind is kind) for kind in IncomeKind if kind in kinds}
    return {kind: amount for kind, amount in sums.items() if amount}


def _exact(value: Fraction) -> str:
    """「6,666,666と2/3円」: nothing is rounded before the step that says so."""
    whole, rest = divmod(value.numerator, value.denominator)
    return format_yen(whole) if not rest else f"{whole:,}と{rest}/{value.denominator}円"
