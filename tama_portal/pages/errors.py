"""Error pages: calm, in Japanese, with the next step; never a word about what exists and what does not."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.problem import problem_response

API_PATHS = ("/api/", "/exp/")
CONTRACT_PATH = "/exp/"
CONTRACT_MESSAGES = {400: "Bad request", 404: "Resource not found"}
"""What the national contract says where no view of programs.exp is reached (an address with a NUL)."""


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a status for people, the problem of it for machines."""
    if request.path.startswith(CONTRACT_PATH) and status in CONTRACT_MESSAGES:
        return JsonResponse({"message": CONTRACT_MESSAGES[status]}, status=status)
    if request.path.startswith(API_PATHS):
        return problem_response(status)
    return render(request, f"{status}.html", status=status)


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
    """500."""
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form posted with an expired cookie: says how to go back without losing what was typed."""
    return render(request, "403_csrf.html", status=403)
