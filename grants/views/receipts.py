"""Receipts: anybody may confirm one by its number; people of the case see what was submitted, and take it as PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.access import NO_STORE, access, actor_of, allowed, arrival_of
from core.exceptions import Refused
from grants import queries
from grants.letters import render_receipt
from grants.permissions import member_of
from grants.queries.project_indicators import indicator_words


@access(public=True)
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """To everybody number, instant and the files' fingerprints; to those who see the case also what it is."""
    snapshot = queries.snapshot_by_receipt(number)
    if snapshot is None:
        raise Refused
    actor, at = actor_of(request), arrival_of(request)
    insider = bool(allowed(actor, "grants.view", snapshot.application, at))
    own = insider and member_of(actor, snapshot.application) is not None
    indicators = snapshot.content.get("indicators", []) if insider else []
    context = {
        "snapshot": snapshot, "insider": insider, "own": own,
        "indicators": [(row["name"], indicator_words(row)) for row in indicators],
    }  # fmt: skip
    response = render(request, "grants/receipts/receipt.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@access(action="grants.view")
@require_safe
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as a tagged PDF, for those who see the case."""
    snapshot = queries.snapshot_by_receipt(number)
    actor, at = actor_of(request), arrival_of(request)
    if snapshot is None or not allowed(actor, "grants.view", snapshot.application, at):
        raise Refused
    response = HttpResponse(render_receipt(snapshot, at=at), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"受付票_{number}.pdf")
    response["Cache-Control"] = NO_STORE
    return response
