"""One part of 庁内照会: read, filled by the unit it was sent to, or in its place by the liaison unit."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core import clock
from core.access import access, allowed
from core.exceptions import Conflict, DomainError, Refused
from core.fiscal_year import label
from grants.actions import budgeting, documents
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.enums import (
    BUDGET_SECTION,
    DOCUMENTS_SECTION,
    MONEY_ITEM,
    OTHER_ITEM,
    DocumentState,
    SectionScope,
)
from grants.forms import BudgetForm, BudgetRow, SectionForm, UploadForm, stored_data
from grants.models import Answer, Document, Member, Routing
from grants.permissions import EditTarget, available_routing_actions
from grants.permissions.scanning import may_open
from grants.views import budget, saving
from grants.views.budget import largest
from grants.views.documents import attachment
from grants.views.frame import CasePage, form_page, status_of
from grants.views.routing import ACTS, RoutingPage, history, part, routing_page, row_of


@access(action="grants.see_routing")
@form_page
def one(request: HttpRequest, public_id: str, routing: str) -> HttpResponse:
    """What was asked, the fields of this part alone, what can be done with it, and what happened to it."""
    page = routing_page(request, public_id)
    found = part(page, routing)
    if found.section == BUDGET_SECTION:
        return _budget(request, page, found)
    if found.section == DOCUMENTS_SECTION:
        return _documents(request, page, found)
    return _answers(request, page, found)


def _member(page: RoutingPage, routing: Routing) -> Member | None:
    """Whose part of the working copy it is: the body's own, or the common one (of the lead's files too)."""
    case = page.case
    if routing.section == BUDGET_SECTION:
        return case.member
    if routing.section == DOCUMENTS_SECTION:
        return None if case.is_lead else case.member
    scope = case.application.template.section_scope(routing.section)
    return case.member if scope is SectionScope.MEMBER else None


def _show(
    request: HttpRequest, page: RoutingPage, routing: Routing, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:  # fmt: skip
    case = page.case
    target = EditTarget(case.application, routing.section, _member(page, routing), routing.item)
    decision = allowed(case.actor, "grants.edit", target, case.at)
    acts = available_routing_actions(case.actor, routing, case.at)
    row = row_of(routing, case.at)
    return page.render(
        request, template, heading=row.label, status=status, row=row, editable=decision.permitted, reason=decision.reason,
        acts=[(name, ACTS[name].label) for name in acts], events=history(routing), **context,
    )  # fmt: skip


def _saved(request: HttpRequest, page: RoutingPage) -> HttpResponse:
    words = f"{clock.local(page.case.at):%H:%M} に保存しました。まだ回答していません。"
    messages.success(request, words)
    return redirect(request.path)


# --- Questions ------------------------------------------------------------------------------------------------


def _answers(request: HttpRequest, page: RoutingPage, routing: Routing) -> HttpResponse:
    case, member = page.case, _member(page, routing)
    questions = list(case.application.template.questions.filter(section=routing.section).order_by("position"))
    rows = Answer.objects.filter(
        application=case.application, question__section=routing.section, member=member
    ).select_related("question", "updated_by")
    answers = {answer.question_id: answer for answer in rows}
    data: Mapping[str, Any] = request.POST if request.method == "POST" else stored_data(questions, answers)
    form = SectionForm(data, questions=questions, answers=answers)
    context: dict[str, Any] = {"clashes": [], "unsaved": []}
    status = 200
    if request.method == "POST":
        if saving.is_automatic(request):
            return saving.automatic(case, member, form)
        status = 422
        if form.is_valid():
            outcome = saving.save_typed(case, member, form)
            if not outcome.refused:
                return _saved(request, page)
            for error in saving.at_fields(outcome):
                form.refuse(error)
            status = outcome.http_code
            context = {"clashes": outcome.clashes, "unsaved": list(outcome.refused)}
            form.data = saving.renewed(
                request.POST, questions, outcome, {a.question_id: a for a in rows.all()}
            )
    return _show(
        request, page, routing, "answers", status=status, form=form,
        fields=[form[question.code] for question in questions], storage=saving.storage_key(case, routing.section, member),
        hidden=[form[f"{question.code}-{name}"] for question in questions for name in ("version", "shown")],
        held=saving.is_held(case.application), **context,
    )  # fmt: skip


# --- Rows of the budget -----------------------------------------------------------------------------------------


def _given(routing: Routing, row: BudgetRow) -> bool:
    if not routing.item:
        return True
    return bool(row.income) if routing.item == MONEY_ITEM else row.item == routing.item


def _budget(request: HttpRequest, page: RoutingPage, routing: Routing) -> HttpResponse:
    case, member = page.case, page.case.member
    rows = [row for row in budget.rows_of(case, member) if _given(routing, row)]
    form = budget.budget_form(case, member, request.POST if request.method == "POST" else None, rows=rows)
    status, differences = 200, list[tuple[str, str, str]]()
    if request.method == "POST":
        status = 422
        if form.is_valid() and not _doubted(form, case):
            costs, incomes = _merged(form, member, rows)
            try:
                budgeting.save_budget(
                    application_id=case.application.pk, member_id=member.pk, by=case.actor, at=case.at,
                    expected_version=form.cleaned_data["version"], costs=costs, incomes=incomes,
                )  # fmt: skip
            except Conflict as error:
                status = 409
                form.refuse(error)
                fresh = case.application.members.get(pk=member.pk)
                differences = form.differences(
                    row for row in budget.rows_of(case, fresh) if _given(routing, row)
                )
                renewed = request.POST.copy()
                renewed["version"] = str(fresh.budget_version)
                form.data = renewed
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                return _saved(request, page)
    return _show(
        request, page, routing, "money", status=status, form=form, differences=differences,
        years=[(year, label(year)) for year in form.years],
    )  # fmt: skip


def _doubted(form: BudgetForm, case: CasePage) -> bool:
    doubt = form.doubt(largest(case))
    if doubt:
        form.add_error("unit_confirmed", f"{doubt}単位が合っていれば、ここに印を付けて保存してください。")
    return bool(doubt)


def _merged(
    form: BudgetForm, member: Member, rows: Iterable[BudgetRow]
) -> tuple[list[CostEntry], list[IncomeEntry]]:
    """The rows of this part as typed, all others as they are saved."""
    saved = budgeting.entries_of(member)
    places = {(row.item, row.paid_to_id) for row in rows if row.item}
    kinds = {row.income for row in rows if row.income}
    costs = [entry for entry in saved["costs"] if (entry.item, entry.paid_to_id) not in places]
    incomes = [entry for entry in saved["incomes"] if entry.kind not in kinds]
    return [*costs, *form.costs()], [*incomes, *form.incomes()]


# --- Documents --------------------------------------------------------------------------------------------------


def _documents(request: HttpRequest, page: RoutingPage, routing: Routing) -> HttpResponse:
    case, member = page.case, _member(page, routing)
    asked = [item for item in case.application.template.documents if routing.item in {"", str(item["code"])}]
    form = UploadForm(request.POST or None, request.FILES or None, documents=asked)
    choices = [*form.fields["requirement"].choices]  # type: ignore[attr-defined]
    if routing.item and routing.item != OTHER_ITEM:
        form.fields["requirement"].choices = choices[1:]  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        status = 422
        if "remove" in request.POST:
            return _remove(request, page, routing)
        if form.is_valid():
            try:
                documents.attach_document(
                    application_id=case.application.pk, file=form.cleaned_data["file"], by=case.actor, at=case.at,
                    requirement=form.cleaned_data["requirement"], member_id=member.pk if member else None,
                )  # fmt: skip
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                return _saved(request, page)
    files = [(file, _link(page, routing, file)) for file in _files(page, routing)]
    return _show(request, page, routing, "files", status=status, form=form, files=files)


def _link(page: RoutingPage, routing: Routing, file: Document) -> str:
    """Where the file is opened: with the case's own files, or from here by whoever attached it; "" for others."""
    case = page.case
    if page.whole:
        return case.url("download", file.public_id) if may_open(case.actor, file) else ""
    own = allowed(case.actor, "grants.view_own_upload", file, case.at)
    return case.url("routing_file", routing.public_id, file.public_id) if own else ""


