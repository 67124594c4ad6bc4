"""The sum: the source's worked example, its properties, and the reasoning it prints."""

import ast
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from grants import rules
from grants.enums import CapReading, IncomeKind, OtherSubsidy

TERMS = rules.FundingTerms(
    rate=Fraction(2, 3),
    first_fiscal_year=2027,
    max_years=3,
    first_year_cap=10_000_000,
    later_year_cap=20_000_000,
    project_cap=20_000_000,
    eligible_items=frozenset({"8", "12", "18"}),
    rounding_unit=1000,
    item_labels={"12": "12 委託料"},
)
TOWNS = {"a": "東久留米市", "b": "清瀬市", "c": "小平市"}
YEARS = (2027, 2028, 2029)
yen = st.integers(0, 60_000_000)


def budget(*costs: rules.Cost, incomes: tuple[rules.Income, ...] = ()) -> rules.Budget:
    return rules.Budget(TOWNS, costs, incomes)


def cost(
    amount: int, year: int = 2027, item: str = "12", member: str = "a", to: str | None = None
) -> rules.Cost:
    return rules.Cost(member, item, year, amount, to)


def income(amount: int, kind: IncomeKind, year: int = 2027, member: str = "a") -> rules.Income:
    return rules.Income(member, kind, year, amount)


costs = st.builds(
    rules.Cost,
    member=st.sampled_from(sorted(TOWNS)),
    item=st.sampled_from(["8", "12", "14", "18"]),
    fiscal_year=st.sampled_from(YEARS),
    amount=yen,
    paid_to=st.none(),
)
incomes = st.builds(
    rules.Income,
    member=st.sampled_from(sorted(TOWNS)),
    kind=st.sampled_from(IncomeKind),
    fiscal_year=st.sampled_from(YEARS),
    amount=st.integers(0, 5_000_000),
)
budgets = st.builds(
    rules.Budget,
    members=st.just(TOWNS),
    costs=st.lists(costs, max_size=8).map(tuple),
    incomes=st.lists(incomes, max_size=4).map(tuple),
)
terms = st.builds(
    lambda unit, route, reading, other, scope: replace(
        TERMS,
        rounding_unit=unit,
        funding_route=route,
        cap_reading=reading,
        other_subsidy=other,
        rounding_scope=scope,
    ),
    st.sampled_from([1, 1000]),
    st.sampled_from(["lead", "each_member"]),
    st.sampled_from(CapReading),
    st.sampled_from(OtherSubsidy),
    st.sampled_from(["payee", "item", "project"]),
)
# --- What the sources say -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "eligible", "expected"),
    [
        (2027, 9_000_000, 6_000_000),  # the worked example of the rule
        (2027, 15_000_000, 10_000_000),
        (2027, 30_000_000, 10_000_000),  # 初年度上限
        (2028, 30_000_000, 20_000_000),
        (2029, 45_000_000, 20_000_000),
        (2027, 9_999_999, 6_666_000),  # 千円未満切捨て
        (2027, 1_499, 0),
        (2030, 9_000_000, 0),  # a fourth year
    ],
)
def test_rate_cap_and_rounding(year: int, eligible: int, expected: int) -> None:
    assert rules.subsidy(budget(cost(eligible, year)), TERMS).amount(year) == expected


def test_the_cap_of_the_whole_project_is_the_other_reading() -> None:
    plan = budget(cost(15_000_000, 2027), cost(30_000_000, 2028), cost(30_000_000, 2029))
    assert rules.subsidy(plan, TERMS).total == 50_000_000
    whole = rules.subsidy(plan, replace(TERMS, cap_reading=CapReading.WHOLE_PROJECT))
    assert [year.amount for year in whole.years] == [10_000_000, 10_000_000, 0]


def test_the_least_of_net_cost_eligible_cost_and_standard() -> None:
    plan = budget(
        cost(9_000_000), cost(3_000_000, item="14"),
        incomes=(income(4_500_000, IncomeKind.FEES), income(2_000_000, IncomeKind.MEMBER_SHARE)),
    )  # fmt: skip
    year = rules.subsidy(plan, TERMS).years[0]
    assert (year.gross, year.eligible, year.deducted, year.selected) == (
        12_000_000,
        9_000_000,
        4_500_000,
        7_500_000,
    )
    assert year.amount == 5_000_000
    capped = rules.subsidy(plan, replace(TERMS, standard_amount=6_000_000))
    assert capped.years[0].selected == 6_000_000


