"""The addresses of the contract."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core.access import access, arrival_of
from core.conditional import conditional, encoded
from programs.exp import shapes
from programs.exp.contract import contract
from programs.exp.parameters import wanted
from programs.exp.reading import by_identifier, found
from programs.models import Call, Program
from programs.queries.rounds import rounds_of

_CHUNK = 1000
Shape = Callable[[Program, list[Call], datetime], dict[str, Any]]


@access(public=True)
@contract
def subsidies(request: HttpRequest) -> HttpResponseBase:
    """The search. Everything that meets it is returned; rows are encoded one by one, to keep no second copy."""
    asked = wanted(request.GET)
    at = arrival_of(request)
    programs = found(asked, at)
    if asked.limit is None and not asked.offset:
        rows = [encoded(shapes.item(program, at)) for program in programs.iterator(chunk_size=_CHUNK)]
        count = len(rows)
    else:
        count = programs.count()
        end = None if asked.limit is None else asked.offset + asked.limit
        rows = [encoded(shapes.item(program, at)) for program in programs[asked.offset : end]]
    head = encoded(shapes.metadata(count))
    return conditional(request, b'{"metadata":%b,"result":[%b]}' % (head, b",".join(rows)))


@access(public=True)
@contract
def subsidy_v1(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """One program, the dates of one round flat."""
    return _detail(request, identifier, shapes.detail_v1)


@access(public=True)
@contract
def subsidy_v2(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """One program with all its rounds."""
    return _detail(request, identifier, shapes.detail_v2)


def _detail(request: HttpRequest, identifier: str, shape: Shape) -> HttpResponseBase:
    at = arrival_of(request)
    program = _program(identifier, at)
    told = shape(program, list(rounds_of(program, at)), at)
    return conditional(request, encoded(shapes.envelope([told])))


def _program(identifier: str, at: datetime) -> Program:
    program = by_identifier(identifier, at)
    if program is None:
        raise Http404
    return program


@access(public=True)
@require_safe
def page(request: HttpRequest, identifier: str) -> HttpResponse:
    """The short address of a program's page, for page addresses over 100 characters."""
    return redirect("programs:detail", slug=_program(identifier, arrival_of(request)).slug)


@access(public=True)
@contract
def unknown(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Every other address below /exp/: the contract's 404, and never a redirect."""
    raise Http404