@access(action="grants.see_routing")
@require_safe
def file(request: HttpRequest, public_id: str, routing: str, document: str) -> HttpResponseBase:
    """The bytes of a file of this part, for whoever attached it: the unit may see nothing else of the case."""
    page = routing_page(request, public_id)
    found = part(page, routing)
    rows = _files(page, found) if found.section == DOCUMENTS_SECTION else []
    kept = next((row for row in rows if row.public_id == document), None)
    if kept is None or not allowed(page.case.actor, "grants.view_own_upload", kept, page.case.at):
        raise Refused
    return attachment(kept)


def _files(page: RoutingPage, routing: Routing) -> list[Document]:
    rows = page.case.application.documents.filter(
        state=DocumentState.ATTACHED, purpose="attachment", member=_member(page, routing)
    )
    if routing.item:
        rows = rows.filter(requirement="" if routing.item == OTHER_ITEM else routing.item)
    return list(rows.select_related("uploaded_by").order_by("pk"))


def _remove(request: HttpRequest, page: RoutingPage, routing: Routing) -> HttpResponse:
    wanted = request.POST.get("remove", "")
    found = next((file for file in _files(page, routing) if file.public_id == wanted), None)
    if found is not None:
        try:
            documents.remove_document(document_id=found.pk, by=page.case.actor, at=page.case.at)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(request.path)
        messages.success(request, f"「{found.name}」を外しました。")
    return redirect(request.path)
