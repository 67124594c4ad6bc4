"""Plans, sheets, indicators."""

from indicators.models.event import PlanEvent
from indicators.models.imported import ImportedCell
from indicators.models.indicator import Indicator, Observation
from indicators.models.plan import Direction, Measure, Plan, Policy, SheetYear, Theme

__all__ = [
    "Direction",
    "ImportedCell",
    "Indicator",
    "Measure",
    "Observation",
    "Plan",
    "PlanEvent",
    "Policy",
    "SheetYear",
    "Theme",
]
