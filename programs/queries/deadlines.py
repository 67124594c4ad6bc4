"""The dates of calls: opening, precheck, closing, announcement. Public, and nobody's task."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from core.deadlines import Cases, Deadline
from programs.models import Call
from programs.models.call import CallQuerySet

KINDS: Final[dict[str, str]] = {
    "programs.opening": "受付開始",
    "programs.precheck": "案の事前確認の期限",
    "programs.closing": "締切",
    "programs.announcement": "結果の公表",
}
"""The kinds of dates of a call, in the order they come, with their words."""
_COLUMNS: Final = ("opens_at", "precheck_due_at", "closes_at", "announce_at")
_PAST: Final = timedelta(days=60)


def planned_deadlines(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The dates of published calls that are not long over, call by call."""
    rows = Call.objects.published(at).select_related("program").order_by("pk")
    rows = rows.filter(closes_at__gte=at - _PAST) | rows.filter(announce_at__gte=at - _PAST)
    return deadlines_of(rows if cases is None else rows.filter(public_id__in=cases))


def deadlines_of(calls: CallQuerySet | Iterable[Call]) -> Iterator[Deadline]:
    """The dates of calls, call by call; a call without a date for a step has no deadline of it."""
    rows = calls.iterator(chunk_size=500) if isinstance(calls, CallQuerySet) else calls
    for call in rows:
        name = f"【架空】{call}" if call.is_fictional else str(call)
        for (kind, word), column in zip(KINDS.items(), _COLUMNS, strict=True):
            at = getattr(call, column)
            if at is not None:
                yield Deadline(
                    kind=kind, at=at, title=f"{word}：{name}", url=f"/calls/{call.public_id}/",
                    case_key=call.public_id, what=word, about=f"募集：{name}",
                )  # fmt: skip
