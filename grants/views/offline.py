"""Filling the form in Excel: download it prefilled, bring it back, see every difference, take over what is right."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.access import NO_STORE
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.files import FileKind, check_upload, safe_name
from grants.actions.offline import OfflineBudget, take_over
from grants.forms import DomainForm
from grants.models import Member
from grants.views.budget import budget_form, rows_of
from grants.views.frame import CasePage, case_page, form_page, sees, status_of
from grants.views.offline_indicators import held_against, may_fill, taken
from grants.views.offline_parts import BudgetDifference, Comparison, book_of, budgets_of, compare, parts_of
from grants.workbook import CellRead, Returned, case_workbook, read_case_workbook

MAX_BYTES = 5 * 1024 * 1024


class BookForm(DomainForm):
    """The workbook that comes back."""

    file = forms.FileField(
        label="書き終えたブック", help_text="この画面からダウンロードした .xlsx。5MBまで。"
    )


@sees
@require_safe
def workbook(request: HttpRequest, public_id: str) -> HttpResponse:
    """The prefilled workbook of what this person may fill in now."""
    page = case_page(request, public_id)
    book = book_of(page)
    if not book.answers and not book.budgets:
        raise Refused
    name = safe_name(f"申請様式_{page.application}_{page.member.name}.xlsx")
    response = HttpResponse(case_workbook(book), content_type=FileKind.XLSX.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = NO_STORE
    return response


@sees
@form_page
def offline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Download and bring back; then what differs, with a choice for each; nothing is saved before that."""
    page = case_page(request, public_id)
    form = BookForm()
    if request.method != "POST":
        return _page(request, page, form, None)
    if not parts_of(page) and not budgets_of(page):
        raise Refused
    if request.POST.get("do") == "accept":
        return _accept(request, page)
    form = BookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, page, form, None, status=422)
    try:
        found = compare(page, _read(page, form.cleaned_data["file"]))
    except DomainError as error:
        form.refuse(error)
        return _page(request, page, form, None, status=422)
    if found.faults:
        form.refuse(DomainError(*found.faults))
        return _page(request, page, form, found, status=422)
    return _page(request, page, form, found)


def _read(page: CasePage, file: Any) -> Returned:
    """The workbook, after the guard that knows archives. Raises DomainError."""
    verdict = check_upload(file, max_bytes=MAX_BYTES, kinds={FileKind.XLSX})
    if not verdict:
        raise DomainError(*(Fault("file", fault.message, fault.cure) for fault in verdict.faults))
    template = page.application.template
    return read_case_workbook(
        file.read(), application=page.application.public_id, form_version=template.version,
        years=list(template.fiscal_years(page.application.call)),
        members={town.public_id: town.name for town in budgets_of(page)},
    )  # fmt: skip


def _accept(request: HttpRequest, page: CasePage) -> HttpResponse:
    """Take over what is marked, all or nothing; where somebody was faster, both values are shown again."""
    shown = _shown_again(request.POST, page)
    chosen = set(request.POST.getlist("take"))
    answers = [one.taken() for one in shown.answers if one.part.key in chosen and not one.moved]
    moved = [one for one in shown.answers if one.part.key in chosen and one.moved]
    budgets = [one for one in shown.budgets if f"budget/{one.member.public_id}" in chosen]
    indicators = shown.indicators if shown.indicators is not None and "indicators" in chosen else None
    late = [*moved, *(one for one in (*budgets, indicators) if one is not None and one.moved)]
    try:
        _insist_on_shown(late=bool(late))
        take_over(
            application_id=page.application.pk, answers=answers, budgets=[_budget(page, one) for one in budgets],
            indicators=taken(page, indicators) if indicators else None, by=page.actor, at=page.at,
        )  # fmt: skip
    except DomainError as error:
        form = BookForm(QueryDict())
        form.errors.clear()
        form.refuse(DomainError(*(Fault("", f.message, f.cure) for f in error.faults)))
        return _page(request, page, form, shown, status=status_of(error))
    messages.success(request, f"ブックの内容を取り込みました（{len(chosen)}件）。まだ提出していません。")
    return redirect(page.url("detail"))


def _insist_on_shown(*, late: bool) -> None:
    if late:
        fault = "確かめている間に、ほかの人が同じ欄を保存しました。"
        raise Conflict(Fault("", fault, "いまの内容を見比べて、もう一度選んでください。"))


def _shown_again(data: QueryDict, page: CasePage) -> Comparison:
    """What the comparison showed, held against what stands now."""
    returned = Returned()
    for part in parts_of(page):
        if f"typed:{part.key}" in data:
            version = str(data.get(f"version:{part.key}", ""))
            typed = str(data[f"typed:{part.key}"]).replace("\r\n", "\n")
            returned.answers[part.key] = CellRead(typed, "", int(version) if version.isdecimal() else -1)
    found = compare(page, returned)
    for member in budgets_of(page):
        prefix = f"budget:{member.public_id}:"
        typed_cells = {key.removeprefix(prefix): str(data[key]) for key in data if key.startswith(prefix)}
        if typed_cells:
            found.budgets += _typed_budget(page, member, typed_cells)
    fields = {
        key.removeprefix("indicators:"): str(data[key]) for key in data if key.startswith("indicators:")
    }
    if fields:
        renewed = fields | {"version": str(page.application.indicators_version)}
        stale = fields.get("version") != renewed["version"]
        found.indicators = held_against(page, renewed, moved=stale, faults=found.faults)
    return found


def _typed_budget(page: CasePage, member: Member, cells: dict[str, str]) -> list[BudgetDifference]:
    form = budget_form(page, member, cells)
    if not form.is_valid():
        raise Refused
    moved = form.cleaned_data["version"] != member.budget_version
    differences = form.differences(rows_of(page, member))
    renewed = cells | {"version": str(member.budget_version)}
    return [BudgetDifference(member, differences, renewed, moved)] if differences else []


def _budget(page: CasePage, one: BudgetDifference) -> OfflineBudget:
    form = budget_form(page, one.member, one.data)
    form.is_valid()
    return OfflineBudget(one.member.pk, form.costs(), form.incomes(), one.member.budget_version)


def _page(
    request: HttpRequest, page: CasePage, form: BookForm, found: Comparison | None, *, status: int = 200
) -> HttpResponse:
    possible = bool(parts_of(page) or budgets_of(page) or may_fill(page))
    return page.render(
        request, "offline", status=status, form=form, found=found, possible=possible,
        readable=found is not None and not found.faults,
    )  # fmt: skip
