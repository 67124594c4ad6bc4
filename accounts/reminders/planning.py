"""Which reminders are due: a pure function of the data and an instant.

Nothing is stored ahead. `between` cuts time into windows that neither overlap nor leave anything out; `due` is
the window that ends now, long enough to catch up after the portal stood still. A reminder's key holds the
instant of its deadline, so an extension plans anew by itself.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings

from accounts.actions.notice import Audience, Told
from accounts.enums import Role
from accounts.models import ClosingDay, ReminderRule
from accounts.reminders import words
from accounts.reminders.schedule import Rule, Step, steps
from core import clock, deadlines
from core.deadlines import Cases, Deadline


class Reminder(NamedTuple):
    """One reminder: which step of which deadline, by which rule. Sorts by the instant it is for."""

    deadline: Deadline
    rule: Rule
    step: Step

    def __lt__(self, other: tuple[Any, ...]) -> bool:
        """By the instant it is for, then by deadline."""
        return bool((self.step.at, self.deadline) < (other[2].at, other[0]))

    @property
    def at(self) -> datetime:
        """The instant it is for."""
        return self.step.at

    @property
    def key(self) -> str:
        """Unique per deadline (its instant included), whose task it is, and step."""
        return f"reminder:{self.deadline.task_key}:{self.step.offset:+d}"

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


class Candidate(NamedTuple):
    """A step on one of the days asked for: its day, the latest `since` of a task it is for, is it in the span?"""

    step: Step
    day: date
    latest: datetime
    in_span: bool


class Book:
    """The rules and closing days of one planning run, read once; what was worked out is kept for its length."""

    def __init__(self) -> None:
        rows = ReminderRule.objects.filter(is_active=True)
        self.rules = {row.kind: _rule(row) for row in rows}
        closed: dict[int, set[date]] = {}
        for body, day in ClosingDay.objects.values_list("organization_id", "day"):
            closed.setdefault(body, set()).add(day)
        self._closed = {body: frozenset(days) for body, days in closed.items()}
        self._steps: dict[tuple[str, datetime, int | None], tuple[Step, ...]] = {}
        self._words: dict[tuple[object, ...], tuple[str, tuple[str, ...]]] = {}
        self._audiences: dict[object, Audience] = {}

    def closing_body(self, deadline: Deadline) -> int | None:
        """The deadline's body, if it has closing days of its own."""
        return deadline.organization_id if deadline.organization_id in self._closed else None

    def steps(self, rule: Rule, at: datetime, body: int | None) -> tuple[Step, ...]:
        """The steps of a deadline by the closing days of a body (`closing_body`)."""
        found = self._steps.get((rule.kind, at, body))
        if found is None:
            closed = self._closed[body] if body is not None else frozenset()
            found = self._steps[rule.kind, at, body] = steps(rule, at, closed)
        return found

    def words(self, reminder: Reminder, at: datetime) -> tuple[str, tuple[str, ...]]:
        """Title and lines; many reminders share them."""
        deadline, _, step = reminder
        key = (deadline.what, deadline.about, deadline.at, deadline.kind, step.offset, at)
        found = self._words.get(key)
        if found is None:
            lines = words.lines(deadline, reminder.rule, step)
            found = self._words[key] = (words.title(deadline, step, at), tuple(lines))
        return found

    def audience(self, reminder: Reminder) -> Audience:
        """For whom: the people of the task, or its departments by role, and after escalation those above them."""
        deadline = reminder.deadline
        key = (
            deadline.organization_id, deadline.department_id, deadline.departments, deadline.users,
            deadline.audience_roles, deadline.kind, reminder.step.escalated,
        )  # fmt: skip
        found = self._audiences.get(key)
        if found is None:
            found = self._audiences[key] = _audience(reminder)
        return found


def due(at: datetime, *, window: timedelta | None = None) -> Iterator[Reminder]:
    """What is due at an instant: planned since `window` ago (default: settings.REMINDER_CATCH_UP).

    Of those before a deadline none after it, however late the portal comes back.
    """
    span = window if window is not None else settings.REMINDER_CATCH_UP
    for reminder in between(at - span, at, data_at=at):
        if at <= reminder.deadline.at or reminder.step.overdue:
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
    span = _Span(book or Book(), start, end)
    case: list[Deadline] = []
    for deadline in deadlines.planned(data_at if data_at is not None else end, cases):
        if case and case[0].case_key != deadline.case_key:
            yield from _of_case(case, span)
            case = []
        case.append(deadline)
    yield from _of_case(case, span)


def told(reminder: Reminder, book: Book, at: datetime, key: str = "") -> Told:
    """The notice that tells it at an instant; `key` is the reminder's own where it is at hand."""
    deadline = reminder.deadline
    title, lines = book.words(reminder, at)
    return Told(
        reminder.kind, key or reminder.key, book.audience(reminder), title, lines, deadline.url, deadline.at, at,
        deadline.case_key, deadline.task_key,
    )  # fmt: skip


class _Span:
    """The time that is planned: after `start`, up to and including `end`, and what was worked out for it."""

    def __init__(self, book: Book, start: datetime, end: datetime) -> None:
        self.rules = book.rules
        self._book, self._start, self._end = book, start, end
        self._first, self._last = clock.today(start), clock.today(end)
        self._candidates: dict[tuple[str, datetime, int | None], tuple[Candidate, ...]] = {}

    def candidates(self, rule: Rule, deadline: Deadline) -> tuple[Candidate, ...]:
        """The steps of a deadline on the days of this time."""
        body = self._book.closing_body(deadline)
        key = (rule.kind, deadline.at, body)
        found = self._candidates.get(key)
        if found is None:
            made = [self._candidate(rule, step) for step in self._book.steps(rule, deadline.at, body)]
            found = self._candidates[key] = tuple(
                each for each in made if self._first <= each.day <= self._last
            )
        return found

    def _candidate(self, rule: Rule, step: Step) -> Candidate:
        """Not before the task began, and before the deadline not within the rule's quiet hours after that."""
        quiet = timedelta() if step.overdue else timedelta(hours=rule.quiet_hours)
        return Candidate(
            step, clock.today(step.at), step.at - quiet, in_span=self._start < step.at <= self._end
        )


def _of_case(case: list[Deadline], span: _Span) -> list[Reminder]:
    """The reminders of one case: of each day and body the foremost."""
    offers = [
        (Reminder(deadline, rule, step), day, in_span)
        for deadline in case
        if (rule := span.rules.get(deadline.kind)) is not None and not deadline.is_public
        for step, day, latest, in_span in span.candidates(rule, deadline)
        if deadline.since is None or deadline.since <= latest
    ]
    if len(offers) <= 1:
        return [reminder for reminder, _, in_span in offers if in_span]
    foremost: dict[tuple[str, date], tuple[Reminder, bool]] = {}
    for offered, day, in_span in offers:
        key = (offered.deadline.target, day)
        if key not in foremost or _rank(offered) < _rank(foremost[key][0]):
            foremost[key] = (offered, in_span)
    return sorted(reminder for reminder, in_span in foremost.values() if in_span)


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
