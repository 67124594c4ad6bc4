"""What a 予算・決算カルテ is read beside: the plan's measures, and how its last sheet's columns were taken."""

from indicators.importing.budget_rows import Known
from indicators.models import BudgetMapping, Plan


def known_measures(plan: Plan) -> list[Known]:
    """Every measure of a plan with its number, name and lead department."""
    return [Known(row.number, row.full_title, row.lead_department) for row in plan.measures.all()]


def remembered_columns(plan: Plan) -> dict[str, str]:
    """What each heading was taken as, "" for a column that was left."""
    found = BudgetMapping.objects.filter(plan=plan).first()
    return dict(found.columns) if found else {}
