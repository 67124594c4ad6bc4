"""Sums and judgements of plans: pure, no database, no clock."""

from indicators.rules.judging import (
    Judgement,
    Target,
    compare,
    exact,
    judge,
    plain,
    update_day,
)

__all__ = [
    "Judgement",
    "Target",
    "compare",
    "exact",
    "judge",
    "plain",
    "update_day",
]
