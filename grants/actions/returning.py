"""Asking for corrections, and going on without them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault
from grants.actions import transition
from grants.actions.changes import person
from grants.actions.membership import require_reason
from grants.enums import ReturnEnd
from grants.models import Application, ReturnRequest


@transaction.atomic
def return_(
    *,
    application_id: int,
    by: Actor,
    sections: Sequence[str],
    reason: str,
    due_at: datetime,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> ReturnRequest:
    """Ask for corrections: which sections (codes of the form), why, by when. Only those open.

    Raises DomainError naming each faulty field, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(
        application_id, "return", by=by, at=instant, expected_version=expected_version
    )
    require_reason(reason)
    known = application.template.section_codes()
    if not sections or any(section not in known for section in sections):
        raise DomainError(Fault("sections", "直す部分が選ばれていません。", "一つ以上選んでください。"))
    if due_at <= instant:
        raise DomainError(Fault("due_at", "修正の期限がすでに過ぎています。", "先の日時にしてください。"))
    ordered = [code for code in known if code in sections]
    found = ReturnRequest.objects.create(
        application=application, origin=application.status, sections=ordered, reason=reason, due_at=due_at,
        returned_at=instant, returned_by_id=person(by),
    )  # fmt: skip
    payload = {"sections": ordered, "due_at": due_at}
    transition.finish(application, "return", by=by, at=instant, comment=reason, payload=payload)
    return found


@transaction.atomic
def take_back(
    *,
    application_id: int,
    by: Actor,
    comment: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Application:
    """After the due instant: go on with the version submitted last. Raises as transition.begin."""
    instant = at or clock.now()
    application = transition.begin(
        application_id, "take_back", by=by, at=instant, expected_version=expected_version
    )
    request = application.returns.get(closed_at__isnull=True)
    request.closed_at, request.closed_by_id, request.ended_as = instant, person(by), ReturnEnd.TAKEN_BACK
    request.save(update_fields=["closed_at", "closed_by", "ended_as"])
    transition.finish(application, "take_back", by=by, at=instant, target=request.origin, comment=comment)
    return application
