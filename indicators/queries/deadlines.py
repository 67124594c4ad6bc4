"""What rounds ask of whom, and by when: one task for a department and kind, however many sheets it has.

The desk shows of it what concerns the actor; reminders and calendars read all. The updates of indicators stand in
indicators.queries.overview.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Prefetch, QuerySet

from accounts.enums import Role
from accounts.models.notice import heirs
from core import clock
from core.actor import Actor
from core.deadlines import Cases, Deadline
from indicators.enums import RoundStatus, SheetStatus
from indicators.models import ProgressRound, SheetCell, SheetReturn, SheetTask
from indicators.queries import overview

S = SheetStatus
_CASE: Final = "round-"
_SECTION: Final = frozenset({Role.EDITOR.value, Role.APPROVER.value})
_HEAD: Final = frozenset({Role.APPROVER.value})
_COORDINATOR: Final = frozenset({Role.COORDINATOR.value})
_RUNNING: Final = (RoundStatus.OPEN, RoundStatus.CLOSED, RoundStatus.DELIBERATION)


@dataclass(frozen=True)
class _Kind:
    """One kind of task: its name, what it says, and what it is called where it gives nothing away."""

    kind: str
    title: str
    what: str
    roles: frozenset[str]


_FILL: Final = _Kind("indicators.fill", "進行管理表に記入してください", "進行管理表の記入", _SECTION)
_FIX: Final = _Kind("indicators.fix", "差し戻された進行管理表を直してください", "進行管理表の修正", _SECTION)
_APPROVE: Final = _Kind("indicators.approve", "進行管理表を承認してください", "進行管理表の承認", _HEAD)
_AGREE: Final = _Kind(
    "indicators.agree", "事務局の手直しに答えてください", "進行管理表の手直しへの答え", _SECTION
)
_CHECK: Final = _Kind(
    "indicators.check", "提出された進行管理表を確認してください", "進行管理表の確認", _COORDINATOR
)
_ASSIGN: Final = _Kind(
    "indicators.assign", "進行管理表の担当課を決めてください", "進行管理表の担当課の決定", _COORDINATOR
)


@dataclass
class _Pile:
    """The sheets behind one task, and the earliest instant among them."""

    at: datetime
    since: datetime
    numbers: list[str] = field(default_factory=list)


def desk_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """What this actor's department has to do in its city's rounds and indicators, soonest first."""
    if actor.organization_id is None:
        return []
    rounds = ProgressRound.objects.filter(plan__organization_id=actor.organization_id)
    found = [*overview.desk_tasks(actor, at), *_deadlines(rounds, at)]
    return sorted(task for task in found if task.is_for(actor))


def planned_deadlines(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The deadlines of all rounds and indicators, case by case."""
    yield from overview.planned_deadlines(at, cases)
    rounds = ProgressRound.objects.all()
    if cases is not None:
        rounds = rounds.filter(pk__in={key.split("-")[1] for key in cases if key.startswith(_CASE)})
    for deadline in _deadlines(rounds, at):
        if cases is None or deadline.case_key in cases:
            yield deadline


def _deadlines(rounds: "QuerySet[ProgressRound]", at: datetime) -> Iterator[Deadline]:
    """Everything that is still to do in these rounds; the tasks of one department come one after another."""
    tasks = (
        SheetTask.objects.filter(round__in=rounds, round__status__in=_RUNNING)
        .exclude(status__in=[S.CONFIRMED, S.EXEMPT, S.PUBLISHED])
        .select_related("round__plan", "measure")
        .prefetch_related(
            Prefetch("returns", SheetReturn.objects.filter(closed_at__isnull=True), "open_returns"),
            Prefetch("cells", SheetCell.objects.filter(edited_by_secretariat=True), "edits"),
        )
        .order_by("round", "measure__position")
    )  # fmt: skip
    by_round: dict[int, list[SheetTask]] = {}
    for task in tasks:
        by_round.setdefault(task.round_id, []).append(task)
    succession = heirs(
        {task.department_id for rows in by_round.values() for task in rows if task.department_id},
        clock.today(at),
    )
    for rows in by_round.values():
        yield from _of_round(rows, succession)


def _of_round(rows: list[SheetTask], succession: dict[int, set[int]]) -> Iterator[Deadline]:
    piles: dict[tuple[int, _Kind], _Pile] = {}
    for task in rows:
        kind = _kind_of(task)
        unit = 0 if kind is None or kind.roles is _COORDINATOR else task.department_id or 0
        if kind is not None:
            returns: list[SheetReturn] = vars(task)["open_returns"]
            due = returns[0].due_at if returns else task.round.due_at
            pile = piles.setdefault((unit, kind), _Pile(due, task.moved_at))
            pile.at, pile.since = min(pile.at, due), min(pile.since, task.moved_at)
            pile.numbers.append(task.measure.number)
    round_ = rows[0].round
    for (unit, kind), pile in sorted(piles.items(), key=lambda item: (item[0][0], item[0][1].kind)):
        yield _deadline(round_, kind, pile, unit, frozenset(succession.get(unit, ())))


def _kind_of(task: SheetTask) -> _Kind | None:
    """What waits at a sheet; None where nobody can do anything, as in a sheet that missed a closed collection."""
    if task.state is S.DISCLAIMED or task.department_id is None:
        return _ASSIGN
    if task.state is S.PROPOSED:
        return _APPROVE
    if task.state is S.SUBMITTED:
        return _AGREE if vars(task)["edits"] else _CHECK
    if task.state is S.RETURNED:
        return _FIX
    return _FILL if task.round.state is RoundStatus.OPEN else None


def _deadline(round_: ProgressRound, kind: _Kind, pile: _Pile, unit: int, units: frozenset[int]) -> Deadline:
    number = len(pile.numbers)
    path = f"/rounds/{round_.pk}/"
    if number == 1:
        path += f"sheets/{pile.numbers[0]}/"
    return Deadline(
        kind=kind.kind, at=pile.at, title=f"{kind.title}：{round_}（{number}枚）", url=path,
        organization_id=round_.plan.organization_id, departments=units, audience_roles=kind.roles,
        case_key=f"{_CASE}{round_.pk}-{unit}", what=kind.what, about=f"計画：{round_.plan.title}", since=pile.since,
    )  # fmt: skip
