"""Reference data of tables for other systems. Safe to repeat."""

from pathlib import Path
from typing import Any

from core.exceptions import DomainError
from core.loading import LoadReport, read_json, upsert
from grants.models import ExportLayout
from grants.queries.accounting import SOURCES
from programs.models import Program


def load_layouts(directory: Path) -> LoadReport:
    """Load every file of a folder; programs must be there already. Raises DomainError for an unknown source."""
    report = LoadReport()
    for path in sorted(directory.glob("*.json")):
        report += load_layout(read_json(path))
    return report


def load_layout(data: dict[str, Any]) -> LoadReport:
    """One layout, in the shape of `fixtures/reference/accounting/`."""
    unknown = [column["source"] for column in data["columns"] if column["source"] not in {"fixed", *SOURCES}]
    if unknown:
        raise DomainError(f"表「{data['title']}」の列に知らない項目があります：{'、'.join(unknown)}")
    program = Program.objects.get(slug=data["program"]) if data["program"] else None
    values = {name: data[name] for name in ("title", "encoding", "columns")} | {"program": program}
    return upsert(ExportLayout, {"slug": data["slug"]}, values)[1]
