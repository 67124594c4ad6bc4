"""Who else has a case open: noted when a page of it is shown, forgotten after a while. Nothing of it is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from grants.views.review_frame import ReviewPage

LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Visitor:
    """A colleague who opened the case, and when last."""

    user_id: int
    name: str
    unit: str
    at: datetime


def others_here(page: ReviewPage) -> list[Visitor]:
    """Note that this person has the case open, and say who else had it open within the last minutes.

    Only insiders are noted and told. It is a courtesy: two notes at the same instant may lose one.
    """
    if not page.is_insider or page.actor.user_id is None:
        return []
    key = f"review-open:{page.application.public_id}"
    known: list[Visitor] = cache.get(key) or []
    others = [one for one in known if one.user_id != page.actor.user_id and one.at > page.at - LASTS]
    mine = Visitor(page.actor.user_id, page.actor.name, page.actor.department_name, page.at)
    cache.set(key, [*others, mine], LASTS.total_seconds())
    return sorted(others, key=lambda one: one.at, reverse=True)
