"""How a revision of a call or a rule would read to those it is for."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.queries import resolve_citations
from core.access import actor_of, arrival_of
from programs.actions.call_parts import preview_call
from programs.actions.rule_parts import checked
from programs.enums import PartKind
from programs.models import PartRevision, Program
from programs.queries.parts import content_on_view, name_of
from programs.queries.parts_figures import preview_budgets, preview_citations, preview_records
from programs.queries.sheet import program_sheet
from programs.views.calls import asked_of, call_context
from programs.views.catalogue import sheet_context


def preview_of(request: HttpRequest, program: Program, open_: PartRevision) -> HttpResponse:
    """The page of the call with what applicants will be asked, or a rule with every example computed step by step."""
    if open_.part == PartKind.CALL:
        return _call(request, program, open_)
    if open_.part == PartKind.FIGURES:
        return _figures(request, program, open_)
    part = PartKind(open_.part)
    shown = content_on_view(program, part, open_.key)
    context = {
        "program": program, "part": part, "preview": open_, "name": name_of(part, open_.content),
        "checked": checked(part, open_.content, shown),
    }  # fmt: skip
    return render(request, "publishing/part_rule.html", context)


def _call(request: HttpRequest, program: Program, open_: PartRevision) -> HttpResponse:
    call = preview_call(program, open_.key, open_.content)
    context: dict[str, Any] = {"program": program, "preview": open_, "part": PartKind(open_.part)}
    if call is None:
        return render(request, "publishing/part_unready.html", context)
    call.program = program
    context |= call_context(call, arrival_of(request), moved=[]) | {"asked": asked_of(open_.content)}
    return render(request, "calls/detail.html", context)


def _figures(request: HttpRequest, program: Program, open_: PartRevision) -> HttpResponse:
    at = arrival_of(request)
    sheet = program_sheet(program.slug, at, actor_of(request))
    if sheet is None:
        raise Http404
    said = open_.content
    shown = replace(
        sheet, records=preview_records(said), budgets=preview_budgets(sheet.program, said),
        sources=resolve_citations(preview_citations(said)),
    )  # fmt: skip
    return render(request, "programs/detail.html", sheet_context(request, shown, at) | {"preview": open_})
