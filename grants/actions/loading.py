"""Reference data of forms: what a program's calls ask and pay. Safe to repeat."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import transaction

from core.exceptions import Conflict
from core.loading import LoadReport, read_json, upsert
from grants.actions.layouts import load_layouts
from grants.models import Answer, Application, FormTemplate, Question
from programs.models import Program

_JSON = ("sections", "cost_items", "documents", "criteria", "binding_sections", "eligibility", "defaults")
_FUNDING = ("first_year_cap", "later_year_cap", "project_cap", "cap_reading", "other_subsidy", "max_years")


@transaction.atomic
def load_reference(directory: Path) -> LoadReport:
    """Load every file of `forms/` and `accounting/`; programs must be there already."""
    report = LoadReport()
    for path in sorted((directory / "forms").glob("*.json")):
        report += load_form(read_json(path))
    return report + load_layouts(directory / "accounting")


def load_form(data: dict[str, Any]) -> LoadReport:
    """One form with its questions, in the shape of `fixtures/reference/forms/`.

    A version that applications already stand on is never changed: raises Conflict, the cure is a new version.
    """
    rate = Fraction(data["funding"]["rate"])
    values = {
        "title": data["title"],
        "requires_precheck": data["requires_precheck"],
        "demanded": data.get("demanded", False),
        "indicators": data.get("indicators", {}),
        "rate_numerator": rate.numerator,
        "rate_denominator": rate.denominator,
        **{name: data[name] for name in _JSON},
        **{name: data["funding"][name] for name in _FUNDING},
    }
    key = {"program": Program.objects.get(slug=data["program"]), "version": data["version"]}
    template, report = upsert(FormTemplate, key, values)
    for position, item in enumerate(data["questions"]):
        report += _question(template, position, item)
    if (report.created or report.updated) and Application.objects.filter(template=template).exists():
        raise Conflict(f"様式「{template}」は申請に使われています。変えるときは新しい版にしてください。")
    _drop_unasked(template, [item["code"] for item in data["questions"]])
    return report


def _question(template: FormTemplate, position: int, item: dict[str, Any]) -> LoadReport:
    values = {
        "section": item["section"],
        "position": position,
        "label": item["label"],
        "help": item.get("help", ""),
        "kind": item["kind"],
        "required": item.get("required", True),
        "max_length": item.get("max_length"),
        "choices": item.get("choices", []),
        "unit": item.get("unit", ""),
        "prefill": item.get("prefill", ""),
    }
    return upsert(Question, {"template": template, "code": item["code"]}, values)[1]


def _drop_unasked(template: FormTemplate, codes: list[str]) -> None:
    unasked = Question.objects.filter(template=template).exclude(code__in=codes)
    unasked.exclude(pk__in=Answer.objects.values("question")).delete()
