"""The metropolitan side's list: calls in numbers, cases with filters in the address, one's own tasks first."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Role
from core.access import actor_of, allowed, arrival_of
from core.actor import Actor
from core.exceptions import Refused
from grants import queries
from grants.enums import ApplicationStatus
from grants.models import Application
from grants.queries.cases import CallOverview
from grants.queries.opinions import asked_of, open_opinions
from grants.queries.reviewing import METROPOLITAN_ROLES, WAITING_WORDS, review_cases
from grants.queries.waiting import FIRST, condition, home_groups, waiting_cases
from grants.views.review_frame import TONES, sees
from programs.models import Call

PAGE_SIZE: Final = 20
NEAREST: Final = 8
"""Calls shown at first, those that close last; `?calls=all` shows all."""
S = ApplicationStatus
_COLUMNS: Final[dict[str, tuple[S, ...]]] = {
    "作成中": (S.DRAFT,),
    "受付済": (S.SUBMITTED,),
    "修正依頼中": (S.RETURNED,),
    "審査中": (S.UNDER_REVIEW,),
    "決定待ち": (S.DECIDING,),
    "採択": (S.ADOPTED, S.COMPLETED, S.DISCONTINUED),
    "不採択": (S.REJECTED,),
    "補欠": (S.RESERVE,),
    "取下げ": (S.WITHDRAWN,),
}
"""Columns of the table of calls. Drafts are a number only, until a precheck is asked for."""


@dataclass(frozen=True)
class Chip:
    """One filter: its value in the address, its words, how many cases it would show."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Line:
    """One case of the list."""

    application: Application
    title: str
    waiting: str
    badge: tuple[str, str, str]


@sees
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """The cases this person may open, those that wait for it first; for officers and deciders the calls in numbers."""
    actor, at = actor_of(request), arrival_of(request)
    if not actor.has_role(*METROPOLITAN_ROLES, Role.AUDITOR):
        raise Refused
    whole = waiting_cases(actor, at)
    if not actor.has_role(*METROPOLITAN_ROLES) and not whole.exists():
        raise Refused  # the audit of another body
    filters = {name: request.GET.get(name, "") for name in ("state", "call", "q", "mine", "group")}
    narrow = not actor.has_role(Role.OFFICER, Role.DECIDER, Role.AUDITOR)
    overview = queries.calls_overview(actor, at)
    rows = _filtered(whole, filters, at)
    first = Case(When(waiting="", then=Value(1)), default=Value(0), output_field=IntegerField())
    page = Paginator(rows.order_by(first, "-submitted_at", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    known = [(row, _counts(row)) for row in overview if row.counts]
    chips, whole_list = _calls(whole, filters, at), request.GET.get("calls") == "all"
    home: dict[str, object] = {} if any(filters.values()) else _home(actor, at, narrow=narrow)
    context = {
        **home,
        "page_obj": page, "lines": [_line(row, narrow=narrow) for row in page], "filters": filters,
        "states": [] if narrow else _states(whole, filters, at), "calls": chips if whole_list else _nearest(chips, filters["call"]),
        "mine": _filtered(whole, filters | {"mine": "1"}, at).count(), "everything": whole.count(),
        "overview": known if whole_list else known[:NEAREST], "columns": list(_COLUMNS),
        "further": 0 if whole_list else max(len(known), len(chips)) - NEAREST,
        "narrow": narrow, "active": any(filters.values()),
        "may_extend": bool(allowed(actor, "grants.extend_call", None, at)),
    }  # fmt: skip
    return render(request, "grants/review/list.html", context)


def _home(actor: Actor, at: datetime, *, narrow: bool) -> dict[str, object]:
    """What waits for whom, each with its date and one link; those who only review see their own tasks alone."""
    groups = [group for group in home_groups(actor, at) if group.key == "todo" or not narrow]
    waiting = open_opinions(review_cases(actor, at)) if not narrow else None
    return {
        "groups": [
            (
                group,
                [(row, WAITING_WORDS.get(vars(row)["waiting"], ""), _late(row, at)) for row in group.rows],
            )
            for group in groups
        ],
        "opinions": [] if waiting is None else [(one, one.due_at < at) for one in waiting[:FIRST]],
        "opinion_count": 0 if waiting is None else waiting.count(),
        "asked_of_us": [(one, one.due_at < at) for one in asked_of(actor)[:FIRST]],
    }


def _late(row: Application, at: datetime) -> bool:
    due: datetime | None = vars(row)["due"]
    return due is not None and due < at


def _filtered(rows: QuerySet[Application], filters: Mapping[str, str], at: datetime) -> QuerySet[Application]:
    """The rows that meet every filter; unknown values show nothing rather than everything."""
    if filters["state"]:
        rows = rows.filter(status=filters["state"])
    if filters["call"]:
        rows = rows.filter(call__public_id=filters["call"])
    if filters["mine"]:
        rows = rows.exclude(Q(waiting=""))
    if filters["group"]:
        rows = rows.filter(condition(filters["group"], at))
    words = unicodedata.normalize("NFKC", filters["q"]).replace("\x00", "").split()
    for word in words:
        rows = rows.filter(
            Q(shown_title__icontains=word) | Q(receipt_number__icontains=word) | Q(lead__name__icontains=word)
        )
    return rows


def _states(rows: QuerySet[Application], filters: Mapping[str, str], at: datetime) -> list[Chip]:
    counted = _filtered(rows, {**filters, "state": ""}, at).order_by().values_list("status")
    numbers = dict(counted.annotate(number=Count("pk")))
    return [Chip(state.value, str(state.label), numbers[state]) for state in S if state in numbers]


def _calls(rows: QuerySet[Application], filters: Mapping[str, str], at: datetime) -> list[Chip]:
    """The calls with their numbers, the one that closes last first."""
    kept = _filtered(rows, {**filters, "call": ""}, at).order_by()
    numbers = dict(kept.values_list("call").annotate(number=Count("pk")))
    calls = Call.objects.filter(pk__in=numbers).select_related("program").order_by("-closes_at", "pk")
    return [Chip(call.public_id, f"{call.program.title}　{call.name}", numbers[call.pk]) for call in calls]


def _nearest(chips: list[Chip], chosen: str) -> list[Chip]:
    """The first calls, and the chosen one wherever it stands."""
    return [chip for place, chip in enumerate(chips) if place < NEAREST or chip.value == chosen]


def _counts(row: CallOverview) -> list[int]:
    return [sum(row.counts.get(state, 0) for state in states) for states in _COLUMNS.values()]


def _line(row: Application, *, narrow: bool) -> Line:
    state = row.town_label() if narrow else str(row.state.label)
    tone = ("info", "half") if narrow else TONES.get(row.status, ("neutral", "ring"))
    waiting = getattr(row, "waiting", "")
    title = getattr(row, "shown_title", "") or str(row)
    return Line(row, title, WAITING_WORDS.get(waiting, ""), (state, *tone))
