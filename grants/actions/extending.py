"""締切の延長: one action with its reason; everybody concerned is told, reminders and expired drafts follow by themselves.

Deadlines are derived, so nothing else has to be moved: what was planned for the earlier instant is not sent.
Shortening takes time away from towns and needs a second person (grants.actions.shortening); a proposal that waits
ends with the extension. Source: docs/glossary.md (締切).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from grants.actions import locking
from grants.actions.closing import reopen_due
from grants.actions.closing_moves import reason_fault, tell_cases
from grants.actions.shortening import supersede
from grants.enums import ApplicationStatus
from grants.models import Application
from grants.permissions.conditions import instant_text
from programs.actions.calls import move_closing
from programs.models import Call

_BEFORE_REVIEW: Final = frozenset(
    {
        ApplicationStatus.DRAFT, ApplicationStatus.EXPIRED, ApplicationStatus.DISCARDED,
        ApplicationStatus.SUBMITTED, ApplicationStatus.WITHDRAWN,
    }
)  # fmt: skip


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
    locked = locking.call(call.pk)
    require(by, "grants.extend_call", locked, instant)
    if locked.closes_at != extension.shown:
        raise Conflict("表示してから、締切が変わりました。いまの締切を確かめてください。")
    if faults := _faults(locked, extension, instant):
        raise DomainError(*faults)
    supersede(locked, by, instant)
    event = move_closing(
        call=locked,
        closes_at=extension.closes_at,
        precheck_due_at=extension.precheck_due_at or locked.precheck_due_at,
        announce_at=extension.announce_at or locked.announce_at,
        reason=extension.reason,
        by=by,
        at=instant,
    )
    lines = [
        f"募集：{locked}",
        f"新しい締切：{instant_text(locked.closes_at)}",
        f"理由：{' '.join(extension.reason.split())}",
    ]
    told = tell_cases(locked, "grants.extend", "募集の締切が延びました", lines, event.sequence, instant)
    transaction.on_commit(lambda: reopen_due(at=instant))
    return told


def _faults(call: Call, extension: Extension, at: datetime) -> list[Fault]:
    faults = []
    if extension.closes_at <= max(call.closes_at, at):
        faults.append(
            Fault(
                "closes_at",
                "いまの締切か現在より前です。",
                "先の日時にしてください。早めるときは、「締切を早める」で提案します。",
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
    if fault := reason_fault("reason", extension.reason):
        faults.append(fault)
    if Application.objects.filter(call=call).exclude(status__in=_BEFORE_REVIEW).exists():
        faults.append(Fault("", "この募集は審査が始まっているため、締切を延ばせません。", ""))
    return faults
