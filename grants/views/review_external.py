"""External members' 採点票: handed out prefilled, read again, looked at, and entered in their stead."""

import json
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, arrival_of
from core.downloads import under_name
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.files import FileKind, check_upload
from core.packing import pack
from grants.actions.external_scores import CHANGED, Comparison, book_of, compare, take_scores
from grants.forms.external import ScoreSheetForm, TakeSheetForm
from grants.queries.external import ExternalMember, ExternalSheet, external_members, external_sheet
from grants.views.frame import status_of
from grants.views.review_call import call_of
from grants.workbook import ReturnedScores, as_data, read_score_workbook, score_workbook
from programs.models import Call

_MAX_BYTES: Final = 5 * 1024 * 1024


@access(action="grants.enter_scores")
@require_safe
def external(request: HttpRequest, call: str) -> HttpResponse:
    """The external members of a call, and how far their sheets have come."""
    found = call_of(request, call, "grants.enter_scores")
    members = external_members(actor_of(request), found, arrival_of(request))
    return render(request, "grants/review/external.html", {"call": found, "members": members})


def _member(request: HttpRequest, call: str, member: int) -> tuple[Call, ExternalMember, ExternalSheet]:
    """One external member of one of the bureau's calls, with its cases; anybody else is unknown."""
    found = call_of(request, call, "grants.enter_scores")
    actor, at = actor_of(request), arrival_of(request)
    one = next((each for each in external_members(actor, found, at) if each.user.pk == member), None)
    if one is None:
        raise Refused
    return found, one, external_sheet(actor, found, member, at)


@access(action="grants.enter_scores")
@require_safe
def book(request: HttpRequest, call: str, member: int) -> HttpResponse:
    """The prefilled sheet of one member."""
    found, one, sheet = _member(request, call, member)
    if not sheet.seats:
        raise Refused
    data = score_workbook(book_of(found, sheet.seats, (one.user.pk, one.user.name), arrival_of(request)))
    response = HttpResponse(data, content_type=FileKind.XLSX.media_type)
    return under_name(response, f"採点票_{found.name}_{one.user.name}.xlsx")


@access(action="grants.enter_scores")
@require_http_methods(["GET", "HEAD", "POST"])
def scores(request: HttpRequest, call: str, member: int) -> HttpResponse:
    """A member's sheet brought back: the difference first, then the act."""
    found, one, sheet = _member(request, call, member)
    if request.method != "POST":
        return _page(request, found, one, sheet, ScoreSheetForm())
    if "packed" in request.POST:
        return _take(request, found, one, sheet)
    form = ScoreSheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, one, sheet, form, status=422)
    try:
        returned = _read(form.cleaned_data["file"], found, member)
    except DomainError as error:
        form.refuse(error)
        return _page(request, found, one, sheet, form, status=422)
    return _difference(request, found, one, sheet, form, returned)


def _read(file: Any, call: Call, member: int) -> ReturnedScores:
    """The sheet, after the guard that knows archives. Raises DomainError."""
    verdict = check_upload(file, max_bytes=_MAX_BYTES, kinds={FileKind.XLSX})
    if not verdict:
        raise DomainError(*(Fault("file", fault.message, fault.cure) for fault in verdict.faults))
    return read_score_workbook(file.read(), call=call.public_id, member=str(member))


def _difference(  # noqa: PLR0917 - the parts of one page
    request: HttpRequest, call: Call, one: ExternalMember, sheet: ExternalSheet, form: ScoreSheetForm, returned: ReturnedScores
) -> HttpResponse:  # fmt: skip
    held = compare(sheet.seats, returned)
    if held.faults:
        form.refuse(DomainError(*held.faults))
        return _page(request, call, one, sheet, form, status=422)
    packed = pack(json.dumps(as_data(returned), ensure_ascii=False))
    return _page(request, call, one, sheet, ScoreSheetForm(), held=held, packed=packed)


def _take(request: HttpRequest, call: Call, one: ExternalMember, sheet: ExternalSheet) -> HttpResponse:
    """Enter what the page showed, or show it again as it is now."""
    carried, form = TakeSheetForm(request.POST), ScoreSheetForm({})
    form.errors.clear()
    if not carried.is_valid():
        form.add_error(None, "採点票の内容を受け取れませんでした。もう一度読み取らせてください。")
        return _page(request, call, one, sheet, form, status=422)
    held = compare(sheet.seats, carried.returned)
    try:
        _insist_on_shown(held, carried.cleaned_data["shown"])
        done = take_scores(
            call=call, differences=held.differences, by=actor_of(request), at=arrival_of(request)
        )
    except DomainError as error:
        form.refuse(error)
        packed = "" if held.faults else carried.cleaned_data["packed"]
        return _page(
            request, call, one, sheet, form, held=held if packed else None, packed=packed, status=status_of(error)
        )  # fmt: skip
    messages.success(
        request, f"{one.user.name}さんの採点票を記録しました（{done:,}件の申請）。代理入力の印が付きます。"
    )
    return redirect("review:external", call.public_id)


def _insist_on_shown(held: Comparison, shown: str) -> None:
    """Make sure that the difference is still the one the page showed."""
    if held.faults:
        raise DomainError(*held.faults)
    if held.fingerprint != shown:
        raise Conflict(CHANGED)


def _page(
    request: HttpRequest, call: Call, one: ExternalMember, sheet: ExternalSheet, form: ScoreSheetForm, *,
    held: Comparison | None = None, packed: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"call": call, "member": one, "sheet": sheet, "form": form, "held": held, "packed": packed}
    return render(request, "grants/review/external_scores.html", context, status=status)
