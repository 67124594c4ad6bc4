"""点検の免除 and taking it back: by the office, with a reason, while the case is not decided."""

from datetime import datetime

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from grants.actions import locking, telling, transition
from grants.actions.changes import person
from grants.models import Waiver
from grants.queries.waivers import waivable_checks


@transaction.atomic
def waive_check(
    *, application_id: int, by: Actor, check_code: str, reason: str, at: datetime | None = None
) -> Waiver:
    """Do without one check of a case. Raises Refused for anybody but the bureau's officers, Conflict where it is
    waived already, DomainError for a check that may not be waived or a missing reason."""
    instant = at or clock.now()
    application = locking.application(application_id)
    require(by, "grants.waive_check", application, instant)
    transition.require_person(by)
    label, faults = waivable_checks(application.template).get(check_code), []
    if label is None:
        faults.append(
            Fault("check_code", "この点検は免除できません。", "一覧にある点検からえらんでください。")
        )
    if not reason.strip():
        faults.append(Fault("reason", "理由がありません。", "市町村にも伝わる理由を書いてください。"))
    if label is None or faults:
        raise DomainError(*faults)
    if application.waivers.filter(check_code=check_code, revoked_at__isnull=True).exists():
        raise Conflict(Fault("check_code", f"{label}は、すでに免除しています。"))
    made = Waiver.objects.create(
        application=application, check_code=check_code, label=label, reason=reason.strip(), waived_at=instant,
        waived_by_id=person(by),
    )  # fmt: skip
    _record(made, "waive_check", made.reason, by, instant)
    return made


@transaction.atomic
def revoke_waiver(*, waiver_id: int, by: Actor, reason: str, at: datetime | None = None) -> Waiver:
    """Ask for the check again. Raises Refused for anybody but the bureau's officers and once the case is decided,
    Conflict where it was revoked already, DomainError without a reason."""
    instant = at or clock.now()
    known = Waiver.objects.filter(pk=waiver_id).first()
    if known is None:
        raise Refused
    application = locking.application(known.application_id)
    require(by, "grants.revoke_waiver", application, instant)
    transition.require_person(by)
    held = Waiver.objects.get(pk=waiver_id)
    held.application = application
    if not held.is_live:
        raise Conflict("この免除は、すでに取り消されています。最新の画面で確かめてください。")
    if not reason.strip():
        raise DomainError(Fault("reason", "理由がありません。", "市町村にも伝わる理由を書いてください。"))
    held.revoke_reason, held.revoked_at, held.revoked_by_id = reason.strip(), instant, person(by)
    held.save(update_fields=["revoke_reason", "revoked_at", "revoked_by"])
    _record(held, "revoke_waiver", held.revoke_reason, by, instant)
    return held


def _record(held: Waiver, action: str, reason: str, by: Actor, at: datetime) -> None:
    payload = {"waiver": held.public_id, "check": held.check_code, "label": held.label}
    event = transition.record(held.application, action, by=by, at=at, comment=reason, payload=payload)
    telling.tell(held.application, event)
