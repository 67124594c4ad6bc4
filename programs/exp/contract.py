"""The manners of the contract around each of its views: methods, media types, errors, ETag, CORS, ceiling."""

import functools
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from core.conditional import JSON, encoded
from core.throttle import seconds_to_wait
from programs.exp.parameters import BadRequest

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
_METHODS: Final = "GET, HEAD, OPTIONS"
_MESSAGES: Final = {
    400: "Bad request",
    401: "Unauthorized",
    404: "Resource not found",
    405: "Method not allowed",
    406: "Not acceptable",
    415: "Unsupported media type",
    429: "Too many requests",
}


def contract(view: View) -> View:
    """Answer by the contract whatever happens. Open to every origin, for reading only; nothing is written."""

    @csrf_exempt  # no session is looked at: a POST is to be answered with the contract's 405
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in {"GET", "HEAD"}:
            return message(405, {"Allow": _METHODS})
        response = _refusal(request) or _answer(view, request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    return answer


def message(status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An error of the contract."""
    response = _json({"message": _MESSAGES[status]}, status)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    wait = seconds_to_wait(request, "exp", a_minute=settings.OPEN_REQUESTS_A_MINUTE)
    if wait:
        return message(429, {"Retry-After": str(wait)})
    if request.headers.get("Accept") and not _takes_json(request):
        return message(406)
    if request.headers.get("Content-Length") not in {None, "", "0"} and request.content_type != JSON:
        return message(415)
    return None


def _takes_json(request: HttpRequest) -> bool:
    """Whether JSON is among what is accepted; a charset named with it, as some clients do, asks for nothing else."""
    wanted = {(kind.main_type, kind.sub_type) for kind in request.accepted_types}
    return not wanted.isdisjoint({("application", "json"), ("application", "*"), ("*", "*")})


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except BadRequest:
        return message(400)
    except Http404:
        return message(404)
    except Exception:
        logger.exception("exp: %s", request.path)
        return _json(
            {
                "type": "about:blank",
                "errorCode": "E-ML-9999",
                "title": "Internal Server Error",
                "instance": request.path,
            },
            500,
        )


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = _METHODS
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _json(body: Mapping[str, Any], status: int) -> HttpResponse:
    return HttpResponse(encoded(body), status=status, content_type=JSON)
