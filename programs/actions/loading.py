"""Reference data of the catalogue: programs with their years and figures, projects, systems.

The fixtures own these rows until a person edits one; from then on a load leaves that row alone, and no
load ever removes a row. Owners must have been loaded before (accounts).
"""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Organization
from core.actor import SYSTEM
from core.exceptions import DomainError, Fault
from core.loading import LoadReport, read_json
from programs.actions.indexing import refresh_all, refresh_derived
from programs.actions.loading_rules import load_rules
from programs.actions.loading_words import load_words
from programs.actions.placing import Part, place
from programs.actions.project_parts import project_parts
from programs.enums import Facet, PartKind, Publication, RevisionState
from programs.models import (
    AdoptedProject,
    BudgetLine,
    ExternalSystem,
    Milestone,
    Outcome,
    PartRevision,
    Program,
    ProgramEvent,
    ProgramRevision,
    ProgramTag,
    ProgramYear,
)

__all__ = ["LoadReport", "load_reference"]

PROGRAM_FILES = ("national.json", "metropolitan.json", "city.json")


@transaction.atomic
def load_reference(directory: Path) -> LoadReport:
    """Load everything below `directory`; running it again changes nothing.

    Raises DomainError naming the row when an owner, parent or program it points to is not there.
    """
    bodies = {body.code: body for body in Organization.objects.all()}
    report = LoadReport()
    programs: dict[str, Program] = {}
    items = [item for name in PROGRAM_FILES for item in read_json(directory / "programs" / name)]
    revised = set(ProgramRevision.objects.values_list("program__slug", flat=True))
    for item in parents_first(items):
        program, placed = _program(item, bodies, programs)
        programs[program.slug] = program
        report += placed
        for year in item.get("years") or []:
            report += LoadReport(unchanged=1) if program.slug in revised else _year(program, year)
    report += _figures(directory, programs)
    for item in read_json(directory / "projects.json"):
        report += _project(item, bodies, programs)
    for item in read_json(directory / "systems.json"):
        report += _system(item, programs)
    report += load_rules(directory, programs) + load_words(directory)
    refresh_all()  # figures, synonyms and the rule of folding belong to what is found
    return report


def _figures(directory: Path, programs: dict[str, Program]) -> LoadReport:
    """Budgets, figures and events, but of programs whose figures a publisher has put on view: those stay as they are."""
    revised = PartRevision.objects.filter(part=PartKind.FIGURES, state=RevisionState.PUBLISHED, number__gt=1)
    kept = set(revised.values_list("key", flat=True))
    report = LoadReport()
    for name, load in (("budget_lines", _budget_line), ("outcomes", _outcome), ("milestones", _milestone)):
        for position, item in enumerate(read_json(directory / f"{name}.json")):
            program = _known(programs, item["program"])
            report += LoadReport(unchanged=1) if program.slug in kept else load(program, item, position)
    return report


