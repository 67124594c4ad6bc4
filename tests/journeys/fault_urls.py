"""The portal's own addresses, and one that fails on request, so that error pages can be looked at."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from core.access import access
from tama_portal.urls import handler400, handler403, handler404, handler500
from tama_portal.urls import urlpatterns as own

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@access(public=True)
def fail(request: HttpRequest, status: int) -> HttpResponse:
    """Fail the way the portal's own code fails with this status."""
    if status == 429:
        return render(request, "429.html", status=429)
    faults = {400: SuspiciousOperation, 403: PermissionDenied, 404: Http404, 503: OperationalError}
    raise faults.get(status, ZeroDivisionError)


urlpatterns = [path("fault/<int:status>/", fail, name="fault"), *own]
