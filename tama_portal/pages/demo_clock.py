"""The demo's clock: moved ahead to the next closing or announcement, so that one case can be walked in one sitting."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.access import access
from programs.models import Call

AFTER = timedelta(minutes=5)
STEPS = (("1時間", timedelta(hours=1)), ("1日", timedelta(days=1)), ("1週間", timedelta(days=7)))
FARTHEST = timedelta(days=3660)


@dataclass(frozen=True)
class Stop:
    """An instant worth going to, and why."""

    at: datetime
    words: str
    call: str = ""


@access(public=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Where the demo's clock may go next; POST `to` (an instant with its zone) moves it there. Exists in the demo only."""
    if not settings.DEMO:
        raise Http404
    now = clock.now()
    status = 200
    if request.method == "POST":
        fault = _move(request.POST.get("to", ""), now)
        if not fault:
            messages.success(request, "デモの時刻を進めました。サインインは、もう一度必要です。")
            return redirect("demo_clock")
        messages.error(request, fault)
        status = 422
    context = {"stops": stops(now), "steps": [Stop(now + step, words) for words, step in STEPS],
               "movable": clock.is_followed(), "ahead": clock.ahead()}  # fmt: skip
    return render(request, "pages/demo_clock.html", context, status=status)


def _move(typed: str, now: datetime) -> str:
    """Move the clock; what is wrong with the request, or ""."""
    try:
        moment = parse_datetime(typed)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment > now + FARTHEST:
        return "進める先の時刻を読み取れません。下の一覧からえらんでください。"
    if not clock.is_followed():
        return "この環境では、時刻を進められません。manage.py demo で始めたデモで使えます。"
    try:
        clock.move_to(moment)
    except ValueError as error:
        return str(error)
    return ""


def stops(now: datetime) -> list[Stop]:
    """Just after each closing and announcement of invented calls that is still to come, soonest first."""
    found = []
    for call in Call.objects.published(now).filter(is_fictional=True).select_related("program"):
        name = f"{call.program.title}　{call.name}"
        found += [
            Stop(instant + AFTER, words, name)
            for instant, words in ((call.closes_at, "締切のあと"), (call.announce_at, "結果の公表のあと"))
            if instant is not None and instant >= now
        ]
    return sorted(found, key=lambda stop: stop.at)
