"""Reads of rounds: whose they are, the board of all sheets, a department's list. Each at a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Prefetch, QuerySet

from accounts.enums import Role
from core.actor import Actor
from indicators.enums import SheetStatus
from indicators.models import ProgressRound, SheetCell, SheetReturn, SheetTask
from indicators.permissions import coordinates, section_of
from indicators.queries.cells import cells_by_key, earlier_texts
from indicators.rules import sheets

_SECTION: Final = (Role.EDITOR, Role.APPROVER)
NOT_BEGUN: Final = "not_begun"


def rounds_for(actor: Actor) -> QuerySet[ProgressRound]:
    """The rounds this actor has to do with: all of the city for its coordinator, else those with a sheet of theirs."""
    if actor.organization_id is None:
        return ProgressRound.objects.none()
    rows = ProgressRound.objects.filter(plan__organization_id=actor.organization_id).select_related(
        "plan__organization"
    )
    if actor.has_role(Role.COORDINATOR):
        return rows
    if not actor.has_role(*_SECTION):
        return rows.none()
    own = SheetTask.objects.filter(department__in=section_of(actor)).values("round")
    return rows.filter(pk__in=own)


def tasks_for(actor: Actor, round_: ProgressRound) -> QuerySet[SheetTask]:
    """The sheets of a round that this actor sees: all for the coordinator, else those of the own department."""
    rows = SheetTask.objects.filter(round=round_)
    return rows if coordinates(actor, round_.plan) else rows.filter(department__in=section_of(actor))


@dataclass(frozen=True)
class RoundLine:
    """A round in a list, with its sheets counted by state (of those the actor sees)."""

    round: ProgressRound
    total: int
    by_state: list[tuple[str, int]]


def round_lines(actor: Actor) -> list[RoundLine]:
    """The actor's rounds, newest first, in two queries."""
    rounds = list(rounds_for(actor))
    tasks = SheetTask.objects.filter(round__in=rounds)
    if not actor.has_role(Role.COORDINATOR):
        tasks = tasks.filter(department__in=section_of(actor))
    counted: dict[int, Counter[str]] = {}
    for pk, status, number in tasks.order_by().values_list("round", "status").annotate(n=Count("pk")):
        counted.setdefault(pk, Counter())[status] = number
    return [
        RoundLine(
            row,
            sum(counted.get(row.pk, Counter()).values()),
            [
                (state.label, counted[row.pk][state])
                for state in SheetStatus
                if row.pk in counted and counted[row.pk][state]
            ],
        )
        for row in rounds
    ]


# --- The board -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetLine:
    """One sheet on the board: its task, how much is typed, what stands out."""

    task: SheetTask
    filled: int
    asked: int
    unchanged: bool
    proxies: int
    edits: int
    open_return: SheetReturn | None

    @property
    def state(self) -> str:
        """The state as the board groups it: an open sheet nobody typed into is 未着手."""
        if self.task.state is SheetStatus.OPEN and not self.filled:
            return NOT_BEGUN
        return self.task.status

    @property
    def label(self) -> str:
        """The state in words."""
        return "未着手" if self.state == NOT_BEGUN else str(self.task.get_status_display())

    @property
    def due_at(self) -> datetime:
        """By when the section has to act."""
        return self.open_return.due_at if self.open_return else self.task.round.due_at


def sheet_lines(actor: Actor, round_: ProgressRound) -> list[SheetLine]:
    """The sheets of a round the actor sees, in the plan's order, in a fixed number of queries."""
    returns = SheetReturn.objects.filter(closed_at__isnull=True)
    rows = (
        tasks_for(actor, round_)
        .select_related("measure__policy__direction", "department", "assignee")
        .prefetch_related(
            Prefetch("cells", SheetCell.objects.order_by("pk")), Prefetch("returns", returns, "open_returns"),
            "measure__themes", "measure__years", "measure__activities",
        )
        .order_by("measure__position")
    )  # fmt: skip
    return [_line(task, round_) for task in rows]


