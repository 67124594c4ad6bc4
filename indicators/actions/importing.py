"""Taking a read text of progress sheets into a plan. Importing the same text twice changes nothing and records nothing.

How each cell is merged is said in `merging`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.core.validators import slug_re
from django.db import transaction

from accounts.models import Organization
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault
from indicators.actions.import_cells import Tree
from indicators.actions.merging import Merge, Outcome, merged
from indicators.importing import Reading
from indicators.importing.words import key
from indicators.models import Plan

RESERVED: Final = frozenset({"compare"})
"""Names of plans that would stand in the way of a page."""
_BLOCKING: Final = ("number_missing", "repeated_sheet")


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
    merge = Merge(locked, by, instant, frozenset(accept), reason)
    return _taken(reading, merge, source=source)


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
    return _taken(reading, Merge(plan, by, instant), source=source, created=True)


def find_plan(reading: Reading) -> Plan | None:
    """The plan that bears the reading's title, if exactly one does."""
    found = list(Plan.objects.filter(title=reading.title)[:2]) if reading.title else []
    return found[0] if len(found) == 1 else None


def _taken(reading: Reading, merge: Merge, *, source: str, created: bool = False) -> Outcome:
    _refuse_unclear(reading)
    _refuse_other_plan(reading, merge.plan, merge.accept)
    return merged(Tree(merge.plan, reading), merge, source=source, created=created)


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