def test_another_subsidy_is_deducted_or_its_cost_left_out() -> None:
    plan = budget(
        cost(6_000_000), cost(6_000_000, item="14"), incomes=(income(3_000_000, IncomeKind.OTHER_SUBSIDY),)
    )
    assert rules.subsidy(plan, TERMS).years[0].selected == 6_000_000  # 12,000,000 − 3,000,000 > 対象経費
    excluded = rules.subsidy(plan, replace(TERMS, other_subsidy=OtherSubsidy.EXCLUDE))
    assert excluded.years[0].selected == 3_000_000


def test_money_paid_between_members_is_one_cost() -> None:
    alone = rules.subsidy(budget(cost(9_000_000)), TERMS)
    shared = rules.subsidy(budget(cost(9_000_000), cost(4_000_000, member="b", item="18", to="a")), TERMS)
    assert shared.total == alone.total
    assert any("二重に数えない" in step.expression for step in shared.trail)


def test_each_payee_is_rounded_by_itself() -> None:
    plan = budget(cost(1_000_000), cost(1_000_000, member="b"), cost(1_000_000, member="c"))
    each = rules.subsidy(plan, replace(TERMS, funding_route="each_member"))
    assert dict(each.years[0].payees) == {"a": 666_000, "b": 666_000, "c": 666_000}
    assert rules.subsidy(plan, TERMS).total == 2_000_000


def test_the_reasoning_can_be_followed_step_by_step() -> None:
    steps = rules.subsidy(budget(cost(15_000_001)), TERMS).steps(2027)
    said = {step.label: step.expression for step in steps}
    assert said["補助率"] == "15,000,001円 × 2/3 = 10,000,000と2/3円"
    assert said["初年度上限"] == "10,000,000と2/3円 → 初年度上限 10,000,000円 を超えるため 10,000,000円"
    assert said["端数処理"] == "10,000,000円 → 千円未満切捨て = 10,000,000円"
    assert [step.label for step in steps] == [
        "総事業費", "差し引く収入", "対象経費", "差引額", "選定額", "補助率", "初年度上限", "端数処理",
    ]  # fmt: skip


# --- What always holds ----------------------------------------------------------------------------------


@given(budgets, terms)
def test_never_above_a_cap_never_above_the_rate_and_payees_sum_up(
    plan: rules.Budget, given_terms: rules.FundingTerms
) -> None:
    result = rules.subsidy(plan, given_terms)
    for year in result.years:
        assert 0 <= year.amount <= given_terms.cap(year.fiscal_year)
        assert year.amount <= year.selected * given_terms.rate
        assert year.selected <= min(year.eligible, max(0, year.gross - year.deducted))
        assert sum(year.payees.values()) == year.amount
        assert all(amount % given_terms.rounding_unit == 0 for amount in year.payees.values())
    if given_terms.cap_reading is CapReading.WHOLE_PROJECT:
        assert result.total <= given_terms.project_cap
    assert result.total == sum(result.amount(year) for year in YEARS)


@given(budgets, yen, st.sampled_from(YEARS), st.sampled_from(CapReading))
def test_more_cost_never_gives_less(plan: rules.Budget, more: int, year: int, reading: CapReading) -> None:
    one = replace(TERMS, cap_reading=reading)
    larger = replace(plan, costs=(*plan.costs, cost(more, year)))
    assert rules.subsidy(larger, one).total >= rules.subsidy(plan, one).total


@given(budgets, st.integers(0, 5_000_000), st.sampled_from(sorted({IncomeKind.FEES, IncomeKind.SPONSORSHIP})))
def test_more_income_never_gives_more(plan: rules.Budget, more: int, kind: IncomeKind) -> None:
    richer = replace(plan, incomes=(*plan.incomes, income(more, kind)))
    assert rules.subsidy(richer, TERMS).total <= rules.subsidy(plan, TERMS).total


@given(budgets)
def test_the_order_of_the_cells_does_not_matter(plan: rules.Budget) -> None:
    turned = replace(plan, costs=plan.costs[::-1], incomes=plan.incomes[::-1])
    assert rules.subsidy(turned, TERMS).years == rules.subsidy(plan, TERMS).years


@given(st.integers(1, 40_000_000), st.integers(1, 40_000_000))
def test_exactly_the_fraction_and_no_float(first: int, second: int) -> None:
    result = rules.subsidy(budget(cost(first), cost(second, 2028)), TERMS)
    for amount, year, cap in ((first, 2027, 10_000_000), (second, 2028, 20_000_000)):
        assert result.amount(year) == min(amount * 2 // 3, cap) // 1000 * 1000
    assert all(type(step.amount) is int for step in result.trail)


@pytest.mark.parametrize("amount", [1.0, "1000", True, None])
def test_only_whole_yen_enter(amount: object) -> None:
    with pytest.raises(TypeError):
        rules.Cost("a", "12", 2027, amount)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="0円以上"):
        rules.Cost("a", "12", 2027, -1)


