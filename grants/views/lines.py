"""Choosing the lines of an application."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core import clock
from core.exceptions import Conflict, DomainError, Refused
from grants.actions.lining import lines_mark, save_lines
from grants.enums import LINES_SECTION
from grants.forms.lines import LinesForm
from grants.queries.lines import line_choices
from grants.views.frame import case_page, form_page, sees, status_of
from programs.enums import InputUnit


@sees
@form_page
def lines(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every line with its terms: those the town may take with a tick, the others with the reason."""
    page = case_page(request, public_id)
    application = page.application
    if not application.template.has_section(LINES_SECTION):
        raise Refused
    choices, status, clash = line_choices(application), 200, False
    form = LinesForm(
        request.POST if request.method == "POST" else None, choices=choices,
        thousand=application.call.input_unit == InputUnit.THOUSAND_YEN, initial={"shown": lines_mark(application)},
    )  # fmt: skip
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            save_lines(
                application_id=application.pk, lines=form.entries(), shown=form.cleaned_data["shown"],
                by=page.actor, at=page.at,
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
            clash = isinstance(error, Conflict)
            if clash:
                again = request.POST.copy()
                again["shown"] = lines_mark(application)
                form.data = again  # another try keeps what was typed
        else:
            messages.success(request, f"{clock.local(page.at):%H:%M} に保存しました。まだ提出していません。")
            return redirect(page.url("detail") if "back" in request.POST else request.path)
    decision = page.edits(LINES_SECTION)
    return page.render(
        request, "lines", status=status, form=form, rows=form.rows(), editable=decision.permitted,
        reason=decision.reason, clash=choices if clash else [],
        budget_url=page.url("budget_member", page.member.public_id),
    )  # fmt: skip
