"""Reads of the cells of one sheet in a round."""

from collections.abc import Iterable, Mapping, Sequence

from indicators.enums import SheetStatus
from indicators.models import Measure, Plan, SheetCell, SheetReturn, SheetTask
from indicators.rules import sheets
from indicators.rules.sheets import Activity, Key


def activities_of(measure: Measure) -> list[Activity]:
    """The measure's activity indicators as the rules see them."""
    return [Activity(row.pk, row.name, row.unit) for row in measure.activities.all()]


def cells_by_key(cells: Iterable[SheetCell]) -> dict[Key, SheetCell]:
    """Cells by fiscal year and name."""
    return {(row.fiscal_year, row.name): row for row in cells}


def cell_values(task: SheetTask) -> dict[Key, str]:
    """What stands in the cells now, read afresh."""
    rows = SheetCell.objects.filter(task=task).values_list("fiscal_year", "name", "value")
    return {(year, name): value for year, name, value in rows}


def open_return(task: SheetTask) -> SheetReturn | None:
    """The return that waits for the section, if there is one."""
    return task.returns.filter(closed_at__isnull=True).first()


def returned_reasons(found: SheetReturn | None) -> dict[Key, str]:
    """Which cells were returned, and why."""
    return {sheets.parse_key(text): reason for text, reason in found.cells.items()} if found else {}


def fillable(task: SheetTask, activities: Sequence[Activity]) -> list[Key]:
    """The cells that can be typed into now: all the round opens, in a returned sheet those that were returned."""
    returned = open_return(task) if task.state is SheetStatus.RETURNED else None
    return fillable_with(task, returned, activities)


def fillable_with(task: SheetTask, returned: SheetReturn | None, activities: Sequence[Activity]) -> list[Key]:
    """As `fillable`, with the open return already read."""
    keys = sheets.opened(task.round.open_cells, activities)
    if task.state is not SheetStatus.RETURNED:
        return keys
    wanted = {cell for key in returned_reasons(returned) for cell in sheets.beside(key, keys, activities)}
    return [key for key in keys if key in wanted]


def earlier_texts(measure: Measure) -> Mapping[Key, str]:
    """The texts of all published years, the portal's own summaries where the text itself was not taken in."""
    found: dict[Key, str] = {}
    for year in measure.years.all():
        for name in ("content", "goal", "result", "issues"):
            found[year.fiscal_year, name] = getattr(year, name) or getattr(year, f"{name}_summary")
    return found


def published_cells(plan: Plan) -> dict[str, int]:
    """Every cell a round has published, 「1/2025/result」, with the newest sheet that did: it changes by correction only."""
    tasks = SheetTask.objects.filter(round__plan=plan, status=SheetStatus.PUBLISHED).select_related(
        "round", "measure"
    )
    return {
        f"{task.measure.number}/{year}/{cell}": task.pk
        for task in tasks.order_by("round__published_at", "pk")
        for year, cells in task.round.open_cells.items()
        for cell in cells
    }
