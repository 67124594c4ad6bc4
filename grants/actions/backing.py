"""予算措置状況: each member says for itself how far its budget has come."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.fiscal_year import label
from core.money import LARGEST
from core.text import unstorable
from grants.actions import locking
from grants.actions.changes import person
from grants.actions.transition import record
from grants.enums import BackingState
from grants.models import Application, BudgetBacking, Member
from grants.models.backing import SOURCES

MAX_SCHEDULED = 60


@dataclass(frozen=True)
class BackingEntry:
    """One fiscal year as typed: whole yen; `version` is what the page showed (0: nothing yet)."""

    fiscal_year: int
    state: str
    national: int = 0
    metropolitan: int = 0
    bonds: int = 0
    other: int = 0
    general: int = 0
    scheduled: str = ""
    version: int = 0

    @property
    def total(self) -> int:
        """The sum of all sources."""
        return sum(getattr(self, source) for source in SOURCES)


@transaction.atomic
def save_backing(
    *, member_id: int, entries: Sequence[BackingEntry], by: Actor, at: datetime | None = None
) -> list[BudgetBacking]:
    """Write what a member says of its own budget, year by year; years that did not change are left as they are.

    No consent and no certificate ends: it is not part of what is submitted. Raises Refused for everybody but the
    member's own editors and approvers, Conflict when a colleague was faster, DomainError naming "<field>-<year>".
    """
    instant = at or clock.now()
    found = Member.objects.filter(pk=member_id).values_list("application", flat=True).first()
    if found is None:
        raise Refused
    application = locking.application(found)
    member = Member.objects.select_related("organization", "application").get(pk=member_id)
    require(by, "grants.record_backing", member, instant)
    faults = [fault for entry in entries for fault in _faults(application, entry)]
    if faults:
        raise DomainError(*faults)
    kept = {backing.fiscal_year: backing for backing in member.backings.all()}
    _insist_on_versions(entries, kept)
    changed = [
        _write(member, kept.get(entry.fiscal_year), entry, by, instant)
        for entry in entries
        if _differs(entry, kept.get(entry.fiscal_year))
    ]
    if changed:
        years = [{**asdict(entry), "total": entry.total} for entry in entries]
        payload = {"member": member.public_id, "years": years}
        record(application, "record_backing", by=by, at=instant, payload=payload)
    return changed


def _insist_on_versions(entries: Sequence[BackingEntry], kept: dict[int, BudgetBacking]) -> None:
    late = []
    for entry in entries:
        now = kept.get(entry.fiscal_year)
        if _differs(entry, now) and entry.version != (now.version if now else 0):
            late.append(
                Fault(
                    f"state-{entry.fiscal_year}",
                    f"{label(entry.fiscal_year)}の予算措置状況は、ほかの人が先に保存しました。",
                    "両方を見比べてから、もう一度保存してください。",
                )
            )
    if late:
        raise Conflict(*late)


def _differs(entry: BackingEntry, now: BudgetBacking | None) -> bool:
    names = ("state", "scheduled", *SOURCES)
    return now is None or any(getattr(entry, name) != getattr(now, name) for name in names)


def _write(
    member: Member, now: BudgetBacking | None, entry: BackingEntry, by: Actor, at: datetime
) -> BudgetBacking:
    row = now or BudgetBacking(member=member, fiscal_year=entry.fiscal_year, version=0)
    for name in ("state", "scheduled", *SOURCES):
        setattr(row, name, getattr(entry, name))
    row.version += 1
    row.updated_at, row.updated_by_id = at, person(by)
    row.save()
    return row


def _faults(application: Application, entry: BackingEntry) -> list[Fault]:
    year = entry.fiscal_year
    found = []
    if year not in application.template.fiscal_years(application.call):
        found.append(Fault(f"state-{year}", "補助の期間の外の年度です。", "画面を開き直してください。"))
    if entry.state not in BackingState.values:
        found.append(
            Fault(f"state-{year}", "予算措置状況を選んでください。", "予定がなければ「未措置」を選びます。")
        )
    for source in SOURCES:
        if not 0 <= getattr(entry, source) <= LARGEST:
            fault = "金額が正しくありません。"
            found.append(Fault(f"{source}-{year}", fault, "0円以上の整数で入力してください。"))
    if len(entry.scheduled) > MAX_SCHEDULED or unstorable(entry.scheduled):
        fault = f"使えない文字があるか、{MAX_SCHEDULED}字を超えています。"
        found.append(Fault(f"scheduled-{year}", fault, "短く書き直してください。"))
    return found
