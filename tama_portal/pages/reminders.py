"""What goes out this week, to whom, why: the plan of reminders for those who answer for it."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import reminders
from accounts.models import Organization
from accounts.reminders import Book, Reminder
from core import clock
from core.access import access, actor_of
from core.actor import Actor
from tama_portal.reminder_plan import Line, lines

PAGE_SIZE: Final = 50
SPANS: Final = {"7": "7日間", "30": "30日間"}


@dataclass(frozen=True)
class Day:
    """The reminders of one day (JST)."""

    on: date
    lines: list[Line]


@access(action="accounts.read_reminders")
@require_safe
def reminder_plan(request: HttpRequest) -> HttpResponse:
    """The reminders of the next days as the data stands now; towns see those of their own body.

    What the reader may not know of (drafts that no precheck was asked for, other bureaus' cases) is only counted.
    """
    actor, at, book = actor_of(request), clock.now(), Book()
    span = request.GET.get("days", "")
    days = span if span in SPANS else next(iter(SPANS))
    found = list(reminders.between(at, at + timedelta(days=int(days)), data_at=at, book=book))
    own = sorted(reminder for reminder in found if _may_know(actor, reminder))
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = lines(page.object_list, book, clock.today(at))
    context = {
        "days": [
            Day(on, list(of_day)) for on, of_day in groupby(shown, key=lambda line: clock.today(line.at))
        ],
        "page_obj": page,
        "hidden": len(found) - len(own) if _is_metropolitan(actor) else 0,
        "spans": SPANS,
        "span": days,
    }
    return render(request, "pages/reminders.html", context)


def _may_know(actor: Actor, reminder: Reminder) -> bool:
    """Own body's in a town; in 都 those to one's own department and those its department may know of."""
    deadline = reminder.deadline
    if not actor.belongs_to(deadline.organization_id) or deadline.departments or deadline.users:
        mine = {deadline.department_id, *deadline.departments, *deadline.known_to}
        return actor.department_id in mine
    return True


def _is_metropolitan(actor: Actor) -> bool:
    body = Organization.objects.filter(pk=actor.organization_id or 0).first()
    return body is not None and not body.is_municipality
