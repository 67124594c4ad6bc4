"""The one tree of rules: exact, bounded, strict about what it is given, and explained."""

import ast
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.funding import exact
from programs.funding.faults import InputError, RuleError
from programs.funding.inputs import Input, InputKind
from programs.funding.rules import Formula, formula_from, requirement_from
from tests.conftest import REFERENCE, ROOT

DATA: dict[str, list[dict[str, Any]]] = json.loads(
    (REFERENCE / "funding_rules.json").read_text(encoding="utf-8")
)
FORMULAS: dict[str, Formula] = {row["id"]: formula_from(row) for row in DATA["rules"]}
EXAMPLES = {row["id"]: row["examples"][0]["inputs"] for row in DATA["rules"]}
CAPS = {
    "diverse-partners-grant": 20_000_000, "tama-loan-limit": 20_000_000, "tama-biz-space": 120_000,
    "nichiiki-coordinator-full": 2_500_000, "kigyojin-pre": 500_000, "kigyojin-fukugyo-term": 2_000_000,
    "kyoryokutai-recruit": 3_500_000, "kyoryokutai-katsudo": 5_500_000, "kyoryokutai-kigyo": 1_000_000,
    "mirai-model": 150_000_000, "shisetsu-chosa": 5_000_000, "shisetsu-enkatsu": 50_000_000,
    "jinzai-boshu": 1_000_000, "jinzai-pref": 6_000_000, "rmo-staff": 2_200_000, "shuraku-shienin": 5_000_000,
    "case-fukushima-long": 300_000, "l10k-local-special": 7_500_000, "ls-burden-cap": 5_000_000,
}  # fmt: skip
AGAINST_COST = {"municipal_share", "land_value", "ordinary"}
STEPPED = {"l10k-public-cap", "l10k-local-cap", "l10k-local-special"}
"""Rules in which the amount depends on a ratio: more public money may mean a lower step."""


def amounts(item: Input) -> st.SearchStrategy[Any]:
    """Values an input takes."""
    if item.kind is InputKind.BOOLEAN:
        return st.booleans()
    if item.kind is InputKind.CHOICE:
        return st.sampled_from([choice.value for choice in item.choices])
    if item.kind is InputKind.LIST:
        return st.lists(st.integers(0, 10**8), max_size=8)
    high = min(int(item.maximum), 10**9)
    low = int(item.minimum)
    if item.kind is InputKind.RATIO:
        return st.integers(low, high) | st.sampled_from(["1/2", "0.5", "4/5", "1"])
    return st.integers(low, high) | st.integers(low, min(high, low + 20))


@st.composite
def asked(draw: st.DrawFn, rules: list[str]) -> tuple[str, dict[str, Any]]:
    """A rule and inputs it takes."""
    name = draw(st.sampled_from(rules))
    values = {item.name: draw(amounts(item)) for item in FORMULAS[name].inputs}
    for item in FORMULAS[name].inputs:
        if item.not_over:
            values[item.name] = min(values[item.name], values[item.not_over])
    return name, values


@given(asked(sorted(FORMULAS)))
@settings(max_examples=400)
def test_every_answer_is_whole_yen_with_a_trail(case: tuple[str, dict[str, Any]]) -> None:
    name, values = case
    found = FORMULAS[name].calculate(values)
    assert type(found.amount) is int
    assert found.amount >= 0
    assert found.steps[-1].sign == "→"
    assert not any(re.search(r"\d\.\d{3,}|Fraction|None", line) for line in found.trail)


@given(asked(sorted(CAPS)))
@settings(max_examples=300)
def test_never_above_the_cap(case: tuple[str, dict[str, Any]]) -> None:
    name, values = case
    many = max((len(value) for value in values.values() if isinstance(value, list)), default=1)
    per_person = name == "nichiiki-coordinator-full"
    assert FORMULAS[name].calculate(values).amount <= CAPS[name] * (max(many, 1) if per_person else 1)


@given(asked(sorted(FORMULAS.keys() - STEPPED)), st.integers(1, 10**8), st.data())
@settings(max_examples=400)
def test_monotone_in_cost(case: tuple[str, dict[str, Any]], more: int, data: st.DataObject) -> None:
    name, values = case
    yen = [item for item in FORMULAS[name].inputs if item.unit == "円" and item.name not in AGAINST_COST]
    if not yen:
        return
    item = data.draw(st.sampled_from(yen))
    larger = dict(values)
    if item.kind is InputKind.LIST:
        larger[item.name] = [value + more for value in values[item.name]]
    else:
        larger[item.name] = min(values[item.name] + more, int(item.maximum))
    assert FORMULAS[name].calculate(values).amount <= FORMULAS[name].calculate(larger).amount


