"""A Reading as plain data: the shape `manage.py import_progress_sheets --preview --json` prints."""

from typing import Any

from indicators.importing.ledger import Finding
from indicators.importing.reading import CELLS, Reading, SheetText, YearCells


def preview(reading: Reading) -> dict[str, Any]:
    """Plan, indicators, measures, repairs, doubts. A missing cell is "" here and stands among the doubts."""
    return {
        "plan": {
            "title": reading.title,
            "goal": reading.goal,
            "directions": list(dict.fromkeys(row.direction for row in reading.measures if row.direction)),
            "themes": list(reading.themes),
            "years": sorted({year for row in reading.measures for year in row.years}),
        },
        "indicators": [
            {
                "name": row.name,
                "direction": row.direction,
                "unit": row.unit,
                "baseline": row.baseline,
                "target": row.target,
            }
            for row in reading.indicators
        ],
        "measures": [_measure(row) for row in reading.measures],
        "repairs": [_finding(row) for row in reading.repairs],
        "doubts": [_finding(row) for row in reading.doubts],
    }


def _measure(row: SheetText) -> dict[str, Any]:
    refers = next((year.refers_to for year in row.years.values() if year.refers_to), None)
    return {
        "number": row.number,
        "branch": row.branch,
        "title": row.title,
        "direction": row.direction,
        "policy": row.policy,
        "outlook": row.outlook,
        "themes": list(row.themes),
        "departments": list(row.departments),
        "refers_to": refers,
        "overview": row.overview,
        "years": {str(year): _cells(cells) for year, cells in row.years.items()},
    }


def _cells(cells: YearCells) -> dict[str, str]:
    return {cell: getattr(cells, cell) or "" for cell in CELLS}


def _finding(row: Finding) -> dict[str, Any]:
    return {
        "line": row.line,
        "sheet": row.sheet,
        "cell": row.cell,
        "kind": row.kind,
        "before": row.before,
        "after": row.after,
        "fault": row.fault,
        "cure": row.cure,
    }
