"""Forms of the pages of plans and rounds: they parse what people type into the arguments of the actions."""

from indicators.forms.activities import ActivityForm
from indicators.forms.budgets import BudgetConfirmForm, BudgetFileForm, ColumnsForm
from indicators.forms.cells import CellsForm, field_name
from indicators.forms.figures import (
    CorrectFigureForm,
    ExplainForm,
    ObserveForm,
    PostponeForm,
    RedefineForm,
    ScaleForm,
)
from indicators.forms.rounds import (
    CorrectForm,
    DepartmentForm,
    ExtendForm,
    HandOverForm,
    PlainForm,
    PlanRoundForm,
    ReasonForm,
    ReturnForm,
)
from indicators.forms.sources import MOST_BYTES, ConfirmForm, SourceForm

__all__ = [
    "MOST_BYTES",
    "ActivityForm",
    "BudgetConfirmForm",
    "BudgetFileForm",
    "CellsForm",
    "ColumnsForm",
    "ConfirmForm",
    "CorrectFigureForm",
    "CorrectForm",
    "DepartmentForm",
    "ExplainForm",
    "ExtendForm",
    "HandOverForm",
    "ObserveForm",
    "PlainForm",
    "PlanRoundForm",
    "PostponeForm",
    "ReasonForm",
    "RedefineForm",
    "ReturnForm",
    "ScaleForm",
    "SourceForm",
    "field_name",
]
