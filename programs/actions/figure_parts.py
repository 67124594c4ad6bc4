"""What publishing a program's figures and sources does: its rows are written, those that are gone removed."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from accounts.models import SourceDocument
from core.exceptions import Fault
from programs.actions.indexing import refresh_derived
from programs.models import BudgetLine, Milestone, Outcome, Program
from programs.parts.figures import ITEMS, TABLES, citations_of, twice
from programs.parts.spec import Content

_MODELS: Final[Mapping[str, Any]] = {"outcomes": Outcome, "milestones": Milestone, "budgets": BudgetLine}


def draft_faults(program: Program, key: str, content: Content) -> list[Fault]:
    """Sources nobody knows."""
    del program, key
    cited = {row["source"] for name in (*TABLES, "citations") for row in content[name]} - {""}
    known = set(SourceDocument.objects.filter(slug__in=cited).values_list("slug", flat=True))
    return [
        Fault(f"{name}_{number}_source", "この出典はありません。", "一覧から選んでください。")
        for name in (*TABLES, "citations")
        for number, row in enumerate(content[name])
        if row["source"] and row["source"] not in known
    ]


def publishing_faults(program: Program, key: str, content: Content, at: datetime) -> list[Fault]:
    """Rows that say the same twice."""
    del program, key, at
    return [
        Fault(
            f"{name}_{number}_{ITEMS[name].columns[1].name}",
            f"{ITEMS[name].label}の{number + 1}行目は、前の行と同じものです。", "どちらかの行を消してください。",
        )
        for name, number in twice(content)
    ]  # fmt: skip


def put_on_view(program: Program, key: str, content: Content, at: datetime) -> dict[str, Any]:
    """Write figures, events, budgets and citations (program locked), and keep the search in step."""
    del key, at
    for name in TABLES:
        _write(program, name, content[name])
    program.citations = [
        {"source": row["source"], "lines": row["lines"], "note": row["note"]} for row in content["citations"]
    ]
    refresh_derived(program)
    program.save()
    return {"figures": len(content["outcomes"])}


def fixed(program: Program, key: str) -> Content:
    """Nothing: figures are corrected whenever they are wrong."""
    del program, key
    return {}


def _write(program: Program, name: str, rows: list[dict[str, Any]]) -> None:
    model = _MODELS[name]
    held = {f"r{row.pk}": row for row in model.objects.filter(program=program)}
    kept = {row["id"] for row in rows}
    model.objects.filter(pk__in=[row.pk for mark, row in held.items() if mark not in kept]).delete()
    for position, said in enumerate(rows):
        row = held.get(said["id"]) or model(program=program)
        wanted = {column: said[column] for column in TABLES[name]} | {"citations": citations_of(said)}
        if "value" in wanted:
            wanted["value"] = Decimal(wanted["value"])
        if name != "budgets":
            wanted["position"] = position
        if row.pk is None or any(getattr(row, column) != value for column, value in wanted.items()):
            for column, value in wanted.items():
                setattr(row, column, value)
            row.save()
