"""Whole pages kept in memory for people nobody is signed in as, until the catalogue says something else.

A page is kept under the moment of the catalogue (`programs.queries.current.moment`: its version, what opened and
closed so far, the Japanese date), its address as asked for and the switch of readings. Nothing else may stand in it:
whoever carries a session or a message is answered anew, and so is everybody in the demo, whose clock is on the page.
Each process keeps its own, so no shared cache fills up by addresses somebody makes up.
"""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from core import clock
from core.access import actor_of
from core.conditional import etag_of
from core.shelf import Shelf
from programs.queries.current import Moment, moment
from programs.views import readings

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponse])
_OK: Final = 200


@dataclass(frozen=True)
class Seen:
    """An instant and the moment of the public catalogue at it."""

    at: datetime
    moment: Moment | None


_shelf: Final[Shelf[Any, tuple[bytes, str]]] = Shelf(
    most=256, most_bytes=32 * 1024 * 1024, largest=512 * 1024
)


def kept(view: ViewT) -> ViewT:
    """A public page that depends on the catalogue, its address and the readings alone."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _nobody(request):
            return view(request, *args, **kwargs)
        at = clock.now()
        seen = Seen(at, moment(at))
        request.catalogue = seen  # type: ignore[attr-defined]  # the view stands on the same instant and version
        key = _key(request, seen)
        page = _shelf.get(key)
        if page is None:
            response = view(request, *args, **kwargs)
            if not _keepable(request, response):
                return response
            body = response.content
            page = _shelf.put(key, (body, etag_of(body)), len(body))
        return _answer(request, *page)

    return answer  # type: ignore[return-value]  # the signature of the view


def seen_by(request: HttpRequest) -> Seen:
    """The instant a page stands on, and the moment of the catalogue where it was asked for already."""
    found = getattr(request, "catalogue", None)
    return found if isinstance(found, Seen) else Seen(clock.now(), None)


def _key(request: HttpRequest, seen: Seen) -> Any:
    query = request.META.get("QUERY_STRING", "")
    address = hashlib.sha256(f"{request.path}?{query}".encode()).digest()
    return seen.moment, address, readings.wanted(request)


def _nobody(request: HttpRequest) -> bool:
    """Nobody is signed in, nothing waits to be said, and the page tells no time of day."""
    personal = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return (
        request.method in {"GET", "HEAD"}
        and not settings.DEMO
        and actor_of(request).is_anonymous
        and personal.isdisjoint(request.COOKIES)
    )


def _keepable(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page that sets no cookie and holds no token of a form."""
    return (
        response.status_code == _OK
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and "CSRF_COOKIE" not in request.META
        and not response.has_header("Cache-Control")
    )


def _answer(request: HttpRequest, body: bytes, etag: str) -> HttpResponseBase:
    """The page, or 304 for who has it; asked for again each time."""
    response = HttpResponse(body)
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return get_conditional_response(request, etag=etag, response=response) or response
