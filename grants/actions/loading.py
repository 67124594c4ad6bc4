"""Reference data of forms: what a program's calls ask and pay. Safe to repeat."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import clock
from core.exceptions import Conflict, DomainError, Fault
from core.loading import LoadReport, read_json, upsert
from grants.actions.layouts import load_layouts
from grants.actions.telling import tell_new_form
from grants.enums import CapReading, OtherSubsidy
from grants.models import Answer, Application, FormTemplate, Question
from grants.queries.waivers import waivable_faults
from programs.models import Call, Program

_JSON = ("sections", "documents", "criteria", "binding_sections", "eligibility", "defaults")
FUNDING = ("first_year_cap", "later_year_cap", "project_cap", "cap_reading", "other_subsidy", "max_years")
"""Items of a form's sum besides the rate."""
_NO_FUNDING: dict[str, Any] = {
    "cap_reading": CapReading.PER_YEAR, "other_subsidy": OtherSubsidy.DEDUCT, "max_years": 1,
}  # fmt: skip
"""Of a form without money, or whose sources state neither rate nor cap: one fiscal year, the columns unused."""


@transaction.atomic
def load_reference(directory: Path) -> LoadReport:
    """Load every file of `forms/` and `accounting/`; programs must be there already."""
    report = LoadReport()
    for path in sorted((directory / "forms").glob("*.json")):
        report += load_form(read_json(path))
    return report + load_layouts(directory / "accounting")


def load_form(data: dict[str, Any], call: Call | None = None) -> LoadReport:
    """One form with its questions, in the shape of `fixtures/reference/forms/`; `call`: for that call alone.

    A file's version whose number publishers have taken meanwhile becomes the next free one, and is found again by its
    number in the file. Everybody with an open draft in a call that asks by a new version is told. A version that applications already stand on is never changed: raises Conflict, the cure is a
    new version.
    """
    funding = _NO_FUNDING | data.get("funding", {})
    rate = Fraction(funding["rate"]) if funding.get("rate") else None
    lines = data.get("lines", [])
    if lines and funding["max_years"] != 1:
        raise DomainError(Fault("lines", "取組を選ぶ様式は、一つの年度だけの募集に使います。"))
    values = {
        "call": call,
        "title": data["title"],
        "requires_precheck": data["requires_precheck"],
        "demanded": data.get("demanded", False),
        "indicators": data.get("indicators", {}),
        "rate_numerator": rate.numerator if rate else None,
        "rate_denominator": rate.denominator if rate else None,
        **{name: data[name] for name in _JSON},
        **{name: funding.get(name) for name in FUNDING},
        "lines": lines,
        "cost_items": data.get("cost_items") or [_item_of(line) for line in lines],
    }
    program = Program.objects.get(slug=data["program"])
    template, made = upsert(FormTemplate, _key_of(program, data["version"], call), values)
    report = made
    _set_beside(template, {"visits": data.get("visits", {}), "waivable": data.get("waivable", [])})
    for position, item in enumerate(data["questions"]):
        report += _question(template, position, item)
    if (report.created or report.updated) and Application.objects.filter(template=template).exists():
        raise Conflict(f"様式「{template}」は申請に使われています。変えるときは新しい版にしてください。")
    _drop_unasked(template, [item["code"] for item in data["questions"]])
    if faults := waivable_faults(template):
        raise DomainError(*faults)
    if made.created:
        tell_new_form(template, clock.now())
    return report


def _set_beside(template: FormTemplate, beside: dict[str, Any]) -> None:
    """What comes after the adoption, and what the office may do without: no application stands on either."""
    if any(getattr(template, name) != value for name, value in beside.items()):
        FormTemplate.objects.filter(pk=template.pk).update(**beside)
        template.waivable = beside["waivable"]


def _key_of(program: Program, number: int, call: Call | None) -> dict[str, Any]:
    """What names a version: its number; a file's also by the number it has there, which need not be the same."""
    if call is not None:
        return {"program": program, "version": number}
    versions = FormTemplate.objects.filter(program=program)
    loaded = versions.filter(file_version=number).first()
    if loaded is not None:
        version = loaded.version
    else:
        version = next_version(program) if versions.filter(version=number).exists() else number
    return {"program": program, "version": version, "file_version": number}


def next_version(program: Program) -> int:
    """The number after the newest version of a program's forms."""
    newest = FormTemplate.objects.filter(program=program).aggregate(last=Max("version"))["last"]
    return (newest or 0) + 1


def _item_of(line: dict[str, Any]) -> dict[str, Any]:
    """A line as the cost item it is in the budget."""
    return {"code": line["code"], "label": line["label"], "eligible": True, "note": line.get("note", "")}


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
