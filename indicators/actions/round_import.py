"""A filled workbook taken into a round: the difference cell by cell first, then only what was accepted.

Only texts that the round opens and the actor may type into now are compared; whatever else the file says is left and
said. New checks only warn: a file is never refused for them. Writing goes through `filling.save_cells`, so that an
older file never covers what somebody saved since the difference was shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from core import clock, fiscal_year
from core.actor import Actor
from core.exceptions import DomainError, Fault
from indicators.actions.filling import Clash, Typed, save_cells
from indicators.enums import CellName
from indicators.importing import Reading, SheetText
from indicators.models import ProgressRound, SheetTask
from indicators.permissions import fillable_sheets
from indicators.queries.cells import activities_of, cells_by_key, earlier_texts, fillable_with
from indicators.queries.round_book import NO_GOAL, open_return_of, standing_years, tasks_with_cells
from indicators.rules import sheets
from indicators.rules.sheets import Key

_BLOCKING = ("number_missing", "repeated_sheet")


@dataclass(frozen=True)
class CellChange:
    """A cell of the round beside the file's: what stands, what the file says, and the version that was compared."""

    task: SheetTask
    key: Key
    before: str
    after: str
    version: int
    typed: tuple[Typed, ...]

    @property
    def mark(self) -> str:
        """「3/2025/result」, by which it is accepted."""
        return f"{self.task.measure.number}/{sheets.key_text(self.key)}"

    @property
    def name(self) -> str:
        """令和7年度　実施結果."""
        return f"{fiscal_year.label(self.key[0])}　{sheets.label_of(self.key[1])}"


@dataclass
class RoundDifference:
    """What taking a file in would change, what it leaves and why, and what is worth a second look."""

    changes: list[CellChange] = field(default_factory=list)
    unchanged: int = 0
    left: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def compare(
    *, reading: Reading, round_: ProgressRound, by: Actor, at: datetime | None = None
) -> RoundDifference:
    """The difference, nothing written, in a fixed number of queries. Raises DomainError for sheets that cannot be told apart."""
    instant = at or clock.now()
    _refuse_unclear(reading)
    tasks = {task.measure.number: task for task in tasks_with_cells(by, round_)}
    may = fillable_sheets(by, tasks.values(), instant)
    found = RoundDifference()
    for sheet in reading.measures:
        task = tasks.get(sheet.number)
        if task is None:
            found.left.append(_strange(sheet))
        elif fault := may[task.pk]:
            if not _says_more(task, sheet):
                continue
            found.left.append(Fault(sheet.number, f"個票{sheet.number}：{fault}"))
        else:
            _one_sheet(found, task, sheet)
    return found


def _refuse_unclear(reading: Reading) -> None:
    faults = [
        Fault(row.cell, f"個票{row.sheet or '（番号なし）'}：{row.fault}", row.cure)
        for row in reading.doubts
        if row.kind in _BLOCKING
    ]
    if faults:
        raise DomainError(*faults)


def _strange(sheet: SheetText) -> Fault:
    return Fault(
        sheet.number, f"個票{sheet.number}は、この照会であなたの課が記入するものではありません。",
        "取り込まずに残します。",
    )  # fmt: skip


def _standing(task: SheetTask) -> dict[Key, str]:
    """Every text of the sheet as the round has it."""
    return {
        (year.fiscal_year, name): getattr(year, name)
        for year in standing_years(task)
        for name in CellName.values
    }


def _says_more(task: SheetTask, sheet: SheetText) -> bool:
    stands = _standing(task)
    return any(not _same(stands.get(key, ""), text) for key, text, _ in _texts(sheet))


