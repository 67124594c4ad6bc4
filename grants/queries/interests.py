"""Who could have an interest in a case, as far as the portal's own records say. A hint, never a verdict.

Looked at: posts in a body of the case, now or before, and seats in its committees. What the person declares decides.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from accounts.models import Membership
from core import clock
from core.wareki import wareki
from grants.models import Application, CommitteeSeat

_OPEN: Final = "いま"


def interests(application: Application, users: Iterable[int], at: datetime) -> dict[int, list[str]]:
    """User → sentences; only users about whom something is known. Three queries."""
    bodies = list(
        application.members.exclude(organization=None)
        .order_by()
        .values_list("organization_id", flat=True)
        .distinct()
    )
    people, today = list(users), clock.today(at)
    found: dict[int, list[str]] = {}
    posts = Membership.objects.filter(user__in=people, department__organization__in=bodies)
    for post in posts.select_related("department__organization").order_by("starts_on", "pk"):
        when = "所属しています" if _holds(post.starts_on, post.ends_on, today) else "所属していました"
        words = f"{post.department.organization.name} {post.department.name}に{when}（{_period(post.starts_on, post.ends_on)}）。"
        _add(found, post.user_id, words)
    seats = CommitteeSeat.objects.filter(user__in=people, organization__in=bodies)
    for seat in seats.select_related("organization").order_by("starts_on", "pk"):
        when = "務めています" if _holds(seat.starts_on, seat.ends_on, today) else "務めていました"
        words = f"{seat.organization.name}の{seat.name}を{when}（{_period(seat.starts_on, seat.ends_on)}）。"
        _add(found, seat.user_id, words)
    return found


def _add(found: dict[int, list[str]], user: int, words: str) -> None:
    told = found.setdefault(user, [])
    if words not in told:
        told.append(words)


def _holds(starts: date | None, ends: date | None, today: date) -> bool:
    return (starts is None or starts <= today) and (ends is None or ends >= today)


def _period(starts: date | None, ends: date | None) -> str:
    return f"{wareki(starts) if starts else '時期不明'}から{wareki(ends) if ends else _OPEN}まで"
