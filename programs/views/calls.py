"""Public pages of calls, and the stages of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.access import access, actor_of
from core.wareki import WEEKDAYS, near_date
from programs.enums import QuestionKind
from programs.models import Call
from programs.queries.call_forms import form_of
from programs.queries.catalogue import visible_calls
from programs.queries.rounds import Moved, closings_moved
from programs.rules import Availability
from programs.views.figures import office

PAGE_SIZE = 20


@dataclass(frozen=True)
class CallLine:
    """A call and its state at the instant of the page."""

    call: Call
    state: Availability


@access(public=True)
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """Open calls by closing, coming ones by opening; past ones, newest first, on pages."""
    at = clock.now()
    calls = visible_calls(actor_of(request), at)
    current = list(calls.filter(closes_at__gte=at))
    past = Paginator(calls.filter(closes_at__lt=at).order_by("-closes_at", "pk"), PAGE_SIZE)
    page = past.get_page(request.GET.get("page"))
    context = {
        "open": _lines((call for call in current if call.opens_at <= at), at),
        "coming": _lines(
            sorted((call for call in current if call.opens_at > at), key=lambda call: call.opens_at), at
        ),
        "past": _lines(page, at),
        "page": page,
    }
    return render(request, "calls/list.html", context)


def _lines(calls: Any, at: datetime) -> list[CallLine]:
    return [CallLine(call, call.availability(at)) for call in calls]


@access(public=True)
@require_safe
def call_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One call; 404 when the reader may not see it."""
    at = clock.now()
    call = visible_calls(actor_of(request), at).filter(public_id=public_id).first()
    if call is None:
        raise Http404
    form = form_of(call)
    context = call_context(call, at, moved=closings_moved(call)) | {
        "asked": asked_of(form.content if form else {})
    }
    return render(request, "calls/detail.html", context)


def call_context(call: Call, at: datetime, *, moved: list[Moved]) -> dict[str, Any]:
    """What the page of a call shows (reads `program` and `rule`)."""
    return {
        "call": call,
        "program": call.program,
        "office": office(call.program),
        "state": call.availability(at),
        "steps": steps_of(call, at),
        "moved": moved,
    }


@dataclass(frozen=True)
class Asked:
    """What applicants will be asked: the sections with their questions, the documents, and what is weighed."""

    title: str
    sections: list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]
    documents: list[Mapping[str, Any]]
    criteria: list[Mapping[str, Any]]
    kinds: Mapping[str, str]


def asked_of(content: Mapping[str, Any]) -> Asked | None:
    """The outline of a form's content; None of a call without a form."""
    if not content.get("sections"):
        return None
    sections = [
        (section, [row for row in content["questions"] if row["section"] == section["code"]])
        for section in content["sections"]
    ]
    kinds = dict(QuestionKind.choices)
    return Asked(str(content["form_title"]), sections, content["documents"], content["criteria"], kinds)


def steps_of(call: Call, at: datetime) -> list[dict[str, Any]]:
    """The stages of a call for the stepper: opening, precheck, closing, and its further phases.

    The stage that comes next is the present one; after the last, all are done. Days of another year than this name it.
    """
    today = clock.today(at)
    opens, closes = clock.today(call.opens_at), clock.today(call.closes_at)
    stages: list[tuple[date, str, str]] = [(opens, "受付開始", _words(opens, today))]
    if call.precheck_due_at:
        due = clock.today(call.precheck_due_at)
        stages.append((due, "案の事前確認", f"依頼は{_words(due, today)}まで"))
    hour = f"{clock.local(call.closes_at):%H:%M}"
    stages.append((closes, "申請の締切", f"{_words(closes, today)}{hour}まで"))
    stages += [_phase(phase, today) for phase in call.phases]
    stages.sort(key=lambda stage: stage[0])
    upcoming = next((n for n, stage in enumerate(stages) if stage[0] >= today), len(stages))
    return [
        {
            "label": label,
            "detail": detail,
            "state": "done" if n < upcoming else "now" if n == upcoming else "todo",
        }
        for n, (_, label, detail) in enumerate(stages)
    ]


def _phase(phase: dict[str, Any], today: date) -> tuple[date, str, str]:
    day = date.fromisoformat(phase["starts_on"])
    about = "ごろ" if phase.get("approximate") else ""
    return day, str(phase["label"]), f"{_words(day, today)}{about}"


def _words(day: date, today: date) -> str:
    return f"{near_date(day, today)}（{WEEKDAYS[day.weekday()]}）"
