"""What the system does by itself: drafts expire at closing, come back with an extension, and cases are completed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from core import clock
from core.actor import SYSTEM
from grants.actions import locking, transition
from grants.enums import ApplicationStatus
from grants.models import Application
from grants.permissions import Ground, judge


def expire(*, application_id: int, at: datetime | None = None) -> Application:
    """A draft after closing: read-only, and to be copied into the next call. Raises as transition.begin."""
    return transition.fire(application_id, "expire", by=SYSTEM, at=at)


def reopen(*, application_id: int, at: datetime | None = None) -> Application:
    """An expired draft whose call closes later now. Raises as transition.begin."""
    return transition.fire(application_id, "reopen", by=SYSTEM, at=at)


def complete(*, application_id: int, comment: str = "", at: datetime | None = None) -> Application:
    """An adopted case whose last grant is closed or whose service is done. Raises as transition.begin."""
    return transition.fire(application_id, "complete", by=SYSTEM, at=at, comment=comment)


def expire_due(*, at: datetime | None = None) -> int:
    """Expire every draft of a closed call; how many. Safe to repeat, for the schedule."""
    instant = at or clock.now()
    drafts = Application.objects.filter(status=ApplicationStatus.DRAFT, call__closes_at__lt=instant)
    return _sweep("expire", drafts.order_by("pk").values_list("pk", flat=True), instant)


def reopen_due(*, at: datetime | None = None) -> int:
    """Reopen every expired draft whose call was extended; how many. Safe to repeat."""
    instant = at or clock.now()
    expired = Application.objects.filter(status=ApplicationStatus.EXPIRED, call__closes_at__gte=instant)
    return _sweep("reopen", expired.order_by("pk").values_list("pk", flat=True), instant)


def _sweep(action: str, application_ids: Iterable[int], at: datetime) -> int:
    done = 0
    for application_id in list(application_ids):
        with transaction.atomic():
            if judge(SYSTEM, action, locking.application(application_id), at).ground is not Ground.YES:
                continue  # somebody moved it between the list and the lock
            transition.fire(application_id, action, by=SYSTEM, at=at)
        done += 1
    return done
