"""Sums and judgements of plans: pure, no database, no clock."""

from indicators.rules.judging import (
    Judgement,
    Target,
    compare,
    exact,
    judge,
    plain,
    update_day,
    value_of,
)
from indicators.rules.scales import Scale, read_scale, scale_data
from indicators.rules.standing import (
    Course,
    Definition,
    Figure,
    RollUp,
    Stand,
    definition_at,
    period_text,
    roll_up,
    stand,
)

__all__ = [
    "Course",
    "Definition",
    "Figure",
    "Judgement",
    "RollUp",
    "Scale",
    "Stand",
    "Target",
    "compare",
    "definition_at",
    "exact",
    "judge",
    "period_text",
    "plain",
    "read_scale",
    "roll_up",
    "scale_data",
    "stand",
    "update_day",
    "value_of",
]