def parents_first(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Programs in an order in which each parent comes before its components; raises DomainError on a ring."""
    waiting = list(items)
    known = {item["slug"] for item in waiting}
    done: set[str] = set()
    ordered: list[dict[str, Any]] = []
    while waiting:
        ready = [item for item in waiting if not item["parent"] or item["parent"] in done]
        if not ready:
            item = waiting[0]
            cause = "がありません" if item["parent"] not in known else "の親子が循環しています"
            raise DomainError(Fault("parent", f"制度「{item['slug']}」の上位「{item['parent']}」{cause}。"))
        ordered += ready
        done |= {item["slug"] for item in ready}
        waiting = [item for item in waiting if item["slug"] not in done]
    return ordered


# --- Programs -----------------------------------------------------------------------------------------


def _program(
    item: dict[str, Any], bodies: dict[str, Organization], programs: dict[str, Program]
) -> tuple[Program, LoadReport]:
    values = _program_values(item) | {
        "owner_id": _body(bodies, item["owner"]["organization"], item["slug"]).pk,
        "parent_id": programs[item["parent"]].pk if item["parent"] else None,
    }
    wanted = sorted(
        [facet.value, code]
        for facet, codes in ((Facet.AUDIENCE, item["audiences"]), (Facet.THEME, item["themes"]))
        for code in codes
    )
    tags = Part[Program]("tags", wanted, _read_tags, lambda row: _write_tags(row, wanted))
    program, report = place(
        Program,
        {"slug": item["slug"]},
        values,
        parts=[tags],
        at_creation={"publication": Publication.PUBLISHED},
        prepare=refresh_derived,
    )
    if report.created:
        ProgramEvent.append(
            f"program:{program.slug}",
            SYSTEM,
            "load",
            to_state=Publication.PUBLISHED,
            payload={"digest": program.loaded_digest},
            program=program,
        )
    return program, report


def _program_values(item: dict[str, Any]) -> dict[str, Any]:
    owner, expenses = item["owner"], item.get("expenses") or {}
    words = {
        name: item.get(name) or ""
        for name in (
            *("title", "title_kana", "plain_title", "summary", "audience_text", "benefit_text", "reach_text"),
            *(
                "level",
                "kind",
                "kind_label",
                "audience_scope",
                "phone",
                "hours",
                "url",
                "url_note",
                "remarks",
            ),
        )
    }
    lists = {
        name: list(item.get(name) or [])
        for name in ("aliases", "phones", "urls", "money", "facts", "series", "named", "citations")
    }
    return (
        words
        | lists
        | {
            "department": owner.get("department") or "",
            "department_inferred": bool(owner.get("department_inferred")),
            "offering": item["status"],
            "first_year": item.get("first_year"),
            "last_year": item.get("last_year"),
            "name_only": bool(item.get("name_only")),
            "category": str(item.get("category") or ""),
            "eligible_expenses": list(expenses.get("eligible") or []),
            "excluded_expenses": list(expenses.get("excluded") or []),
            "measure_numbers": list(item.get("measures") or []),
            "rule_ids": list(item.get("rules") or []),
        }
    )


def _read_tags(program: Program) -> list[list[str]]:
    return sorted([tag.facet, tag.code] for tag in program.tags.all())


def _write_tags(program: Program, wanted: list[list[str]]) -> None:
    program.tags.all().delete()
    ProgramTag.objects.bulk_create(
        ProgramTag(program=program, facet=facet, code=code) for facet, code in wanted
    )


def _year(program: Program, item: dict[str, Any]) -> LoadReport:
    values = {"change": item.get("change") or "", "note": item.get("note") or ""}
    return place(ProgramYear, {"program": program, "fiscal_year": item["fiscal_year"]}, values)[1]


# --- Figures ------------------------------------------------------------------------------------------


def _citations(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The `citations` of a fact, or the one its `source` and `lines` name."""
    if item.get("citations"):
        return list(item["citations"])
    if not item.get("source"):
        return []
    return [{"source": item["source"], "lines": list(item.get("lines") or []), "note": ""}]


def _budget_line(program: Program, item: dict[str, Any], position: int) -> LoadReport:
    del position  # budgets stand by year
    key = {
        "program": program,
        "fiscal_year": item.get("fiscal_year"),
        "label": item["label"],
        "as_printed": item.get("text") or "",
    }
    return place(BudgetLine, key, {"amount": int(item["amount"]), "citations": _citations(item)})[1]


def _outcome(program: Program, item: dict[str, Any], position: int) -> LoadReport:
    key = {
        "program": program,
        "label": item["label"],
        "fiscal_year": item.get("fiscal_year"),
        "period_text": item.get("period_text") or "",
        "as_written": item.get("as_written") or "",
    }
    values = {
        "value": Decimal(str(item["value"])),
        "unit": item.get("unit") or "",
        "approximate": bool(item.get("approx")),
        "note": item.get("note") or "",
        "position": position,
        "citations": _citations(item),
    }
    return place(Outcome, key, values)[1]


def _milestone(program: Program, item: dict[str, Any], position: int) -> LoadReport:
    key = {
        "program": program,
        "text": item["text"],
        "period_text": item.get("period_text") or "",
        "fiscal_year": item.get("fiscal_year"),
    }
    return place(Milestone, key, {"position": position, "citations": _citations(item)})[1]


# --- Projects and systems -----------------------------------------------------------------------------


def _project(
    item: dict[str, Any], bodies: dict[str, Organization], programs: dict[str, Program]
) -> LoadReport:
    values = {
        "program_id": _known(programs, item["program"]).pk,
        "title": item["title"],
        "adopted_fiscal_year": item["adopted_fiscal_year"],
        "max_years": item.get("max_years") or 3,
        "lead_id": _body(bodies, item["lead"], item["slug"]).pk,
        "purpose": item.get("purpose") or "",
        "outline": list(item.get("outline") or []),
        "citations": _citations(item),
    }
    partners = [_body(bodies, code, item["slug"]) for code in item["partners"]]
    parts = project_parts(partners, item.get("actors") or [], item.get("results") or [])
    return place(AdoptedProject, {"slug": item["slug"]}, values, parts=parts)[1]


def _system(item: dict[str, Any], programs: dict[str, Program]) -> LoadReport:
    wanted = sorted(item.get("programs") or [])
    linked = [_known(programs, slug) for slug in wanted]
    part = Part[ExternalSystem](
        "programs",
        wanted,
        lambda row: sorted(row.programs.values_list("slug", flat=True)),
        lambda row: row.programs.set(linked),
    )
    values = {
        "name": item["name"],
        "state": item["state"],
        "role": item.get("role") or "",
        "relation": item["relation"],
        "url": item.get("url") or "",
        "citations": _citations(item),
    }
    return place(ExternalSystem, {"slug": item["slug"]}, values, parts=[part])[1]


# --- Look-ups that say what is missing ------------------------------------------------------------------


def _body(bodies: dict[str, Organization], code: str, what: str) -> Organization:
    if code not in bodies:
        raise DomainError(
            Fault(
                "organization", f"「{what}」の団体「{code}」がありません。", "先に団体を読み込んでください。"
            )
        )
    return bodies[code]


def _known(programs: dict[str, Program], slug: str) -> Program:
    if slug not in programs:
        raise DomainError(
            Fault("program", f"制度「{slug}」がありません。", "programs/*.json の識別名を確かめてください。")
        )
    return programs[slug]
