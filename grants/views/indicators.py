"""The project's indicators: one page, a block per indicator, saved as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core import clock
from core.exceptions import Conflict, DomainError, Refused
from grants.actions.indicators import save_indicators
from grants.enums import INDICATORS_SECTION
from grants.forms import IndicatorsForm
from grants.queries.project_indicators import (
    indicator_data,
    indicator_faults,
    indicator_rows,
    indicator_words,
)
from grants.views.board import last_changes
from grants.views.frame import CasePage, case_page, form_page, sees, status_of


@sees
@form_page
def indicators(request: HttpRequest, public_id: str) -> HttpResponse:
    """The indicators: typed, saved, or read by those who may not change them."""
    page = case_page(request, public_id)
    if not page.application.template.indicators:
        raise Refused
    if request.method == "POST":
        return _save(request, page)
    form = indicators_form(page)
    if "check" in request.GET:
        form = indicators_form(page, _as_typed(form))
        form.is_valid()
        form.refuse(DomainError(*indicator_faults(page.application)))
    return _page(request, page, form)


def indicators_form(page: CasePage, data: Mapping[str, Any] | None = None) -> IndicatorsForm:
    """The page's form: as saved, or as typed."""
    application = page.application
    rows = indicator_rows(application)
    return IndicatorsForm(
        data, rows=indicator_data(rows), most=int(application.template.indicators.get("max", 5)),
        years=list(application.template.fiscal_years(application.call)), origins=[row.origin_words for row in rows],
        initial={"version": application.indicators_version},
    )  # fmt: skip


def _as_typed(form: IndicatorsForm) -> dict[str, Any]:
    """What the page would post if nobody typed anything."""
    return {name: form[name].value() for name in form.fields}


def _save(request: HttpRequest, page: CasePage) -> HttpResponse:
    form = indicators_form(page, request.POST)
    if not form.is_valid():
        return _page(request, page, form, status=422)
    try:
        save_indicators(
            application_id=page.application.pk, entries=form.entries(), by=page.actor, at=page.at,
            expected_version=form.cleaned_data["version"],
        )  # fmt: skip
    except Conflict as error:
        return _clash(request, page, form, error)
    except DomainError as error:
        form.refuse(error)
        return _page(request, page, form, status=status_of(error))
    messages.success(request, f"{clock.local(page.at):%H:%M} に保存しました。まだ提出していません。")
    return redirect(page.url("detail") if "back" in request.POST else request.path)


def _clash(request: HttpRequest, page: CasePage, form: IndicatorsForm, error: DomainError) -> HttpResponse:
    """Both values of every cell that differs; saving once more keeps what this person typed."""
    page.application.refresh_from_db(fields=["indicators_version"])
    differences = form.differences(indicator_data(indicator_rows(page.application)))
    renewed = request.POST.copy()
    renewed["version"] = str(page.application.indicators_version)
    form.refuse(error)
    form.data = renewed
    return _page(request, page, form, status=409, differences=differences)


def _page(
    request: HttpRequest, page: CasePage, form: IndicatorsForm, *, status: int = 200,
    differences: Sequence[tuple[str, str, str]] = (),
) -> HttpResponse:  # fmt: skip
    rows = indicator_data(indicator_rows(page.application))
    decision = page.edits(INDICATORS_SECTION)
    return page.render(
        request, "indicators", status=status, form=form, differences=differences, decision=decision,
        read=[(row["name"], indicator_words(row)) for row in rows], last=last_changes(page).get((INDICATORS_SECTION, None)),
        asked=page.application.template.indicators,
    )  # fmt: skip
