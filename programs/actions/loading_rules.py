"""Reference data of funding, eligibility and area rules; part of programs.actions.loading."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.exceptions import DomainError, Fault
from core.loading import LoadReport, read_json
from programs.actions.placing import place
from programs.models import AreaRule, EligibilityRule, FundingRule, Program

_TEXTS = (
    *("name", "kind", "applicant", "condition", "formula", "rate", "cap", "unit", "reading"),
    *("fiscal_strength", "years", "note", "reason", "year_input"),
)


def load_rules(directory: Path, programs: Mapping[str, Program]) -> LoadReport:
    """Place all rules; each is read once, so that a rule that cannot be computed stops the load.

    Raises DomainError for an unknown program and ValidationError for a rule that cannot be read.
    """
    data = read_json(directory / "funding_rules.json")
    report = LoadReport()
    for position, item in enumerate(data["rules"]):
        report += _funding_rule(item, position, programs)
    for position, item in enumerate(data["eligibility"]):
        report += _eligibility_rule(item, position, programs)
    for item in read_json(directory / "area_rules.json"):
        program = _program(item["program"], programs)
        values = {"conditions": item["conditions"], "citations": item["citations"]}
        report += place(AreaRule, {"program": program}, values, prepare=AreaRule.clean)[1]
    return report


def _funding_rule(item: dict[str, Any], position: int, programs: Mapping[str, Program]) -> LoadReport:
    values = {name: item[name] for name in _TEXTS} | _common(item, position, programs)
    values |= {"versions": item["versions"], "year_base": item["year_base"]}
    return place(FundingRule, {"slug": item["id"]}, values, prepare=FundingRule.clean)[1]


def _eligibility_rule(item: dict[str, Any], position: int, programs: Mapping[str, Program]) -> LoadReport:
    values = {"name": item["name"], "text": item["text"], "conditions": item["conditions"]}
    values |= {"first_year": item.get("first_year"), "last_year": item.get("last_year")}
    values |= _common(item, position, programs)
    return place(EligibilityRule, {"slug": item["id"]}, values, prepare=EligibilityRule.clean)[1]


def _common(item: dict[str, Any], position: int, programs: Mapping[str, Program]) -> dict[str, Any]:
    return {
        "program_id": _program(item["program"], programs).pk if item["program"] else None,
        "program_name": item["program_name"],
        "position": position,
        "inputs": item["inputs"],
        "citations": item["citations"],
        "examples": item["examples"],
    }


def _program(slug: str, programs: Mapping[str, Program]) -> Program:
    if slug not in programs:
        raise DomainError(
            Fault(
                "program",
                f"規則の制度「{slug}」がありません。",
                "programs/*.json の識別名を確かめてください。",
            )
        )
    return programs[slug]
