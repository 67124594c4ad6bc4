"""Error pages: calm, in Japanese, with the next step; never a word about what exists and what does not."""

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.database import RETRY_AFTER, Trouble, trouble_of, words_of
from core.problem import problem, problem_response

API_PATHS = ("/api/", "/exp/")
CONTRACT_PATH = "/exp/"
PROTOCOL_PATH = "/common-grants/"
CONTRACT_MESSAGES = {400: "Bad request", 404: "Resource not found"}
"""What the national contract says where no view of programs.exp is reached (an address with a NUL)."""


def _answer(request: HttpRequest, status: int, trouble: Trouble | None = None) -> HttpResponse:
    """The page of a status for people, for machines what their interface says of it; `trouble` is the database's."""
    if request.path.startswith(CONTRACT_PATH) and status in CONTRACT_MESSAGES:
        return JsonResponse({"message": CONTRACT_MESSAGES[status]}, status=status)
    if request.path.startswith(PROTOCOL_PATH):
        told = problem(status, words_of(trouble))
        body = {"status": status, "message": HTTPStatus(status).phrase, "errors": [told["detail"]]}
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if request.path.startswith(API_PATHS):
        return problem_response(status, detail=words_of(trouble))
    return render(request, f"{status}.html", {"trouble": trouble}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown and not allowed look the same."""
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database is away, has broken off a deadlock, or somebody else holds a row too long."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError):
        return _answer(request, 500)
    answer = _answer(request, 503, trouble_of(error))
    answer["Retry-After"] = RETRY_AFTER
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form posted with an expired cookie: says how to go back without losing what was typed."""
    return render(request, "403_csrf.html", status=403)
