"""Progress sheets as a workbook, and taking them in: the difference cell by cell first, then the act."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.access import access, actor_of, arrival_of, require
from core.exceptions import DomainError, Fault
from core.files import FileKind
from core.packing import pack
from core.throttle import put_off, seconds_to_wait
from indicators import queries
from indicators.actions.importing import import_sheets, rehearse
from indicators.forms import ConfirmForm, SourceForm
from indicators.importing import Finding, Reading
from indicators.models import Measure, Plan, SheetYear
from indicators.papers import paper_of, render_docx, render_pdf
from indicators.workbook import plan_workbook

SHOWN = 200
PAPERS_A_MINUTE = 10
"""How many one place may ask for: a town hall sits behind one address."""
PAPERS: Final = {"pdf": (render_pdf, FileKind.PDF), "docx": (render_docx, FileKind.DOCX)}


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


@access(public=True)
@require_safe
def paper(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The whole plan as a paper for meetings: PDF or Word. Setting it takes a second: few a minute for one place."""
    plan = queries.plan_by_slug(actor_of(request), slug)
    if plan is None:
        raise Http404
    if kind in PAPERS and (wait := seconds_to_wait(request, "papers", a_minute=PAPERS_A_MINUTE)):
        return put_off(request, wait)
    return paper_response(request, plan, kind, queries.measures_of(plan))


def paper_response(
    request: HttpRequest,
    plan: Plan,
    kind: str,
    measures: Sequence[Measure],
    *,
    years: Mapping[int, Sequence[SheetYear]] | None = None,
    mark: str = "",
) -> HttpResponse:
    """The paper as a file to keep; 404 for a kind there is not. `plan` comes from `plan_by_slug`."""
    if kind not in PAPERS:
        raise Http404
    make, file_kind = PAPERS[kind]
    at, standings = arrival_of(request), queries.indicators_of(plan)
    made = paper_of(
        plan,
        queries.by_direction(plan, standings),
        standings,
        measures,
        clock.today(at),
        years=years,
        mark=mark,
    )
    response = HttpResponse(make(made, at=at), content_type=file_kind.media_type)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{plan.title}_進行管理表.{kind}"
    )
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
        return _difference(request, plan, Shown.of(form))
    except DomainError as error:
        form.refuse_source(error)
        return _page(request, plan, form, status=422)


@dataclass(frozen=True)
class Shown:
    """A source on its way through the page of differences: packed, named, read; and what was ticked and typed there."""

    packed: str
    name: str
    reading: Reading
    accept: tuple[str, ...] = ()
    reason: str = ""
    place: Callable[[int], str] = "{}行目".format

    @classmethod
    def of(cls, form: SourceForm) -> "Shown":
        """What a valid form holds."""
        file = form.cleaned_data["file"]
        name = file.name if file else "貼り付けた文字"
        return cls(pack(form.decoded.text), name, form.reading, place=form.decoded.place)

    def placed(self, findings: Iterable[Finding]) -> list[tuple[str, Finding]]:
        """With where each stands: worksheet and cell, or the line of the text, which alone is carried along."""
        return [(self.place(each.line) if each.line else "", each) for each in findings]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the page of differences carries along."""
        return [("packed", self.packed), ("name", self.name)]


def _difference(
    request: HttpRequest, plan: Plan, shown: Shown, faults: tuple[Fault, ...] = (), status: int = 200
) -> HttpResponse:
    """The difference cell by cell, nothing written. Raises DomainError as `rehearse`."""
    reading = shown.reading
    outcome = rehearse(reading=reading, plan=plan, by=actor_of(request), at=arrival_of(request))
    context = {
        "plan": plan,
        "back": reverse("plans:import", args=[plan.slug]),
        "what": "進行管理表を取り込む",
        "outcome": outcome,
        "doubts": shown.placed(reading.doubts[:SHOWN]),
        "doubt_count": len(reading.doubts),
        "repairs": shown.placed(reading.repairs[:SHOWN]),
        "repair_count": len(reading.repairs),
        "shown": shown,
        "faults": faults,
    }
    return render(request, "plans/import_difference.html", context, status=status)


def _confirmed(request: HttpRequest, plan: Plan) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, "表の文字を受け取れませんでした。もう一度ファイルをえらんでください。")
        return _page(request, plan, SourceForm(), status=422)
    data, accept = form.cleaned_data, request.POST.getlist("accept")
    try:
        outcome = import_sheets(
            reading=form.reading, plan=plan, by=actor_of(request), accept=accept, reason=data["reason"],
            source=data["name"], at=arrival_of(request),
        )  # fmt: skip
    except DomainError as error:
        shown = Shown(data["packed"], data["name"], form.reading, tuple(accept), data["reason"])
        return _again(request, plan, shown, error)
    kept = len(outcome.differences) + len(outcome.published)
    rest = f"今の文を残した欄は{kept}です。" if kept else ""
    messages.success(request, f"進行管理表を取り込みました。書いた欄は{len(outcome.changes)}です。{rest}")
    return HttpResponseRedirect(reverse("plans:detail", args=[plan.slug]))


def _again(request: HttpRequest, plan: Plan, shown: Shown, error: DomainError) -> HttpResponse:
    """The difference as it is now, with what was ticked and typed; the first page where even that cannot be shown."""
    try:
        return _difference(request, plan, shown, error.faults, 422)
    except DomainError:
        again = SourceForm({"text": shown.reading.text})
        again.is_valid()
        for fault in error.faults:
            again.add_error(None, f"{fault}もう一度、違いを確かめてください。")
        return _page(request, plan, again, status=422)


def _page(request: HttpRequest, plan: Plan, form: SourceForm, status: int = 200) -> HttpResponse:
    return render(request, "plans/import.html", {"plan": plan, "form": form}, status=status)
