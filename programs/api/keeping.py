"""Public answers of the API kept as bytes until the catalogue says something else, as pages are.

Kept under the moment of the catalogue and the whole address; only for callers nobody is known of, so that nothing personal
is kept. Access and ceilings are judged before, as for every request. Each process keeps its own.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import actor_of, arrival_of
from core.conditional import JSON, etag_of
from core.drf import PortalJSONRenderer
from core.shelf import Shelf
from programs.queries.current import moment

_shelf: Final[Shelf[Any, tuple[bytes, str]]] = Shelf(
    most=512, most_bytes=32 * 1024 * 1024, largest=1024 * 1024
)


def kept_answer(request: Request, make: Callable[[], Response]) -> HttpResponseBase:
    """The kept bytes, made where there are none; 304 for who has them. For others than the public as `make` says."""
    asked = cast("HttpRequest", request)  # it hands on what it is asked
    if not actor_of(request).is_anonymous or request.auth is not None:
        return make()
    address = hashlib.sha256(asked.build_absolute_uri().encode()).digest()
    key = moment(arrival_of(request)), address
    held = _shelf.get(key)
    if held is None:
        body = PortalJSONRenderer().render(make().data)
        held = _shelf.put(key, (body, etag_of(body)), len(body))
    body, etag = held
    response = HttpResponse(body, content_type=JSON)
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    response["Vary"] = "Authorization, Cookie"
    return get_conditional_response(asked, etag=etag, response=response) or response
