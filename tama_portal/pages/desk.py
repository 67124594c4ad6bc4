"""課の机: the acting department's tasks by due date, gathered from every app, and its newest notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Notice
from core import clock, deadlines
from core.access import access, actor_of, allowed
from core.templatetags.formats import month_day, wareki
from core.wareki import WEEKDAYS

PAGE_SIZE: Final = 50
NEWEST: Final = 5
_SOON_DAYS: Final = 3


@dataclass(frozen=True)
class Task:
    """A deadline with the calendar days (JST) left: negative when it has passed."""

    deadline: deadlines.Deadline
    days: int
    overdue: bool
    this_year: bool = True

    @property
    def day_words(self) -> str:
        """11月26日（木）; in another calendar year 令和9年2月20日（土）."""
        day = clock.today(self.deadline.at)
        return month_day(day) if self.this_year else f"{wareki(day)}（{WEEKDAYS[day.weekday()]}）"

    @property
    def words(self) -> str:
        """How long there still is, in words."""
        if self.overdue:
            return f"{-self.days}日過ぎています" if self.days else "今日の期限を過ぎました"
        return "今日まで" if self.days == 0 else f"あと{self.days:,}日"

    @property
    def soon(self) -> bool:
        """Still in time, but within three days."""
        return not self.overdue and self.days <= _SOON_DAYS


@dataclass(frozen=True)
class Bucket:
    """Tasks under one heading; `span` names the days it covers."""

    title: str
    tone: str
    span: str
    tasks: list[Task]


@access(signed_in=True)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What the acting department has to do, the earliest first."""
    actor, at = actor_of(request), clock.now()
    page = Paginator(deadlines.collect(actor, at), PAGE_SIZE).get_page(request.GET.get("page"))
    unread = Notice.objects.unread_by(actor)
    newest = list(Notice.objects.for_reader(actor)[:NEWEST])
    context = {
        "page_obj": page,
        "buckets": buckets(page.object_list, at),
        "newest": newest,
        "may_plan": bool(allowed(actor, "accounts.read_reminders")),
        "may_request": bool(allowed(actor, "programs.budget_request")),
        "may_run": bool(allowed(actor, "accounts.run_operations")),
        "unread_numbers": set(unread.filter(pk__in=[row.pk for row in newest]).values_list("pk", flat=True)),
    }
    return render(request, "pages/desk.html", context)


def buckets(found: Iterable[deadlines.Deadline], at: datetime) -> list[Bucket]:
    """Overdue, this week, next week, later; weeks end on Sunday, days are Japanese. Empty ones are left out."""
    today = clock.today(at)
    sunday = today + timedelta(days=6 - today.weekday())
    tasks = [_task(deadline, at) for deadline in found]
    this_week = [task for task in tasks if not task.overdue and _day(task) <= sunday]
    next_week = [task for task in tasks if sunday < _day(task) <= sunday + timedelta(days=7)]
    later = [task for task in tasks if _day(task) > sunday + timedelta(days=7)]
    every = [
        Bucket("期限を過ぎたもの", "bad", "", [task for task in tasks if task.overdue]),
        Bucket("今週", "warn", _span(today, sunday), this_week),
        Bucket("来週", "info", _span(sunday + timedelta(days=1), sunday + timedelta(days=7)), next_week),
        Bucket("そのあと", "neutral", "", later),
    ]
    return [bucket for bucket in every if bucket.tasks]


def _task(deadline: deadlines.Deadline, at: datetime) -> Task:
    day, today = clock.today(deadline.at), clock.today(at)
    return Task(
        deadline, (day - today).days, overdue=not deadline.is_open(at), this_year=day.year == today.year
    )


def _day(task: Task) -> date:
    return clock.today(task.deadline.at)


def _span(first: date, last: date) -> str:
    return (
        month_day(first) if first == last else f"{first.month}月{first.day}日から{last.month}月{last.day}日"
    )
