"""The applications of one's municipality: the list, starting one, the page of a case, and acts with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.enums import OrganizationKind
from accounts.models import Organization
from core.access import actor_of, arrival_of
from core.actor import Actor
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions import drafting, membership, submission
from grants.forms import ReasonForm
from grants.models import Application
from grants.permissions import judge_start
from grants.views.board import board, steps, timeline
from grants.views.frame import CasePage, case_page, form_page, sees, status_of
from programs.models import Call
from programs.queries.catalogue import visible_calls

PAGE_SIZE: Final = 20


@sees
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """Every case one's body leads or is part of, newest first, and the open calls to start one."""
    actor, at = actor_of(request), arrival_of(request)
    rows = queries.applications(actor, at).filter(members__organization=actor.organization_id).distinct()
    page = Paginator(rows.order_by("-started_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "at": at,
        "calls": visible_calls(actor, at).filter(opens_at__lte=at, closes_at__gte=at),
    }
    return render(request, "grants/applications/list.html", context)


# --- Starting -----------------------------------------------------------------------------------------------


@sees
@form_page
def start(request: HttpRequest) -> HttpResponse:
    """What the call is, who has started already, and the button that starts or opens."""
    actor, at = actor_of(request), arrival_of(request)
    call = visible_calls(actor, at).filter(public_id=request.GET.get("call", "")).first()
    if call is None:
        raise Refused
    if request.method == "POST":
        try:
            return _started(request, call, actor, at)
        except DomainError as error:
            return _start_page(request, call, actor, at, error)
    return _start_page(request, call, actor, at, None)


def _started(request: HttpRequest, call: Call, actor: Actor, at: datetime) -> HttpResponse:
    if request.POST.get("another"):
        application, created = drafting.start_another(call=call, by=actor, at=at), True
    else:
        source = _earlier(actor, call, at).filter(public_id=request.POST.get("copy_from", "")).first()
        application, created = drafting.start(call=call, by=actor, at=at, copy_from=source)
    if created:
        messages.success(request, "申請を始めました。まだ提出していません。")
    else:
        messages.info(request, "すでに始まっている申請を開きました。")
    return redirect("applications:detail", application.public_id)


def _start_page(
    request: HttpRequest, call: Call, actor: Actor, at: datetime, error: DomainError | None
) -> HttpResponse:
    body = Organization.objects.filter(
        pk=actor.organization_id or 0, kind=OrganizationKind.MUNICIPALITY
    ).first()
    context = {
        "call": call,
        "is_open": call.is_open(at),
        "state": call.availability(at),
        "body": body,
        "decision": judge_start(actor, call, at).decision(),
        "own": queries.own_application(actor, call),
        "earlier": list(_earlier(actor, call, at)[:PAGE_SIZE]),
        "faults": error.faults if error else (),
    }
    status = status_of(error) if error else 200
    return render(request, "grants/applications/start.html", context, status=status)


def _earlier(actor: Actor, call: Call, at: datetime) -> Any:
    """Cases the municipality led in other calls of the program: their answers can be taken over."""
    own = queries.applications(actor, at).filter(lead=actor.organization_id, call__program=call.program_id)
    return own.exclude(call=call)


# --- The page of a case ---------------------------------------------------------------------------------------


@sees
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where the case stands, what is to do, who has consented, what happened."""
    page = case_page(request, public_id)
    return page.render(request, "detail", board=board(page), steps=steps(page), timeline=timeline(page))


@sees
@require_safe
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that happened to the case, newest first."""
    page = case_page(request, public_id)
    rows = Paginator(timeline(page), PAGE_SIZE * 3).get_page(request.GET.get("page"))
    return page.render(request, "history", page_obj=rows)


# --- Acts that need nothing but a reason -----------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """An act on its own page: what it is called, what it does, and the action behind it."""

    label: str
    effect: str
    run: Callable[[CasePage, str, int | None], Application]
    done: str
    reason: bool = False
    grave: bool = True
    stays: bool = True


def _discard(page: CasePage, reason: str, version: int | None) -> Application:
    return drafting.discard(
        application_id=page.application.pk,
        by=page.actor,
        comment=reason,
        expected_version=version,
        at=page.at,
    )


def _restore(page: CasePage, _reason: str, version: int | None) -> Application:
    return drafting.restore(
        application_id=page.application.pk, by=page.actor, expected_version=version, at=page.at
    )


def _withdraw(page: CasePage, reason: str, version: int | None) -> Application:
    return submission.withdraw(
        application_id=page.application.pk, by=page.actor, reason=reason, expected_version=version, at=page.at
    )


def _leave(page: CasePage, reason: str, _version: int | None) -> Application:
    return membership.leave(application_id=page.application.pk, by=page.actor, reason=reason, at=page.at)


def _decline(page: CasePage, reason: str, _version: int | None) -> Application:
    return membership.decline(application_id=page.application.pk, by=page.actor, reason=reason, at=page.at)


def _withdraw_consent(page: CasePage, reason: str, _version: int | None) -> Application:
    return membership.withdraw_consent(
        application_id=page.application.pk, by=page.actor, reason=reason, at=page.at
    )


ACTS: Final[dict[str, Act]] = {
    "discard": Act("申請を破棄する", "作成中の申請を片付けます。入力は消えず、受付期間中は元に戻せます。", _discard, "申請を破棄しました。受付期間中は元に戻せます。"),
    "restore": Act("破棄を取り消す", "破棄した申請を、作成中に戻します。", _restore, "作成中に戻しました。まだ提出していません。", grave=False),
    "withdraw": Act("申請を取り下げる", "提出した申請を取り下げます。元に戻すことはできません。", _withdraw, "申請を取り下げました。", reason=True),
    "leave": Act("構成から離れる", "構成団体から離れることを申し出ます。同意は撤回され、代表市町村と都に知らされます。", _leave, "離脱を申し出ました。", reason=True),
    "decline": Act("参加を辞退する", "この申請への参加を辞退します。辞退した後は、この申請を見られません。", _decline, "参加を辞退しました。", stays=False),
    "withdraw_consent": Act("同意を撤回する", "この内容への同意を撤回します。代表市町村に知らされ、庁内決裁の記録も失効します。", _withdraw_consent, "同意を撤回しました。"),
}  # fmt: skip


@sees
@form_page
def act(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """One act: what it does, the reason, and why it cannot be done where that is so."""
    page, chosen = case_page(request, public_id), ACTS.get(name)
    if chosen is None:
        raise Refused
    decision, status = page.can(name), 200
    form = ReasonForm(
        request.POST or None, optional=not chosen.reason, initial={"version": page.application.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            chosen.run(page, form.cleaned_data["reason"], form.cleaned_data["version"])
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, chosen.done)
            return redirect(page.url("detail")) if chosen.stays else redirect("applications:list")
    elif request.method == "POST":
        status = 422
    elif not decision and not decision.reason:
        raise Refused
    return page.render(
        request, "act", status=status, heading=chosen.label, act=chosen, form=form, decision=decision
    )
