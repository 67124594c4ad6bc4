"""Who may do what to a round and to one sheet of it.

A sheet is seen by the department that fills it (and by whoever took over that department's work) and by the city's
coordinator; a round by the coordinator and by every department with a sheet in it. For all others it does not exist.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from accounts.enums import Role
from accounts.models.audience import with_predecessors
from core import clock
from core.access import Decision, deny, register
from core.actor import Actor
from core.exceptions import Fault
from core.lifecycle import Lifecycle
from core.wareki import long_date
from indicators.enums import SETTLED_STATES, RoundStatus, SheetStatus
from indicators.lifecycle import ROUND, SHEET
from indicators.models import Opinion, Plan, ProgressRound, SheetTask

R, S = RoundStatus, SheetStatus
_SECTION: Final = frozenset({Role.EDITOR.value, Role.APPROVER.value})
_RUNNING: Final = (R.OPEN, R.CLOSED, R.DELIBERATION)


class Ground(Enum):
    """Why an action may or may not be done."""

    YES = "yes"
    HIDDEN = "hidden"
    PARTY = "party"
    STATE = "state"
    CONDITION = "condition"


@dataclass(frozen=True)
class Judgement:
    """The answer, with the fault that stands in the way."""

    ground: Ground
    fault: Fault | None = None

    def decision(self) -> Decision:
        """As the one permission question answers."""
        if self.ground is Ground.YES:
            return Decision(permitted=True)
        return deny(str(self.fault)) if self.fault else deny()


def coordinates(actor: Actor, plan: Plan) -> bool:
    """Whether the actor keeps this plan for its city."""
    return actor.belongs_to(plan.organization_id) and actor.has_role(Role.COORDINATOR)


def section_of(actor: Actor) -> set[int]:
    """The departments whose sheets are on this actor's desk: the own one, and those it took over from."""
    return with_predecessors(actor.department_id) if actor.department_id is not None else set()


def roles_at(actor: Actor, task: SheetTask) -> frozenset[str]:
    """What the actor is to this one sheet: coordinator of the plan, editor or approver of its department."""
    return _roles(actor, task, section_of(actor) if task.department_id is not None else set())


def _roles(actor: Actor, task: SheetTask, section: set[int]) -> frozenset[str]:
    found = {Role.COORDINATOR.value} if coordinates(actor, task.round.plan) else set()
    if task.department_id is not None and task.department_id in section:
        found |= actor.roles & _SECTION
    return frozenset(found)


# --- Conditions -----------------------------------------------------------------------------------------------

Condition = Callable[[Actor, SheetTask, datetime], Fault | None]


def _collecting(actor: Actor, task: SheetTask, _at: datetime) -> Fault | None:
    """The round runs; once collection is closed the section only corrects what was returned."""
    state = task.round.state
    late = state in _RUNNING and (task.state is S.RETURNED or coordinates(actor, task.round.plan))
    if state is R.OPEN or late:
        return None
    if state in _RUNNING:
        return Fault(
            "round",
            "この照会の受付は終わりました。",
            "直すことがあるときは、計画の取りまとめ課に連絡してください。",
        )
    return Fault("round", f"この照会は{state.label}のため、記入できません。")


def _before_publication(_actor: Actor, task: SheetTask, _at: datetime) -> Fault | None:
    if task.round.state in _RUNNING:
        return None
    return Fault("round", f"この照会は{task.round.state.label}です。", "公表の後は「訂正」を使ってください。")


def _has_edits(_actor: Actor, task: SheetTask, _at: datetime) -> Fault | None:
    if task.cells.filter(edited_by_secretariat=True).exists():
        return None
    return Fault("cells", "課の答えを待っている手直しはありません。")


def _no_edits(actor: Actor, task: SheetTask, at: datetime) -> Fault | None:
    if _has_edits(actor, task, at) is None:
        return Fault(
            "cells",
            "事務局の手直しを、課がまだ認めていません。",
            "課の答えを待つか、課に差し戻してください。",
        )
    return _before_publication(actor, task, at)


_CONDITIONS: Final[dict[str, Condition]] = {
    "fill": _collecting,
    "hand_over": _collecting,
    "disclaim": _collecting,
    "propose": _collecting,
    "approve": _before_publication,
    "send_back": _before_publication,
    "reassign": _before_publication,
    "return_cells": _before_publication,
    "edit": _before_publication,
    "agree": _has_edits,
    "object_to": _has_edits,
    "confirm": _no_edits,
    "exempt": _before_publication,
    "include": _before_publication,
}


# --- The judgement --------------------------------------------------------------------------------------------


def judge_sheet(actor: Actor, action: str, task: SheetTask, at: datetime) -> Judgement:
    """May this actor do this to this sheet now? Hidden, wrong party, wrong state and condition are told apart."""
    held = roles_at(actor, task)
    if not held:
        return Judgement(Ground.HIDDEN)
    return _judge(SHEET, action, task.status, held) or _conditioned(_CONDITIONS.get(action), actor, task, at)


