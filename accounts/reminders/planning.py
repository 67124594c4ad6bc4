"""Which reminders are due: a pure function of the data and an instant.

Nothing is stored ahead. `between` cuts time into windows that neither overlap nor leave anything out; `due` is
the window that ends now, long enough to catch up after the portal stood still. A reminder's key holds the
instant of its deadline, so an extension plans anew by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from django.conf import settings

from accounts.actions.notice import Audience, Told
from accounts.enums import Role
from accounts.models import ClosingDay, ReminderRule
from accounts.reminders import words
from accounts.reminders.schedule import Rule, Step, steps
from core import clock, deadlines
from core.deadlines import Cases, Deadline


@dataclass(frozen=True)
class Reminder:
    """One reminder: which step of which deadline, by which rule. Sorts by the instant it is for."""

    deadline: Deadline
    rule: Rule
    step: Step

    def __lt__(self, other: "Reminder") -> bool:
        return (self.step.at, self.deadline) < (other.step.at, other.deadline)

    @property
    def at(self) -> datetime:
        """The instant it is for."""
        return self.step.at

    @cached_property
    def key(self) -> str:
        """Unique per deadline (its instant included), whose task it is, and step."""
        return f"reminder:{self.deadline.key}:{self.deadline.target}:{self.step.offset:+d}"

    @property
    def kind(self) -> str:
        """The notice's kind: people choose by it what they are told, before and after the deadline apart."""
        return f"{'overdue' if self.step.overdue else 'reminder'}.{self.deadline.kind}"

    @property
    def why(self) -> str:
        """「期限の3営業日前」, 「期限の1営業日後（承認者・取りまとめにも）」."""
        if self.step.offset == 0:
            return "期限の日"
        reason = f"期限の{abs(self.step.offset)}営業日{'後' if self.step.overdue else '前'}"
        added = self.rule.escalation_roles | self.rule.escalation_body_roles
        labels = "・".join(str(role.label) for role in Role if role.value in added)
        return f"{reason}（{labels}にも）" if self.step.escalated and labels else reason

    @property
    def roles(self) -> frozenset[str]:
        """Who of the department is told; empty is everybody."""
        base = self.rule.roles or self.deadline.audience_roles
        return base | self.rule.escalation_roles if self.step.escalated and base else base


Dated = tuple[Step, date]


class Book:
    """The rules and closing days of one planning run, read once; what was worked out is kept for its length."""

    def __init__(self) -> None:
        rows = ReminderRule.objects.filter(is_active=True)
        self.rules = {row.kind: _rule(row) for row in rows}
        closed: dict[int, set[date]] = {}
        for body, day in ClosingDay.objects.values_list("organization_id", "day"):
            closed.setdefault(body, set()).add(day)
        self._closed = {body: frozenset(days) for body, days in closed.items()}
        self._steps: dict[tuple[str, datetime, int | None], tuple[Dated, ...]] = {}
        self._words: dict[tuple[object, ...], tuple[str, list[str]]] = {}
        self._audiences: dict[object, Audience] = {}

    def steps(self, rule: Rule, deadline: Deadline) -> tuple[Dated, ...]:
        """The steps of a deadline by the closing days of its body, each with its day (JST)."""
        body = deadline.organization_id if deadline.organization_id in self._closed else None
        key = (rule.kind, deadline.at, body)
        found = self._steps.get(key)
        if found is None:
            closed = self._closed[body] if body is not None else frozenset()
            made = steps(rule, deadline.at, closed)
            found = self._steps[key] = tuple((step, clock.today(step.at)) for step in made)
        return found

    def words(self, reminder: Reminder, at: datetime) -> tuple[str, list[str]]:
        """Title and lines; many reminders share them."""
        deadline, step = reminder.deadline, reminder.step
        key = (deadline.what, deadline.about, deadline.at, deadline.kind, step.offset, at)
        found = self._words.get(key)
        if found is None:
            lines = words.lines(deadline, reminder.rule, step)
            found = self._words[key] = (words.title(deadline, step, at), lines)
        return found

    def audience(self, reminder: Reminder) -> Audience:
        """For whom: the people of the task, or its departments by role, and after escalation those above them."""
        deadline, rule, escalated = reminder.deadline, reminder.rule, reminder.step.escalated
        key = (
            deadline.organization_id, deadline.department_id, deadline.departments, deadline.users,
            reminder.roles, escalated and rule.kind,
        )  # fmt: skip
        if key not in self._audiences:
            self._audiences[key] = _audience(reminder)
        return self._audiences[key]


