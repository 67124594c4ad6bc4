"""What became of a plan's words: every revision an import made of what already stood, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from indicators.models import Plan, PlanEvent

_NEWEST: Final = 50


@dataclass(frozen=True)
class Revised:
    """One cell by its name, what it said before and what it said from then on."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Revision:
    """One import that revised something: when, and the cells."""

    at: datetime
    cells: tuple[Revised, ...]


def revisions_of(plan: Plan) -> list[Revision]:
    """The newest revisions of a plan. Cells of a measure are named with its number."""
    events = PlanEvent.objects.filter(plan=plan, action="import_sheets").order_by("-pk")[:_NEWEST]
    return [
        Revision(event.at, cells)
        for event in events
        if (cells := tuple(_cell(*row) for row in event.payload.get("revised", [])))
    ]


def _cell(key: str, name: str, before: str, after: str) -> Revised:
    first = key.partition("/")[0]
    numbered = first[:1].isdecimal() and not name.startswith(first.zfill(2))
    return Revised(f"個票{first}　{name}" if numbered else name, before, after)
