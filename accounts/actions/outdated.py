"""Truth is checked again before a reminder is mailed: has its deadline moved, is its task done, is it too late?"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from accounts.models import Notice
from core import deadlines

logger = logging.getLogger(__name__)

_SETTLED: Final = "期限が変わったか、済んだため、この催促は送りませんでした。"
_PAST: Final = "期限を過ぎたため、期限前の催促は送りませんでした。"
_AFTER: Final = "overdue."


def outdated(notices: Iterable[Notice], *, at: datetime) -> dict[int, str]:
    """Row number → why it is not mailed any more, for the reminders among the notices. A few queries per app.

    A reminder whose truth cannot be read is mailed: better once too often than silently lost.
    """
    reminders = [notice for notice in notices if notice.deadline_key]
    if not reminders:
        return {}
    try:
        standing = _standing(frozenset(notice.case_key for notice in reminders), at)
    except Exception as error:  # noqa: BLE001 - the mails must go; the words may hold names
        logger.error("reminders cannot be checked again (%s)", type(error).__name__)  # noqa: TRY400
        return {}
    found = {}
    for notice in reminders:
        if notice.deadline_key not in standing:
            found[notice.pk] = _SETTLED
        elif not notice.kind.startswith(_AFTER) and notice.due_at is not None and at > notice.due_at:
            found[notice.pk] = _PAST
    return found


def _standing(cases: frozenset[str], at: datetime) -> set[str]:
    return {deadline.task_key for deadline in deadlines.planned(at, cases)}
