"""One program with everything its page shows, in ten queries whatever it holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, CharField, DecimalField, Exists, OuterRef, Q, Value

from accounts.models import SourceDocument
from accounts.queries import resolve_citations
from core.actor import ANONYMOUS, Actor
from programs.models import (
    BudgetLine,
    Call,
    ExternalSystem,
    FundingRule,
    Milestone,
    Outcome,
    Program,
    ProgramYear,
)
from programs.queries.rules import FUNDED_BESIDE
from programs.rules import spelled


@dataclass(frozen=True)
class Record:
    """A figure (`value` set) or an event (`value` None) of a program, as the source words it."""

    text: str
    fiscal_year: int | None
    period_text: str
    value: Decimal | None
    unit: str
    approximate: bool
    as_written: str
    note: str
    position: int
    citations: list[dict[str, Any]]

    @property
    def number(self) -> str:
        """The figure for people; "" for an event."""
        return spelled(self.value)


@dataclass
class ProjectLine:
    """An adopted project on its program's page: members are (code, name), the lead first."""

    slug: str
    title: str
    purpose: str
    adopted_fiscal_year: int
    max_years: int
    lead: tuple[str, str]
    partners: list[tuple[str, str]] = field(default_factory=list)

    @property
    def members(self) -> list[tuple[str, str]]:
        """Lead, then partners in code order."""
        return [self.lead, *self.partners]


Source = tuple[SourceDocument, list[int], str]


@dataclass(frozen=True)
class ProgramSheet:
    """What the page of a program shows. `parent` is None when the reader may not see it."""

    program: Program
    parent: Program | None
    calls: list[Call]
    components: list[Program]
    years: list[ProgramYear]
    budgets: list[BudgetLine]
    records: list[Record]
    projects: list[ProjectLine]
    systems: list[ExternalSystem]
    sources: list[Source]
    calculable: bool


def program_sheet(slug: str, at: datetime, actor: Actor = ANONYMOUS) -> ProgramSheet | None:
    """The sheet of a program an actor sees, or None."""
    visible = Program.objects.visible_to(actor, at)
    ruled = visible.annotate(has_rule=Exists(FundingRule.objects.filter(program=OuterRef("pk"))))
    program = ruled.select_related("owner", "parent").prefetch_related("tags").filter(slug=slug).first()
    if program is None:
        return None
    related = Q(program=program) | Q(program_id=program.parent_id)
    calls = list(Call.objects.published(at).filter(related).order_by("-closes_at"))
    found = records(program)
    budgets = list(program.budget_lines.all())
    cited = [
        program.citations,
        *(record.citations for record in found),
        *(line.citations for line in budgets),
    ]
    return ProgramSheet(
        program=program,
        parent=program.parent if program.parent is not None and program.parent.is_public(at) else None,
        calls=calls,
        components=list(visible.filter(parent=program)),
        years=list(program.years.all()),
        budgets=budgets,
        records=found,
        projects=_project_lines(program),
        systems=list(program.systems.all()),
        sources=resolve_citations(merged(cited)),
        calculable=bool(
            getattr(program, "has_rule", False) or program.rule_ids or program.slug in FUNDED_BESIDE
        ),
    )


def records(program: Program) -> list[Record]:
    """The figures and events of a program in the order of the sources, in one query."""
    words = CharField()
    figures = Outcome.objects.filter(program=program).order_by()
    events = Milestone.objects.filter(program=program).order_by()
    rows = figures.values_list(
        *("label", "fiscal_year", "period_text", "value", "unit", "approximate"),
        *("as_written", "note", "position", "citations"),
    ).union(
        events.values_list(
            "text",
            "fiscal_year",
            "period_text",
            Value(None, output_field=DecimalField(max_digits=20, decimal_places=4)),
            Value("", output_field=words),
            Value(value=False, output_field=BooleanField()),
            Value("", output_field=words),
            Value("", output_field=words),
            "position",
            "citations",
        ),
        all=True,
    )
    found = [Record(*row) for row in rows]
    return sorted(found, key=lambda record: (record.value is None, record.position))


def _project_lines(program: Program) -> list[ProjectLine]:
    """A program's adopted projects, newest first, with lead and partners, in one query."""
    lines: dict[str, ProjectLine] = {}
    rows = program.projects.order_by(
        "-adopted_fiscal_year", "slug", "memberships__organization__code"
    ).values_list(
        *("slug", "title", "purpose", "adopted_fiscal_year", "max_years", "lead__code", "lead__name"),
        *("memberships__organization__code", "memberships__organization__name"),
    )
    for slug, title, purpose, year, span, lead_code, lead_name, code, name in rows:
        line = lines.setdefault(slug, ProjectLine(slug, title, purpose, year, span, (lead_code, lead_name)))
        if code:
            line.partners.append((code, name))
    return list(lines.values())


def merged(groups: Iterable[Iterable[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Citations of several facts by source: lines united and sorted, the first note kept."""
    by_source: dict[str, dict[str, Any]] = {}
    for group in groups:
        for item in group:
            kept = by_source.setdefault(item["source"], {"source": item["source"], "lines": [], "note": ""})
            kept["lines"] = sorted({*kept["lines"], *(item.get("lines") or [])})
            kept["note"] = kept["note"] or item.get("note") or ""
    return list(by_source.values())
