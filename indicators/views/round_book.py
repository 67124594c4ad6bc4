"""A round by Excel: its sheets as a workbook, and a filled one taken in after the difference was looked at."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from core import fiscal_year
from core.access import access, actor_of, arrival_of
from core.exceptions import DomainError, Fault, Refused
from core.files import FileKind
from indicators import queries
from indicators.actions.filling import Clash
from indicators.actions.round_import import compare, take
from indicators.enums import RoundStatus
from indicators.forms import ConfirmForm, SourceForm
from indicators.models import ProgressRound, SheetTask
from indicators.permissions import coordinates
from indicators.queries.round_book import round_book
from indicators.rules import sheets
from indicators.views.rounds import round_of
from indicators.views.sheets import SHOWN, Shown, paper_response
from indicators.workbook import plan_workbook


@access(action="indicators.see_rounds")
@require_safe
def workbook(request: HttpRequest, round_id: int) -> HttpResponse:
    """The sheets the actor sees, with what stands in the round; `?department=` those of one department only."""
    round_ = round_of(request, round_id)
    asked = request.GET.get("department", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 10):  # noqa: PLR2004
        raise Refused
    book = round_book(actor_of(request), round_, int(asked) if asked else None)
    if not book.measures:
        raise Refused
    data = plan_workbook(round_.plan, [], book.measures, book.years)
    response = HttpResponse(data, content_type=FileKind.XLSX.media_type)
    name = f"{round_.plan.title}_{str(round_).replace(' ', '')}_個票.xlsx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


@access(action="indicators.see_rounds")
@require_safe
def paper(request: HttpRequest, round_id: int, kind: str) -> HttpResponse:
    """The whole plan as it stands in the round, for the meetings before the publication; for its coordinator."""
    actor, round_ = actor_of(request), round_of(request, round_id)
    plan = queries.plan_by_slug(actor, round_.plan.slug)
    if plan is None or not coordinates(actor, round_.plan):
        raise Refused
    book = round_book(actor, round_)
    dealt = {row.pk for row in book.measures}
    measures = queries.measures_of(plan)
    years = {row.pk: book.years[row.pk] if row.pk in dealt else list(row.years.all()) for row in measures}
    mark = "" if round_.state is RoundStatus.PUBLISHED else "未公表　会議資料（案）"
    return paper_response(request, plan, kind, measures, years=years, mark=mark)


@dataclass(frozen=True)
class _Both:
    """A cell that somebody else saved meanwhile: what the file says, and what stands now."""

    name: str
    mine: str
    theirs: str
    who: str


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, round_id: int) -> HttpResponse:
    """Choose a file or paste a text, look at the difference, take in what is ticked."""
    round_ = round_of(request, round_id)
    if request.method != "POST":
        return _page(request, round_, SourceForm())
    if "packed" in request.POST:
        return _confirmed(request, round_)
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, round_, form, status=422)
    try:
        return _difference(request, round_, Shown.of(form))
    except DomainError as error:
        form.refuse_source(error)
        return _page(request, round_, form, status=422)


def _difference(
    request: HttpRequest,
    round_: ProgressRound,
    shown: Shown,
    *,
    both: list[_Both] | None = None,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> HttpResponse:
    found = compare(reading=shown.reading, round_=round_, by=actor_of(request), at=arrival_of(request))
    ticked = set(request.POST.getlist("accept")) if "packed" in request.POST else None
    rows = [
        (change, change.mark in ticked if ticked is not None else bool(change.after.strip()))
        for change in found.changes
    ]
    context = {
        "round": round_, "shown": shown, "found": found, "rows": rows, "both": both or [], "faults": faults,
        "doubts": shown.reading.doubts[:SHOWN], "repairs": shown.reading.repairs[:SHOWN],
    }  # fmt: skip
    return render(request, "rounds/upload_difference.html", context, status=status)


def _confirmed(request: HttpRequest, round_: ProgressRound) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, "表の文字を受け取れませんでした。もう一度ファイルをえらんでください。")
        return _page(request, round_, SourceForm(), status=422)
    shown = Shown(form.cleaned_data["packed"], form.cleaned_data["name"], form.reading)
    accept = {mark: _version(request, mark) for mark in request.POST.getlist("accept")}
    try:
        taken = take(
            reading=form.reading, round_=round_, accept=accept, by=actor_of(request), at=arrival_of(request)
        )
    except DomainError as error:
        return _difference(request, round_, shown, faults=error.faults, status=422)
    if taken.clashes:
        both = [_both(task, clash) for task, clash in taken.clashes]
        return _difference(request, round_, shown, both=both, status=409)
    messages.success(request, f"ブックの内容を取り込みました。書いた欄は{taken.saved}です。")
    return redirect("rounds:detail", round_.pk)


def _version(request: HttpRequest, mark: str) -> int:
    """The version of a cell that the page showed; -1, which fits none, for a page of somebody's own making."""
    text = request.POST.get(f"v-{mark}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004


def _both(task: SheetTask, clash: Clash) -> _Both:
    year, name = clash.key
    where = f"個票{task.measure.number}　{fiscal_year.label(year)}　{sheets.label_of(name)}"
    return _Both(
        where,
        sheets.shown(name, clash.mine),
        sheets.shown(name, clash.cell.value),
        clash.cell.updated_by.name,
    )


def _page(request: HttpRequest, round_: ProgressRound, form: SourceForm, status: int = 200) -> HttpResponse:
    return render(request, "rounds/upload.html", {"round": round_, "form": form}, status=status)
