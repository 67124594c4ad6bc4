"""The three addresses of the protocol for opportunities. Reading only: the search computes and stores nothing."""

import functools
import logging
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from core.access import access, arrival_of
from core.conditional import JSON, conditional, encoded
from core.throttle import seconds_to_wait
from programs.common_grants import shapes
from programs.common_grants.asking import Asked, Faulty, of_body, of_list
from programs.common_grants.reading import matching, one, page_of, whole

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
_SUCCESS = {"status": 200, "message": "Success"}


def protocol(*methods: str) -> Callable[[View], View]:
    """Answer errors by the protocol: status, message, errors."""

    def around(view: View) -> View:
        @csrf_exempt  # nobody is signed in here, so nothing can be forged
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                response = error(405, "このアドレスでは使えない操作です。")
                response["Allow"] = ", ".join(methods)
                return response
            wait = seconds_to_wait(request, "common-grants", a_minute=settings.OPEN_REQUESTS_A_MINUTE)
            if wait:
                response = error(429, "しばらく待ってから、やり直してください。")
                response["Retry-After"] = str(wait)
                return response
            return _answer(view, request, *args, **kwargs)

        return answer

    return around


def error(status: int, *errors: str) -> HttpResponse:
    """The protocol's Error."""
    body = {"status": status, "message": HTTPStatus(status).phrase, "errors": list(errors)}
    response = HttpResponse(encoded(body), status=status, content_type=JSON)
    response["Cache-Control"] = "no-store"
    return response


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except Faulty as fault:
        return error(400, *fault.errors)
    except RequestDataTooBig:
        return error(413, "本文が大きすぎます。")
    except Http404:
        return error(404, "この識別子の制度はありません。")
    except Exception:
        logger.exception("common grants: %s", request.path)
        return error(500, "処理できませんでした。時間をおいて、やり直してください。")


@access(public=True)
@protocol("GET", "HEAD")
def opportunities(request: HttpRequest) -> HttpResponseBase:
    """A page of opportunities, most recently modified first."""
    return conditional(request, encoded(_page(request, of_list(request.GET))))


@access(public=True)
@protocol("GET", "HEAD")
def opportunity(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """One opportunity."""
    at = arrival_of(request)
    try:
        found = one(uuid.UUID(identifier), at)
    except ValueError:
        found = None
    rows = whole([found], at) if found is not None else []
    if not rows:
        raise Http404
    return conditional(request, encoded(_SUCCESS | {"data": shapes.opportunity(*rows[0])}))


@access(public=True)
@protocol("POST")
def search(request: HttpRequest) -> HttpResponseBase:
    """A page of the opportunities that meet a search, filters and an order."""
    if request.content_type != JSON:
        return error(415, "Content-Type を application/json にしてください。")
    asked = of_body(request.body)
    told = _page(request, asked)
    told |= {"sortInfo": shapes.sort_info(asked), "filterInfo": shapes.filter_info(asked)}
    response = HttpResponse(encoded(told), content_type=JSON)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    at = arrival_of(request)
    found = matching(asked, at)
    rows = whole(list(page_of(found, asked)), at)
    return _SUCCESS | {
        "items": [shapes.opportunity(row, program) for row, program in rows],
        "paginationInfo": shapes.pagination(asked, len(found)),
    }
