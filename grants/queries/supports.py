"""Supports and visits as one actor sees them: lists, the log of a call, its totals, and what is due."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.enums import Role
from core import clock
from core.actor import Actor
from core.business_days import add_business_days
from core.deadlines import Cases, Deadline
from core.exceptions import Refused
from grants.enums.supports import HELD_VISITS, USED_VISITS, SupportOrigin, SupportStatus, VisitStatus
from grants.models import SupportRequest, Visit
from grants.permissions import visible_supports
from grants.queries.units import Units
from programs.models import Call

_NAMED = ("application__call__program__owner", "application__lead", "application__template", "adviser")
_SOON = timedelta(days=30)
RECORD_DAYS = 5
"""Business days for the record of a visit where the form's data says nothing else."""


def supports(actor: Actor) -> "QuerySet[SupportRequest]":
    """What the actor sees, the newest first, with the visits."""
    rows = SupportRequest.objects.filter(visible_supports(actor)).select_related(*_NAMED)
    return rows.prefetch_related("visits").order_by("-started_at", "-pk")


def support_of(actor: Actor, public_id: str) -> SupportRequest:
    """One of them. Raises Refused."""
    found = supports(actor).filter(public_id=public_id).first()
    if found is None:
        raise Refused
    return found


def visits_of(support: SupportRequest) -> list[Visit]:
    """Its visits with voices and links, in order."""
    rows = support.visits.select_related("recorded_by").prefetch_related("voices", "links")
    return list(rows.order_by("number"))


@dataclass(frozen=True)
class Totals:
    """Visits of one call by how they stand; `left` may still be planned, None where no number is set."""

    call: Call
    supports: int
    planned: int
    held: int
    cancelled: int
    left: int | None


def totals(rows: Iterable[SupportRequest]) -> list[Totals]:
    """By call, in the order the calls come first; `rows` with their visits."""
    groups: dict[int, list[SupportRequest]] = {}
    for row in rows:
        groups.setdefault(row.application.call_id, []).append(row)
    return [_totals(group[0].application.call, group) for group in groups.values()]


def _totals(call: Call, group: Sequence[SupportRequest]) -> Totals:
    visits = [visit for row in group for visit in row.visits.all()]
    own = [row for row in group if row.origin == SupportOrigin.CALL]
    most = call.uses_per_member
    used = sum(v.status in USED_VISITS for row in own for v in row.visits.all())
    return Totals(
        call, len(group),
        sum(v.status == VisitStatus.PLANNED for v in visits),
        sum(v.status in HELD_VISITS for v in visits),
        sum(v.status == VisitStatus.CANCELLED for v in visits),
        None if most is None else most * len(own) - used,
    )  # fmt: skip


LOG_HEADINGS = (
    "募集", "団体コード", "市町村", "種類", "回", "状態", "予定・実施の日時", "場所", "テーマ", "参加した人数", "行ったこと",
    "次に行うこと", "変更・中止の理由", "記録日時",
)  # fmt: skip


def log_rows(rows: Iterable[SupportRequest]) -> list[list[str | int | None]]:
    """The log as a table: every visit of the supports, in 建制順 and by number."""
    ordered = sorted(rows, key=lambda row: (row.application.lead.code, row.pk))
    return [_log_row(row, visit) for row in ordered for visit in row.visits.all()]


def _log_row(row: SupportRequest, visit: Visit) -> list[str | int | None]:
    case = row.application
    written = f"{clock.local(visit.recorded_at):%Y-%m-%d %H:%M}" if visit.recorded_at else ""
    return [
        str(case.call), case.lead.code, case.lead.name, row.get_origin_display(), visit.number,
        visit.get_status_display(), f"{clock.local(visit.planned_at):%Y-%m-%d %H:%M}", visit.place,
        "、".join(visit.themes), visit.participants, visit.done, visit.next_step, visit.reason, written,
    ]  # fmt: skip


# --- What is due ------------------------------------------------------------------------------------------


def record_due(visit: Visit) -> datetime:
    """By when its record is to be written: so many business days after it, at the same hour."""
    days = int(visit.support.application.template.visits.get("record_days", RECORD_DAYS))
    local = clock.local(visit.planned_at)
    return clock.instant(add_business_days(local.date(), days), local.time())


def support_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """What this actor's desk has to do for visits."""
    rows = SupportRequest.objects.filter(visible_supports(actor))
    return sorted(task for task in _deadlines(rows, at) if task.is_for(actor))


def planned_support_deadlines(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The same of all bodies, support by support."""
    rows = SupportRequest.objects.all()
    if cases is None:
        return _deadlines(rows, at)
    named = rows.filter(public_id__in={key.partition(":")[0] for key in cases})
    return (task for task in _deadlines(named, at) if task.case_key in cases)


def _deadlines(rows: "QuerySet[SupportRequest]", at: datetime) -> Iterator[Deadline]:
    waiting = [VisitStatus.PLANNED, VisitStatus.HELD]
    visits = Visit.objects.filter(support__in=rows, status__in=waiting, planned_at__lte=at + _SOON)
    visits = visits.exclude(support__status__in=[SupportStatus.WAITING, SupportStatus.DECLINED])
    named = tuple(f"support__{path}" for path in (*_NAMED, "application__lead_department"))
    units = Units(at)
    for visit in visits.select_related(*named).order_by("support", "number"):
        yield from _of_visit(visit, at, units)


def _of_visit(visit: Visit, at: datetime, units: Units) -> Iterator[Deadline]:
    support, case = visit.support, visit.support.application
    owner, office = case.call.program.owner_id, units.of(case.call.program)[0]
    if visit.status == VisitStatus.PLANNED and visit.planned_at >= at:
        for body, departments, role in (
            (case.lead_id, units.doing(case.lead_department_id), Role.EDITOR),
            (owner, office, Role.OFFICER),
        ):
            yield _deadline(
                visit, "visit", "訪問・視察・支援の予定", visit.planned_at, body, departments, role
            )
        return
    writes = (
        (support.adviser_id, frozenset[int](), Role.ADVISER)
        if support.adviser_id
        else (owner, office, Role.OFFICER)
    )
    yield _deadline(visit, "record_visit", "訪問・視察・支援の記録", record_due(visit), *writes)


def _deadline(  # noqa: PLR0917 - one row
    visit: Visit, kind: str, what: str, due: datetime, organization_id: int, departments: frozenset[int], role: Role
) -> Deadline:  # fmt: skip
    support = visit.support
    return Deadline(
        kind=f"grants.{kind}", at=due, title=f"{what}：{support.application.lead} 第{visit.number}回",
        url=f"/supports/{support.public_id}/", organization_id=organization_id, departments=departments,
        audience_roles=frozenset({role.value}), case_key=f"{support.public_id}:{visit.number}", what=what,
        about=f"募集：{support.application.call}", since=support.started_at,
    )  # fmt: skip
