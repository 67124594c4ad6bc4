"""Who may see and change plans, rounds and sheets: the only answers to "may I?" of this app."""

from indicators.permissions import plans
from indicators.permissions.rounds import (
    Ground,
    Judgement,
    available,
    coordinates,
    fillable_sheets,
    judge_round,
    judge_sheet,
    roles_at,
    section_of,
)

__all__ = [
    "Ground",
    "Judgement",
    "available",
    "coordinates",
    "fillable_sheets",
    "judge_round",
    "judge_sheet",
    "plans",
    "roles_at",
    "section_of",
]
