"""Plans, sheets, indicators."""

from indicators.models.activity import ActivityIndicator, ActivityYear
from indicators.models.event import PlanEvent
from indicators.models.figure import IndicatorDefinition, ObservationCorrection, UpdateChange
from indicators.models.imported import BudgetMapping, ImportedCell
from indicators.models.indicator import Indicator, Observation
from indicators.models.meeting import Meeting, Opinion
from indicators.models.plan import Direction, Measure, Plan, Policy, SheetYear, Theme
from indicators.models.round import (
    ProgressRound,
    SheetCell,
    SheetCellVersion,
    SheetCorrection,
    SheetReturn,
    SheetTask,
)

__all__ = [
    "ActivityIndicator",
    "ActivityYear",
    "BudgetMapping",
    "Direction",
    "ImportedCell",
    "Indicator",
    "IndicatorDefinition",
    "Measure",
    "Meeting",
    "Observation",
    "ObservationCorrection",
    "Opinion",
    "Plan",
    "PlanEvent",
    "Policy",
    "ProgressRound",
    "SheetCell",
    "SheetCellVersion",
    "SheetCorrection",
    "SheetReturn",
    "SheetTask",
    "SheetYear",
    "Theme",
    "UpdateChange",
]
