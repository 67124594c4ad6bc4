"""A call as a whole, for the office that answers for it: 執行管理, its tables as files, and its closing extended."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from core.access import access, actor_of, allowed, arrival_of
from core.downloads import under_name
from core.exceptions import Conflict, DomainError, Refused
from grants.actions.extending import extend_call
from grants.actions.packages import READY
from grants.forms.extension import ExtensionForm
from grants.queries.accounting import accounting_rows, layouts_of, year_table
from grants.queries.call_board import CallBoard, CaseLine, call_board, received
from grants.queries.service_board import Uses, service_board
from grants.workbook import Cell, table_csv, table_workbook
from programs.enums import EndsIn
from programs.models import Call

_OF_CASE: Final = (
    "順位", "評価（％）", "採点済み", "受付番号", "団体コード", "代表市町村", "構成団体", "事業名", "状態",
)  # fmt: skip
_OF_MONEY: Final = (
    "申請額（円）", "申請額・全期間（円）", "補助予定額（円）", "決定額（円）", "予算の累計（円）",
)  # fmt: skip
_OF_USES: Final = ("申込み（回）", "予定（回）", "実施（回）", "中止（回）")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def call_of(request: HttpRequest, call: str, action: str) -> Call:
    """One of the bureau's calls; anybody else's is unknown."""
    found = Call.objects.select_related("program__owner").filter(public_id=call).first()
    if found is None or not allowed(actor_of(request), action, found, arrival_of(request)):
        raise Refused
    return found


@access(action="grants.view_call")
@require_safe
def board(request: HttpRequest, call: str) -> HttpResponse:
    """Budget, requested, proposed, decided, or uses of a service; cases by their points; sums by municipality."""
    found = call_of(request, call, "grants.view_call")
    actor, at = actor_of(request), arrival_of(request)
    whole = call_board(actor, found, at)
    context = {
        "call": found,
        "board": whole,
        **_sums(whole),
        "may_extend": bool(allowed(actor, "grants.extend_call", found, at)),
        "shortening": found.shortenings.filter(ended_at__isnull=True).exists(),
        "together": "adopt" if actor.has_role(Role.DECIDER) else "recommend_adopt",
        "packs": received(actor, found, at).filter(status__in=sorted(READY)).exists(),
    }
    return render(request, "grants/review/call.html", context)


@access(action="grants.view_call")
@require_safe
def board_file(request: HttpRequest, call: str, form: str) -> HttpResponse:
    """The cases as a table with money or uses, as CSV and for Excel; text is text, never a formula."""
    if form not in TYPES:
        raise Refused
    found = call_of(request, call, "grants.view_call")
    whole = call_board(actor_of(request), found, arrival_of(request))
    headings: tuple[str, ...]
    if found.ends_in == EndsIn.SERVICE:
        headings = (*_OF_CASE, *_OF_USES)
        rows = [[*_case(line), *_used(uses)] for line, uses in service_board(whole).lines]
    else:
        headings, rows = (*_OF_CASE, *_OF_MONEY), [[*_case(line), *_money(line)] for line in whole.lines]
    title = f"{found.program.title} {found.name}"
    body = table_csv(headings, rows) if form == "csv" else table_workbook(title, headings, rows)
    return under_name(HttpResponse(body, content_type=TYPES[form]), f"執行管理_{found.name}.{form}")


def _sums(whole: CallBoard) -> dict[str, object]:
    """The money of a call with its files for the accounting system, or the uses of one that ends in a service."""
    if whole.call.ends_in == EndsIn.SERVICE:
        return {"service": service_board(whole)}
    return {"table": year_table(whole), "layouts": layouts_of(whole.call)}


def _case(line: CaseLine) -> list[Cell]:
    case = line.application
    return [
        line.rank, line.percent, f"{line.scored}／{line.reviewers}", case.receipt_number or "", case.lead.code,
        case.lead.name, "、".join(line.bodies), line.title, str(case.state.label),
    ]  # fmt: skip


def _money(line: CaseLine) -> list[Cell]:
    return [line.requested, line.requested_total, line.proposed, line.decided, line.used]


def _used(uses: Uses) -> list[Cell]:
    return [uses.asked, uses.planned, uses.held, uses.cancelled]


@access(action="grants.view_call")
@require_safe
def accounting(request: HttpRequest, call: str, layout: str) -> HttpResponse:
    """The decisions as rows for another system, in the columns and encoding its layout names."""
    found = call_of(request, call, "grants.view_call")
    chosen = next((one for one in layouts_of(found) if one.slug == layout), None)
    if chosen is None:
        raise Refused
    headings, rows = accounting_rows(actor_of(request), found, chosen, arrival_of(request))
    charset = "Shift_JIS" if chosen.encoding == "cp932" else "utf-8"
    body = table_csv(headings, rows, encoding=chosen.encoding)
    answer = HttpResponse(body, content_type=f"text/csv; charset={charset}")
    return under_name(answer, f"{chosen.title}_{found.name}.csv")


@access(action="grants.extend_call")
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, call: str) -> HttpResponse:
    """The closing of one of the bureau's calls, moved to a later instant."""
    actor, at = actor_of(request), arrival_of(request)
    found = call_of(request, call, "grants.extend_call")
    form = ExtensionForm(request.POST or None, call=found)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            told = extend_call(call=found, extension=form.extension(), by=actor, at=at)
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, f"締切を延ばしました。{told:,}件の申請の団体に知らせます。")
            return redirect("review:list")
    return render(request, "grants/review/extend.html", {"form": form, "call": found}, status=status)
