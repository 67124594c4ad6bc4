"""Supports and visits: the list, one support with its visits, and every act on its own page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, allowed, arrival_of
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from grants import queries
from grants.actions import supporting, visiting
from grants.enums.supports import SupportStatus
from grants.forms.supports import (
    AskForm,
    AssignForm,
    ConfirmForm,
    EndForm,
    HoldForm,
    LinkForm,
    PlanForm,
    RecordForm,
    VoiceForm,
)
from grants.lifecycle import SUPPORT, VISIT
from grants.models import SupportEvent, SupportRequest, Visit
from grants.permissions import support_parties
from grants.queries.supports import (
    LOG_HEADINGS,
    log_rows,
    record_due,
    support_of,
    supports,
    totals,
    visits_of,
)
from grants.workbook import table_csv, table_workbook

sees = access(action="grants.view_support")
form_page = require_http_methods(["GET", "HEAD", "POST"])
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Act:
    """An act: the words of its button, the form, and the action; `visit` None for acts of the support itself."""

    label: str
    done: str
    form: Callable[[HttpRequest, SupportRequest, Visit | None], Any]
    run: Callable[..., Any]
    grave: bool = False


def _themes(support: SupportRequest) -> list[str]:
    return [str(theme) for theme in support.application.template.visits.get("themes", [])]


def _plan(request: HttpRequest, support: SupportRequest, visit: Visit | None) -> PlanForm:
    initial = {"place": visit.place, "themes": visit.themes} if visit else {}
    return PlanForm(
        request.POST or None, themes=_themes(support), with_reason=visit is not None, initial=initial
    )


def _record(request: HttpRequest, _support: SupportRequest, visit: Visit | None) -> RecordForm:
    initial = {"done": visit.done, "next_step": visit.next_step} if visit else {}
    return RecordForm(request.POST or None, initial=initial)


def _simple(form: type[Any]) -> Callable[[HttpRequest, SupportRequest, Visit | None], Any]:
    return lambda request, _support, _visit: form(request.POST if request.method == "POST" else None)


def _typed(action: Callable[..., Any]) -> Callable[..., Any]:
    """The action with the fields of the form as its arguments."""
    return lambda key, form, **who: action(**key, **form.cleaned_data, **who)


SUPPORT_ACTS: Final[dict[str, Act]] = {
    "plan": Act("予定を入れる", "予定を入れました。", _plan,
                lambda key, form, **who: visiting.plan_visit(**key, plan=form.plan(), **who)),
    "assign": Act("アドバイザーを割り当てる", "割り当てました。",
                  lambda request, _s, _v: AssignForm(request.POST or None, bodies=supporting.advising_bodies()),
                  lambda key, form, **who: supporting.assign(**key, adviser=form.bodies[form.cleaned_data["adviser"]], **who)),
    "refuse": Act("申込を見送る", "見送りました。", _simple(EndForm), _typed(supporting.refuse), grave=True),
    "close": Act("支援を終える", "支援を終えました。", _simple(EndForm), _typed(supporting.close), grave=True),
}  # fmt: skip
VISIT_ACTS: Final[dict[str, Act]] = {
    "move": Act("日程を変える", "日程を変えました。", _plan,
                lambda key, form, **who: visiting.move_visit(
                    **key, plan=form.plan(), reason=form.cleaned_data["reason"], **who)),
    "cancel": Act("中止する", "中止を記録しました。", _simple(EndForm), _typed(visiting.cancel_visit), grave=True),
    "hold": Act("実施を記録する", "実施を記録しました。", _simple(HoldForm), _typed(visiting.hold_visit)),
    "record": Act("記録を書く", "記録を保存しました。", _record, _typed(visiting.record_visit)),
    "confirm": Act("記録を確認する", "記録を確認しました。", _simple(ConfirmForm), _typed(visiting.confirm_visit)),
    "add_voice": Act("声を載せる", "声を載せました。", _simple(VoiceForm), _typed(visiting.add_voice)),
    "add_link": Act("記事・投稿を結ぶ", "結びました。", _simple(LinkForm), _typed(visiting.add_link)),
}  # fmt: skip


@sees
@require_safe
def support_list(request: HttpRequest) -> HttpResponse:
    """What the person sees, with the totals of each call."""
    rows = list(supports(actor_of(request)))
    return render(request, "grants/supports/list.html", {"rows": rows, "totals": totals(rows)})


@sees
@require_safe
def log_file(request: HttpRequest, form: str) -> HttpResponse:
    """The visits of everything the person sees (of one call with ?call=), as a table to keep."""
    if form not in _TYPES:
        raise Refused
    rows = supports(actor_of(request))
    if call := request.GET.get("call", ""):
        rows = rows.filter(application__call__public_id=call)
    cells = log_rows(rows)
    title = "訪問・視察・支援の記録"
    body = table_csv(LOG_HEADINGS, cells) if form == "csv" else table_workbook(title, LOG_HEADINGS, cells)
    response = HttpResponse(body, content_type=_TYPES[form])
    header = content_disposition_header(as_attachment=True, filename=f"{title}.{form}")
    response["Content-Disposition"] = header or ""
    return response


@dataclass(frozen=True)
class VisitLine:
    """A visit with when its record is due and what this person may do with it."""

    visit: Visit
    due: Any
    acts: list[tuple[str, str]]


@sees
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One support: what was wished, who helps, every visit, what was said."""
    support = support_of(actor_of(request), public_id)
    held = {party.value for party in support_parties(actor_of(request), support)}
    lines = []
    for visit in visits_of(support):
        visit.support = support
        lines.append(VisitLine(visit, record_due(visit), _open(VISIT, visit.status, held, VISIT_ACTS)))
    acts = _open(SUPPORT, support.status, held, SUPPORT_ACTS)
    left = visiting.uses_left(support)
    plans = bool(VISIT.find("plan").roles & held) and support.status == SupportStatus.ACTIVE and left != 0
    shown = {
        "support": support, "lines": lines, "left": left,
        "acts": [("plan", SUPPORT_ACTS["plan"].label), *acts] if plans else acts,
        "events": _events(support),
    }  # fmt: skip
    return render(request, "grants/supports/detail.html", shown)


