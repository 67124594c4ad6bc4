"""A call's money by fiscal year and municipality, and its decisions as rows for other systems.

Every figure is a sum of whole yen of what was submitted or decided; rows and columns add up to the totals of the board.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from core.actor import Actor
from grants.enums import FUNDED_STATES, ApplicationStatus
from grants.models import Decision, ExportLayout, Snapshot
from grants.queries.call_board import CallBoard, CaseLine
from grants.queries.reviewing import review_cases
from programs.models import Call

Cell = str | int | None


@dataclass(frozen=True)
class YearTown:
    """The cases one municipality leads: requested by fiscal year, and what is allotted (drafts that hold and decisions)
    and decided for the call's own year."""

    code: str
    name: str
    requested: dict[int, int]
    allotted: int
    decided: int

    @property
    def total(self) -> int:
        """Requested over all years."""
        return sum(self.requested.values())


@dataclass(frozen=True)
class YearTable:
    """Municipalities in 建制順 by fiscal years, with sums below."""

    years: list[int]
    towns: list[YearTown]
    requested: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Requested over all years and municipalities."""
        return sum(self.requested.values())

    @property
    def allotted(self) -> int:
        """Drafted to be funded and decided, of the call's year."""
        return sum(town.allotted for town in self.towns)

    @property
    def decided(self) -> int:
        """Decided, of the call's year."""
        return sum(town.decided for town in self.towns)


def year_table(board: CallBoard) -> YearTable:
    """The board's cases by year and municipality; one query for the versions submitted last."""
    by_year = _requested([line.application.pk for line in board.lines])
    years = sorted({year for amounts in by_year.values() for year in amounts} | {board.call.fiscal_year})
    towns: dict[str, list[CaseLine]] = {}
    for line in sorted(board.lines, key=lambda line: line.application.lead.code):
        towns.setdefault(line.application.lead.code, []).append(line)
    found = [
        YearTown(
            code,
            lines[0].application.lead.name,
            {
                year: sum(by_year.get(line.application.pk, {}).get(year, 0) for line in lines)
                for year in years
            },
            allotted=sum(_allotted(line) for line in lines),
            decided=sum(line.decided or 0 for line in lines),
        )
        for code, lines in towns.items()
    ]
    sums = {year: sum(town.requested[year] for town in found) for year in years}
    return YearTable(years, found, sums)


def _allotted(line: CaseLine) -> int:
    """Decided, else drafted to be funded and waiting for the decision."""
    if line.decided is not None:
        return line.decided
    return line.proposed or 0 if line.application.state is ApplicationStatus.DECIDING else 0


def _requested(cases: list[int]) -> dict[int, dict[int, int]]:
    """Case → fiscal year → yen, of the version submitted last."""
    rows = Snapshot.objects.filter(application__in=cases).order_by("application_id", "branch")
    found: dict[int, dict[int, int]] = {}
    for case, years in rows.values_list("application_id", "content__subsidy__years"):
        found[case] = {int(year["fiscal_year"]): int(year["amount"]) for year in years}
    return found


# --- Rows for other systems -------------------------------------------------------------------------------------

_Source = Callable[[int, Decision], Cell]
SOURCES: Final[Mapping[str, _Source]] = {
    "number": lambda number, _decision: number,
    "fiscal_year": lambda _number, decision: decision.application.fiscal_year,
    "lead_code": lambda _number, decision: decision.application.lead.code,
    "lead_name": lambda _number, decision: decision.application.lead.name,
    "corporate_number": lambda _number, decision: decision.application.lead.corporate_number or "",
    "title": lambda _number, decision: str(decision.recommendation.snapshot.content.get("title", "")),
    "receipt_number": lambda _number, decision: decision.application.receipt_number or "",
    "document_number": lambda _number, decision: decision.document_number,
    "decided_on": lambda _number, decision: f"{decision.decided_on:%Y%m%d}",
    "effective_on": lambda _number, decision: f"{decision.effective_on:%Y%m%d}",
    "requested": lambda _number, decision: decision.application.requested_amount,
    "decided": lambda _number, decision: decision.amount,
}
"""What a column can hold, besides "fixed" text. Days as 20270401."""


def layouts_of(call: Call) -> list[ExportLayout]:
    """The layouts that serve a call's program."""
    return list(ExportLayout.objects.filter(Q(program=None) | Q(program=call.program_id)).order_by("slug"))


def accounting_rows(
    actor: Actor, call: Call, layout: ExportLayout, at: datetime
) -> tuple[list[str], list[list[Cell]]]:
    """Headings and one row for each decision in force with an amount, in 建制順. Two queries."""
    cases = review_cases(actor, at).filter(
        call=call, status__in=sorted(FUNDED_STATES - {ApplicationStatus.DISCONTINUED})
    )
    held = Decision.objects.filter(
        application__in=cases.order_by().values("pk"), superseded_at__isnull=True, amount__isnull=False
    )
    rows = held.select_related("application__lead", "recommendation__snapshot").order_by(
        "application__lead__code", "application"
    )
    columns: list[dict[str, Any]] = layout.columns
    headings = [str(column["heading"]) for column in columns]
    return headings, [
        [_cell(column, number, decision) for column in columns]
        for number, decision in enumerate(rows, start=1)
    ]


def _cell(column: Mapping[str, Any], number: int, decision: Decision) -> Cell:
    source = str(column["source"])
    return str(column.get("value", "")) if source == "fixed" else SOURCES[source](number, decision)
