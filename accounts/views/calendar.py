"""課のカレンダー: the secret addresses under which calendar programs read the tasks of the acting department."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.calendars import MOST_PER_PERSON, make_calendar_token, revoke_calendar_token
from accounts.models import CalendarToken
from accounts.models.audience import with_predecessors
from core import clock
from core.access import access, actor_of
from core.exceptions import Conflict, DomainError


@access(action="accounts.keep_calendar")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """The department's addresses; the button makes one, and its secret stands on the answer only."""
    if request.method != "POST":
        return _page(request)
    try:
        secret = make_calendar_token(by=actor_of(request))
    except DomainError as error:
        return _page(request, fault=str(error), status=422)
    address = f"{settings.PORTAL_ORIGIN.rstrip('/')}{reverse('calendar_feed', args=[secret])}"
    return _page(request, made=address)


@access(action="accounts.keep_calendar")
@require_POST
@never_cache
def calendar_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of the department's addresses."""
    try:
        revoke_calendar_token(token_id=token_id, by=actor_of(request))
    except Conflict as error:
        return _page(request, fault=str(error), status=409)
    messages.success(request, "アドレスを取り消しました。このアドレスのカレンダーは、もう開きません。")
    return redirect("account:calendar")


def _page(request: HttpRequest, *, made: str = "", fault: str = "", status: int = 200) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    units = with_predecessors(actor.department_id) if actor.department_id is not None else set()
    tokens = CalendarToken.objects.filter(department__in=units, revoked_at__isnull=True)
    working = set(tokens.working(today).values_list("pk", flat=True))
    context = {
        "tokens": list(tokens.select_related("made_by")), "working": working, "made": made, "fault": fault,
        "most": MOST_PER_PERSON,
    }  # fmt: skip
    return render(request, "account/calendar.html", context, status=status)
