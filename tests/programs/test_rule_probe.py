"""A rule on its way beside the one on view: a changed cap, rate or year is found, though every example is met."""

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from programs.funding.exact import fraction_of
from programs.parts.rule_probe import MOST_SHOWN, MOST_TRIED, probe
from tests.conftest import REFERENCE

DATA: dict[str, Any] = json.loads((REFERENCE / "funding_rules.json").read_text(encoding="utf-8"))
RULES = [(row, True) for row in DATA["rules"]] + [(row, False) for row in DATA["eligibility"]]
DIVERSE = next(row for row in DATA["rules"] if row["id"] == "diverse-partners-grant")


def constants(tree: Any) -> Iterator[dict[str, Any]]:
    """The constants of a tree, or of many."""
    if isinstance(tree, dict):
        if tree.get("op") == "const":
            yield tree
        for part in tree.values():
            yield from constants(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from constants(part)


def mutants(rule: dict[str, Any], part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rule with one number changed: a tenth more, or one more where it is a small count."""
    trees = [each["tree"] for each in rule[part]]
    for place, constant in enumerate(constants(trees)):
        number = fraction_of(str(constant["value"]))
        if number is None:
            continue
        other = copy.deepcopy(rule)
        small = number.denominator == 1 and number <= 20
        changed = list(constants([each["tree"] for each in other[part]]))[place]
        changed["value"] = int(number) + 1 if small else str(number * Fraction(11, 10))
        yield f"{rule['id']} {number}", other


def test_the_same_rule_answers_alike() -> None:
    for row, funding in RULES:
        found = probe(row, row, row["examples"], funding=funding)
        assert found is not None and found.changed == 0 and found.shown == (), row["id"]
        assert 0 < found.tried <= MOST_TRIED, row["id"]


def test_a_cap_no_example_reaches_is_found() -> None:
    """Ten million became twelve: the example of a smaller case is met as before."""
    changed = json.loads(json.dumps(DIVERSE).replace("10000000", "12000000"))
    examples = [
        {"inputs": DIVERSE["examples"][0]["inputs"] | {"eligible_cost": 900_000}, "expected": 600_000}
    ]
    found = probe(changed, DIVERSE, examples, funding=True)
    assert found is not None and 0 < len(found.shown) <= MOST_SHOWN < found.changed
    for change in found.shown:
        assert (change.on_view, change.draft) == ("10,000,000円", "12,000,000円")
        assert "補助年度＝1年目" in change.inputs and change.inputs[0].startswith("補助対象経費＝")
    twice = probe(changed, DIVERSE, examples * 2, funding=True)
    assert twice == found, "an input counts once"


@pytest.mark.parametrize(("part", "funding"), [("versions", True), ("conditions", False)])
def test_every_changed_number_is_found(part: str, funding: bool) -> None:
    unseen, made = [], 0
    for row, of_funding in RULES:
        if of_funding is funding:
            for name, other in mutants(row, part):
                found = probe(other, row, row["examples"], funding=funding)
                made += 1
                if found is None or not found.changed:
                    unseen.append(name)
    assert unseen == [] and made > 10


def test_bounds_are_compared_too() -> None:
    changed = copy.deepcopy(DIVERSE)
    changed["inputs"][1]["maximum"] = 2
    found = probe(changed, DIVERSE, DIVERSE["examples"], funding=True)
    assert found is not None and found.changed
    assert "円" in found.shown[0].on_view and "大きすぎ" in found.shown[0].draft


def test_rules_that_ask_for_other_things_are_not_compared() -> None:
    changed = copy.deepcopy(DIVERSE)
    changed["inputs"] = changed["inputs"][:-1]
    assert probe(changed, DIVERSE, DIVERSE["examples"], funding=True) is None
