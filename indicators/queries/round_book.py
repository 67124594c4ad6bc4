"""A round's sheets for a workbook: the published years with what stands in the round's cells over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch

from core.actor import Actor
from indicators.enums import CellName, GoalStatus
from indicators.models import Measure, ProgressRound, SheetCell, SheetReturn, SheetTask, SheetYear
from indicators.queries.cells import cells_by_key
from indicators.queries.rounds import tasks_for

NO_GOAL: Final = str(GoalStatus.NOT_SET.label)


@dataclass(frozen=True)
class RoundBook:
    """The measures in the plan's order and, by measure, the years as they stand in the round."""

    measures: list[Measure]
    years: dict[int, list[SheetYear]]


def tasks_with_cells(actor: Actor, round_: ProgressRound) -> list[SheetTask]:
    """The sheets of a round the actor sees, with cells, open returns, activities and years; in a fixed number of queries."""
    returns = SheetReturn.objects.filter(closed_at__isnull=True)
    years = SheetYear.objects.select_related("refers_to").order_by("fiscal_year")
    rows = (
        tasks_for(actor, round_)
        .select_related("measure__policy__direction", "department")
        .prefetch_related(
            Prefetch("cells", SheetCell.objects.order_by("pk")), Prefetch("returns", returns, "open_returns"),
            "measure__themes", "measure__activities", Prefetch("measure__years", years),
        )
        .order_by("measure__position")
    )  # fmt: skip
    tasks: list[SheetTask] = [*rows]
    for task in tasks:
        task.round = round_
    return tasks


def round_book(actor: Actor, round_: ProgressRound, department_id: int | None = None) -> RoundBook:
    """The sheets the actor sees (those of one department where one is named), every opened year with its four rows."""
    tasks = [task for task in tasks_with_cells(actor, round_) if department_id in {None, task.department_id}]
    return RoundBook(
        [task.measure for task in tasks], {task.measure_id: standing_years(task) for task in tasks}
    )


def standing_years(task: SheetTask) -> list[SheetYear]:
    """The published years, unsaved copies where the round opens cells of them: blank cells stay blank rows."""
    known = {year.fiscal_year: year for year in task.measure.years.all()}
    cells = cells_by_key(task.cells.all())
    for text, names in task.round.open_cells.items():
        number = int(text)
        shown = _copy(known.get(number), task.measure, number)
        for name in names:
            cell = cells.get((number, name))
            setattr(shown, name, cell.value if cell else "")
        told = cells.get((number, "no_goal"))
        if CellName.GOAL in names and told is not None and told.value:
            shown.goal = NO_GOAL
        known[number] = shown
    return [known[number] for number in sorted(known)]


def _copy(year: SheetYear | None, measure: Measure, number: int) -> SheetYear:
    made = SheetYear(measure=measure, fiscal_year=number)
    for name in (*CellName.values, "refers_to", "refers_reason"):
        if year is not None:
            setattr(made, name, getattr(year, name))
    return made


def open_return_of(task: SheetTask) -> SheetReturn | None:
    """The open return of a sheet from `tasks_with_cells`."""
    rows: Sequence[SheetReturn] = vars(task)["open_returns"]
    return rows[0] if rows else None
