"""Public answers of the API kept as bytes until the catalogue says something else, as pages are.

Kept under the moment of the catalogue and the whole address, single rows under the moment alone; only for callers nobody
is known of, so that nothing personal is kept. Access and ceilings are judged before, as for every request. Each process
keeps its own.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import actor_of, arrival_of
from core.conditional import JSON, etag_of
from core.drf import PortalJSONRenderer
from core.shelf import Shelf
from programs.queries.current import Moment, moment

_renderer: Final = PortalJSONRenderer()
_rows: Final[Shelf[Any, bytes]] = Shelf(most=4096, most_bytes=16 * 1024 * 1024, largest=64 * 1024)
_shelf: Final[Shelf[Any, tuple[bytes, str]]] = Shelf(
    most=512, most_bytes=32 * 1024 * 1024, largest=1024 * 1024
)


def kept_answer(request: Request, make: Callable[[Moment | None], Response | bytes]) -> HttpResponseBase:
    """The kept bytes, made where there are none; 304 for who has them. For others than the public as `make` says,
    which is told the moment it may keep rows under."""
    asked = cast("HttpRequest", request)  # it hands on what it is asked
    if not actor_of(request).is_anonymous or request.auth is not None:
        return cast("Response", make(None))
    address = hashlib.sha256(asked.build_absolute_uri().encode()).digest()
    named = moment(arrival_of(request))
    key = named, address
    held = _shelf.get(key)
    if held is None:
        made = make(named)
        body = made if isinstance(made, bytes) else _renderer.render(made.data)
        held = _shelf.put(key, (body, etag_of(body)), len(body))
    body, etag = held
    response = HttpResponse(body, content_type=JSON)
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    response["Vary"] = "Authorization, Cookie"
    return get_conditional_response(asked, etag=etag, response=response) or response


def with_rows(
    frame: Mapping[str, Any],
    named: Moment,
    pks: Sequence[int],
    make: Callable[[list[int]], Mapping[int, Any]],
) -> bytes:
    """A page of a list as bytes: its frame, whose `results` are empty and come last, and the rows of these programs. What
    was encoded at this moment for another address is not made again."""
    rows = {pk: row for pk in pks if (row := _rows.get((named, pk))) is not None}
    missing = [pk for pk in pks if pk not in rows]
    for pk, told in (make(missing) if missing else {}).items():
        body = _renderer.render(told)
        rows[pk] = _rows.put((named, pk), body, len(body))
    around = _renderer.render(frame)
    return around.removesuffix(b"]}") + b",".join(rows[pk] for pk in pks if pk in rows) + b"]}"
