"""When the reminders of one deadline go out: arithmetic on days, no data and no clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core import business_days, clock

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """accounts.models.ReminderRule as the arithmetic reads it. Offsets in business days, `hour` JST."""

    kind: str
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    hour: int = 9
    roles: frozenset[str] = frozenset()
    escalates_after: int | None = None
    escalation_roles: frozenset[str] = frozenset()
    escalation_body_roles: frozenset[str] = frozenset()
    quiet_hours: int = 24
    priority: int = 100
    is_required: bool = False
    lines_before: tuple[str, ...] = ()
    lines_after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One reminder of a deadline: `offset` in business days, negative before it, 0 on its day, positive overdue."""

    offset: int
    at: datetime
    escalated: bool = False

    @property
    def overdue(self) -> bool:
        """Whether it says that the deadline has passed."""
        return self.offset > 0


def steps(rule: Rule, deadline: datetime, closed: frozenset[date] = frozenset()) -> tuple[Step, ...]:
    """The reminders of a deadline in order of time, at most one a day, only on business days of the body.

    Those before it never stand at or after its instant: what would is moved to the business day before. Those
    after it stand on later business days.
    """
    day = clock.today(deadline)
    found: dict[datetime, Step] = {}
    for days in sorted(rule.before, reverse=True):  # where two fall on one day, the nearer one is kept
        at = _before(rule, deadline, day, days, closed)
        found[at] = Step(-days, at)
    for days in sorted(rule.after):
        at = clock.instant(business_days.add_business_days(day, days, closed), time(rule.hour))
        escalated = rule.escalates_after is not None and days >= rule.escalates_after
        found[at] = Step(days, at, escalated=escalated)
    return tuple(found[at] for at in sorted(found))


def _before(rule: Rule, deadline: datetime, day: date, days: int, closed: frozenset[date]) -> datetime:
    on = business_days.previous_business_day(business_days.add_business_days(day, -days, closed), closed)
    at = clock.instant(on, time(rule.hour))
    while at >= deadline:
        on = business_days.previous_business_day(on - _DAY, closed)
        at = clock.instant(on, time(rule.hour))
    return at
