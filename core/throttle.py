"""A ceiling of requests a minute for one place, for open addresses that are not DRF's.

The place is what allauth takes for the client's address, so that a forged X-Forwarded-For helps nobody; only its
digest is kept, for a minute.
"""

import hashlib
from typing import Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock

_MINUTE: Final = 60


def seconds_to_wait(request: HttpRequest, scope: str, *, a_minute: int) -> int:
    """Count this request; 0 when it may go on, else how many seconds until the next minute begins."""
    now = clock.now()
    key = f"throttle:{scope}:{place_of(request)}:{now:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=2 * _MINUTE)
    try:
        counted = cache.incr(key)
    except ValueError:  # thrown out between the two lines: one request more is no flood
        return 0
    return _MINUTE - now.second if counted > a_minute else 0


def put_off(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page that asks to come back later, 429 with `Retry-After`; not for forms, whose words it would lose."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds)
    return response


def place_of(request: HttpRequest) -> str:
    """The digest of the client's address, as allauth takes it; those behind a socket without addresses are one place."""
    try:
        address = str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        address = ""
    return hashlib.sha256(address.encode()).hexdigest()[:32]
