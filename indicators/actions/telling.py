"""Who is told what when something happens to a round or a sheet. Written in the action's transaction.

Mails carry the kind of event, the plan's name and the sheet's number, never a text of a cell or a person's name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.actions.notice import Audience, Told, notify, notify_all
from accounts.enums import Role
from core import clock
from core.wareki import long_date
from indicators.models import PlanEvent, ProgressRound, SheetTask

_SECTION = (Role.EDITOR, Role.APPROVER)
_TITLE = 110


def round_path(round_: ProgressRound) -> str:
    """Where the coordinator finds the board and a section its list."""
    return f"/rounds/{round_.pk}/"


def sheet_path(task: SheetTask) -> str:
    """Where one sheet is filled, approved and checked."""
    return f"/rounds/{task.round_id}/sheets/{task.measure.number}/"


def section(task: SheetTask) -> Audience:
    """The department that fills the sheet."""
    return Audience.of_department(task.department_id, *_SECTION) if task.department_id else Audience()


def editors(task: SheetTask) -> Audience:
    """Its colleague in charge, or all who type there."""
    if task.assignee_id:
        return Audience.of_users(task.assignee_id)
    return Audience.of_department(task.department_id, Role.EDITOR) if task.department_id else Audience()


def heads(task: SheetTask) -> Audience:
    """Those who approve there."""
    return Audience.of_department(task.department_id, Role.APPROVER) if task.department_id else Audience()


def coordinators(task: SheetTask) -> Audience:
    """The city's coordinators."""
    return Audience.of_organization(task.round.plan.organization_id, Role.COORDINATOR)


@dataclass(frozen=True)
class Telling:
    """One notice: to whom, its title, what to do next, and whether it has a date by which to act."""

    audience: Callable[[SheetTask], Audience]
    title: str
    line: str = ""
    is_due: bool = False


SHEETS: Mapping[str, tuple[Telling, ...]] = {
    "hand_over": (Telling(editors, "進行管理表の記入を引き継ぎました", "内容を確かめ、期限までに記入してください。", True),),
    "disclaim": (Telling(coordinators, "課から「担当ではない」と返事がありました", "理由を読み、担当課を決めてください。", True),),
    "reassign": (Telling(section, "進行管理表の担当課になりました", "期限までに記入してください。担当でないときは、そのことを答えられます。", True),),
    "propose": (Telling(heads, "進行管理表の承認の依頼があります", "内容を確かめ、承認するか差し戻してください。", True),),
    "approve": (Telling(coordinators, "課から進行管理表が提出されました", "内容を確かめてください。"),),
    "send_back": (Telling(editors, "進行管理表が課内で差し戻されました", "理由を読み、直してからもう一度承認を依頼してください。", True),),
    "return_cells": (Telling(section, "進行管理表が差し戻されました", "欄ごとの理由を読み、示された欄を直してください。", True),),
    "edit": (Telling(section, "事務局が進行管理表を手直ししました", "手直しを認めるかどうかを答えてください。", True),),
    "agree": (Telling(coordinators, "課が手直しを認めました"),),
    "object_to": (Telling(coordinators, "課が手直しを認めませんでした", "課の文に戻っています。理由を読んでください。"),),
    "confirm": (Telling(section, "提出した進行管理表が確認されました"),),
    "exempt": (Telling(section, "進行管理表の記入は要らなくなりました"),),
    "include": (Telling(section, "進行管理表の記入をお願いします", "期限までに記入してください。", True),),
    "correct": (Telling(section, "公表した進行管理表が訂正されました", "訂正の内容と理由を確かめてください。"),),
}  # fmt: skip


def tell_sheet(task: SheetTask, event: PlanEvent) -> None:
    """Write the notices of what was done to one sheet."""
    for number, telling in enumerate(SHEETS.get(event.action, ())):
        about = f"{task.round}　個票{task.measure.number}　{task.measure.full_title}"
        due = due_of(task) if telling.is_due else None
        lines = [task.round.plan.title, *([telling.line] if telling.line else [])]
        if due is not None:
            lines.append(f"期限　{_when(due)}")
        notify(
            kind=f"indicators.{event.action}", key=f"indicators:{event.chain_key}:{event.sequence}:{number}",
            audience=telling.audience(task), title=f"{telling.title}：{about}"[:_TITLE], lines=lines,
            path=sheet_path(task), due_at=due, at=event.at,
        )  # fmt: skip


def due_of(task: SheetTask) -> datetime:
    """By when the section has to act: the return's own instant, else the round's."""
    open_return = task.returns.filter(closed_at__isnull=True).first()
    return open_return.due_at if open_return is not None else task.round.due_at


_ROUNDS: Mapping[str, tuple[str, str]] = {
    "open_round": (
        "進行管理表の記入をお願いします",
        "担当する個票に、前の年度の内容と並べて記入してください。",
    ),
    "extend": ("進行管理表の回答の期限が変わりました", "新しい期限を確かめてください。"),
    "publish_round": ("進行管理表が公表されました", "公表された内容を確かめてください。"),
}


def tell_round(round_: ProgressRound, event: PlanEvent) -> None:
    """One notice for each department with a sheet in the round, however many sheets it has."""
    said = _ROUNDS.get(event.action)
    if said is None:
        return
    title, line = said
    counts: dict[int, int] = {}
    for pk in round_.tasks.exclude(department=None).values_list("department", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    asks = event.action != "publish_round"
    due = [f"期限　{_when(round_.due_at)}"] if asks else []
    notify_all(
        Told(
            kind=f"indicators.{event.action}", key=f"indicators:{event.chain_key}:{event.sequence}:{department_id}",
            audience=Audience.of_department(department_id, *_SECTION), title=f"{title}：{round_}"[:_TITLE],
            lines=(round_.plan.title, f"担当の個票　{count}枚", line, *due), path=round_path(round_),
            due_at=round_.due_at if asks else None, at=event.at,
        )
        for department_id, count in sorted(counts.items())
    )  # fmt: skip


def _when(at: datetime) -> str:
    return f"{long_date(clock.today(at))}{clock.local(at):%H:%M}"
