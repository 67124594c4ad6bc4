"""The table of a call's cases with one's own columns and filters, saved under a name, and as files."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, arrival_of
from core.downloads import under_name
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions.saved_views import remove_view, save_view
from grants.forms.case_table import SaveViewForm
from grants.queries import case_table
from grants.queries.call_board import CaseLine
from grants.queries.case_table import COLUMNS, GROUPS, RECEIVED, SORTS, TableChoice
from grants.views.frame import status_of
from grants.views.review_call import call_of
from grants.workbook import table_csv, table_workbook

PAGE_SIZE: Final = 50
FILES: Final = {
    "csv": ("text/csv; charset=utf-8", "utf-8-sig"),
    "sjis.csv": ("text/csv; charset=Shift_JIS", "cp932"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ""),
}
"""Form in the address → (media type, encoding)."""


@access(action="grants.view_call")
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, call: str) -> HttpResponse:
    """The cases that meet the filters of the address; the filters can be kept under a name."""
    found = call_of(request, call, "grants.view_call")
    actor, at = actor_of(request), arrival_of(request)
    choice, saving = TableChoice.read(request.GET), SaveViewForm(request.POST or None)
    status = 422 if saving.is_bound else 200
    address = f"{reverse('review:table', args=[found.public_id])}?{choice.query()}"
    if saving.is_valid():
        try:
            save_view(by=actor, settings=choice.settings(), at=at, **saving.cleaned_data)
        except DomainError as error:
            saving.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, f"「{saving.cleaned_data['name']}」として保存しました。")
            return redirect(address)
    rows = case_table.table_rows(actor, found, at, choice)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    lines = case_table.table_lines(rows[page.start_index() - 1 : page.end_index()] if page else [], actor)
    context = {
        "call": found, "page_obj": page, "choice": choice, "form": saving, "address": address,
        "lines": [(line, _shown(line, choice)) for line in lines],
        "columns": [(name, COLUMNS[name]) for name in choice.columns], "all_columns": COLUMNS.items(),
        "states": [(state.value, str(state.label)) for state in RECEIVED], "groups": GROUPS.items(),
        "sorts": [(key, words) for key, (words, _) in SORTS.items()], "query": choice.query(),
        "drafts": queries.draft_count(actor, found), "unknown": _unknown(choice),
        "views": [(view, TableChoice.of(view.settings).query(), view.owner_id == actor.user_id) for view in case_table.views_for(actor)],
    }  # fmt: skip
    return render(request, "grants/review/table.html", context, status=status)


def _shown(line: CaseLine, choice: TableChoice) -> list[tuple[str, case_table.Column, case_table.Cell]]:
    return [(name, COLUMNS[name], COLUMNS[name].cell(line)) for name in choice.columns]


def _unknown(choice: TableChoice) -> bool:
    """Whether the address names a filter there is not, so that nothing is found."""
    known = {state.value for state in RECEIVED}
    return not set(choice.states) <= known or bool(choice.group and choice.group not in GROUPS)


@access(action="grants.view_call")
@require_safe
def table_file(request: HttpRequest, call: str, form: str) -> HttpResponse:
    """Exactly the rows, columns and order of the page with the same query, as a file; text is text, never a formula."""
    if form not in FILES:
        raise Refused
    found = call_of(request, call, "grants.view_call")
    actor, choice = actor_of(request), TableChoice.read(request.GET)
    lines = case_table.table_lines(case_table.table_rows(actor, found, arrival_of(request), choice), actor)
    headings = [COLUMNS[name].label for name in choice.columns]
    rows = [case_table.cells(line, choice.columns) for line in lines]
    media_type, encoding = FILES[form]
    title = f"{found.program.title} {found.name}"
    body = table_csv(headings, rows, encoding=encoding) if encoding else table_workbook(title, headings, rows)
    return under_name(HttpResponse(body, content_type=media_type), f"申請一覧_{found.name}.{form}")


@access(action="grants.view_call")
@require_http_methods(["POST"])
def forget(request: HttpRequest, view: int) -> HttpResponse:
    """Forget one of one's own saved views, and go back to the table it was forgotten on."""
    remove_view(view_id=view, by=actor_of(request))
    messages.success(request, "保存した絞り込みを消しました。")
    back = call_of(request, request.POST.get("call", ""), "grants.view_call")
    return redirect("review:table", back.public_id)
