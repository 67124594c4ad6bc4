"""Alerts of a saved search: ask for one, and the page on which it is begun and stopped."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import clock
from core.access import access
from core.actor import ANONYMOUS
from core.throttle import put_off, seconds_to_wait
from programs.actions import alerts
from programs.filters import CriteriaForm
from programs.forms.readers import AlertForm
from programs.models import SavedSearch
from programs.queries.facets import facets
from programs.views.chips import chips

ASKED_A_MINUTE = 10
"""How many may ask from one place: a town hall sits behind one address."""

_SENT = "sent"


@access(public=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def subscribe_page(request: HttpRequest) -> HttpResponseBase:
    """Ask for news of the search in the address; the answer is the same for every mail address."""
    if _SENT in request.GET:
        return render(request, "programs/alert_sent.html")
    at = clock.now()
    search = CriteriaForm(request.GET)
    criteria = search.criteria()
    form = AlertForm(request.POST if request.method == "POST" else None)
    status = 400 if search.errors else 200
    if request.method == "POST" and not search.errors:
        wait = seconds_to_wait(request, "alerts", a_minute=ASKED_A_MINUTE)
        if wait:
            return put_off(request, wait)
        if form.is_valid():
            alerts.subscribe(
                address=form.cleaned_data["address"],
                criteria=criteria,
                query=search.query(),
                frequency=form.cleaned_data["frequency"],
                at=at,
            )
            return HttpResponseRedirect(f"{reverse('alerts:subscribe')}?{_SENT}=1")
        status = 422
    counts = facets(criteria, at, ANONYMOUS)
    context = {
        "form": form,
        "search_errors": [message for found in search.errors.values() for message in found],
        "conditions": [chip.words for chip in chips(search, counts)],
        "total": counts.total,
        "query": search.query(),
    }
    return render(request, "programs/alert_new.html", context, status=status)


@access(public=True)
@csrf_exempt  # the token is the proof; a mail program that stops an alert has no cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def alert_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows and changes nothing (mail gateways follow links); POST begins, or stops with one click."""
    if request.method == "POST":
        if request.POST.get("act") == "confirm":
            begun = alerts.confirm(token=token, at=clock.now())
            return _shown(request, token) if begun else _gone(request)
        alerts.stop(token=token)
        return render(request, "programs/alert_stopped.html")
    return _shown(request, token)


def _shown(request: HttpRequest, token: str) -> HttpResponse:
    search = SavedSearch.objects.with_token(token).first()
    if search is None:
        return _gone(request)
    return render(request, "programs/alert.html", {"search": search, "token": token})


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "programs/alert_gone.html", status=404)