def test_no_float_is_written_anywhere_in_the_arithmetic() -> None:
    for path in (Path(settings.BASE_DIR) / "grants" / "rules").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)), path


# --- The balance ----------------------------------------------------------------------------------------


def faults(plan: rules.Budget, one: rules.FundingTerms = TERMS) -> list[str]:
    return [f"{fault.field}: {fault}" for fault in rules.balance(plan, one, rules.subsidy(plan, one))]


def balanced(first: int, second: int) -> rules.Budget:
    """The lead gets the subsidy; b pays part of its own to a, which spends it."""
    whole = first + second
    subsidy = min(whole * 2 // 3, 10_000_000) // 1000 * 1000
    own = max(0, first - subsidy)
    back = max(0, subsidy - first)
    lines = [cost(first), cost(second, member="b")]
    if back:
        lines.append(cost(back, item="18", to="b"))
    return budget(
        *lines,
        incomes=(
            income(own, IncomeKind.MEMBER_SHARE),
            income(second - back, IncomeKind.MEMBER_SHARE, member="b"),
        ),
    )


@given(st.integers(1_000, 30_000_000), st.integers(1_000, 30_000_000))
def test_a_balanced_budget_has_no_faults_and_one_yen_more_has_one(first: int, second: int) -> None:
    plan = balanced(first, second)
    assert faults(plan) == []
    off = replace(plan, incomes=(*plan.incomes, income(1, IncomeKind.MEMBER_SHARE, member="c")))
    assert [line.split(":")[0] for line in faults(off)] == ["budget/c/2027"]


def test_a_fault_names_member_year_difference_and_cure() -> None:
    plan = budget(cost(9_000_000), incomes=(income(2_500_000, IncomeKind.MEMBER_SHARE),))
    (fault,) = rules.balance(plan, TERMS, rules.subsidy(plan, TERMS))
    assert fault.field == "budget/a/2027"
    assert fault.message == (
        "東久留米市の令和9年度：支出 9,000,000円 に対し、財源（構成市町村負担金 2,500,000円、補助金 6,000,000円）の計 "
        "8,500,000円 が 500,000円 足りません。"
    )
    assert fault.cure == "構成市町村負担金を 500,000円 増やすか、支出を見直してください。"


def test_an_empty_budget_a_lost_payee_and_a_fourth_year_are_named() -> None:
    assert faults(budget()) == [
        "budget: 令和9年度の対象経費がありません。初年度の支出を、対象になる費目に入力してください。"
    ]
    lost = faults(budget(cost(3_000_000, item="18", to="gone"), cost(1_000)))
    assert any(line.startswith("budget/a/18/2027") and "支払先" in line for line in lost)
    assert any("令和12年度は補助の期間" in line for line in faults(budget(cost(1_000), cost(1_000, 2030))))


# --- Eligibility --------------------------------------------------------------------------------------------

NEEDS = rules.Requirements(frozenset({"tama"}), "多摩地域", 2, 1)


@pytest.mark.parametrize(
    ("towns", "actors", "said"),
    [
        ((("東久留米市", "tama"), ("清瀬市", "tama")), ("商工会",), []),
        ((("東久留米市", "tama"),), ("商工会",), ["2つ以上必要です（いま1：東久留米市）"]),
        ((("東久留米市", "tama"), ("清瀬市", "tama")), (), ["多様な主体が1つ以上"]),
        ((("東久留米市", "tama"), ("千代田区", "wards")), ("大学",), ["千代田区は多摩地域の", "2つ以上必要です"]),
    ],
)  # fmt: skip
def test_who_may_apply_together(
    towns: tuple[tuple[str, str], ...], actors: tuple[str, ...], said: list[str]
) -> None:
    found = [str(fault) for fault in rules.eligibility(rules.Circle(towns, actors), NEEDS)]
    assert len(found) == len(said)
    assert all(words in line for words, line in zip(said, found, strict=True))


def test_the_form_reads_its_terms_exactly() -> None:
    assert rules.fingerprint({"b": 1, "a": [Fraction(2, 3)]}) == rules.fingerprint({"a": ["2/3"], "b": 1})
    with pytest.raises(TypeError):
        rules.fingerprint({"a": 0.5})