@given(st.integers(0, 10**12))
@settings(max_examples=200)
def test_shares_sum_to_the_total(cost: int) -> None:
    """1/2 + 1/4 + 1/8 + 1/8, each rounded down: together the cost, but for less than a yen each."""
    rule = FORMULAS["tokutei-kumiai-split"]
    shares = [choice.value for choice in rule.inputs[1].choices]
    parts = [rule.calculate({"cost": cost, "share": share}).amount for share in shares]
    assert 0 <= cost - sum(parts) < len(shares)
    assert cost % 8 or sum(parts) == cost


@given(st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=100)
def test_bond_and_burden_sum_to_the_cost(cost: int, repayment: int) -> None:
    bond = FORMULAS["teiju-bond"]
    tax, own = (bond.calculate({"cost": cost, "what": what}).amount for what in ("tax", "own"))
    assert cost - 1 <= tax + own <= cost
    kaso = FORMULAS["kaso-sai"]
    paid, left = (
        kaso.calculate({"cost": 0, "repayment": repayment, "what": what}).amount for what in ("tax", "own")
    )
    assert repayment - 1 <= paid + left <= repayment


def test_the_year_chooses_the_version() -> None:
    staff = FORMULAS["rmo-staff"]
    assert [staff.calculate({"cost": 9_000_000, "fy": fy}).amount for fy in (6, 7, 8)] == [
        2_000_000, 2_200_000, 2_200_000,
    ]  # fmt: skip
    center = FORMULAS["teiju-neighbour"]
    years = [2013, 2014, 2020, 2021]
    assert [center.calculate({"fy_western": year}).amount for year in years] == [
        10_000_000, 15_000_000, 15_000_000, 18_000_000,
    ]  # fmt: skip


def test_the_trail_reads_as_the_officer_writes_it() -> None:
    inputs = {"eligible_cost": 15_000_000, "support_year": 1, "tama_municipalities": 2, "diverse_actors": 1}
    trail = FORMULAS["diverse-partners-grant"].calculate(inputs).trail
    assert trail[1] == "補助対象経費 15,000,000円 × 2/3 = 10,000,000円"
    assert trail[2].startswith("初年度上限 10,000,000円 → 10,000,000円")
    assert trail[3] == "端数処理 10,000,000円 → 10,000,000円（資料に定めがないため1円未満切捨て）"
    third = FORMULAS["kaso-kofukin"].calculate({"cost": 100, "kind": "④遊休施設"})
    assert third.amount == 33
    assert "33と1/3円" in third.trail[-1]


def test_no_float_and_no_eval_in_the_package() -> None:
    for path in sorted(Path(ROOT / "programs/funding").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert called not in {"float", "eval", "exec", "compile", "__import__"}, path.name
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
            assert not (isinstance(node, ast.Name) and node.id == "float"), path.name


# --- Hostile inputs -------------------------------------------------------------------------------------

NONSENSE: list[tuple[str, str]] = [
    ("negative", "-1"), ("text", '"abc"'), ("huge", "1e400"), ("many digits", "9" * 5000), ("nan", "NaN"),
    ("infinite", "-Infinity"), ("bool", "true"), ("null", "null"), ("list", "[1]"), ("object", "{}"),
    ("fraction of a yen", "0.5"), ("tiny", "1e-400"), ("beyond the largest", "1000000000000001"),
    ("digits as text", '"12"'), ("exponent", "1e999999999"),
]  # fmt: skip


@pytest.mark.parametrize("value", [value for _, value in NONSENSE], ids=[name for name, _ in NONSENSE])
@pytest.mark.parametrize("rule", ["nichiiki-general", "nichiiki-coordinator-full"])
def test_nonsense_names_the_field_with_its_cure(rule: str, value: str) -> None:
    name = FORMULAS[rule].inputs[0].name
    sent = f"[{value}]" if rule == "nichiiki-coordinator-full" and value != "null" else value
    with pytest.raises(InputError) as caught:
        FORMULAS[rule].calculate(exact.loads(f'{{"{name}": {sent}}}'))
    (found,) = caught.value.faults
    assert found.field.split(".")[0] == name
    assert found.message
    assert found.cure.endswith(("。", "]"))


@pytest.mark.parametrize("rule", sorted(FORMULAS))
def test_each_missing_input_is_named(rule: str) -> None:
    for name in EXAMPLES[rule]:
        inputs = {key: value for key, value in EXAMPLES[rule].items() if key != name}
        with pytest.raises(InputError) as caught:
            FORMULAS[rule].calculate(inputs)
        assert [found.field for found in caught.value.faults] == [name]


@pytest.mark.parametrize("given_inputs", [None, [], "cost", 1, True])
def test_inputs_must_be_named(given_inputs: Any) -> None:
    with pytest.raises(InputError):
        FORMULAS["nichiiki-general"].calculate(given_inputs)


def test_more_faults() -> None:
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("rmo-keiei", {"cost": 1, "k": "1/0"}, "k"),
        ("rmo-keiei", {"cost": 1, "k": "k"}, "k"),
        ("ls-phase", {"cost": 1, "phase": "閉店"}, "phase"),
        ("kaso-kofukin", {"cost": 1, "kind": "①"}, "kind"),
        ("kyoryokutai-kigyo", {"cost": 1, "in_window": 1}, "in_window"),
        ("nichiiki-coordinator-full", {"costs": 5}, "costs"),
        ("nichiiki-coordinator-full", {"costs": [1] * 101}, "costs"),
        ("jinzai-pref", {"cost": 1, "municipal_share": 2, "jichiho_haken": False}, "municipal_share"),
        ("nichiiki-general", {"cost": 1, "price": 2}, "price"),
    ]
    for rule, inputs, field in cases:
        with pytest.raises(InputError) as caught:
            FORMULAS[rule].calculate(inputs)
        assert [found.field for found in caught.value.faults] == [field], rule


