"""How new what the catalogue says of a program is."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from accounts.models import SourceDocument
from core import clock

UNRECORDED: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Said where a format demands an instant and nothing is known: no date anybody could take for a real one."""


def checked_days() -> dict[str, date]:
    """When each source was last checked, by its slug; those nobody dated are left out."""
    rows = SourceDocument.objects.filter(checked_on__isnull=False).order_by()
    return {slug: day for slug, day in rows.values_list("slug", "checked_on") if day is not None}


def first_known(
    published_at: datetime | None, citations: Iterable[Mapping[str, Any]], days: Mapping[str, date]
) -> datetime | None:
    """Since when it is on view; where that is not recorded, the day its newest source was checked."""
    if published_at is not None:
        return published_at
    checked = [days[cited["source"]] for cited in citations if cited.get("source") in days]
    return clock.instant(max(checked)) if checked else None


def last_known(first: datetime | None, calls: Iterable[datetime | None]) -> datetime | None:
    """The newest of that and the instants its rounds were announced."""
    return max((moment for moment in (first, *calls) if moment is not None), default=None)
