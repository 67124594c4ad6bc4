"""Progress sheets as a workbook, and taking them in: the difference cell by cell first, then the act."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, arrival_of, require
from core.exceptions import DomainError
from core.files import FileKind
from indicators import queries
from indicators.actions.importing import import_sheets, rehearse
from indicators.forms import ConfirmForm, SourceForm, pack
from indicators.models import Plan
from indicators.workbook import plan_workbook

_SHOWN = 200


@access(public=True)
@require_safe
def workbook(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan's sheets in the printed layout; `?department=` those of one department only."""
    plan = queries.plan_by_slug(actor_of(request), slug)
    if plan is None:
        raise Http404
    department = request.GET.get("department", "")
    measures = queries.measures_of(plan, department)
    if department and not measures:
        raise Http404
    indicators = [] if department else [row.indicator for row in queries.indicators_of(plan)]
    response = HttpResponse(plan_workbook(plan, indicators, measures), content_type=FileKind.XLSX.media_type)
    name = "_".join(filter(None, [plan.title, "進行管理表", department]))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    return response


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, slug: str) -> HttpResponse:
    """The coordinator's page: choose a file or paste a text, look at the difference, take it in."""
    plan = queries.plans(actor_of(request)).filter(slug=slug).first()
    if plan is None:
        raise Http404
    require(actor_of(request), "indicators.import_sheets", plan, arrival_of(request))
    if request.method != "POST":
        return _page(request, plan, SourceForm())
    if "packed" in request.POST:
        return _confirmed(request, plan)
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, plan, form, status=422)
    try:
        outcome = rehearse(reading=form.reading, plan=plan, by=actor_of(request), at=arrival_of(request))
    except DomainError as error:
        for fault in error.faults:
            form.add_error(None, " ".join(filter(None, [fault.field, str(fault)])))
        return _page(request, plan, form, status=422)
    file = form.cleaned_data["file"]
    context = {
        "plan": plan,
        "outcome": outcome,
        "doubts": form.reading.doubts[:_SHOWN],
        "doubt_count": len(form.reading.doubts),
        "repairs": form.reading.repairs[:_SHOWN],
        "repair_count": len(form.reading.repairs),
        "packed": pack(form.decoded.text),
        "name": file.name if file else "貼り付けた文字",
    }
    return render(request, "plans/import_difference.html", context)


def _confirmed(request: HttpRequest, plan: Plan) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, "表の文字を受け取れませんでした。もう一度ファイルをえらんでください。")
        return _page(request, plan, SourceForm(), status=422)
    try:
        outcome = import_sheets(
            reading=form.reading, plan=plan, by=actor_of(request), accept=request.POST.getlist("accept"),
            source=form.cleaned_data["name"], at=arrival_of(request),
        )  # fmt: skip
    except DomainError as error:
        again = SourceForm({"text": form.reading.text})
        again.is_valid()
        for fault in error.faults:
            again.add_error(None, f"{fault}もう一度、違いを確かめてください。")
        return _page(request, plan, again, status=422)
    kept = f"手直しを残した欄は{len(outcome.differences)}です。" if outcome.differences else ""
    messages.success(request, f"進行管理表を取り込みました。書いた欄は{len(outcome.changes)}です。{kept}")
    return HttpResponseRedirect(reverse("plans:detail", args=[plan.slug]))


def _page(request: HttpRequest, plan: Plan, form: SourceForm, status: int = 200) -> HttpResponse:
    return render(request, "plans/import.html", {"plan": plan, "form": form}, status=status)