def test_a_divisor_of_zero_is_named() -> None:
    rule = formula_from(
        {
            "inputs": [{"name": name, "label": name, "kind": "integer", "unit": "円"} for name in ("a", "b")],
            "versions": [{"tree": rounded({"op": "divide", "of": [leaf("a"), leaf("b")]})}],
        }
    )
    assert rule.calculate({"a": 7, "b": 2}).amount == 3
    with pytest.raises(InputError, match="割れません") as caught:
        rule.calculate({"a": 7, "b": 0})
    assert caught.value.faults[0].field == "b"


def test_a_list_of_a_million_is_refused_by_its_length() -> None:
    """Before its parts are looked at: a wrong one among them is not what it says."""
    with pytest.raises(InputError) as caught:
        FORMULAS["nichiiki-coordinator-full"].calculate({"costs": ["x"] * 1_000_000})
    fault, *others = caught.value.faults
    assert (fault.field, others) == ("costs", []) and "1,000,000件" in fault.message


def test_numbers_are_read_exactly() -> None:
    assert exact.loads("[0.1, 1.0, 3, 12.50]") == [Fraction(1, 10), 1, 3, Fraction(25, 2)]
    assert type(exact.loads("1.0")) is int


# --- Hostile rules --------------------------------------------------------------------------------------


def leaf(name: str) -> dict[str, Any]:
    return {"op": "input", "name": name}


def rounded(tree: Any) -> dict[str, Any]:
    return {"op": "round_down", "of": tree, "unit": 1}


def deep(levels: int) -> Any:
    tree: Any = leaf("a")
    for _ in range(levels):
        tree = {"op": "add", "of": [tree]}
    return tree


@pytest.mark.parametrize(
    "tree",
    [
        {"op": "eval", "of": "1"}, {"op": "input", "name": "b"}, {"op": "input", "name": "a", "code": "x"},
        {"op": "const", "value": 0.5}, {"op": "const", "value": "1e5"}, {"op": "const", "value": True},
        {"op": "add", "of": []}, {"op": "add"}, {"op": "subtract", "of": [leaf("a")]}, [], "a", None,
        {"op": "and", "of": [leaf("a")]}, {"op": "item", "name": "c"}, {"op": "sum", "over": leaf("a")},
        {"op": "round_down", "of": leaf("a"), "unit": 0}, {"op": "case", "cases": [], "else": leaf("a")},
        {"op": "first", "of": leaf("a"), "count": 5}, {"op": "one_of", "of": leaf("a"), "values": ["x"]},
        deep(30), {"op": "add", "of": [leaf("a")] * 13}, leaf("yes"),
    ],
)  # fmt: skip
def test_a_tree_that_is_not_understood_is_refused(tree: Any) -> None:
    inputs = [
        {"name": "a", "label": "額", "kind": "integer"},
        {"name": "yes", "label": "か", "kind": "boolean"},
    ]
    with pytest.raises(RuleError):
        formula_from({"inputs": inputs, "versions": [{"tree": rounded(tree)}]})


@pytest.mark.parametrize(
    "row",
    [
        {"inputs": [], "versions": []},
        {
            "inputs": [{"name": "a", "label": "a", "kind": "float"}],
            "versions": [{"tree": rounded(leaf("a"))}],
        },
        {"inputs": [{"name": "a", "label": "a", "kind": "integer"}], "versions": [{"tree": leaf("a")}]},
        {
            "inputs": [{"name": "a", "label": "a", "kind": "choice"}],
            "versions": [{"tree": rounded(leaf("a"))}],
        },
    ],
)
def test_a_rule_that_cannot_end_in_yen_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(RuleError):
        formula_from(row)


def test_unknown_is_not_no() -> None:
    row = next(row for row in DATA["eligibility"] if row["id"] == "e-kigyojin-muni")
    rule = requirement_from(row)
    blank: dict[str, Any] = dict.fromkeys(item.name for item in rule.inputs)
    assert rule.judge(blank | {"disadvantaged": True, "company_class": "A"}).eligible is True
    assert rule.judge(blank | {"disadvantaged": False, "company_class": "A"}).eligible is None
    assert rule.judge(blank | {"company_class": "B", "big_city": True}).eligible is False
