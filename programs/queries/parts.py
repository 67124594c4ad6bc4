"""Calls and rules as publishers see them: what is on view, what is on its way, what has been."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.models import SourceDocument
from core import fiscal_year
from programs.content import Difference
from programs.enums import PartKind, RevisionState
from programs.models import (
    BudgetLine,
    Call,
    EligibilityRule,
    FundingRule,
    Milestone,
    Outcome,
    PartRevision,
    Program,
)
from programs.parts import call as call_items
from programs.parts import figures as figure_items
from programs.parts import rule as rules
from programs.parts import rule_items
from programs.parts.spec import Content, Group, Item, blank, differences, moment_text
from programs.queries.call_forms import form_of

GROUPS: Final[Mapping[PartKind, tuple[Group, ...]]] = {
    PartKind.CALL: call_items.GROUPS,
    PartKind.FUNDING: rule_items.FUNDING_GROUPS,
    PartKind.ELIGIBILITY: rule_items.ELIGIBILITY_GROUPS,
    PartKind.FIGURES: figure_items.GROUPS,
}
ITEMS: Final[Mapping[PartKind, Mapping[str, Item]]] = {
    PartKind.CALL: call_items.ITEMS,
    PartKind.FUNDING: rule_items.FUNDING_ITEMS,
    PartKind.ELIGIBILITY: rule_items.ELIGIBILITY_ITEMS,
    PartKind.FIGURES: figure_items.ITEMS,
}


_FRESH: Final = {
    PartKind.CALL: call_items.fresh,
    PartKind.FUNDING: rules.fresh_funding,
    PartKind.ELIGIBILITY: rules.fresh_eligibility,
    PartKind.FIGURES: figure_items.fresh,
}


@dataclass(frozen=True)
class PartLine:
    """A part of a program on the publisher's page: its name, whether it is on view, and its revision on the way."""

    part: PartKind
    key: str
    name: str
    on_view: bool
    open: PartRevision | None


@dataclass(frozen=True)
class PartStage:
    """A revision with what it changed against the one on view before it."""

    revision: PartRevision
    changes: list[Difference]


def content_of_call(call: Call) -> Content:
    """What a call says now, its form included (reads `rule`)."""
    said = {name: _plain(getattr(call, name)) for name in call_items.COLUMNS}
    said["rule"] = call.rule.slug if call.rule else ""
    form = form_of(call)
    content = blank(call_items.ITEMS) | said | (form.content if form else {})
    if call.binding_sections:
        bound = set(call.binding_sections)
        content["sections"] = [row | {"binding": row["code"] in bound} for row in content["sections"]]
    return content


def content_on_view(program: Program, part: PartKind, key: str) -> Content | None:
    """What a part says now; None for one that is not there yet."""
    if part is PartKind.FUNDING:
        row = FundingRule.objects.filter(program=program, slug=key).first()
        return rules.content_of_funding(vars(row)) if row else None
    if part is PartKind.ELIGIBILITY:
        rule = EligibilityRule.objects.filter(program=program, slug=key).first()
        return rules.content_of_eligibility(vars(rule)) if rule else None
    if part is PartKind.FIGURES:
        return content_of_figures(program) if key == program.slug else None
    call = Call.objects.filter(program=program, public_id=key).select_related("rule").first()
    return content_of_call(call) if call else None


def content_of_figures(program: Program) -> Content:
    """The figures of a program and its sources as they stand."""
    rows = {
        "outcomes": Outcome.objects.filter(program=program),
        "milestones": Milestone.objects.filter(program=program),
        "budgets": BudgetLine.objects.filter(program=program),
    }
    cited = [
        {"source": each["source"], "lines": list(each.get("lines") or []), "note": each.get("note") or ""}
        for each in program.citations
    ]
    return {
        **{name: [figure_items.row_of(name, vars(row)) for row in found] for name, found in rows.items()},
        "citations": cited,
    }


def revisions_of(program: Program, part: PartKind, key: str) -> list[PartRevision]:
    """Every revision of a part, the oldest first."""
    return list(PartRevision.objects.filter(program=program, part=part, key=key).order_by("number"))


def unfinished_part(program: Program, part: PartKind, key: str) -> PartRevision | None:
    """The revision on its way, if there is one."""
    return PartRevision.objects.unfinished().filter(program=program, part=part, key=key).first()


def part_history(part: PartKind, rows: list[PartRevision]) -> list[PartStage]:
    """Revisions, the newest first, each with what it changes against the last one published before it."""
    told, before = [], None
    for row in rows:
        told.append(PartStage(row, differences(ITEMS[part], before.content, row.content) if before else []))
        if row.state == RevisionState.PUBLISHED:
            before = row
    return told[::-1]


def parts_of(program: Program) -> list[PartLine]:
    """Everything of a program that is published for itself: what is new, calls, rules; at a fixed number of queries."""
    open_ = {(row.part, row.key): row for row in PartRevision.objects.unfinished().filter(program=program)}
    lines = [
        PartLine(
            PartKind.CALL, call.public_id, call.name, call.publication == "published",
            open_.pop((PartKind.CALL.value, call.public_id), None),
        )
        for call in Call.objects.filter(program=program).order_by("-fiscal_year", "-closes_at", "pk")
    ]  # fmt: skip
    for part, model in ((PartKind.FUNDING, FundingRule), (PartKind.ELIGIBILITY, EligibilityRule)):
        rows = model._default_manager.filter(program=program).values_list("slug", "name")
        lines += [
            PartLine(part, slug, name, on_view=True, open=open_.pop((part.value, slug), None))
            for slug, name in rows
        ]
    key = (PartKind.FIGURES.value, program.slug)
    lines.append(
        PartLine(PartKind.FIGURES, program.slug, "実績・予算・出典", on_view=True, open=open_.pop(key, None))
    )
    fresh = [
        PartLine(PartKind(row.part), row.key, name_of(PartKind(row.part), row.content), False, row)
        for row in open_.values()
    ]
    return [*fresh, *lines]


def name_of(part: PartKind, content: Mapping[str, Any]) -> str:
    """What a content is called."""
    if part is PartKind.FIGURES:
        return str(part.label)
    if part is not PartKind.CALL:
        return str(content.get("name") or f"名前のない{part.label}")
    year = content.get("fiscal_year")
    said = " ".join(filter(None, [fiscal_year.label(year) if year else "", content.get("round_name")]))
    return said or f"名前のない{part.label}"


def start_from(program: Program, part: PartKind, copied: str) -> Content | None:
    """What a new part begins with: nothing, or another one of the program, a call a year later; None for no such."""
    if not copied:
        return _FRESH[part]()
    source = content_on_view(program, part, copied)
    return call_items.next_year(source) if source and part is PartKind.CALL else source


def choices_of(program: Program, part: PartKind) -> dict[str, list[tuple[str, str]]]:
    """Choices that depend on what there is: a program's rules for its calls, documents for its figures."""
    if part is PartKind.FIGURES:
        documents = list(SourceDocument.objects.order_by("title").values_list("slug", "title"))
        return {f"{name}.source": documents for name in figure_items.ITEMS}
    known = FundingRule.objects.filter(program=program).values_list("slug", "name")
    return {"rule": list(known)} if part is PartKind.CALL else {}


def _plain(value: Any) -> Any:
    return moment_text(value) if isinstance(value, datetime) else value
