"""Taking a 予算・決算カルテ into a plan: amounts of each year and texts, merged cell by cell as `merging` says.

Which column is what was chosen by a person and is remembered for the plan's next sheet. Taking the same sheet twice
changes nothing and records nothing. Measures are never made here: a row of an unknown one is a doubt of the reading.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Prefetch

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault
from indicators.actions.import_cells import Cells, Slot
from indicators.actions.merging import Merge, Outcome, merged
from indicators.enums import BudgetField, CellName
from indicators.importing.budget import Choice, Page, heading_key
from indicators.importing.budget_rows import BudgetReading, merged_values, read_budget
from indicators.importing.words import sets_no_goal
from indicators.models import BudgetMapping, Measure, Plan, SheetYear
from indicators.queries.budgets import known_measures

MEMORY: Final = "budget:"
_AMOUNTS: Final = {"budget": ("budget_yen", "予算額"), "settled": ("settled_yen", "決算額")}


def read_for(plan: Plan, pages: Collection[Page], choice: Choice) -> BudgetReading:
    """A sheet read beside a plan's measures. Raises DomainError where the columns cannot tell a row's measure or say nothing."""
    fields = {column.field for column in choice.columns.values()}
    if not fields & {BudgetField.NUMBER, BudgetField.TITLE}:
        raise DomainError(
            Fault(
                "columns",
                "どの列が施策の番号か名称かが決まっていません。",
                "「施策の番号」か「施策名」にする列をえらんでください。",
            )
        )
    if fields <= {BudgetField.NUMBER, BudgetField.TITLE, BudgetField.YEAR, BudgetField.DEPARTMENT}:
        raise DomainError(
            Fault("columns", "取り込む値の列がありません。", "予算額や事業内容にする列をえらんでください。")
        )
    return read_budget(list(pages), choice, known_measures(plan))


@transaction.atomic
def import_budget(
    *,
    reading: BudgetReading,
    plan: Plan,
    by: Actor,
    accept: Collection[str] = (),
    reason: str = "",
    source: str = "",
    at: datetime | None = None,
) -> Outcome:
    """Merge a sheet into a plan in one transaction, and remember its columns. Raises as `importing.import_sheets`."""
    instant = at or clock.now()
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    require(by, "indicators.import_sheets", locked, instant)
    merge = Merge(locked, by, instant, frozenset(accept), reason)
    outcome = merged(_BudgetCells(locked, reading), merge, source=source, memory=MEMORY)
    _remember_columns(locked, reading, instant)
    return outcome


def rehearse_budget(*, reading: BudgetReading, plan: Plan, by: Actor, at: datetime | None = None) -> Outcome:
    """What `import_budget` would do, with nothing written. Raises as it does."""
    with transaction.atomic():
        outcome = import_budget(reading=reading, plan=plan, by=by, at=at)
        transaction.set_rollback(True)
    return outcome


def _remember_columns(plan: Plan, reading: BudgetReading, instant: datetime) -> None:
    page, choice = reading.page, reading.choice
    said = {
        heading_key(heading): column.field.value
        for place, column in choice.columns.items()
        if (heading := page.at(choice.heading, place))
    }
    left = {
        heading_key(heading): ""
        for place in range(page.width)
        if place not in choice.columns and (heading := page.at(choice.heading, place))
    }
    kept = BudgetMapping.objects.filter(plan=plan).first()
    columns = {**(kept.columns if kept else {}), **left, **said}
    if kept is None or kept.columns != columns:
        BudgetMapping.objects.update_or_create(
            plan=plan, defaults={"columns": columns, "updated_at": instant}
        )


@dataclass
class _BudgetCells(Cells):
    """The cells a sheet speaks of; a year that the plan lacks is made."""

    reading: BudgetReading

    def slots(self) -> Iterator[Slot]:
        """Amounts and texts in the order of the sheet."""
        measures = self._measures()
        years = {
            (row.number, year.fiscal_year): year for row in measures.values() for year in row.years.all()
        }
        for (number, year, name), text in merged_values(self.reading).items():
            measure = measures[number]
            if year is None:
                yield self._text(measure, "overview", f"{number}/overview", f"{measure}　事業概要", text)
                continue
            if (number, year) not in years:
                years[number, year] = SheetYear.objects.create(measure=measure, fiscal_year=year)
            yield self._of_year(measure, years[number, year], name, text)

    def _measures(self) -> Mapping[str, Measure]:
        years = Prefetch("years", SheetYear.objects.order_by("fiscal_year"))
        return {row.number: row for row in self.plan.measures.prefetch_related(years)}

    def _of_year(self, measure: Measure, year: SheetYear, name: str, text: str) -> Slot:
        at = f"{measure.number}/{year.fiscal_year}/{name}"
        if name not in _AMOUNTS:
            label = f"{measure}　{year.fiscal_year}年度 {CellName(name).label}"
            slot = self._text(year, name, at, label, text)
            return self._goal(year, slot, sets_none=sets_no_goal(text)) if name == CellName.GOAL else slot
        attribute, label = _AMOUNTS[name]
        now = getattr(year, attribute)
        return Slot(
            at, f"{measure}　{year.fiscal_year}年度 {label}（円）", "" if now is None else str(now), text,
            lambda value: self._set(year, attribute, int(value)),
        )  # fmt: skip
