"""One program with everything its page shows, in seven queries whatever it holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

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
    ProgramTag,
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
    program = ruled.select_related("owner", "parent").filter(slug=slug).first()
    if program is None:
        return None
    related = Q(program=program) | Q(program_id=program.parent_id)
    calls = list(Call.objects.published(at).filter(related).order_by("-closes_at"))
    said = _said(program)
    program.held_tags = said.tags
    cited = [
        program.citations,
        *(record.citations for record in said.records),
        *(line.citations for line in said.budgets),
    ]
    return ProgramSheet(
        program=program,
        parent=program.parent if program.parent is not None and program.parent.is_public(at) else None,
        calls=calls,
        components=list(visible.filter(parent=program)),
        years=said.years,
        budgets=said.budgets,
        records=said.records,
        projects=_project_lines(program),
        systems=list(program.systems.all()),
        sources=resolve_citations(merged(cited)),
        calculable=bool(
            getattr(program, "has_rule", False) or program.rule_ids or program.slug in FUNDED_BESIDE
        ),
    )


_COLUMNS = (
    *("kind", "text", "fiscal_year", "period_text", "value", "unit", "approximate"),
    *("as_written", "note", "number", "citations"),
)
_Row = tuple[Any, ...]


def records(program: Program) -> list[Record]:
    """The figures and events of a program in the order of the sources, in one query."""
    return _records(_figures(program).union(_events(program), all=True))


@dataclass(frozen=True)
class _Said:
    """Everything that hangs on a program in small rows."""

    records: list[Record]
    years: list[ProgramYear]
    budgets: list[BudgetLine]
    tags: Mapping[str, frozenset[str]]


def _said(program: Program) -> _Said:
    """Figures, events, years, budgets, audiences and themes in one query."""
    rows = list(
        _figures(program).union(
            _events(program), _years(program), _budgets(program), _tags(program), all=True
        )
    )
    tags: defaultdict[str, set[str]] = defaultdict(set)
    years, budgets = [], []
    for kind, text, year, period, _, unit, _, printed, note, number, citations in rows:
        if kind == "year":
            years.append(
                ProgramYear(program=program, fiscal_year=year, change=unit, note=note, budget=number)
            )
        elif kind == "budget":
            line = BudgetLine(pk=int(period), program=program, fiscal_year=year, label=text, amount=number)
            line.as_printed, line.citations = printed, citations
            budgets.append(line)
        elif kind == "tag":
            tags[period].add(text)
    return _Said(
        records=_records(rows),
        years=sorted(years, key=lambda each: -each.fiscal_year),
        budgets=sorted(budgets, key=lambda each: (-(each.fiscal_year or 0), each.pk)),
        tags={facet: frozenset(codes) for facet, codes in tags.items()},
    )


def _records(rows: Iterable[_Row]) -> list[Record]:
    found = [Record(*row[1:]) for row in rows if row[0] in {"figure", "event"}]
    return sorted(found, key=lambda record: (record.value is None, record.position))


def _figures(program: Program) -> "QuerySet[Any, _Row]":
    rows = Outcome.objects.filter(program=program).order_by()
    return _columns(rows, "figure", text=F("label"), number=F("position"))


def _events(program: Program) -> "QuerySet[Any, _Row]":
    return _columns(Milestone.objects.filter(program=program).order_by(), "event", number=F("position"))


def _years(program: Program) -> "QuerySet[Any, _Row]":
    rows = ProgramYear.objects.filter(program=program).order_by()
    return _columns(rows, "year", unit=F("change"), number=F("budget"))


def _budgets(program: Program) -> "QuerySet[Any, _Row]":
    rows = BudgetLine.objects.filter(program=program).order_by()
    key = Cast("pk", CharField())
    return _columns(
        rows, "budget", text=F("label"), period_text=key, as_written=F("as_printed"), number=F("amount")
    )


def _tags(program: Program) -> "QuerySet[Any, _Row]":
    rows = ProgramTag.objects.filter(program=program).order_by()
    return _columns(rows, "tag", text=F("code"), period_text=F("facet"))


def _columns(rows: "QuerySet[Any]", kind: str, **said: F | Cast) -> "QuerySet[Any, _Row]":
    """Rows of any of the tables in the columns of `_COLUMNS`; what a table does not have is empty."""
    words = {name: Value("", output_field=CharField()) for name in ("text", "period_text", "unit")}
    words |= {name: Value("", output_field=CharField()) for name in ("as_written", "note")}
    empty: dict[str, Value | Cast] = {
        "fiscal_year": Cast(Value(None), IntegerField()),
        "value": Cast(Value(None), DecimalField(max_digits=20, decimal_places=4)),
        "approximate": Value(value=False, output_field=BooleanField()),
        "number": Value(0, output_field=BigIntegerField()),
        "citations": Value([], output_field=JSONField()),
        **words,
    }
    own = {field.attname for field in rows.model._meta.concrete_fields}
    wanted: dict[str, Any] = {"kind": Value(kind, output_field=CharField())} | empty | said
    columns = {
        f"as_{name}": wanted[name] if name in said or name not in own else F(name) for name in _COLUMNS
    }
    found: QuerySet[Any, _Row] = rows.annotate(**columns).values_list(*columns)
    return found


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
