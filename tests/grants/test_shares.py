"""負担割合: every yen is somebody's, none is negative, the remainder is the lead's, and every town's budget balances."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exceptions import Conflict, DomainError, Refused
from grants import rules
from grants.actions import budgeting
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.actions.sharing import ShareChoice, apply_shares
from grants.models import BudgetLine, IncomeLine, SharePlan
from grants.queries import budget_of, subsidy_of
from grants.queries.content import budget_faults
from grants.queries.sharing import share_table
from grants.rules import Basis, ShareRule
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, fields, text

__all__ = ["bodies_are_few"]
HALF = ShareRule({Basis.EQUAL: 50, Basis.POPULATION: 50, Basis.COST: 0})
EQUAL = ShareRule({Basis.EQUAL: 100, Basis.POPULATION: 0, Basis.COST: 0})


@settings(max_examples=60)
@given(
    st.integers(0, 10**13),
    st.integers(0, 100),
    st.integers(0, 100),
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=12),
    st.sampled_from([1, 1000]),
)
def test_shares_sum_to_the_total_exactly(
    total: int, equal: int, of_rest: int, towns: list[tuple[int, int]], unit: int
) -> None:
    """Whatever the mixture: the sum is the total, nobody's is negative, no partner pays more than its exact part."""
    population = (100 - equal) * of_rest // 100
    parts = {Basis.EQUAL: equal, Basis.POPULATION: population, Basis.COST: 100 - equal - population}
    members = [f"m{number}" for number in range(len(towns))]
    weights = {
        Basis.EQUAL: dict.fromkeys(members, 1),
        Basis.POPULATION: {member: 1 + town[0] for member, town in zip(members, towns, strict=True)},
        Basis.COST: {member: town[1] for member, town in zip(members, towns, strict=True)}
        | {"m0": 1 + towns[0][1]},
    }
    rule = ShareRule(parts, unit)
    found = rules.split(total, rule, weights)
    assert sum(found.shares.values()) == total
    assert sum(found.fractions.values()) == 1
    assert min(found.shares.values()) >= 0
    for member in members[1:]:
        exact = total * found.fractions[member]
        assert exact - rule.unit < found.shares[member] <= exact
        assert found.shares[member] % rule.unit == 0
    assert found.shares["m0"] >= total * found.fractions["m0"] - Fraction(0)
    assert [amount for _, _, amount in rules.trail(rule, found, dict.fromkeys(members, "市"))] == [
        *found.shares.values()
    ]


def test_the_worked_example() -> None:
    """10,000,001円, half by head and half by town: the odd yen is the lead's."""
    weights = {Basis.EQUAL: {"a": 1, "b": 1}, Basis.POPULATION: {"a": 30_000, "b": 10_000}}
    found = rules.split(10_000_001, HALF, weights)
    assert dict(found.shares) == {"a": 6_250_001, "b": 3_750_000}
    assert rules.trail(HALF, found, {"a": "甲市", "b": "乙市"}) == [
        ("甲市", "10,000,001円 × 5/8（端数 1円 を含む）", 6_250_001),
        ("乙市", "10,000,001円 × 3/8", 3_750_000),
    ]
    assert HALF.words() == "均等割50%・人口割50%"
    assert EQUAL.words() == "均等割"


