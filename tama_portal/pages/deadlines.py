"""The dates that everybody may know, as a page and as a calendar; and the calendar of one department."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from allauth.core import ratelimit
from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actions.calendars import note_use, token_digest
from accounts.models import CalendarToken, Organization
from accounts.models.notice import heirs
from accounts.queries import actor_for, memberships_in_force, municipalities
from core import clock, deadlines
from core.access import access
from core.actor import ANONYMOUS
from core.context import SITE_NAME
from core.deadlines import Deadline
from core.forms import PlainMessages
from core.throttle import seconds_to_wait
from core.wareki import wareki
from grants.queries.inquiries import question_dates
from programs.enums import Level
from programs.models import Call, Program
from programs.queries.deadlines import KINDS, deadlines_of
from programs.queries.places import place_of
from programs.queries.search import Criteria, search
from tama_portal import calendars

PAGE_SIZE: Final = 50
_MONTHS_BACK, _MONTHS_AHEAD = 6, 18
_CALLED_OFF_SHOWN: Final = timedelta(days=90)
_KEPT_PAST: Final = timedelta(days=60)
_DECEMBER: Final = 12
_KINDS: Final = {**KINDS, "grants.ask": "質問の期限"}
WRONG_A_MINUTE: Final = 60
PUBLIC_CACHE: Final = "public, max-age=300"
PRIVATE_CACHE: Final = "private, no-cache"


@dataclass(frozen=True)
class DateLine:
    """One date of a call: `name` is the call's, `level` its program's."""

    at: datetime
    kind: str
    what: str
    name: str
    url: str
    level: str


@dataclass(frozen=True)
class Dates:
    """The dates of one month."""

    title: str
    dates: list[DateLine]


class DeadlineFilter(PlainMessages, forms.Form):
    """Which dates: of a municipality's programs, of one program and what it is part of, of a level, kind, month (JST)."""

    program = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    municipality = forms.ChoiceField(label="自治体", required=False)
    level = forms.ChoiceField(label="出している所", required=False, choices=[("", "すべて"), *Level.choices])
    kind = forms.ChoiceField(label="何の日", required=False)
    month = forms.ChoiceField(label="月", required=False)

    def __init__(self, data: Any, at: datetime) -> None:
        super().__init__(data)
        self.bodies = {body.code: body for body in municipalities()}
        choices = {
            "municipality": [(code, body.name) for code, body in self.bodies.items()],
            "kind": [(kind.partition(".")[2], word) for kind, word in _KINDS.items()],
            "month": _months(clock.today(at)),
        }
        for name, pairs in choices.items():
            self.fields[name].choices = [("", "すべて"), *pairs]  # type: ignore[attr-defined]  # a ChoiceField

    def dates(self, at: datetime, *, since: datetime) -> list[Deadline]:
        """The dates asked for, by instant: those of the month, or from `since` on."""
        given: dict[str, str] = self.cleaned_data if self.is_valid() else {}
        first, end = _span(given.get("month", ""))
        start = first or since
        calls = Call.objects.published(at).select_related("program")
        calls = calls.filter(closes_at__gte=start) | calls.filter(announce_at__gte=start)
        if given.get("program"):
            named = Program.objects.filter(slug=given["program"])
            calls = calls.filter(Q(program__in=named) | Q(program__in=named.values("parent")))
        if given.get("level"):
            calls = calls.filter(program__level=given["level"])
        if given.get("municipality"):
            calls = calls.filter(program__in=_programs_of(self.bodies[given["municipality"]], at))
        kind = given.get("kind", "")
        return sorted(
            each
            for each in (*deadlines_of(calls.order_by("pk")), *question_dates(calls.order_by(), at))
            if start <= each.at
            and (end is None or each.at < end)
            and (not kind or each.kind.partition(".")[2] == kind)
        )


@access(public=True)
@require_safe
def deadline_list(request: HttpRequest) -> HttpResponse:
    """Public dates from today on, or those of a month, fifty a page."""
    at = clock.now()
    form = DeadlineFilter(request.GET, at)
    page = Paginator(form.dates(at, since=clock.instant(clock.today(at))), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page_obj": page,
        "months": by_month(list(page.object_list)),
        "program": Program.objects.visible_to(ANONYMOUS, at)
        .filter(slug=request.GET.get("program", ""))
        .first(),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "feed": f"?{query}" if (query := _feed_query(request)) else "",
    }
    return render(request, "pages/deadlines.html", context, status=200 if form.is_valid() else 422)


