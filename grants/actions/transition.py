"""The only writer of the status of applications and of the parts sent to units, and of questions. One transaction: state, version,
event, notices.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.enums import Role
from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, PersonRequired, Refused, UnknownTransition
from core.lifecycle import Lifecycle
from grants.actions import locking, telling
from grants.actions.errors import Stale
from grants.enums import Party
from grants.lifecycle import APPLICATION, INQUIRY, ROUTING
from grants.models import (
    Application,
    ApplicationEvent,
    Distribution,
    Inquiry,
    Routing,
    SupportRequest,
    Visit,
    YearReport,
)
from grants.permissions import (
    Ground,
    Judgement,
    coordinates,
    judge,
    judge_routing,
    parties,
    taken_over,
)


def insist(judgement: Judgement) -> None:
    """Raise what a judgement stands for: Refused (hidden, wrong party), UnknownTransition, DomainError; or pass."""
    if judgement.ground is Ground.YES:
        return
    fault = judgement.fault or Fault("", "この操作を行う権限がありません。")
    if judgement.ground is Ground.STATE:
        raise UnknownTransition(fault)
    if judgement.ground is Ground.CONDITION:
        raise DomainError(fault)
    raise Refused(str(fault) if judgement.ground is Ground.PARTY else "")


def begin(
    application_id: int, action: str, *, by: Actor, at: datetime, expected_version: int | None = None
) -> Application:
    """Lock the case and make sure that this actor may do this now. Inside the caller's transaction.

    `expected_version` is the version the person's page showed. Raises Refused, PersonRequired (a token never moves a
    case), UnknownTransition, Stale or DomainError, in this order.
    """
    application = locking.application(application_id)
    judgement = judge(by, action, application, at)
    if judgement.ground is not Ground.HIDDEN:
        require_person(by)
    if judgement.ground is not Ground.CONDITION:
        insist(judgement)
    require_version(application, expected_version)
    insist(judgement)
    return application


def require_person(by: Actor) -> None:
    """Raise PersonRequired for a machine: it reads and saves drafts, everything else is somebody's own act."""
    if by.is_machine:
        raise PersonRequired("この手続")


def require_version(application: Application, expected: int | None) -> None:
    """Raise Stale when the case has moved on since the page was opened."""
    if expected is not None and expected != application.version:
        raise Stale(
            "この申請は、画面を開いた後に変わりました。最新の画面を開き直して、内容を確かめてください。"
        )


def finish(
    application: Application,
    action: str,
    *,
    by: Actor,
    at: datetime,
    target: str | None = None,
    comment: str = "",
    effective_on: date | None = None,
    payload: Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
    told: bool = True,
) -> ApplicationEvent:
    """Write the next status with the columns that belong to it, the event, and the notices.

    `application` comes from `begin`. `columns` are written in the same statement, so that the database's
    constraints see the stage and its figures together. The version grows when the case moves or is replaced.
    `told=False` leaves the notice to the caller.
    """
    source = application.status
    after = APPLICATION.after(source, action, target)
    row = APPLICATION.find(action, source, after)
    changes = dict(columns or {})
    if row.target is not None:
        changes |= {"status": after, "version": application.version + 1}
    for name, value in changes.items():
        setattr(application, name, value)
    if changes:
        application.save(update_fields=list(changes))
    event = record(
        application, action, by=by, at=at, source=source, comment=comment, effective_on=effective_on, payload=payload
    )  # fmt: skip
    if told:
        telling.tell(application, event)
    return event


def record(
    application: Application,
    action: str,
    *,
    by: Actor,
    at: datetime,
    source: str | None = None,
    comment: str = "",
    effective_on: date | None = None,
    payload: Mapping[str, Any] | None = None,
) -> ApplicationEvent:
    """Append to the case's chain, without notices; `source` is the status before (default: as now)."""
    acting = judge_role(application, action, by)
    return ApplicationEvent.append(
        application.chain_key,
        by,
        action,
        role=acting,
        from_state=application.status if source is None else source,
        to_state=application.status,
        effective_on=effective_on,
        comment=comment,
        payload={
            "version": application.version,
            "content_version": application.content_version,
            **(payload or {}),
        },
        at=at,
        application=application,
    )


def judge_role(application: Application, action: str, by: Actor) -> str:
    """The party somebody acts as: what the row of the table allows and the actor is; else all its roles."""
    allowed = {role for row in APPLICATION.transitions if row.action == action for role in row.roles}
    held = parties(by, application)
    fitting = [party.value for party in Party if party in held and (not allowed or party.value in allowed)]
    return fitting[0] if fitting else ""


@transaction.atomic
def fire(
    application_id: int,
    action: str,
    *,
    by: Actor,
    at: datetime | None = None,
    expected_version: int | None = None,
    target: str | None = None,
    comment: str = "",
    effective_on: date | None = None,
    payload: Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
) -> Application:
    """Do an action that needs nothing but the table: lock, ask, write, record, tell.

    Actions with content of their own call `begin` and `finish` around it. Raises as `begin`.
    """
    instant = at or clock.now()
    application = begin(application_id, action, by=by, at=instant, expected_version=expected_version)
    finish(
        application, action, by=by, at=instant, target=target, comment=comment, effective_on=effective_on,
        payload=payload, columns=columns,
    )  # fmt: skip
    return application