def _events(support: SupportRequest) -> list[SupportEvent]:
    """The newest of the record, each with the word of its action as `label`."""
    words = {row.action: row.label for row in (*SUPPORT.transitions, *VISIT.transitions)}
    found = list(support.events.order_by("-at", "-sequence")[:12])
    for event in found:
        vars(event)["label"] = words.get(event.action, event.action)
    return found


def _open(table: Any, status: str, held: set[str], known: Mapping[str, Act]) -> list[tuple[str, str]]:
    """The acts of a table that are there in a status for somebody with these parts: (name, label)."""
    return [
        (row.action, known[row.action].label)
        for row in table.leaving(status)
        if row.action in known and row.roles & held
    ]


@sees
@form_page
def act(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """An act of the support itself."""
    support = support_of(actor_of(request), public_id)
    return _act(request, support, None, SUPPORT_ACTS.get(name))


@sees
@form_page
def visit_act(request: HttpRequest, public_id: str, visit: str, name: str) -> HttpResponse:
    """An act of one visit."""
    support = support_of(actor_of(request), public_id)
    found = support.visits.filter(public_id=visit).first()
    if found is None:
        raise Refused
    return _act(request, support, found, VISIT_ACTS.get(name))


def _act(request: HttpRequest, support: SupportRequest, visit: Visit | None, act: Act | None) -> HttpResponse:
    actor = actor_of(request)
    if act is None:
        raise Refused
    _require_part(actor, support, visit, act)
    form, status = act.form(request, support, visit), 200
    address = reverse("supports:detail", args=[support.public_id])
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        key = {"visit_id": visit.pk} if visit else {"support_id": support.pk}
        try:
            act.run(key, form, by=actor, at=arrival_of(request))
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict | UnknownTransition) else 422
        else:
            messages.success(request, act.done)
            return redirect(address)
    shown = {"support": support, "visit": visit, "act": act, "form": form, "back": address}
    return render(request, "grants/supports/act.html", shown, status=status)


def _require_part(actor: Actor, support: SupportRequest, visit: Visit | None, act: Act) -> None:
    """Whoever could never do it does not find its page. Raises Refused."""
    table, known = (VISIT, VISIT_ACTS) if visit else (SUPPORT, SUPPORT_ACTS)
    name = next(key for key, value in known.items() if value is act)
    rows = [row for row in (*table.transitions, *VISIT.transitions) if row.action == name]
    held = {party.value for party in support_parties(actor, support)}
    if not any(row.roles & held for row in rows):
        raise Refused


@access(action="grants.ask_support")
@form_page
def ask(request: HttpRequest, application: str) -> HttpResponse:
    """Asking for technical support beside the money."""
    actor, at = actor_of(request), arrival_of(request)
    case = queries.case(actor, application, at)
    decision, status = allowed(actor, "grants.ask_support", case, at), 200
    if not decision and not decision.reason:
        raise Refused
    themes = [str(theme) for theme in case.template.visits.get("themes", [])]
    form = AskForm(request.POST if request.method == "POST" else None, themes=themes)
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            made = supporting.ask(
                application_id=case.pk, wishes=form.cleaned_data["wishes"], themes=form.chosen(), by=actor, at=at
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
            status = 422
        else:
            messages.success(request, "技術的支援を申し込みました。都の担当に知らせます。")
            return redirect("supports:detail", made.public_id)
    shown = {"form": form, "application": case, "decision": decision}
    return render(request, "grants/supports/ask.html", shown, status=status)
