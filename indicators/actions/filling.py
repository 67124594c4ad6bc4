"""The section's side of a sheet: typing, handing over, "not ours", asking the head, and the head's answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import Membership
from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from indicators.actions import transition
from indicators.actions.late import asked_again
from indicators.actions.rounds import require_reason
from indicators.enums import SheetStatus
from indicators.models import SheetCell, SheetCellVersion, SheetTask
from indicators.permissions import roles_at
from indicators.queries.cells import activities_of, cell_values, fillable, open_return
from indicators.rules import sheets
from indicators.rules.sheets import Activity, Key

_SECTION: Final = frozenset({"editor", "approver"})


@dataclass(frozen=True)
class Typed:
    """What came for one cell: the text, and the version the page showed (0: blank; None: nothing is compared)."""

    key: Key
    value: str
    version: int | None = None


@dataclass(frozen=True)
class Clash:
    """A cell that somebody else saved first: what was typed now, and what stands."""

    key: Key
    mine: str
    cell: SheetCell


@dataclass
class Saved:
    """What a save did: the cells written, and those left as somebody else had saved them meanwhile."""

    task: SheetTask
    keys: list[Key] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


@transaction.atomic
def save_cells(*, task_id: int, typed: Sequence[Typed], by: Actor, at: datetime | None = None) -> Saved:
    """Write what changed; a cell that somebody else changed since the page was shown stays and comes back as a clash.

    An older save never overwrites a newer one. A coordinator who types for a section leaves the mark of a proxy.
    Raises as transition.begin, DomainError naming each cell that is not open or cannot hold what was typed;
    then nothing is written.
    """
    instant = at or clock.now()
    task = transition.begin(task_id, "fill", by=by, at=instant)
    activities = activities_of(task.measure)
    allowed = set(fillable(task, activities))
    _refuse_bad(typed, allowed, activities)
    cells = {(row.fiscal_year, row.name): row for row in task.cells.all()}
    saved = Saved(task)
    for item in typed:
        cell = cells.get(item.key)
        if item.value == (cell.value if cell else ""):
            continue
        if cell is not None and item.version is not None and item.version != cell.version:
            saved.clashes.append(Clash(item.key, item.value, cell))
            continue
        write(task, cell, item.key, item.value, by=by, at=instant, is_proxy=not roles_at(by, task) & _SECTION)
        saved.keys.append(item.key)
    return saved


def _refuse_bad(typed: Sequence[Typed], allowed: set[Key], activities: Sequence[Activity]) -> None:
    faults = []
    for item in typed:
        if item.key not in allowed:
            where = f"{item.key[0]}年度 {sheets.label_of(item.key[1], activities)}"
            faults.append(
                Fault(
                    sheets.key_text(item.key),
                    f"{where}は、いまは記入できません。",
                    "画面を開き直してください。",
                )
            )
        elif fault := sheets.fault_of(item.key, item.value, activities):
            faults.append(fault)
    if faults:
        raise DomainError(*faults)


def write(
    task: SheetTask,
    cell: SheetCell | None,
    key: Key,
    value: str,
    *,
    by: Actor,
    at: datetime,
    is_proxy: bool = False,
    by_secretariat: bool = False,
) -> SheetCell:
    """The next version of a cell, and its row in the history. Inside the caller's transaction, the sheet locked."""
    if by.user_id is None:
        raise Refused
    if cell is None:
        cell = SheetCell(task=task, fiscal_year=key[0], name=key[1], version=0)
    if not by_secretariat:
        cell.section_value = ""
    elif not cell.edited_by_secretariat:
        cell.section_value = cell.value
    cell.value, cell.version = value, cell.version + 1
    cell.updated_at, cell.updated_by_id = at, by.user_id
    cell.is_proxy, cell.edited_by_secretariat = is_proxy, by_secretariat
    cell.save()
    SheetCellVersion.objects.create(
        cell=cell, version=cell.version, value=value, saved_at=at, saved_by_id=by.user_id, is_proxy=is_proxy,
        department_name=by.department_name, edited_by_secretariat=by_secretariat,
    )  # fmt: skip
    return cell