@access(public=True)
@require_safe
def public_feed(request: HttpRequest) -> HttpResponseBase:
    """The same dates for calendar programs; parameters as on the page. Dates called off are struck."""
    at = clock.now()
    form = DeadlineFilter(request.GET, at)
    found = calendars.events(form.dates(at, since=at - _KEPT_PAST), at)
    off = [] if any(request.GET.values()) else calendars.cancelled(at, since=_CALLED_OFF_SHOWN)
    here = {each.uid for each in found}
    body = calendars.calendar(
        [*found, *(each for each in off if each.uid not in here)],
        name=f"{SITE_NAME}：募集の期限", about="募集の受付開始・質問の期限・締切・結果の公表など、公開されている日時です。",
    )  # fmt: skip
    return calendars.answer(request, body, cache=PUBLIC_CACHE)


@access(public=True)
@require_safe
def department_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The tasks of a department, as its desk shows them to the one who made this address. The secret opens it.

    An unknown, revoked or ended address is answered alike; too many wrong ones from one place are put off.
    """
    at = clock.now()
    today = clock.today(at)
    named = CalendarToken.objects.filter(digest=token_digest(secret))
    token = named.working(today).select_related("made_by").first()
    if token is None:
        return _unknown_address(request)
    units = heirs([token.department_id], today)[token.department_id] | {token.department_id}
    posts = [post for post in memberships_in_force(token.made_by, today) if post.department_id in units]
    if not posts:
        return _unknown_address(request)
    actor = actor_for(token.made_by, posts[0], today, second_factor=False, posts=posts)
    note_use(token, at=at)
    body = calendars.calendar(
        calendars.events(deadlines.collect(actor, at), at),
        name=f"{actor.organization_name} {actor.department_name}の期限",
        about=f"{SITE_NAME}の「課の机」に並ぶ期限です。",
    )
    return calendars.answer(request, body, cache=PRIVATE_CACHE)


def _unknown_address(request: HttpRequest) -> HttpResponseBase:
    """404, or 429 for the rest of the minute once one place has tried WRONG_A_MINUTE addresses."""
    if seconds_to_wait(request, "calendar-unknown", a_minute=WRONG_A_MINUTE):
        refusal: HttpResponse = ratelimit.respond_429(request)
        return refusal
    return HttpResponse(
        "このカレンダーのアドレスは使えません。", status=404, content_type="text/plain; charset=utf-8"
    )


def by_month(found: Sequence[Deadline]) -> list[Dates]:
    """Dates, already in order, under the Japanese month they lie in."""
    calls = Call.objects.filter(public_id__in={_call_of(each) for each in found})
    levels = dict(calls.values_list("public_id", "program__level").order_by("pk"))
    lines = [
        DateLine(
            each.at, each.kind, each.what, each.about.partition("：")[2], each.url, levels[_call_of(each)]
        )
        for each in found
    ]
    months = groupby(lines, key=lambda line: clock.today(line.at).replace(day=1))
    return [Dates(_month_words(first), list(dates)) for first, dates in months]


def _call_of(found: Deadline) -> str:
    """The public number of the call: behind the colon where the date is not the call's own."""
    return found.case_key.rpartition(":")[2]


def _programs_of(body: Organization, at: datetime) -> Any:
    """The programs a municipality offers, may use, or may perhaps use."""
    return search(Criteria(place=place_of(body), fits=(0, 1)), at).order_by().values("pk")


def _months(today: date) -> list[tuple[str, str]]:
    first = today.replace(day=1)
    steps = range(-_MONTHS_BACK, _MONTHS_AHEAD + 1)
    months = [_shifted(first, step) for step in steps]
    return [(f"{month:%Y-%m}", _month_words(month)) for month in months]


def _shifted(first: date, months: int) -> date:
    number = first.year * _DECEMBER + first.month - 1 + months
    return date(number // _DECEMBER, number % _DECEMBER + 1, 1)


def _month_words(first: date) -> str:
    return f"{wareki(first).removesuffix('1日')}（{first.year}年）"


def _span(month: str) -> tuple[datetime | None, datetime | None]:
    if not month:
        return None, None
    first = date.fromisoformat(f"{month}-01")
    return clock.instant(first), clock.instant(_shifted(first, 1))


def _feed_query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    for name in [*kept]:
        if name not in {"municipality", "program", "level", "kind"} or not kept.get(name):
            del kept[name]
    return kept.urlencode()
