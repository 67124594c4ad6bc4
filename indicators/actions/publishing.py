"""Publication of a round: its cells become the sheets' texts, and are corrected only with a reason from then on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from indicators.actions import locking, transition
from indicators.actions.filling import write
from indicators.actions.rounds import require_reason
from indicators.enums import CellName, GoalStatus, SheetStatus
from indicators.models import ActivityYear, Measure, ProgressRound, SheetCorrection, SheetTask, SheetYear
from indicators.queries.cells import activities_of, cell_values
from indicators.rules import sheets
from indicators.rules.sheets import Activity, Key

_FIELDS: Final = (*CellName.values, "compared", "toward")


@transaction.atomic
def publish_round(
    *, round_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> ProgressRound:
    """Write every confirmed sheet into its years and lock it, all in one transaction. Raises as begin_round."""
    instant = at or clock.now()
    round_ = locking.progress_round(round_id)
    tasks = locking.sheets_of(round_)
    round_ = transition.begin_round(
        round_id, "publish_round", by=by, at=instant, expected_version=expected_version
    )
    confirmed = [task for task in tasks if task.state is SheetStatus.CONFIRMED]
    years = _Years.of(task.measure for task in confirmed)
    for task in confirmed:
        task.round = round_
        activities = activities_of(task.measure)
        values = {(row.fiscal_year, row.name): row.value for row in task.cells.all()}
        years.write(task, values, activities, sheets.opened(round_.open_cells, activities))
        transition.finish(task, "publish", by=by, at=instant, told=False)
    transition.finish_round(
        round_, "publish_round", by=by, at=instant, columns={"published_at": instant},
        payload={"sheets": [task.measure.number for task in confirmed]},
    )  # fmt: skip
    return round_


@dataclass
class _Years:
    """The published years of some measures, read once and written row by row."""

    rows: dict[tuple[int, int], SheetYear]
    counts: dict[tuple[int, int], ActivityYear]

    @classmethod
    def of(cls, measures: Iterable[Measure]) -> "_Years":
        """What is public of these measures now."""
        numbers = [row.pk for row in measures]
        years = SheetYear.objects.filter(measure__in=numbers)
        counts = ActivityYear.objects.filter(activity__measure__in=numbers)
        return cls(
            {(row.measure_id, row.fiscal_year): row for row in years},
            {(row.activity_id, row.fiscal_year): row for row in counts},
        )

    def write(
        self, task: SheetTask, values: Mapping[Key, str], activities: list[Activity], keys: Iterable[Key]
    ) -> None:
        """These cells of one sheet as the public reads them."""
        names: dict[int, set[str]] = {}
        for year, name in keys:
            names.setdefault(year, set()).add(name)
        for year, found in sorted(names.items()):
            row = self.rows.get((task.measure_id, year)) or SheetYear(
                measure_id=task.measure_id, fiscal_year=year
            )
            for name in _FIELDS:
                if name in found:
                    setattr(row, name, values.get((year, name), ""))
            if any(values.get((year, name), "").strip() for name in found):
                row.refers_to = None  # 再掲 no more: its text stands here now
            if found & {"goal", "no_goal"}:
                row.goal_status = _goal_status(values, year)
            row.save()
            for activity in activities:
                self._count(activity, year, found, values)

    def _count(self, activity: Activity, year: int, names: set[str], values: Mapping[Key, str]) -> None:
        """Planned and done; blank, 0 and a reason stay three things."""
        number = activity.number
        mine = {name for name in ("planned", "done", "uncounted") if f"{name}-{number}" in names}
        if not mine:
            return
        row = self.counts.get((number, year)) or ActivityYear(activity_id=number, fiscal_year=year)
        for column in mine & {"planned", "done"}:
            setattr(row, column, sheets.number_of(values.get((year, f"{column}-{number}"), "")))
        if "uncounted" in mine:
            row.not_counted_reason = values.get((year, f"uncounted-{number}"), "").strip()
        row.save()


def _goal_status(values: Mapping[Key, str], year: int) -> GoalStatus:
    if values.get((year, "no_goal")):
        return GoalStatus.NOT_SET
    return GoalStatus.SET if values.get((year, "goal"), "").strip() else GoalStatus.BLANK


@transaction.atomic
def correct(
    *,
    task_id: int,
    key: Key,
    value: str,
    reason: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetCorrection:
    """Change a published cell, with a reason; what stood there before stays on record and on the page.

    Raises as transition.begin, DomainError for a cell of another round, a blank reason or no change.
    """
    instant = at or clock.now()
    task = transition.begin(task_id, "correct", by=by, at=instant, expected_version=expected_version)
    if by.user_id is None:
        raise Refused
    before = _corrected(task, key, value, reason, by, instant)
    made = SheetCorrection.objects.create(
        task=task, fiscal_year=key[0], name=key[1], before=before, after=value, reason=reason.strip(),
        corrected_at=instant, corrected_by_id=by.user_id,
    )  # fmt: skip
    transition.finish(
        task, "correct", by=by, at=instant, reason=reason, columns={"version": task.version + 1},
        payload={"cell": sheets.key_text(key)},
    )  # fmt: skip
    return made


def _refuse_published_again(task: SheetTask, key: Key) -> None:
    """A cell that a later round has published anew is corrected there, or the older text would cover the newer."""
    later = ProgressRound.objects.filter(plan=task.round.plan, published_at__gt=task.round.published_at)
    for round_ in later.order_by("-published_at"):
        if key[1] in round_.open_cells.get(str(key[0]), ()):
            raise DomainError(
                Fault(
                    sheets.key_text(key),
                    f"この欄は、後の「{round_}」で公表し直しています。",
                    "その照会の個票で訂正してください。",
                )
            )


def _corrected(  # noqa: PLR0917 - the parts of one correction
    task: SheetTask, key: Key, value: str, reason: str, by: Actor, at: datetime
) -> str:
    """Write the corrected cell and the sheet's year; what stood there before."""
    activities = activities_of(task.measure)
    opened = sheets.opened(task.round.open_cells, activities)
    if key not in opened:
        raise DomainError(Fault(sheets.key_text(key), "この欄は、この照会で公表したものではありません。"))
    if fault := sheets.fault_of(key, value, activities):
        raise DomainError(fault)
    _refuse_published_again(task, key)
    require_reason(reason)
    cell = task.cells.filter(fiscal_year=key[0], name=key[1]).first()
    before = cell.value if cell else ""
    if before == value:
        raise DomainError(
            Fault(sheets.key_text(key), "公表した内容と同じです。", "直す内容を入力してください。")
        )
    write(task, cell, key, value, by=by, at=at)
    values = cell_values(task)
    if faults := sheets.contradictions(opened, values, activities):
        raise DomainError(*faults)
    _Years.of([task.measure]).write(task, values, activities, [key])
    return before
