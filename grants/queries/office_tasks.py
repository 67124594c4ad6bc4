"""What the metropolis' own units wait for of one another: opinions, and the second person of an earlier closing.

For desks, reminders and calendars; the words on them name the call, never a case.
"""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Department, Membership
from core import clock
from core.actor import Actor
from core.business_days import add_business_days
from core.deadlines import Cases, Deadline
from grants.enums import PENDING_STATES
from grants.models import OpinionRequest, Shortening
from grants.queries.units import Units

_END_OF_DAY: Final = time(17, 0)
_ASKED: Final = frozenset({Role.OFFICER.value, Role.DECIDER.value})
_OFFICER: Final = frozenset({Role.OFFICER.value})


def office_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """What is on the desk of the actor's unit, soonest first."""
    if not actor.has_role(Role.OFFICER, Role.DECIDER):
        return []
    return sorted(task for task in planned_office_tasks(at) if task.is_for(actor))


def planned_office_tasks(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The same of all units."""
    units = Units(at)
    asked, proposed = OpinionRequest.objects.all(), Shortening.objects.all()
    if cases is not None:
        asked = asked.filter(public_id__in=_named(cases, "opinion:"))
        proposed = proposed.filter(public_id__in=_named(cases, "shortening:"))
    for task in (*_opinions(asked, at, units), *_shortenings(proposed, at, units)):
        if cases is None or task.case_key in cases:
            yield task


def _named(cases: frozenset[str], prefix: str) -> set[str]:
    return {key.split(":")[1] for key in cases if key.startswith(prefix)}


def _opinions(asked: "QuerySet[OpinionRequest]", at: datetime, units: Units) -> Iterator[Deadline]:
    """The unit asked has to answer; once that is overdue, those who asked have to do something about it."""
    rows = asked.filter(
        answered_at__isnull=True, withdrawn_at__isnull=True, application__status__in=sorted(PENDING_STATES)
    )
    joined = rows.select_related("application__call__program__owner", "department")
    for row in joined.order_by("pk").iterator(chunk_size=500):
        call, in_charge = row.application.call, units.of(row.application.call.program)
        yield Deadline(
            kind="grants.answer_opinion", at=row.due_at, title=f"意見照会に回答してください：{call}",
            url=f"/review/opinions/{row.public_id}/", organization_id=row.department.organization_id,
            departments=_doing(row.department, units, at), audience_roles=_ASKED,
            case_key=f"opinion:{row.public_id}", what="意見照会への回答", about=f"募集：{call}", since=row.asked_at,
            known_to=in_charge[1],
        )  # fmt: skip
        if row.due_at < at:
            yield Deadline(
                kind="grants.chase_opinion", at=row.due_at, title=f"意見の回答が期限を過ぎています（{row.department.name}）：{row.application}",
                url=f"/review/{row.application.public_id}/opinions/", organization_id=call.program.owner_id,
                departments=in_charge[0], audience_roles=_OFFICER, case_key=f"opinion:{row.public_id}:overdue",
                what="期限を過ぎた意見照会の催促", about=f"募集：{call}", since=row.due_at,
            )  # fmt: skip


def _doing(unit: Department, units: Units, at: datetime) -> frozenset[int]:
    """The unit as long as it exists, then its successors; one that nobody succeeded keeps its tasks."""
    ended = unit.valid_to is not None and unit.valid_to < clock.today(at)
    return (units.doing(unit.pk) if ended else frozenset()) or frozenset({unit.pk})


def _shortenings(proposed: "QuerySet[Shortening]", at: datetime, units: Units) -> Iterator[Deadline]:
    """Another officer than the proposer is to confirm or refuse, while the towns still get the period of notice."""
    rows = list(proposed.filter(ended_at__isnull=True).select_related("call__program__owner").order_by("pk"))
    if not rows:
        return
    posts = Membership.objects.in_force(clock.today(at)).filter(role=Role.OFFICER)
    officers = list(posts.order_by("user").values_list("department", "user"))
    for row in rows:
        departments = units.of(row.call.program)[0]
        others = frozenset(user for unit, user in officers if unit in departments) - {row.proposed_by_id}
        if not others:
            continue
        yield Deadline(
            kind="grants.answer_shortening", at=_last_instant(row), title=f"締切を早める案を確かめてください：{row.call}",
            url=f"/review/calls/{row.call.public_id}/shorten/", organization_id=row.call.program.owner_id,
            departments=departments, audience_roles=_OFFICER, users=others, case_key=f"shortening:{row.public_id}",
            what="締切を早める案の確認", about=f"募集：{row.call}", since=row.proposed_at,
        )  # fmt: skip


def _last_instant(row: Shortening) -> datetime:
    """Until when it can be confirmed: the earliest new date less the period of notice, or the date itself."""
    first = min(filter(None, (row.precheck_due_at, row.closes_at)))
    if row.urgency:
        return first
    day = add_business_days(clock.today(first), -settings.SHORTENING_BUSINESS_DAYS)
    return clock.instant(day, _END_OF_DAY)