def due(at: datetime, *, window: timedelta | None = None) -> Iterator[Reminder]:
    """What is due at an instant: planned since `window` ago (default: settings.REMINDER_CATCH_UP).

    Of those before a deadline none after it, however late the portal comes back.
    """
    span = window if window is not None else settings.REMINDER_CATCH_UP
    for reminder in between(at - span, at, data_at=at):
        if reminder.step.overdue or at <= reminder.deadline.at:
            yield reminder


def between(
    start: datetime,
    end: datetime,
    *,
    data_at: datetime | None = None,
    cases: Cases = None,
    book: Book | None = None,
) -> Iterator[Reminder]:
    """The reminders planned after `start`, up to and including `end`, by the data as it stands at `data_at`.

    At most one a day for a case and a body: that of the nearest deadline, then of the smaller `priority`. The
    choice looks at whole days, so it is the same however the windows are cut.
    """
    read = book or Book()
    rows = deadlines.planned(data_at if data_at is not None else end, cases)
    days = (clock.today(start), clock.today(end))
    for _, case in groupby(rows, key=attrgetter("case_key")):
        yield from _of_case(case, read, start, end, days)


def told(reminder: Reminder, book: Book, at: datetime) -> Told:
    """The notice that tells it at an instant."""
    deadline = reminder.deadline
    title, lines = book.words(reminder, at)
    return Told(
        kind=reminder.kind,
        key=reminder.key,
        audience=book.audience(reminder),
        title=title,
        lines=lines,
        path=deadline.url,
        due_at=deadline.at,
        at=at,
        case_key=deadline.case_key,
        deadline_key=f"{deadline.key}:{deadline.target}",
    )


def _of_case(
    case: Iterable[Deadline], book: Book, start: datetime, end: datetime, days: tuple[date, date]
) -> Iterator[Reminder]:
    """The reminders of one case: of each day and body the foremost."""
    foremost: dict[tuple[str, date], Reminder] = {}
    first, last = days
    for deadline in case:
        rule = book.rules.get(deadline.kind)
        if rule is None or deadline.is_public:
            continue
        for step, day in book.steps(rule, deadline):
            if first <= day <= last and _old_enough(deadline, rule, step):
                offered = Reminder(deadline, rule, step)
                key = (deadline.target, day)
                if key not in foremost or _rank(offered) < _rank(foremost[key]):
                    foremost[key] = offered
    found = [reminder for reminder in foremost.values() if start < reminder.step.at <= end]
    yield from sorted(found) if len(found) > 1 else found


def _old_enough(deadline: Deadline, rule: Rule, step: Step) -> bool:
    """Not before the task began, and before the deadline not within the rule's quiet hours after that."""
    if deadline.since is None:
        return True
    quiet = timedelta() if step.overdue else timedelta(hours=rule.quiet_hours)
    return step.at >= deadline.since + quiet


def _rank(reminder: Reminder) -> tuple[bool, datetime, int, str]:
    deadline = reminder.deadline
    return (reminder.step.overdue, deadline.at, reminder.rule.priority, deadline.kind)


def _audience(reminder: Reminder) -> Audience:
    deadline, rule, roles = reminder.deadline, reminder.rule, sorted(reminder.roles)
    units = deadline.departments or (
        {deadline.department_id} if deadline.department_id is not None else set()
    )
    found = Audience()
    if deadline.users:
        found = Audience.of_users(*deadline.users)
    elif units:
        for unit in sorted(units):
            found += Audience.of_department(unit, *roles)
    elif deadline.organization_id is not None:
        found = Audience.of_organization(deadline.organization_id, *roles)
    if reminder.step.escalated and rule.escalation_body_roles and deadline.organization_id is not None:
        found += Audience.of_organization(deadline.organization_id, *sorted(rule.escalation_body_roles))
    return found


def _rule(row: ReminderRule) -> Rule:
    return Rule(
        kind=row.kind,
        before=tuple(row.before),
        after=tuple(row.after),
        hour=row.hour,
        roles=frozenset(row.roles),
        escalates_after=row.escalates_after,
        escalation_roles=frozenset(row.escalation_roles),
        escalation_body_roles=frozenset(row.escalation_body_roles),
        quiet_hours=row.quiet_hours,
        priority=row.priority,
        is_required=row.is_required,
        lines_before=tuple(row.lines_before),
        lines_after=tuple(row.lines_after),
    )
