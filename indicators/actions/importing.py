"""Taking a read text of progress sheets into a plan: what is new is written, what a person changed is kept.

Each cell is merged three ways: what the source says now, what it said at the last import (`ImportedCell`), and
what stands in the plan. Only a cell that nobody has touched since follows the source; the others come back as
differences, to be accepted by key. A cell that a round has published is never written, not even where nobody touched
it: it comes back among `published`, and accepting it is a correction with a reason. Importing the same text twice
changes nothing and records nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.validators import slug_re
from django.db import transaction

from accounts.models import Organization
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault
from indicators.actions.import_cells import Slot, Tree
from indicators.actions.publishing import correct
from indicators.importing import Reading
from indicators.importing.words import key
from indicators.models import ImportedCell, Plan, PlanEvent
from indicators.queries.cells import published_cells

RESERVED: Final = frozenset({"compare"})
"""Names of plans that would stand in the way of a page."""
_BLOCKING: Final = ("number_missing", "repeated_sheet")


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


@transaction.atomic
def import_sheets(
    *,
    reading: Reading,
    plan: Plan,
    by: Actor,
    accept: Collection[str] = (),
    reason: str = "",
    source: str = "",
    at: datetime | None = None,
) -> Outcome:
    """Merge a reading into a plan, in one transaction, and record it where anything changed.

    `accept` holds the keys of differences where the source shall win; for published cells among them `reason` says why
    they are corrected. Raises Refused for anyone but the plan's coordinator (and the system), DomainError naming each
    sheet that cannot be told from another, a text of another plan, and each key in `accept` that is no difference.
    """
    instant = at or clock.now()
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    require(by, "indicators.import_sheets", locked, instant)
    merge = _Merge(locked, by, instant, frozenset(accept), reason)
    return _merged(reading, merge, source=source, created=False)


def rehearse(*, reading: Reading, plan: Plan, by: Actor, at: datetime | None = None) -> Outcome:
    """What `import_sheets` would do, with nothing written. Raises as it does."""
    with transaction.atomic():
        outcome = import_sheets(reading=reading, plan=plan, by=by, at=at)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def create_plan(
    *,
    reading: Reading,
    organization: Organization,
    slug: str,
    by: Actor,
    source: str = "",
    at: datetime | None = None,
) -> Outcome:
    """Make a city's plan, as a draft, out of a reading. Raises as `import_sheets`, and where the name is taken."""
    instant = at or clock.now()
    if not slug_re.fullmatch(slug):
        raise DomainError(
            Fault("slug", f"識別名「{slug}」は使えません。", "半角の英数字と「-」「_」で書いてください。")
        )
    if slug in RESERVED or Plan.objects.filter(slug=slug).exists():
        raise DomainError(
            Fault("slug", f"識別名「{slug}」の計画はもうあります。", "別の識別名を指定してください。")
        )
    plan = Plan(slug=slug, organization=organization, title=reading.title or slug)
    require(by, "indicators.import_sheets", plan, instant)
    plan.save()
    return _merged(reading, _Merge(plan, by, instant), source=source, created=True)


def find_plan(reading: Reading) -> Plan | None:
    """The plan that bears the reading's title, if exactly one does."""
    found = list(Plan.objects.filter(title=reading.title)[:2]) if reading.title else []
    return found[0] if len(found) == 1 else None


@dataclass
class _Merge:
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


def _merged(reading: Reading, merge: _Merge, *, source: str, created: bool) -> Outcome:
    plan = merge.plan
    _refuse_unclear(reading)
    _refuse_other_plan(reading, plan, merge.accept)
    tree = Tree(plan, reading)
    known = dict(plan.imported_cells.values_list("key", "text"))
    locked = published_cells(plan)
    for slot in tree.slots():
        merge.take(slot, known, locked)
    changes = [*merge.changes, *merge.corrections]
    _refuse_unknown_keys(merge.accept, changes)
    tree.save()
    merge.correct(locked)
    _remember(plan, known, merge.said)
    kept = [*merge.differences, *merge.published]
    if changes or created:
        _record(plan, merge.by, changes=changes, differences=kept, source=source, instant=merge.at)
    return Outcome(
        plan, created, tuple(changes), tuple(merge.differences), merge.unchanged,
        (*tree.refused, *merge.refused), tuple(merge.published),
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


def _refuse_unclear(reading: Reading) -> None:
    faults = [
        Fault(f"{row.line}行目 {row.cell}", f"個票{row.sheet or '（番号なし）'}：{row.fault}", row.cure)
        for row in reading.doubts
        if row.kind in _BLOCKING
    ]
    if faults:
        raise DomainError(*faults)


def _refuse_other_plan(reading: Reading, plan: Plan, accept: Collection[str]) -> None:
    """A text with another plan's name is not merged by mistake; accepting the new name says that it is meant."""
    if reading.title and key(reading.title) != key(plan.title) and "plan/title" not in accept:
        raise DomainError(
            Fault(
                "plan/title",
                f"資料の計画名「{reading.title}」が、取り込み先の計画名「{plan.title}」と違います。",
                "取り込み先をまちがえていないか確かめてください。計画名が変わったときは、先に計画名を直してください。",
            )
        )


def _refuse_unknown_keys(accept: Collection[str], changes: list[Change]) -> None:
    written = {row.key for row in changes}
    faults = [
        Fault("accept", f"「{cell}」に違いはありません。", "表示された違いの記号を指定してください。")
        for cell in sorted(set(accept) - written)
    ]
    if faults:
        raise DomainError(*faults)


def _remember(plan: Plan, known: Mapping[str, str], said: Mapping[str, str]) -> None:
    """Keep what the source says of each cell that now agrees with it."""
    rows = [
        ImportedCell(plan=plan, key=key, text=text) for key, text in said.items() if known.get(key) != text
    ]
    ImportedCell.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["plan", "key"], update_fields=["text"], batch_size=500
    )


def _record(
    plan: Plan, by: Actor, *, changes: list[Change], differences: list[Change], source: str, instant: datetime
) -> PlanEvent:
    payload: dict[str, Any] = {
        "source": source,
        "cells": [row.key for row in changes],
        "kept": [row.key for row in differences],
    }
    return PlanEvent.append(f"plan:{plan.slug}", by, "import_sheets", at=instant, payload=payload, plan=plan)