@pytest.mark.parametrize(
    ("parts", "total", "field"),
    [
        ({Basis.EQUAL: 60, Basis.POPULATION: 60, Basis.COST: -20}, 1, "parts"),
        ({Basis.EQUAL: 99, Basis.POPULATION: 0, Basis.COST: 0}, 1, "parts"),
        ({Basis.EQUAL: 100, Basis.POPULATION: 0, Basis.COST: 0}, -1, "total"),
        ({Basis.EQUAL: 0, Basis.POPULATION: 100, Basis.COST: 0}, 1, "population"),
        ({Basis.EQUAL: 0, Basis.POPULATION: 0, Basis.COST: 100}, 1, "cost"),
    ],
)
def test_a_rule_that_cannot_be_applied_says_why(parts: dict[Basis, int], total: int, field: str) -> None:
    weights = {
        Basis.EQUAL: {"a": 1, "b": 1},
        Basis.POPULATION: {"a": 0, "b": 0},
        Basis.COST: {"a": -1, "b": 2},
    }
    with pytest.raises(DomainError) as refusal:
        rules.split(total, ShareRule(parts), weights)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_every_town_balances_afterwards(world: World) -> None:
    """The partner spends much itself and the lead pays it; money between them is one cost; nothing else moves."""
    application = draft(world)
    lead, partner = cases.lead_of(application), cases.partner_of(application)
    budgeting.save_budget(
        application_id=application.pk, member_id=partner.pk, by=world["partner_editor"],
        costs=[CostEntry("12", 2027, 9_000_001, note="案内板"), CostEntry("18", 2028, 700, lead.pk)],
        incomes=[IncomeEntry("fees", 2027, 300_000)],
    )  # fmt: skip
    before = {year: amount for year in (2027, 2028, 2029) if (amount := subsidy_of(application).amount(year))}
    choice = ShareChoice(HALF, {lead.public_id: 115_000, partner.public_id: 75_000}, cases.clock.today())
    table = share_table(application, choice.rule, choice.populations)
    plan = apply_shares(
        application_id=application.pk, choice=choice, shown=table.mark, by=world["lead_editor"]
    )
    assert budget_faults(application) == []
    budget = budget_of(application)
    assert {year: subsidy_of(application).amount(year) for year in before} == before
    for year in table.years:
        mine = [i for i in budget.incomes if i.fiscal_year == year.fiscal_year and i.kind == "member_share"]
        assert sum(i.amount for i in mine) == year.total
        assert {i.member: i.amount for i in mine} == dict(year.shares)
    assert BudgetLine.objects.get(member=partner, item="12", fiscal_year=2027).note == "案内板"
    assert IncomeLine.objects.get(member=partner, kind="fees").amount == 300_000
    assert BudgetLine.objects.filter(member=lead, paid_to=partner, fiscal_year=2027).exists()
    assert plan.shares == {str(y.fiscal_year): dict(y.shares) for y in table.years}
    again = share_table(application, choice.rule, choice.populations)
    assert again.mark == table.mark


def test_only_the_lead_and_only_what_was_shown(world: World) -> None:
    application = draft(world)
    people = {m.public_id: 1 for m in application.members.present().municipalities()}
    choice = ShareChoice(EQUAL, people)
    table = share_table(application, EQUAL, people)
    for name in ("partner_editor", "partner_approver", "lead_finance", "stranger_editor", "officer"):
        with pytest.raises(Refused):
            apply_shares(application_id=application.pk, choice=choice, shown=table.mark, by=world[name])
    cases.plan(world, application, first_year=14_000_000)
    with pytest.raises(Conflict):
        apply_shares(application_id=application.pk, choice=choice, shown=table.mark, by=world["lead_editor"])
    undated = ShareChoice(HALF, people)
    with pytest.raises(DomainError, match="基準日"):
        apply_shares(application_id=application.pk, choice=undated, shown="", by=world["lead_editor"])
    assert not SharePlan.objects.exists()


def test_the_page_shows_before_it_writes(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/shares/"
    client = client_as(world.users["lead_editor"])
    data = {**fields(text(client, url)), "unit": "1", "do": "show"}
    assert data["equal"] == "100"
    bad = text(client, url, 422, **(data | {"equal": "90"}))
    assert "割合の合計が100%になっていません" in bad
    people = {name: "75000" for name in data if name.startswith("people-")}
    typed = data | people | {"equal": "50", "population": "50", "population_on": "令和8年1月1日"}
    before = list(IncomeLine.objects.values_list("pk", "amount"))
    shown = text(client, url, **typed)
    assert "均等割50%・人口割50%" in shown
    assert list(IncomeLine.objects.values_list("pk", "amount")) == before
    apply = {**fields(shown), "unit": "1", "do": "apply"}
    cases.plan(world, application, first_year=14_000_000)
    moved = text(client, url, 409, **apply)
    assert "見せた後に" in moved
    answer = client.post(url, {**fields(moved), "unit": "1", "do": "apply"})
    assert answer["Location"] == f"/applications/{application.public_id}/budget/"
    assert "いまの割り方：均等割50%・人口割50%（人口は令和8年1月1日現在）" in text(client, url)
    for name in ("partner_editor", "stranger_editor", "officer"):
        text(client_as(world.users[name]), url, 404)
