"""How the portal runs, for those who answer for it, and for monitoring systems."""

import secrets
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.parking import send_again
from accounts.models import Delivery
from core import clock
from core.access import access, actor_of
from core.exceptions import DomainError
from tama_portal.operations.metrics import CONTENT_TYPE, exposition
from tama_portal.operations.standing import standing

PAGE_SIZE: Final = 50
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", ""})


@access(action="accounts.run_operations")
@require_safe
@never_cache
def operations(request: HttpRequest) -> HttpResponse:
    """Outbox, schedule, and the mails that were given up. No address and no word of a case stands here."""
    parked = Delivery.objects.parked().select_related("notice", "department__organization").order_by("-pk")
    page = Paginator(parked, PAGE_SIZE).get_page(request.GET.get("page"))
    found = standing(clock.now())
    context = {"standing": found, "faults": list(found.faults()), "page_obj": page}
    return render(request, "pages/operations.html", context)


@access(action="accounts.run_operations")
@require_POST
@never_cache
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Let one parked mail go again."""
    try:
        row = send_again(number=number, by=actor_of(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"通知 {row.notice.notice_code} のメールを、もう一度送ります。")
    return redirect("operations")


@access(public=True)
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for a monitoring system: with the token of TAMA_METRICS_TOKEN; without one from this machine only."""
    if not _may_measure(request):
        raise Http404
    return HttpResponse(exposition(standing(clock.now())), content_type=CONTENT_TYPE)


def _may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR", "") in _LOOPBACK
