"""Every rule of the sources gives its worked example: as data, as loaded, by the API and on its page."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from core.fiscal_year import label
from core.money import format_yen
from programs.forms.rules import query_of
from programs.funding.rules import formula_from, requirement_from
from programs.models import EligibilityRule, FundingRule, Program
from programs.queries.rules import FUNDED_BESIDE, JUDGED_BESIDE, eligibility_rules, funding_rules
from tests.conftest import REFERENCE

DATA: dict[str, list[dict[str, Any]]] = json.loads(
    (REFERENCE / "funding_rules.json").read_text(encoding="utf-8")
)
RULES, REQUIREMENTS = DATA["rules"], DATA["eligibility"]


def each(rows: list[dict[str, Any]]) -> list[Any]:
    """One case per worked example."""
    return [pytest.param(row, example, id=row["id"]) for row in rows for example in row["examples"]]


def test_all_rules_of_the_sources_are_there() -> None:
    assert len(RULES) == len({row["id"] for row in RULES}) == 60
    assert len(REQUIREMENTS) == len({row["id"] for row in REQUIREMENTS}) == 23
    assert all(row["examples"] and row["citations"][0]["lines"] for row in RULES + REQUIREMENTS)


@pytest.mark.parametrize(("row", "example"), each(RULES))
def test_amount(row: dict[str, Any], example: dict[str, Any]) -> None:
    formula = formula_from(row)
    found = formula.calculate(example["inputs"])
    assert found.amount == example["expected"]
    assert {item.name for item in formula.inputs} == example["inputs"].keys()
    assert found.steps[-1].result == format_yen(found.amount)
    assert "1円未満切捨て" in found.trail[-1]
    assert all(type(reading.amount) in {int, type(None)} for reading in found.readings)
    if "alt_expected" in example:
        assert example["alt_expected"] in [reading.amount for reading in found.readings[1:]]


@pytest.mark.parametrize(
    "row", [row for row in RULES if row["reading"] == "inferred"], ids=lambda row: row["id"]
)
def test_what_was_inferred_says_why_and_what_else(row: dict[str, Any]) -> None:
    found = formula_from(row).calculate(row["examples"][0]["inputs"])
    assert len(found.readings) >= 2
    assert found.readings[0].amount == found.amount
    assert all(reading.reason.endswith("。") for reading in found.readings)


@pytest.mark.parametrize(
    "row", [row for row in RULES if row["reading"] == "explicit"], ids=lambda row: row["id"]
)
def test_what_is_explicit_has_one_reading(row: dict[str, Any]) -> None:
    assert formula_from(row).calculate(row["examples"][0]["inputs"]).readings == ()


@pytest.mark.parametrize(("row", "example"), each(REQUIREMENTS))
def test_eligible(row: dict[str, Any], example: dict[str, Any]) -> None:
    requirement = requirement_from(row)
    verdict = requirement.judge(example["inputs"])
    assert verdict.eligible is example["expected"]
    assert all(condition.holds is True and condition.fact for condition in verdict.conditions)
    unknown = requirement.judge(dict.fromkeys(example["inputs"]))
    assert unknown.eligible is None
    assert {item.name for item in requirement.inputs} == example["inputs"].keys()


def test_by_api(client: Client, reference: None) -> None:
    """As loaded, over the wire, with the shapes promised."""
    assert FundingRule.objects.count() == 60
    assert EligibilityRule.objects.count() == 23
    wrong = []
    for kind, rows in (("funding", RULES), ("eligibility", REQUIREMENTS)):
        for row in rows:
            for example in row["examples"]:
                body = json.dumps({"inputs": example["inputs"]})
                answer = client.post(f"/api/v1/{kind}-rules/{row['id']}/evaluate/", body, "application/json")
                value = answer.json().get("amount" if kind == "funding" else "eligible")
                if answer.status_code != 200 or value != example["expected"]:
                    wrong.append(f"{row['id']}: {answer.content.decode()[:200]}")
    assert wrong == []


def test_by_page(client: Client, reference: None) -> None:
    """Each rule has a page on which its example can be read again from the address."""
    shown: set[str] = set()
    for program in Program.objects.all():
        for rule in funding_rules(program):
            if rule.slug in shown:
                continue
            shown.add(rule.slug)
            query = urlencode(query_of(rule.slug, rule.examples[0]["inputs"]))
            text = client.get(f"/programs/{program.slug}/calculate/?{query}").content.decode()
            assert format_yen(rule.examples[0]["expected"]) in text, rule.slug
            assert "計算の道すじ" in text, rule.slug
        for requirement in eligibility_rules(program):
            shown.add(requirement.slug)
            query = urlencode(query_of(requirement.slug, requirement.examples[0]["inputs"]))
            text = client.get(f"/programs/{program.slug}/eligibility/?{query}").content.decode()
            assert "要件を満たします" in text, requirement.slug
    assert shown == {row["id"] for row in RULES + REQUIREMENTS}


def test_every_budget_line_stands_on_its_programs_page(client: Client, reference: None) -> None:
    """The 24 printed budgets: the amount in yen, its fiscal year, and the words of the source."""
    rows = json.loads((REFERENCE / "budget_lines.json").read_text(encoding="utf-8"))
    assert len(rows) == 24
    for program in {row["program"] for row in rows}:
        text = unescape(client.get(f"/programs/{program}/").content.decode())
        printed = re.findall(r"<tr>(?:(?!</tr>).)*資料の表記.*?</tr>", text, re.DOTALL)
        for row in (row for row in rows if row["program"] == program):
            said = (f">{row['amount']:,}<", row["text"], label(row["fiscal_year"]), row["label"])
            assert any(all(words in line for words in said) for line in printed), row


def test_what_programs_name_exists(reference: None) -> None:
    rules = set(FundingRule.objects.values_list("slug", flat=True))
    named = {slug for ids in Program.objects.values_list("rule_ids", flat=True) for slug in ids}
    named |= {slug for ids in FUNDED_BESIDE.values() for slug in ids}
    assert named <= rules
    judged = {slug for ids in JUDGED_BESIDE.values() for slug in ids}
    assert judged <= set(EligibilityRule.objects.values_list("slug", flat=True))
