"""Forms that publishers write as part of their calls, made the next `FormTemplate`: the keeper programs speaks to.

Everything a form may say goes through one shape, that of `fixtures/reference/forms/`; what publishers do not write there
(indicators, lines, visits, waivable checks, values the portal puts in) is taken over from the version before.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.exceptions import Fault
from grants.actions.loading import FUNDING, load_form, next_version
from grants.models import FormTemplate, Question
from grants.queries.forms import current_form
from programs.enums import EndsIn
from programs.models import Call
from programs.parts.call import DEMANDED, FORM_ITEMS, binding_of, empty_of
from programs.queries.call_forms import CallForm

_SAME: Final = ("requires_precheck", "documents", "criteria", "cost_items", "defaults")
_STATED: Final = ("rate", "first_year_cap", "later_year_cap", "project_cap")
_AREA: Final = ("areas", "area_label")
_FEWEST: Final = {"min_municipalities": 1, "min_diverse_actors": 0}
_ROWS: Final[Mapping[str, Mapping[str, Any]]] = {
    "sections": {"help": ""}, "documents": {}, "criteria": {"help": ""}, "cost_items": {"note": ""},
}  # fmt: skip
"""Lists of rows, with what a row that leaves it out says."""


class _Keeper:
    """Versions of forms stand as `FormTemplate`, and nowhere else."""

    def form_of(self, call: Call) -> CallForm | None:
        """The version a call asks for now, in the items of publishers."""
        template = current_form(call)
        return CallForm(template.version, content_of(template)) if template else None

    def faults(self, call: Call, content: Mapping[str, Any]) -> list[Fault]:
        """Where the form has lines to choose from, its cost items are those; elsewhere money needs a rate and caps."""
        template = current_form(call)
        if template is None or not template.lines:
            return empty_of(content, _STATED) if content["ends_in"] != EndsIn.SERVICE else []
        lines = {str(line["code"]) for line in template.lines}
        faults = [
            Fault(f"cost_items_{number}_code", f"費目の{number + 1}行目は、この様式の取組ではありません。",
                  "行を消してください。取組を加えるには、都の担当に様式の変更を頼んでください。")
            for number, row in enumerate(content["cost_items"]) if row["code"] not in lines
        ]  # fmt: skip
        if content["max_years"] not in (None, 1):
            faults.append(Fault("max_years", "取組を選ぶ様式は、1つの年度だけの募集に使います。", "1にしてください。"))  # fmt: skip
        return faults

    def publish(self, call: Call, content: Mapping[str, Any]) -> int:
        """The next version of the program's forms, for this call alone."""
        template = current_form(call)
        version = next_version(call.program)
        head = {"program": call.program.slug, "version": version, DEMANDED.name: content[DEMANDED.name]}
        load_form(_data_of(content, template) | head, call)
        return version


KEEPER: Final = _Keeper()


def content_of(template: FormTemplate) -> dict[str, Any]:
    """What a version says, in the items of publishers."""
    bound, asked = set(template.binding_sections), template.eligibility
    said = {name: getattr(template, name) for name in (*_SAME, *FUNDING)}
    said |= {name: [blanks | row for row in getattr(template, name)] for name, blanks in _ROWS.items()}
    said |= {
        "form_title": template.title,
        "sections": [row | {"binding": row["code"] in bound} for row in said["sections"]],
        "questions": [_row_of(question) for question in template.questions.order_by("position")],
        "rate": "" if template.rate is None else str(template.rate),
        "areas": list(asked.get("areas", [])),
        "area_label": asked.get("area_label", ""),
        **{name: asked.get(name, fewest) for name, fewest in _FEWEST.items()},
    }
    return {name: said[name] for name in FORM_ITEMS}


def _row_of(question: Question) -> dict[str, Any]:
    names = ("code", "section", "label", "kind", "required", "max_length", "unit", "choices", "help")
    return {name: getattr(question, name) for name in names}


def _data_of(content: Mapping[str, Any], before: FormTemplate | None) -> dict[str, Any]:
    """The items of publishers in the shape of a form's file; the rest as the version before has it."""
    known = {question.code: question for question in before.questions.all()} if before else {}
    kept = {name: value for name, value in before.eligibility.items() if name not in _AREA} if before else {}
    funding = {name: content[name] for name in ("rate", *FUNDING) if content[name] not in (None, "")}
    area = {name: content[name] for name in _AREA} if content["areas"] else {}
    return {
        **{name: content[name] for name in _SAME},
        "title": content["form_title"],
        "indicators": before.indicators if before else {},
        "sections": [_without(row, "binding") for row in content["sections"]],
        "questions": [
            row | {"prefill": _prefill(known.get(row["code"]), row)} for row in content["questions"]
        ],
        "binding_sections": binding_of(content),
        "eligibility": kept | {name: content[name] for name in _FEWEST} | area,
        "funding": funding,
        "lines": _lines(before.lines, content["cost_items"]) if before else [],
        "visits": before.visits if before else {},
        "waivable": _still_waivable(before.waivable, content) if before else [],
    }


def _still_waivable(before: Iterable[str], content: Mapping[str, Any]) -> list[str]:
    """Checks that may be waived, as long as what they check is still required and no number."""
    asked = {
        f"answers/{row['code']}"
        for row in content["questions"]
        if row["required"] and row["kind"] != "number"
    }
    papers = {f"documents/{row['code']}" for row in content["documents"] if row["required"]}
    return [code for code in before if code in asked | papers]


def _lines(before: Iterable[Mapping[str, Any]], items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines that are still cost items, in the items' order and words."""
    known = {str(line["code"]): line for line in before}
    return [
        {**known[row["code"]], "label": row["label"], "note": row["note"]}
        for row in items
        if row["code"] in known
    ]


def _prefill(before: Question | None, row: Mapping[str, Any]) -> str:
    """What the portal puts in, as long as the question still wants an answer of the same kind."""
    return before.prefill if before is not None and before.kind == row["kind"] else ""


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
