"""Plans, sheets, indicators."""

from indicators.models.indicator import Indicator, Observation
from indicators.models.plan import Direction, Measure, Plan, Policy, SheetYear, Theme

__all__ = ["Direction", "Indicator", "Measure", "Observation", "Plan", "Policy", "SheetYear", "Theme"]
