"""Publication of a round: its cells become the sheets' texts, and are corrected only with a reason from then on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from indicators.actions import locking, transition
from indicators.actions.filling import write
from indicators.actions.rounds import require_reason
from indicators.enums import CellName, GoalStatus, SheetStatus
from indicators.models import ActivityYear, ProgressRound, SheetCorrection, SheetTask, SheetYear
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
    for task in confirmed:
        task.round = round_
        activities = activities_of(task.measure)
        opened = sheets.opened(round_.open_cells, activities)
        _write_years(task, cell_values(task), activities, opened)
        transition.finish(task, "publish", by=by, at=instant, told=False)
    transition.finish_round(
        round_, "publish_round", by=by, at=instant, columns={"published_at": instant},
        payload={"sheets": [task.measure.number for task in confirmed]},
    )  # fmt: skip
    return round_


def _write_years(
    task: SheetTask, values: Mapping[Key, str], activities: list[Activity], keys: list[Key]
) -> None:
    """These cells of one sheet as the public reads them."""
    for year in sorted({year for year, _ in keys}):
        row, _ = SheetYear.objects.get_or_create(measure=task.measure, fiscal_year=year)
        names = {name for found, name in keys if found == year}
        changes: dict[str, Any] = {name: values.get((year, name), "") for name in _FIELDS if name in names}
        if names & {"goal", "no_goal"}:
            changes["goal_status"] = _goal_status(values, year)
        for name, value in changes.items():
            setattr(row, name, value)
        if changes:
            row.save(update_fields=list(changes))
        for activity in activities:
            _write_activity(activity, year, names, values)


def _goal_status(values: Mapping[Key, str], year: int) -> GoalStatus:
    if values.get((year, "no_goal")):
        return GoalStatus.NOT_SET
    return GoalStatus.SET if values.get((year, "goal"), "").strip() else GoalStatus.BLANK


def _write_activity(activity: Activity, year: int, names: set[str], values: Mapping[Key, str]) -> None:
    """Planned and done; blank, 0 and a reason stay three things."""
    changes: dict[str, Any] = {}
    for name, column in (("planned", "planned"), ("done", "done")):
        if f"{name}-{activity.number}" in names:
            changes[column] = sheets.number_of(values.get((year, f"{name}-{activity.number}"), ""))
    if f"uncounted-{activity.number}" in names:
        changes["not_counted_reason"] = values.get((year, f"uncounted-{activity.number}"), "").strip()
    if changes:
        ActivityYear.objects.update_or_create(activity_id=activity.number, fiscal_year=year, defaults=changes)


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
    _write_years(task, values, activities, [key])
    return before
