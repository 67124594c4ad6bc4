"""締切の延長: one action with its reason; everybody concerned is told, reminders and expired drafts follow by themselves.

Deadlines are derived, so nothing else has to be moved: what was planned for the earlier instant is not sent.
Shortening is not done here, since it takes time away from towns. Source: docs/glossary.md (締切).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from core.wareki import long_date
from grants.actions.closing import reopen_due
from grants.enums import ApplicationStatus, MemberRole
from grants.models import Application, Member
from programs.actions.calls import move_closing
from programs.models import Call

_BEFORE_REVIEW: Final = frozenset(
    {
        ApplicationStatus.DRAFT, ApplicationStatus.EXPIRED, ApplicationStatus.DISCARDED,
        ApplicationStatus.SUBMITTED, ApplicationStatus.WITHDRAWN,
    }
)  # fmt: skip
_TOLD: Final = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.EXPIRED, ApplicationStatus.SUBMITTED})
_ADDRESS: Final = re.compile(r"\S@\S+\.\S")
_TOWN: Final = (Role.EDITOR, Role.APPROVER)


@dataclass(frozen=True)
class Extension:
    """The new instants of a call; None leaves a date that there is, or sets none. `shown` is the closing last seen."""

    closes_at: datetime
    precheck_due_at: datetime | None
    announce_at: datetime | None
    reason: str
    shown: datetime


@transaction.atomic
def extend_call(*, call: Call, extension: Extension, by: Actor, at: datetime | None = None) -> int:
    """Move a call's closing to a later instant and tell every body with a case; returns how many cases were told.

    Raises Refused for anybody but the bureau's officers, Conflict when the closing has moved since it was shown,
    DomainError for an instant that is not later, a missing reason, or once the review has begun.
    """
    instant = at or clock.now()
    locked = Call.objects.select_for_update(of=("self",)).select_related("program").get(pk=call.pk)
    require(by, "grants.extend_call", locked, instant)
    if locked.closes_at != extension.shown:
        raise Conflict("表示してから、締切が変わりました。いまの締切を確かめてください。")
    if faults := _faults(locked, extension, instant):
        raise DomainError(*faults)
    event = move_closing(
        call=locked,
        closes_at=extension.closes_at,
        precheck_due_at=extension.precheck_due_at or locked.precheck_due_at,
        announce_at=extension.announce_at or locked.announce_at,
        reason=extension.reason,
        by=by,
        at=instant,
    )
    cases = list(Application.objects.filter(call=locked, status__in=_TOLD).order_by("pk"))
    for case in cases:
        _tell(case, locked, extension.reason, event.sequence, instant)
    transaction.on_commit(lambda: reopen_due(at=instant))
    return len(cases)


def _faults(call: Call, extension: Extension, at: datetime) -> list[Fault]:
    faults = []
    if extension.closes_at <= max(call.closes_at, at):
        faults.append(
            Fault(
                "closes_at",
                "いまの締切か現在より前です。",
                "先の日時にしてください。短くすることはできません。",
            )
        )
    due, announce = extension.precheck_due_at, extension.announce_at or call.announce_at
    if due is not None and not (call.precheck_due_at or at) <= due <= extension.closes_at:
        faults.append(
            Fault(
                "precheck_due_at",
                "事前確認の期限が、いまの期限より前か、新しい締切より後です。",
                "その間にしてください。",
            )
        )
    if announce is not None and announce <= extension.closes_at:
        faults.append(
            Fault("announce_at", "結果の公表が、新しい締切より前です。", "公表の日時も先にしてください。")
        )
    if not extension.reason.strip():
        faults.append(Fault("reason", "理由がありません。", "市町村に伝わる理由を書いてください。"))
    elif _ADDRESS.search(extension.reason):
        faults.append(
            Fault(
                "reason", "理由にメールアドレスが入っています。", "通知に載るため、アドレスを消してください。"
            )
        )
    if Application.objects.filter(call=call).exclude(status__in=_BEFORE_REVIEW).exists():
        faults.append(Fault("", "この募集は審査が始まっているため、締切を延ばせません。", ""))
    return faults


def _tell(case: Application, call: Call, reason: str, number: int, at: datetime) -> None:
    """The lead's department and the members that are in or asked, each with the new closing."""
    audience = Audience.of_department(case.lead_department_id, *_TOWN)
    for member in Member.objects.present().filter(application=case).exclude(role=MemberRole.LEAD):
        if member.organization_id is not None:
            audience += Audience.of_organization(member.organization_id, *_TOWN)
    day = f"{long_date(clock.today(call.closes_at))}{clock.local(call.closes_at):%H:%M}"
    notify(
        kind="grants.extend",
        key=f"grants:extend:{call.public_id}:{number}:{case.public_id}",
        audience=audience,
        title="募集の締切が延びました",
        lines=[f"募集：{call}", f"新しい締切：{day}", f"理由：{' '.join(reason.split())}"],
        path=f"/applications/{case.public_id}/",
        due_at=call.closes_at,
        at=at,
    )
