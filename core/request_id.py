"""A name and an arrival instant for every request, before anything else looks at it."""

import re
import secrets
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponseBase

from core import clock

HEADER: Final = "X-Request-ID"
_TRUSTED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestIdMiddleware:
    """Sets `request.request_id` and `request.arrived_at`, answers with the id, binds it to the logs.

    `arrived_at` is the server's clock at the first byte: deadlines are judged by it, however long the
    request then takes. An id given by the proxy is kept if it is harmless.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Name the request, let it run, name the answer."""
        given = request.headers.get(HEADER, "")
        request_id = given if _TRUSTED.fullmatch(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]  # ours, on Django's class
        request.arrived_at = clock.now()  # type: ignore[attr-defined]  # ours, on Django's class
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        return response