def fillable_sheets(actor: Actor, tasks: Iterable[SheetTask], at: datetime) -> dict[int, Fault | None]:
    """Of many sheets at once, by number of the task: None where the actor may type, else what stands in the way."""
    section = section_of(actor)
    found: dict[int, Fault | None] = {}
    for task in tasks:
        held = _roles(actor, task, section)
        judgement = _judge(SHEET, "fill", task.status, held) or _conditioned(_collecting, actor, task, at)
        found[task.pk] = None if judgement.ground is Ground.YES else judgement.fault
    return found


def _conditioned(condition: Condition | None, actor: Actor, task: SheetTask, at: datetime) -> Judgement:
    fault = condition(actor, task, at) if condition else None
    return Judgement(Ground.CONDITION, fault) if fault else Judgement(Ground.YES)


def _judge(table: Lifecycle, action: str, status: str, held: frozenset[str]) -> Judgement | None:
    """None where party and state allow it."""
    rows = [row for row in table.transitions if row.action == action and not row.creates]
    allowed = [row for row in rows if row.roles & held]
    if not allowed:
        return Judgement(Ground.PARTY, Fault("", "この操作は、別の役割の人が行います。"))
    if not any(status in row.source for row in allowed):
        label = table.states(status).label
        return Judgement(
            Ground.STATE,
            Fault(
                "status",
                f"いまの状態（{label}）では「{allowed[0].label}」を行えません。",
                "最新の画面を開き直してください。",
            ),
        )
    return None


def judge_round(actor: Actor, action: str, round_: ProgressRound, at: datetime) -> Judgement:
    """As `judge_sheet`, for a round: its coordinator alone moves it."""
    if not coordinates(actor, round_.plan):
        seen = actor.belongs_to(round_.plan.organization_id) and _has_sheet(actor, round_)
        return (
            Judgement(Ground.PARTY, Fault("", "この操作は、計画の取りまとめ課が行います。"))
            if seen
            else Judgement(Ground.HIDDEN)
        )
    return _judge(ROUND, action, round_.status, frozenset({Role.COORDINATOR.value})) or _round_condition(
        action, round_, at
    )


def _has_sheet(actor: Actor, round_: ProgressRound) -> bool:
    return bool(actor.roles & _SECTION) and round_.tasks.filter(department__in=section_of(actor)).exists()


def _round_condition(action: str, round_: ProgressRound, at: datetime) -> Judgement:
    fault = None
    if action == "open_round" and round_.due_at <= at:
        fault = Fault(
            "due_at",
            f"回答の期限（{long_date(clock.today(round_.due_at))}）を過ぎています。",
            "先の日時にしてください。",
        )
    if action in {"deliberate", "publish_round"}:
        fault = _unsettled(round_)
    if action == "publish_round" and fault is None:
        fault = _unanswered(round_)
    return Judgement(Ground.CONDITION, fault) if fault else Judgement(Ground.YES)


def _unsettled(round_: ProgressRound) -> Fault | None:
    """Sheets that are neither confirmed nor exempt."""
    rows = round_.tasks.exclude(status__in=SETTLED_STATES).values_list("measure__number", flat=True)
    numbers = list(rows)
    if not numbers:
        return None
    shown = "、".join(numbers[:10]) + (" ほか" if len(numbers) > 10 else "")  # noqa: PLR2004
    return Fault(
        "sheets",
        f"確認の済んでいない個票が{len(numbers)}枚あります（{shown}）。",
        "全ての個票を確認済か報告なしにしてください。",
    )


def _unanswered(round_: ProgressRound) -> Fault | None:
    """Opinions of meetings that nobody has answered."""
    waiting = Opinion.objects.filter(meeting__round=round_, answered_at__isnull=True).count()
    if not waiting:
        return None
    return Fault(
        "opinions", f"回答していない意見が{waiting}件あります。", "「会議と意見」で回答してください。"
    )


def available(actor: Actor, task: SheetTask, at: datetime) -> list[str]:
    """The actions this actor can do to this sheet now, in the order of the table."""
    return [
        action for action in SHEET.actions
        if any(not row.creates for row in SHEET.transitions if row.action == action)
        and judge_sheet(actor, action, task, at).ground is Ground.YES
    ]  # fmt: skip


# --- The registered questions -----------------------------------------------------------------------------------


@register("indicators.see_rounds")
def see_rounds(actor: Actor, obj: object, at: datetime) -> bool:
    """Towns' editors, approvers and coordinators have rounds; of one round, those who have to do with it."""
    if isinstance(obj, ProgressRound):
        return judge_round(actor, "meet", obj, at).ground is not Ground.HIDDEN
    if isinstance(obj, SheetTask):
        return bool(roles_at(actor, obj))
    return obj is None and actor.has_role(Role.COORDINATOR, Role.EDITOR, Role.APPROVER)


@register("indicators.plan_round")
def plan_round(actor: Actor, obj: object, at: datetime) -> bool:
    """The city's coordinator prepares its rounds."""
    return isinstance(obj, Plan) and coordinates(actor, obj)