def _line(task: SheetTask, round_: ProgressRound) -> SheetLine:
    task.round = round_
    cells = cells_by_key(task.cells.all())
    texts = [key for key in sheets.opened(round_.open_cells) if key[1] in sheets.TEXTS]
    written = [
        key for key in texts
        if (key in cells and cells[key].value.strip())
        or (key[1] == "goal" and (found := cells.get((key[0], "no_goal"))) and found.value)
    ]  # fmt: skip
    earlier = earlier_texts(task.measure)
    returns: list[SheetReturn] = vars(task)["open_returns"]
    return SheetLine(
        task=task,
        filled=len(written),
        asked=len(texts),
        unchanged=any(
            key[1] == "content"
            and sheets.unchanged_years(cells[key].value, key[0], earlier) >= sheets.SAME_YEARS
            for key in written
            if key in cells
        ),
        proxies=sum(1 for row in cells.values() if row.is_proxy),
        edits=sum(1 for row in cells.values() if row.edited_by_secretariat),
        open_return=returns[0] if returns else None,
    )


@dataclass(frozen=True)
class Facet:
    """A way to narrow the board: its parameter, its name, and the values with their counts."""

    name: str
    label: str
    options: list[tuple[str, str, int]]


def facets(lines: Iterable[SheetLine]) -> list[Facet]:
    """State, department, theme and outlook, with the number of sheets behind each value."""
    states: Counter[tuple[str, str]] = Counter()
    units: Counter[tuple[str, str]] = Counter()
    themes: Counter[tuple[str, str]] = Counter()
    outlooks: Counter[tuple[str, str]] = Counter()
    for line in lines:
        states[line.state, line.label] += 1
        unit = line.task.department
        units[str(unit.pk) if unit else "none", unit.name if unit else "（決まっていません）"] += 1
        for theme in line.task.measure.themes.all():
            themes[theme.code, theme.label] += 1
        outlooks[line.task.measure.outlook, line.task.measure.get_outlook_display()] += 1
    order = [NOT_BEGUN, *SheetStatus.values]
    made = (
        ("state", "状態", sorted(states.items(), key=lambda item: order.index(item[0][0]))),
        ("department", "担当課", units.most_common()),
        ("theme", "重点テーマ", themes.most_common()),
        ("outlook", "展望", outlooks.most_common()),
    )
    return [
        Facet(name, label, [(value, words, count) for (value, words), count in rows])
        for name, label, rows in made
    ]


def narrowed(lines: Iterable[SheetLine], asked: Mapping[str, str]) -> list[SheetLine]:
    """The lines that fit every value asked for; unknown values fit nothing."""

    def fits(line: SheetLine) -> bool:
        unit, measure = line.task.department, line.task.measure
        return (
            asked.get("state", "") in {"", line.state}
            and asked.get("department", "") in {"", str(unit.pk) if unit else "none"}
            and asked.get("outlook", "") in {"", measure.outlook}
            and (not asked.get("theme") or asked["theme"] in {row.code for row in measure.themes.all()})
        )

    return [line for line in lines if fits(line)]


# --- One sheet ---------------------------------------------------------------------------------------------------


def task_by_number(actor: Actor, round_id: int, number: str) -> SheetTask | None:
    """One sheet that this actor sees, with everything its page needs."""
    round_ = rounds_for(actor).filter(pk=round_id).first()
    if round_ is None:
        return None
    task = (
        tasks_for(actor, round_)
        .filter(measure__number=number)
        .select_related("measure__policy__direction", "department", "assignee")
        .prefetch_related(
            "measure__themes", "measure__years__refers_to", "measure__activities__years", "cells__updated_by"
        )
        .first()
    )
    if task is not None:
        task.round = round_
    return task


def beside_task(actor: Actor, task: SheetTask) -> tuple[SheetTask | None, SheetTask | None]:
    """The sheets before and after one, among those the actor sees."""
    rows = tasks_for(actor, task.round).select_related("measure")
    before = rows.filter(measure__position__lt=task.measure.position).order_by("-measure__position").first()
    after = rows.filter(measure__position__gt=task.measure.position).order_by("measure__position").first()
    return before, after
