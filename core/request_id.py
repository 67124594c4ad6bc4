"""A name and an arrival instant for every request, before anything else looks at it."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponseBase

from core import clock

logger = logging.getLogger(__name__)
HEADER: Final = "X-Request-ID"
_TRUSTED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestIdMiddleware:
    """Sets `request.request_id` and `request.arrived_at`, answers with the id, binds it to the logs.

    `arrived_at` is the server's clock at the first byte: deadlines are judged by it, however long the
    request then takes. An id given by the proxy is kept if it is harmless. One line tells each request: no query,
    which may hold what somebody looked for, and not from where.
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
        began = time.perf_counter()
        response = self.get_response(request)
        spent = 1000 * (time.perf_counter() - began)
        logger.info("%s %s %s %.0f ms", request.method, request.path, response.status_code, spent)
        response[HEADER] = request_id
        return response
