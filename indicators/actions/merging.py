"""Merging what a source says into a plan, cell by cell: what is new is written, what a person changed is kept.

Each cell is merged three ways: what the source says now, what it said at the last import (`ImportedCell`), and
what stands in the plan. Only a cell that nobody has touched since follows the source; the others come back as
differences, to be accepted by key. A cell that a round has published is never written, not even where nobody touched
it: it comes back among `published`, and accepting it is a correction with a reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.exceptions import DomainError, Fault
from indicators.actions.import_cells import Cells, Slot
from indicators.actions.publishing import correct
from indicators.enums import VISIBLE_PUBLICATIONS
from indicators.models import ImportedCell, Plan, PlanEvent
from indicators.queries.cells import published_cells


@dataclass(frozen=True)
class Change:
    """A cell by key and name, with what stood there and what the source says."""

    key: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Outcome:
    """What an import did: cells written, cells kept against the source, cells equal, rows it could not make."""

    plan: Plan
    created: bool
    changes: tuple[Change, ...]
    differences: tuple[Change, ...]
    unchanged: int
    refused: tuple[Fault, ...]
    published: tuple[Change, ...] = ()


@dataclass
class Merge:
    """One merge on its way: who does it, what is accepted, and what became of each cell."""

    plan: Plan
    by: Actor
    at: datetime
    accept: frozenset[str] = frozenset()
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    differences: list[Change] = field(default_factory=list)
    published: list[Change] = field(default_factory=list)
    corrections: list[Change] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    refused: list[Fault] = field(default_factory=list)
    unchanged: int = 0

    def take(self, slot: Slot, known: Mapping[str, str], locked: Mapping[str, int]) -> None:
        """Decide one cell."""
        change = Change(slot.key, slot.name, slot.now, slot.source)
        if slot.limit is not None and len(slot.source) > slot.limit:
            self.refused.append(_too_long(slot))
        elif slot.now == slot.source:
            self.unchanged += 1
            self.said[slot.key] = slot.source
        elif slot.key in locked:
            self._of_published(slot, change, known)
        elif slot.key in self.accept or _follows(slot, known):
            slot.write(slot.source)
            self.said[slot.key] = slot.source
            self.changes.append(change)
        elif _differs(slot, known):
            self.differences.append(change)
        else:
            self.unchanged += 1

    def _of_published(self, slot: Slot, change: Change, known: Mapping[str, str]) -> None:
        if slot.key in self.accept:
            self.corrections.append(change)
            self.said[slot.key] = slot.source
        elif _differs(slot, known):
            self.published.append(change)
        else:
            self.unchanged += 1

    def correct(self, locked: Mapping[str, int]) -> None:
        """Write the accepted published cells as corrections. Raises DomainError without a reason or a person."""
        if not self.corrections:
            return
        if self.by.is_system:
            raise DomainError(
                Fault(
                    "accept",
                    "公表した欄は、コマンドでは直せません。",
                    "画面から、理由を書いて訂正してください。",
                )
            )
        for change in self.corrections:
            _, year, cell = change.key.rsplit("/", 2)
            correct(
                task_id=locked[change.key], key=(int(year), cell), value=change.after, reason=self.reason, by=self.by,
                at=self.at,
            )  # fmt: skip


def merged(cells: Cells, merge: Merge, *, source: str, created: bool = False, memory: str = "") -> Outcome:
    """Merge what a source says, cell by cell, write it and record it.

    `memory` begins the keys under which this kind of source is remembered: a cell that another kind of source or a
    person has filled is a difference, never overwritten.
    """
    plan = merge.plan
    kept_cells = plan.imported_cells.filter(key__startswith=memory).values_list("key", "text")
    known = {key.removeprefix(memory): text for key, text in kept_cells}
    locked = published_cells(plan)
    for slot in cells.slots():
        merge.take(slot, known, locked)
    changes = [*merge.changes, *merge.corrections]
    _refuse_unknown_keys(merge.accept, changes)
    cells.save()
    merge.correct(locked)
    _remember(plan, known, merge.said, memory)
    kept = [*merge.differences, *merge.published]
    if changes or created:
        _record(merge, changes=changes, differences=kept, source=source)
    return Outcome(
        plan, created, tuple(changes), tuple(merge.differences), merge.unchanged,
        (*cells.refused, *merge.refused), tuple(merge.published),
    )  # fmt: skip


def _follows(slot: Slot, known: Mapping[str, str]) -> bool:
    """Whether a cell takes the source's text: blank and never filled, or as the last import left it."""
    if slot.key in known:
        return slot.now == known[slot.key]
    return not slot.now


def _differs(slot: Slot, known: Mapping[str, str]) -> bool:
    """Whether a person's text and the source's are to be compared: not where the source is blank or as before."""
    if slot.key in known:
        return slot.source != known[slot.key]
    return bool(slot.source)


def _too_long(slot: Slot) -> Fault:
    return Fault(
        slot.name,
        f"{slot.key}（{slot.name}）が{len(slot.source)}文字あり、入りません（{slot.limit}文字まで）。",
        "列がずれていないか確かめ、短く書き直してください。",
    )


def _refuse_unknown_keys(accept: Collection[str], changes: list[Change]) -> None:
    written = {row.key for row in changes}
    faults = [
        Fault("accept", f"「{cell}」に違いはありません。", "表示された違いの記号を指定してください。")
        for cell in sorted(set(accept) - written)
    ]
    if faults:
        raise DomainError(*faults)


def _remember(plan: Plan, known: Mapping[str, str], said: Mapping[str, str], memory: str) -> None:
    """Keep what the source says of each cell that now agrees with it."""
    rows = [
        ImportedCell(plan=plan, key=f"{memory}{key}", text=text)
        for key, text in said.items()
        if known.get(key) != text
    ]
    ImportedCell.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["plan", "key"], update_fields=["text"], batch_size=500
    )


def _record(merge: Merge, *, changes: list[Change], differences: list[Change], source: str) -> PlanEvent:
    """What was written and what was kept; a revision of what the public could read keeps the earlier words."""
    was_public = merge.plan.publication in VISIBLE_PUBLICATIONS
    payload: dict[str, Any] = {
        "source": source,
        "cells": [row.key for row in changes],
        "kept": [row.key for row in differences],
        "revised": [
            [row.key, row.name, row.before, row.after] for row in changes if row.before and was_public
        ],
    }
    plan = merge.plan
    return PlanEvent.append(
        f"plan:{plan.slug}", merge.by, "import_sheets", at=merge.at, payload=payload, plan=plan
    )
