"""The only writer of the status of rounds and sheets. One transaction: state, version, event, notices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.enums import Role
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused, UnknownTransition
from indicators.actions import locking, telling
from indicators.lifecycle import ROUND, SHEET
from indicators.models import Measure, PlanEvent, ProgressRound, SheetTask
from indicators.permissions import Ground, Judgement, judge_round, judge_sheet, roles_at


class Stale(Conflict):
    """The page the person acted on shows an earlier version."""


def insist(judgement: Judgement) -> None:
    """Raise what a judgement stands for: Refused (hidden, wrong party), UnknownTransition, DomainError; or pass."""
    if judgement.ground is Ground.YES:
        return
    fault = judgement.fault or Fault("", "この操作を行う権限がありません。")
    if judgement.ground is Ground.STATE:
        raise UnknownTransition(fault)
    if judgement.ground is Ground.CONDITION:
        raise DomainError(fault)
    raise Refused(str(fault) if judgement.ground is Ground.PARTY else "")


# --- Sheets -----------------------------------------------------------------------------------------------------


def begin(
    task_id: int, action: str, *, by: Actor, at: datetime, expected_version: int | None = None
) -> SheetTask:
    """Lock the sheet and make sure that this actor may do this now. Inside the caller's transaction.

    Raises Refused, UnknownTransition, Stale or DomainError.
    """
    task = locking.sheet(task_id)
    judgement = judge_sheet(by, action, task, at)
    if judgement.ground is not Ground.CONDITION:
        insist(judgement)
    if expected_version is not None and expected_version != task.version:
        raise Stale(
            "この個票は、画面を開いた後に変わりました。最新の画面を開き直して、内容を確かめてください。"
        )
    insist(judgement)
    return task


def finish(
    task: SheetTask,
    action: str,
    *,
    by: Actor,
    at: datetime,
    target: str | None = None,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
    told: bool = True,
) -> PlanEvent:
    """Write the next status with the columns that belong to it, the event, and the notices."""
    source = task.status
    after = SHEET.after(source, action, target)
    changes = dict(columns or {})
    if SHEET.find(action, source, after).target is not None:
        changes |= {"status": after, "version": task.version + 1, "moved_at": at, "reason": reason}
    for name, value in changes.items():
        setattr(task, name, value)
    if changes:
        task.save(update_fields=list(changes))
    event = PlanEvent.append(
        task.chain_key, by, action, role=_role(task, action, by), from_state=source, to_state=task.status,
        comment=reason, payload={"sheet": task.measure.number, "version": task.version, **(payload or {})}, at=at,
        plan=task.round.plan,
    )  # fmt: skip
    if told:
        telling.tell_sheet(task, event)
    return event


def _role(task: SheetTask, action: str, by: Actor) -> str:
    """The role somebody acts in: what the row of the table allows and the actor is at this sheet."""
    allowed = {role for row in SHEET.transitions if row.action == action for role in row.roles}
    order = (Role.EDITOR.value, Role.APPROVER.value, Role.COORDINATOR.value)
    held = roles_at(by, task)
    return next((role for role in order if role in held and role in allowed), "")


def deal(round_: ProgressRound, measure: Measure, *, by: Actor, at: datetime, **columns: Any) -> SheetTask:
    """Make the sheet of one measure; an exempt one where `refers_to` names the sheet that holds its text."""
    refers_to: str = columns.pop("refers_to", "")
    action = "refer" if refers_to else "deal"
    task = SheetTask.objects.create(
        round=round_, measure=measure, status=SHEET.after(None, action), moved_at=at,
        reason=f"再掲（個票{refers_to}に記入します）" if refers_to else "", **columns,
    )  # fmt: skip
    PlanEvent.append(
        task.chain_key, by, action, role=Role.COORDINATOR, to_state=task.status, at=at, plan=round_.plan,
        payload={"sheet": measure.number, "round": round_.pk, "department": task.department.name if task.department else ""},
    )  # fmt: skip
    return task


# --- Rounds -----------------------------------------------------------------------------------------------------


def begin_round(
    round_id: int, action: str, *, by: Actor, at: datetime, expected_version: int | None = None
) -> ProgressRound:
    """Lock the round and make sure that this actor may do this now. Raises as `begin`."""
    round_ = locking.progress_round(round_id)
    judgement = judge_round(by, action, round_, at)
    if judgement.ground is not Ground.CONDITION:
        insist(judgement)
    if expected_version is not None and expected_version != round_.version:
        raise Stale("この照会は、画面を開いた後に変わりました。最新の画面を開き直してください。")
    insist(judgement)
    return round_


def finish_round(
    round_: ProgressRound,
    action: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
) -> PlanEvent:
    """Write the round's next status with its columns, the event, and the notices."""
    source = round_.status
    after = ROUND.after(source, action)
    changes = dict(columns or {})
    if ROUND.find(action, source).target is not None:
        changes |= {"status": after, "version": round_.version + 1}
    for name, value in changes.items():
        setattr(round_, name, value)
    if changes:
        round_.save(update_fields=list(changes))
    event = PlanEvent.append(
        round_.chain_key, by, action, role=Role.COORDINATOR, from_state=source, to_state=round_.status,
        comment=reason, payload={"version": round_.version, **(payload or {})}, at=at, plan=round_.plan,
    )  # fmt: skip
    telling.tell_round(round_, event)
    return event


def create_round(*, by: Actor, at: datetime, **columns: Any) -> ProgressRound:
    """Begin a round in the table's first state, with its event."""
    round_ = ProgressRound.objects.create(status=ROUND.after(None, "plan_round"), **columns)
    PlanEvent.append(
        round_.chain_key, by, "plan_round", role=Role.COORDINATOR, to_state=round_.status, at=at, plan=round_.plan,
        payload={"version": round_.version, "open_cells": round_.open_cells, "due_at": round_.due_at.isoformat()},
    )  # fmt: skip
    return round_
