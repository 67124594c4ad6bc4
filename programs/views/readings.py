"""Readings: the glossary, the switch that shows them on programs, and words with their reading above them."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.access import access, safe_next
from programs.models import GlossaryTerm, Program

COOKIE: Final = "readings"
_YEAR: Final = 60 * 60 * 24 * 365
_TEXTS: Final = ("summary", "audience_text", "benefit_text", "reach_text")


@access(public=True)
@csrf_exempt  # a preference of this browser; nothing of anybody's can be changed by it
@require_http_methods(["GET", "HEAD", "POST"])
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms with reading and explanation; POST switches the readings on (`show=1`) or off and goes back."""
    if request.method != "POST":
        context = {"terms": GlossaryTerm.objects.all(), "on": wanted(request)}
        return render(request, "programs/glossary.html", context)
    back = safe_next(request, request.POST.get("next", "")) or reverse("readings:glossary")
    response = HttpResponseRedirect(back)
    if request.POST.get("show") == "1":
        response.set_cookie(
            COOKIE, "1", max_age=_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(COOKIE)
    return response


def wanted(request: HttpRequest) -> bool:
    """Whether this browser shows readings."""
    return request.COOKIES.get(COOKIE) == "1"


def terms_for(request: HttpRequest) -> list[GlossaryTerm]:
    """The terms to show; none, and no query, where the readings are off."""
    return list(GlossaryTerm.objects.all()) if wanted(request) else []


def occurring(program: Program, terms: Iterable[GlossaryTerm]) -> list[GlossaryTerm]:
    """The terms that stand in the texts of a program."""
    text = "\n".join(str(getattr(program, name)) for name in _TEXTS)
    return [term for term in terms if term.term in text]


def said(program: Program, terms: Iterable[GlossaryTerm]) -> Mapping[str, str]:
    """The texts of a program by column, each term under its reading where it stands first in a text."""
    readings = {term.term: term.reading for term in terms}
    return {name: with_readings(str(getattr(program, name)), readings) for name in _TEXTS}


def with_readings(text: str, readings: Mapping[str, str]) -> str:
    """A text whose terms carry `<ruby>` (the first time each), everything escaped; unchanged without terms.

    The longest term wins where one holds another (地方交付税, 交付税).
    """
    if not readings:
        return text
    words = sorted(readings, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text)
    seen: set[str] = set()
    made = []
    for piece in pieces:
        if piece in readings and piece not in seen:
            seen.add(piece)
            ruby = "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>"
            made.append(format_html(ruby, piece, readings[piece]))
        else:
            made.append(format_html("{}", piece))
    return format_html_join("", "{}", ((piece,) for piece in made))