def _one_sheet(found: RoundDifference, task: SheetTask, sheet: SheetText) -> None:
    activities = activities_of(task.measure)
    opened = {key for key in fillable_with(task, open_return_of(task), activities) if key[1] in sheets.TEXTS}
    stands = _standing(task)
    after: dict[Key, str] = {}
    for key, text, no_goal in _texts(sheet):
        before = stands.get(key, "")
        if _same(before, text) or (no_goal and before == NO_GOAL):
            found.unchanged += key in opened
        elif key not in opened:
            if text.strip() and key in stands:
                found.left.append(_closed(task, key))
        else:
            _change(found, task, key, text, no_goal=no_goal)
            after[key] = text
    earlier = earlier_texts(task.measure)
    numbered = f"個票{task.measure.number}"
    found.warnings += [
        Fault(fault.field, f"{numbered}：{fault.message}", fault.cure)
        for fault in sheets.warnings(list(after), after, earlier)
    ]


def _texts(sheet: SheetText) -> Iterator[tuple[Key, str, bool]]:
    for year, cells in sheet.years.items():
        for name in CellName.values:
            text = getattr(cells, name)
            if text is not None:
                only_words = name == CellName.GOAL and cells.sets_no_goal and len(text) <= len(NO_GOAL) + 2
                yield (year, name), text, only_words


def _same(one: str, other: str) -> bool:
    """A workbook keeps no spaces at the ends of a text."""
    return one.strip() == other.strip()


def _closed(task: SheetTask, key: Key) -> Fault:
    where = f"個票{task.measure.number}の{key[0]}年度　{sheets.label_of(key[1])}"
    return Fault(
        sheets.key_text(key), f"{where}は、いま記入する欄ではありません。", "違いを取り込まずに残します。"
    )


def _change(found: RoundDifference, task: SheetTask, key: Key, text: str, *, no_goal: bool) -> None:
    activities = activities_of(task.measure)
    if fault := sheets.fault_of(key, text, activities):
        found.left.append(Fault(fault.field, f"個票{task.measure.number}：{fault.message}", fault.cure))
        return
    cells = cells_by_key(task.cells.all())
    cell, mark = cells.get(key), cells.get((key[0], "no_goal"))
    version = cell.version if cell else 0
    typed = [Typed(key, "" if no_goal else text, version)]
    if key[1] == CellName.GOAL and (no_goal or (mark and mark.value and text.strip())):
        typed.append(Typed((key[0], "no_goal"), "1" if no_goal else "", mark.version if mark else 0))
    before = NO_GOAL if mark and mark.value and key[1] == CellName.GOAL else cell.value if cell else ""
    found.changes.append(CellChange(task, key, before, text, version, tuple(typed)))


@dataclass(frozen=True)
class Taken:
    """What was written, and what somebody else had saved since the difference was shown."""

    saved: int
    clashes: list[tuple[SheetTask, Clash]]


@transaction.atomic
def take(
    *,
    reading: Reading,
    round_: ProgressRound,
    accept: Mapping[str, int],
    by: Actor,
    at: datetime | None = None,
) -> Taken:
    """Write the accepted cells, {mark: version that was shown}, sheet by sheet. Raises DomainError as `save_cells`.

    A mark that is no difference any more says the same already and is passed over; one of another version clashes.
    """
    instant = at or clock.now()
    chosen: dict[int, list[CellChange]] = {}
    for change in compare(reading=reading, round_=round_, by=by, at=instant).changes:
        if change.mark in accept:
            chosen.setdefault(change.task.pk, []).append(change)
    saved, clashes = 0, []
    for task_id, changes in sorted(chosen.items()):
        done = save_cells(task_id=task_id, typed=_typed(changes, accept), by=by, at=instant)
        saved += len({key for key in done.keys if key[1] in sheets.TEXTS} | {
            (year, "goal") for year, name in done.keys if name == "no_goal"
        })  # fmt: skip
        clashes += [(changes[0].task, clash) for clash in done.clashes]
    return Taken(saved, clashes)


def _typed(changes: Sequence[CellChange], accept: Mapping[str, int]) -> list[Typed]:
    """The cells with the version the person saw; the small cell beside a text goes with it."""
    return [
        Typed(item.key, item.value, accept[change.mark] if item.key == change.key else item.version)
        for change in changes
        for item in change.typed
    ]
