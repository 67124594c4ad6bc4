"""Reference data of plans: structure, our own summaries, indicators. Safe to repeat."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Organization
from core.loading import LoadReport, read_json, upsert
from indicators.enums import GoalStatus, PlanPublication, TargetKind
from indicators.models import Direction, Indicator, Measure, Plan, Policy, SheetYear, Theme, UpdateChange
from programs.models import Program


@transaction.atomic
def load_reference(directory: Path) -> LoadReport:
    """Load every file of `plans/`; bodies and programs must be there already."""
    report = LoadReport()
    for path in sorted((directory / "plans").glob("*.json")):
        report += load_plan(read_json(path))
    return report


def load_plan(data: dict[str, Any]) -> LoadReport:
    """One plan with its tree, in the shape of `fixtures/reference/plans/`."""
    plan, report = upsert(
        Plan,
        {"slug": data["slug"]},
        {
            "organization": Organization.objects.get(code=data["organization"]),
            "title": data["title"],
            "goal": data["goal"],
            "starts": data["starts"],
            "ends": data["ends"],
            "publication": PlanPublication.PUBLISHED,
            "citations": data.get("citations") or [],
        },
    )
    for item in data["directions"]:
        values = {"label": item["label"], "title": item["title"]}
        report += upsert(Direction, {"plan": plan, "number": item["number"]}, values)[1]
    directions = {row.number: row for row in plan.directions.all()}
    for item in data["policies"]:
        key = {"direction": directions[item["direction"]], "number": item["number"]}
        report += upsert(Policy, key, {"title": item["title"]})[1]
    for position, item in enumerate(data["themes"]):
        report += upsert(
            Theme, {"plan": plan, "code": item["code"]}, {"label": item["label"], "position": position}
        )[1]
    report += _load_measures(plan, data["measures"])
    report += _load_indicators(plan, directions, data["indicators"])
    return report


def _load_measures(plan: Plan, items: list[dict[str, Any]]) -> LoadReport:
    policies = {
        (row.direction.number, row.number): row
        for row in Policy.objects.filter(direction__plan=plan).select_related("direction")
    }
    themes = {row.code: row for row in plan.themes.all()}
    programs = {row.slug: row for row in Program.objects.all()}
    report = LoadReport()
    rows: dict[str, Measure] = {}
    for position, item in enumerate(items):
        measure, changed = upsert(
            Measure,
            {"plan": plan, "number": item["number"]},
            _measure_values(item, policies[item["direction"], item["policy"]], position),
        )
        measure.themes.set([themes[code] for code in item["themes"]])
        measure.programs.set([programs[slug] for slug in item.get("programs", [])])
        rows[item["number"]] = measure
        report += changed
    for item in items:
        report += _load_years(rows, item)
    return report


def _measure_values(item: dict[str, Any], policy: Policy, position: int) -> dict[str, Any]:
    return {
        "policy": policy,
        "printed_number": item["printed_number"],
        "branch": item.get("branch") or "",
        "position": position,
        "title": item["title"],
        "outlook": item["outlook"],
        "lead_department": item["lead_department"],
        "related_departments": item.get("related") or [],
        "departments_text": item.get("departments_text") or "",
        "and_others": bool(item.get("and_others")),
        "series_mark": item.get("series_mark") or "",
        "index_text": item.get("index_text") or "",
        "summary": item["summary"],
        "citations": item.get("citations") or [],
    }


def _load_years(rows: dict[str, Measure], item: dict[str, Any]) -> LoadReport:
    refers = {entry["fiscal_year"]: entry for entry in item.get("refers") or []}
    report = LoadReport()
    for year in item["years"]:
        reference = refers.get(year["fiscal_year"])
        values = {
            "content_summary": year["content_summary"],
            "goal_summary": year["goal_summary"],
            "goal_status": _goal_status(year),
            "result_summary": year.get("result_summary") or "",
            "issues_summary": year.get("issues_summary") or "",
            "refers_to": rows[str(reference["to"])] if reference else None,
            "refers_reason": reference["reason"] if reference else "",
        }
        key = {"measure": rows[item["number"]], "fiscal_year": year["fiscal_year"]}
        report += upsert(SheetYear, key, values)[1]
    return report


def _goal_status(year: dict[str, Any]) -> GoalStatus:
    """An empty cell of a coming year is not yet a goal, and not a statement that there is none."""
    status = GoalStatus(year["goal_status"])
    return GoalStatus.BLANK if status == GoalStatus.SET and not year["goal_summary"] else status


def _load_indicators(plan: Plan, directions: dict[int, Direction], items: list[dict[str, Any]]) -> LoadReport:
    report = LoadReport()
    kept = set(UpdateChange.objects.filter(indicator__plan=plan).values_list("indicator__slug", flat=True))
    for item in items:
        key = {"plan": plan, "slug": item["slug"]}
        values = _indicator_values(item, directions[item["direction"]])
        if item["slug"] in kept:  # the city has said since when the next update comes
            del values["next_update_text"]
        report += upsert(Indicator, key, values)[1]
    rows = {row.slug: row for row in plan.indicators.all()}
    for item in items:
        other = item["target"].get("other")
        if other:
            report += upsert(Indicator, {"pk": rows[item["slug"]].pk}, {"target_other": rows[other]})[1]
    return report


def _indicator_values(item: dict[str, Any], direction: Direction) -> dict[str, Any]:
    baseline, target = item["baseline"], item["target"]
    value = target.get("value")
    return {
        "direction": direction,
        "number": item["number"],
        "name": item["name"],
        "printed_name": item.get("printed_name") or "",
        "unit": item["unit"],
        "sign_note": item.get("sign_note") or "",
        "statistic": item["statistic"],
        "next_update_text": item["next_update_text"],
        "baseline_text": baseline["text"],
        "baseline_value": Decimal(str(baseline["value"])),
        "baseline_start": baseline["period_start"],
        "baseline_end": baseline["period_end"],
        "baseline_extra": baseline.get("extra") or {},
        "target_text": target.get("text") or "",
        "target_kind": TargetKind(target["kind"]),
        "target_operator": target["operator"],
        "target_value": None if value is None else Decimal(str(value)),
        "target_reference": target.get("reference") or ("zero" if target["kind"] == "direction" else ""),
        "target_start": target["period_start"],
        "target_end": target["period_end"],
        "notes": item.get("notes") or "",
        "citations": item.get("citations") or [],
    }
