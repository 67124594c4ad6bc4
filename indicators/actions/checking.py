"""The coordinator's side of a sheet: whose it is, returning by cell, editing with agreement, confirming."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Department
from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from indicators.actions import transition
from indicators.actions.filling import Clash, Saved, Typed, write
from indicators.actions.late import asked_again
from indicators.actions.rounds import require_reason
from indicators.models import SheetReturn, SheetTask
from indicators.queries.cells import activities_of
from indicators.rules import sheets
from indicators.rules.sheets import Key


@transaction.atomic
def reassign(
    *,
    task_id: int,
    department_id: int,
    by: Actor,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetTask:
    """Decide whose sheet it is (the same section again is possible, with a reason). What was typed stays."""
    instant = at or clock.now()
    task = transition.begin(task_id, "reassign", by=by, at=instant, expected_version=expected_version)
    unit = (
        Department.objects.in_force(clock.today(instant))
        .filter(pk=department_id, organization=task.round.plan.organization_id)
        .first()
    )
    if unit is None:
        raise DomainError(Fault("department", "その課はありません。", "一覧からえらび直してください。"))
    if unit.pk == task.department_id:
        require_reason(reason)
    before = task.department.name if task.department else ""
    task.returns.filter(closed_at__isnull=True).update(closed_at=instant)
    target = asked_again(task, why=reason.strip() or "担当課が決まりました。", by=by, at=instant)
    transition.finish(
        task, "reassign", by=by, at=instant, target=target, reason=reason,
        columns={"department": unit, "assignee": None}, payload={"before": before, "after": unit.name},
    )  # fmt: skip
    return task


@transaction.atomic
def return_cells(
    *,
    task_id: int,
    reasons: Mapping[Key, str],
    due_at: datetime,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetReturn:
    """Give single cells back, each with its reason, until a new due instant; only these can be changed."""
    instant = at or clock.now()
    task = transition.begin(task_id, "return_cells", by=by, at=instant, expected_version=expected_version)
    if by.user_id is None:
        raise Refused
    known = set(sheets.opened(task.round.open_cells, activities_of(task.measure)))
    faults = (
        []
        if reasons
        else [Fault("cells", "差し戻す欄がありません。", "1つ以上の欄に理由を入力してください。")]
    )
    faults += [Fault(sheets.key_text(key), "この欄は差し戻せません。") for key in reasons if key not in known]
    faults += [
        Fault(sheets.key_text(key), "理由が空です。", "何を直すかを入力してください。")
        for key, reason in reasons.items()
        if not reason.strip()
    ]
    if due_at <= instant:
        faults.append(Fault("due_at", "直す期限が過去の日時です。", "先の日時を入力してください。"))
    if faults:
        raise DomainError(*faults)
    made = SheetReturn.objects.create(
        task=task, cells={sheets.key_text(key): reason.strip() for key, reason in reasons.items()}, due_at=due_at,
        returned_at=instant, returned_by_id=by.user_id,
    )  # fmt: skip
    transition.finish(
        task, "return_cells", by=by, at=instant, payload={"cells": made.cells, "due_at": due_at.isoformat()}
    )
    return made


@transaction.atomic
def edit(*, task_id: int, typed: Sequence[Typed], by: Actor, at: datetime | None = None) -> Saved:
    """Change cells of a submitted sheet; the section has to agree before it can be confirmed. Raises as save_cells."""
    instant = at or clock.now()
    task = transition.begin(task_id, "edit", by=by, at=instant)
    activities = activities_of(task.measure)
    known = set(sheets.opened(task.round.open_cells, activities))
    faults = [
        fault
        for item in typed
        if (fault := sheets.fault_of(item.key, item.value, activities)) or item.key not in known
    ]
    if faults:
        raise DomainError(*(fault or Fault("", "この欄は直せません。") for fault in faults))
    cells = {(row.fiscal_year, row.name): row for row in task.cells.all()}
    saved = Saved(task)
    for item in typed:
        cell = cells.get(item.key)
        if item.value == (cell.value if cell else ""):
            continue
        if cell is not None and item.version is not None and item.version != cell.version:
            saved.clashes.append(Clash(item.key, item.value, cell))
            continue
        write(task, cell, item.key, item.value, by=by, at=instant, by_secretariat=True)
        saved.keys.append(item.key)
    if saved.keys:
        transition.finish(
            task, "edit", by=by, at=instant, payload={"cells": [sheets.key_text(key) for key in saved.keys]}
        )
    return saved


@transaction.atomic
def agree(
    *, task_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> SheetTask:
    """The section agrees to all edits of the secretariat."""
    instant = at or clock.now()
    task = transition.begin(task_id, "agree", by=by, at=instant, expected_version=expected_version)
    edited = task.cells.filter(edited_by_secretariat=True)
    keys = [sheets.key_text((row.fiscal_year, row.name)) for row in edited]
    edited.update(edited_by_secretariat=False, section_value="")
    transition.finish(task, "agree", by=by, at=instant, payload={"cells": keys})
    return task


@transaction.atomic
def object_to(
    *,
    task_id: int,
    reason: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetTask:
    """The section does not agree: its own text stands again, and the reason goes to the coordinator."""
    instant = at or clock.now()
    task = transition.begin(task_id, "object_to", by=by, at=instant, expected_version=expected_version)
    require_reason(reason)
    keys = []
    for cell in task.cells.filter(edited_by_secretariat=True):
        key = (cell.fiscal_year, cell.name)
        write(task, cell, key, cell.section_value, by=by, at=instant)
        keys.append(sheets.key_text(key))
    transition.finish(task, "object_to", by=by, at=instant, reason=reason, payload={"cells": keys})
    return task


@transaction.atomic
def decide(
    *,
    task_id: int,
    action: str,
    by: Actor,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetTask:
    """`confirm`, `exempt` (with a reason) or `include` (after collection with a date of its own). Raises as transition.begin."""
    instant = at or clock.now()
    task = transition.begin(task_id, action, by=by, at=instant, expected_version=expected_version)
    if action == "exempt":
        require_reason(reason)
        task.returns.filter(closed_at__isnull=True).update(closed_at=instant)
    target = None
    if action == "include":
        target = asked_again(task, why=reason.strip() or "報告ありに戻しました。", by=by, at=instant)
    transition.finish(task, action, by=by, at=instant, target=target, reason=reason)
    return task