@transaction.atomic
def hand_over(*, task_id: int, user_id: int, by: Actor, at: datetime | None = None) -> SheetTask:
    """Give the sheet to a colleague of the same department. Raises as transition.begin, DomainError for others."""
    instant = at or clock.now()
    task = transition.begin(task_id, "hand_over", by=by, at=instant)
    posts = Membership.objects.in_force(clock.today(instant)).filter(
        user_id=user_id, department_id=by.department_id or 0, role__in=_SECTION, user__is_active=True
    )
    if not posts.exists():
        raise DomainError(
            Fault(
                "user", "えらんだ人は、この課の担当か承認者ではありません。", "同じ課の人をえらんでください。"
            )
        )
    transition.finish(task, "hand_over", by=by, at=instant, columns={"assignee_id": user_id})
    return task


@transaction.atomic
def disclaim(
    *,
    task_id: int,
    reason: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetTask:
    """ "Not ours", with the reason and whose it may be. The coordinator decides; what was typed stays."""
    instant = at or clock.now()
    task = transition.begin(task_id, "disclaim", by=by, at=instant, expected_version=expected_version)
    require_reason(reason)
    transition.finish(task, "disclaim", by=by, at=instant, reason=reason)
    return task


@transaction.atomic
def propose(
    *, task_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> SheetTask:
    """Ask the head to approve. Raises as transition.begin, DomainError naming every cell that is still missing."""
    instant = at or clock.now()
    task = transition.begin(task_id, "propose", by=by, at=instant, expected_version=expected_version)
    require_complete(task)
    transition.finish(task, "propose", by=by, at=instant)
    return task


def require_complete(task: SheetTask) -> None:
    """Raise DomainError for what is missing or contradicts itself in the cells that the round opens."""
    activities = activities_of(task.measure)
    keys = sheets.opened(task.round.open_cells, activities)
    values = cell_values(task)
    faults = sheets.missing(keys, values, activities) + sheets.contradictions(keys, values, activities)
    if faults:
        raise DomainError(*faults)


@transaction.atomic
def approve(
    *,
    task_id: int,
    by: Actor,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetTask:
    """The head hands the sheet in. Who typed last approves only with a reason (a small section).

    Edits of the secretariat that stand in it are agreed to with it.
    """
    instant = at or clock.now()
    task = transition.begin(task_id, "approve", by=by, at=instant, expected_version=expected_version)
    last = SheetCellVersion.objects.filter(cell__task=task).order_by("-saved_at", "-pk").first()
    if last is not None and last.saved_by_id == by.user_id and not reason.strip():
        raise DomainError(
            Fault(
                "reason",
                "最後に記入した人は、そのままでは承認できません。",
                "別の承認者が承認するか、人数が少ないなどの理由を入力してください。",
            )
        )
    require_complete(task)
    task.cells.filter(edited_by_secretariat=True).update(edited_by_secretariat=False, section_value="")
    task.returns.filter(closed_at__isnull=True).update(closed_at=instant)
    transition.finish(task, "approve", by=by, at=instant, reason=reason)
    return task


@transaction.atomic
def send_back(
    *,
    task_id: int,
    reason: str,
    by: Actor,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> SheetTask:
    """The head gives it back inside the section, with a reason; a returned sheet stays a returned one.

    After collection has ended it is one with a date of its own.
    """
    instant = at or clock.now()
    task = transition.begin(task_id, "send_back", by=by, at=instant, expected_version=expected_version)
    require_reason(reason)
    returned = SheetStatus.RETURNED if open_return(task) else None
    target = returned or asked_again(task, why=reason.strip(), by=by, at=instant)
    transition.finish(task, "send_back", by=by, at=instant, target=target, reason=reason)
    return task
