"""Yearly reports: the years of a project, and one of them written; the office takes or returns it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.access import access, allowed, require
from core.exceptions import Conflict, DomainError, Refused
from core.fiscal_year import label
from grants.actions import reporting
from grants.forms.reports import HandInForm, ReportForm, ReturnReportForm
from grants.models import Application, YearReport
from grants.permissions import judge_report
from grants.queries.project_indicators import shown
from grants.queries.reports import (
    YearLine,
    decided_indicators,
    figure_lines,
    reported_years,
    year_lines,
)
from grants.views.frame import CasePage, case_page, form_page, status_of
from grants.views.review_frame import ReviewPage, review_page

reads = access(action="grants.view_reports")


@reads
@form_page
def reports(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every year of the project; the lead hands a finished one in."""
    page = case_page(request, public_id)
    require(page.actor, "grants.view_reports", page.application, page.at)
    form, status = HandInForm(request.POST or None), 422 if request.method == "POST" else 200
    if form.is_valid():
        report = _named(page.application, form.cleaned_data["report"])
        try:
            reporting.hand_in(
                report_id=report.pk, by=page.actor, at=page.at, expected_version=form.cleaned_data["version"]
            )
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(
                request, f"{label(report.fiscal_year)}の年次報告を提出しました。都の担当に知らせます。"
            )
            return redirect(page.url("reports"))
    years = year_lines(page.actor, page.application, page.at)
    may_hand_in = {
        one.running.pk for one in years if one.running and judge_report(page.actor, "hand_in_report", _of(page, one.running)).decision()
    }  # fmt: skip
    may_open = allowed(page.actor, "grants.open_report", page.application, page.at)
    return page.render(
        request, "reports", status=status, years=years, form=form, may_hand_in=may_hand_in, may_write=may_open
    )


def _of(page: CasePage, report: YearReport) -> YearReport:
    report.application = page.application
    return report


def _named(application: Application, public_id: str) -> YearReport:
    found = application.year_reports.filter(public_id=public_id).first()
    if found is None:
        raise Refused
    return found


@reads
@form_page
def year(request: HttpRequest, public_id: str, fiscal_year: int) -> HttpResponse:
    """One year, written by the lead's editors; a year that was taken is corrected with a reason."""
    page = case_page(request, public_id)
    require(page.actor, "grants.open_report", page.application, page.at)
    if fiscal_year not in reported_years(decided_indicators(page.application)):
        raise Refused
    line = next(one for one in year_lines(page.actor, page.application, page.at) if one.year == fiscal_year)
    decision = (
        judge_report(page.actor, "fill_report", _of(page, line.running)).decision() if line.running else None
    )
    form, status = _form(page, line, request.POST if request.method == "POST" else None), 200
    saved = []
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            _save(page, line, form.cleaned_data, form)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
            if isinstance(error, Conflict):
                saved = _renew(page, form, fiscal_year)
        else:
            messages.success(request, "保存しました。まだ提出していません。")
            return redirect(page.url("reports"))
    return page.render(
        request, "report", status=status, heading=f"{label(fiscal_year)}の年次報告", form=form, line=line, saved=saved,
        closed=decision if decision is not None and not decision else None,
    )  # fmt: skip


def _form(page: CasePage, line: YearLine, data: Mapping[str, Any] | None) -> ReportForm:
    """The page's form: as saved, in a correction as it was taken, or as typed."""
    source = line.running or line.taken
    rows = [
        {
            "name": row["name"], "definition": row["definition"], "unit": row["unit"],
            "planned": f"{shown(row['targets'][str(line.year)])}{row['unit']}" if str(line.year) in row["targets"] else "",
        }
        for row in decided_indicators(page.application)
    ]  # fmt: skip
    return ReportForm(
        data, rows=rows, figures=list(source.figures.all()) if source else [], corrects=line.taken is not None,
        initial={
            "version": line.running.version if line.running else 0, "done": source.done if source else "",
            "reason": line.running.reason if line.running else "",
        },
    )  # fmt: skip


def _save(page: CasePage, line: YearLine, data: Mapping[str, Any], form: ReportForm) -> None:
    reporting.save_report(
        application_id=page.application.pk, fiscal_year=line.year, entries=form.entries(), done=data["done"],
        reason=data.get("reason", ""), expected_version=data["version"], by=page.actor, at=page.at,
    )  # fmt: skip


def _renew(page: CasePage, form: ReportForm, fiscal_year: int) -> list[Any]:
    """Let the form carry the version that is there now; what is saved, to compare with."""
    lines = year_lines(page.actor, page.application, page.at)
    running = next((one.running for one in lines if one.year == fiscal_year), None)
    renewed = dict(form.data.items())
    renewed["version"] = str(running.version if running else 0)
    form.data = renewed
    return figure_lines(running, None) if running else []


_OFFICE: Final[Mapping[str, tuple[type[HandInForm], Callable[..., YearReport], str]]] = {
    "take": (HandInForm, reporting.take, "受理しました。採択事業のページに載ります。"),
    "return": (ReturnReportForm, reporting.give_back, "修正を依頼しました。市町村に知らせます。"),
}


@reads
@form_page
def office(request: HttpRequest, public_id: str) -> HttpResponse:
    """The reports as the bureau reads them, with what waits to be taken or returned."""
    page = review_page(request, public_id)
    require(page.actor, "grants.view_reports", page.application, page.at)
    form, status = None, 200
    if request.method == "POST":
        form, status = _answered(request, page)
        if form is None:
            return redirect(page.url("reports"))
    years = year_lines(page.actor, page.application, page.at)
    waiting = next((one.running for one in years if one.running and one.shown == one.running), None)
    if waiting is not None:
        waiting.application = page.application
        waiting = waiting if judge_report(page.actor, "take_report", waiting).decision() else None
    return page.render(
        request, "reports", status=status, heading="年次報告", years=years, waiting=waiting, form=form,
        return_form=form if isinstance(form, ReturnReportForm) else ReturnReportForm(),
    )  # fmt: skip


def _answered(request: HttpRequest, page: ReviewPage) -> tuple[HandInForm | None, int]:
    """Take or return what was handed in: (None, 302) when it is done, else the form with its faults."""
    if request.POST.get("act", "") not in _OFFICE:
        raise Refused
    made, run, done = _OFFICE[request.POST["act"]]
    form = made(request.POST)
    if not form.is_valid():
        return form, 422
    data = dict(form.cleaned_data)
    report = _named(page.application, data.pop("report"))
    try:
        run(report_id=report.pk, expected_version=data.pop("version"), by=page.actor, at=page.at, **data)
    except DomainError as error:
        form.refuse(error)
        return form, status_of(error)
    messages.success(request, done)
    return None, 302