def move(
    row: SupportRequest | Visit | YearReport, table: Lifecycle, action: str, *, begins: bool = False
) -> str:
    """Write the next status of a support, a visit or a report (not saved yet), or its first; the one before. Raises UnknownTransition."""
    before = "" if begins else row.status
    row.status = table.after(None if begins else before, action)
    return before


def create(*, by: Actor, at: datetime, **columns: Any) -> Application:
    """Begin a case in the table's first state, with its event. Called by `start` under the slot's lock."""
    if by.user_id is None:
        raise Refused
    application = Application.objects.create(
        status=APPLICATION.after(None, "start"), started_at=at, started_by_id=by.user_id, **columns
    )
    event = ApplicationEvent.append(
        application.chain_key, by, "start", role=Party.LEAD_EDITOR, to_state=application.status, at=at,
        payload={"version": application.version, "call": application.call.public_id}, application=application,
    )  # fmt: skip
    telling.tell(application, event)
    return application


# --- 庁内照会 ----------------------------------------------------------------------------------------------------


def begin_routing(
    routing_id: int, action: str, *, by: Actor, at: datetime, expected_version: int | None = None
) -> Routing:
    """Lock the case of a part and make sure that this actor may do this to it now. Raises as `begin`."""
    require_person(by)
    place = Routing.objects.filter(pk=routing_id).values_list(
        "distribution__member__application_id", flat=True
    )
    locking.application(next(iter(place), 0))
    routing = Routing.objects.with_parts().get(pk=routing_id)
    judgement = judge_routing(by, action, routing, at)
    if judgement.ground is not Ground.CONDITION:
        insist(judgement)
    if expected_version is not None and expected_version != routing.version:
        raise Stale(
            "この照会は、画面を開いた後に変わりました。最新の画面を開き直して、内容を確かめてください。"
        )
    insist(judgement)
    return routing


def send_out(distribution: Distribution, *, by: Actor, at: datetime, message: str, **columns: Any) -> Routing:
    """Make the row of one part that goes to a unit, with its event. Under the lock of the case."""
    routing = Routing.objects.create(
        distribution=distribution, status=ROUTING.after(None, "send_out"), message=message, sent_at=at, moved_at=at,
        **columns,
    )  # fmt: skip
    record_routing(routing, "send_out", by=by, at=at, reason=message)
    return routing


def finish_routing(
    routing: Routing,
    action: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Write the next status of a part with the columns that belong to it, and the event."""
    source = routing.status
    after = ROUTING.after(source, action)
    changes = {"version": routing.version + 1, **(columns or {})}
    if ROUTING.find(action, source, after).target is not None:
        changes |= {"status": after, "moved_at": at, "reason": reason}
    for name, value in changes.items():
        setattr(routing, name, value)
    routing.save(update_fields=list(changes))
    record_routing(routing, action, by=by, at=at, source=source, reason=reason)


def record_routing(
    routing: Routing, action: str, *, by: Actor, at: datetime, source: str = "", reason: str = ""
) -> None:
    """Append to the town's own chain: it belongs to no case that other bodies read."""
    member = routing.distribution.member
    ApplicationEvent.append(
        routing.distribution.chain_key, by, action, from_state=source, to_state=routing.status, comment=reason, at=at,
        role=Role.LIAISON if coordinates(by, member, at) else "",
        payload={
            "case": member.application.public_id, "part": routing.key, "department": routing.department.name,
            "due_at": clock.local(routing.due_at).isoformat(), "version": routing.version,
        },
    )  # fmt: skip


def note_proxy(application: Application, *, section: str, key: str, by: Actor, at: datetime) -> None:
    """Keep for the town that its liaison unit changed what another unit had been asked for."""
    for routing in taken_over(application, by.organization_id, section):
        if coordinates(by, routing.distribution.member, at) and routing.item in {"", key}:
            record_routing(routing, "proxy_fill", by=by, at=at, source=routing.status)


# --- Questions about a call ---------------------------------------------------------------------------------------


def create_inquiry(*, by: Actor, at: datetime, **columns: Any) -> Inquiry:
    """Keep a question in the table's first state, with its event."""
    inquiry = Inquiry.objects.create(status=INQUIRY.after(None, "ask"), asked_at=at, **columns)
    _record_inquiry(inquiry, "ask", by=by, at=at)
    return inquiry


def finish_inquiry(
    inquiry: Inquiry, action: str, *, by: Actor, at: datetime, number: int | None = None, reason: str = ""
) -> None:
    """Write the next status of a question with its public number, and the event."""
    source = inquiry.status
    inquiry.status = INQUIRY.after(source, action)
    inquiry.version += 1
    inquiry.number = number if number is not None else inquiry.number
    inquiry.save(update_fields=["status", "version", "number"])
    _record_inquiry(inquiry, action, by=by, at=at, source=source, reason=reason)


def _record_inquiry(
    inquiry: Inquiry, action: str, *, by: Actor, at: datetime, source: str = "", reason: str = ""
) -> None:
    ApplicationEvent.append(
        inquiry.chain_key, by, action, from_state=source, to_state=inquiry.status, comment=reason, at=at,
        payload={"call": inquiry.call.public_id, "number": inquiry.number, "version": inquiry.version},
    )  # fmt: skip
