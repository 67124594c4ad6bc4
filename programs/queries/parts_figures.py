"""Figures of a program as a revision would have them, for its preview; nothing is written."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from programs.models import BudgetLine, Program
from programs.parts.figures import TABLES, citations_of
from programs.queries.sheet import Record, merged


def preview_records(content: Mapping[str, Any]) -> list[Record]:
    """Figures and events in the order of the page."""
    figures = [
        Record(
            text=row["label"], fiscal_year=row["fiscal_year"], period_text=row["period_text"],
            value=Decimal(row["value"]), unit=row["unit"], approximate=row["approximate"],
            as_written=row["as_written"], note=row["note"], position=position, citations=citations_of(row),
        )
        for position, row in enumerate(content["outcomes"])
        if row["value"]
    ]  # fmt: skip
    events = [
        Record(
            text=row["text"], fiscal_year=row["fiscal_year"], period_text=row["period_text"], value=None, unit="",
            approximate=False, as_written="", note="", position=position, citations=citations_of(row),
        )
        for position, row in enumerate(content["milestones"])
    ]  # fmt: skip
    return [*figures, *events]


def preview_budgets(program: Program, content: Mapping[str, Any]) -> list[BudgetLine]:
    """Printed budgets, the newest first; rows without an amount are not there yet."""
    lines = [
        BudgetLine(
            program=program, citations=citations_of(row), **{name: row[name] for name in TABLES["budgets"]}
        )
        for row in content["budgets"]
        if row["amount"] is not None
    ]
    return sorted(lines, key=lambda each: -(each.fiscal_year or 0))


def preview_citations(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every source of the program, each once."""
    cited = [citations_of(row) for name in TABLES for row in content[name]]
    whole = [
        {"source": row["source"], "lines": row["lines"], "note": row["note"]} for row in content["citations"]
    ]
    return merged([whole, *cited])
