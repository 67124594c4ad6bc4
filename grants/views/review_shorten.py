"""The closing of a call brought forward: proposed by one officer, confirmed or refused by another."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access, actor_of, allowed, arrival_of
from core.exceptions import DomainError, Refused
from core.forms import PlainMessages
from grants.actions.shortening import (
    confirm_shortening,
    propose_shortening,
    refuse_shortening,
    withdraw_shortening,
)
from grants.forms.extension import ShorteningAnswerForm, ShorteningForm
from grants.models import Shortening
from grants.views.frame import status_of
from grants.views.review_call import call_of
from programs.models import Call

_FORM: Final = require_http_methods(["GET", "HEAD", "POST"])
_ANSWERS: Final = {"refuse": "見送る", "withdraw": "取り下げる"}
"""What needs a reason: name in the address → words."""


@access(action="grants.propose_shortening")
@_FORM
def shorten(request: HttpRequest, call: str) -> HttpResponse:
    """What waits or was decided, and a new proposal where none waits."""
    found = call_of(request, call, "grants.propose_shortening")
    form = ShorteningForm(request.POST or None, call=found)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            propose_shortening(
                call=found, proposal=form.proposal(), by=actor_of(request), at=arrival_of(request)
            )
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(
                request, "締切を早める案を出しました。別の担当が確認するまで、締切は変わりません。"
            )
            return redirect("review:shorten", found.public_id)
    return _page(request, found, form, status)


@access(action="grants.propose_shortening")
@_FORM
def answer(request: HttpRequest, call: str, proposal: str, name: str) -> HttpResponse:
    """Confirming (a button of the proposal), refusing or taking back (with a reason)."""
    found = call_of(request, call, "grants.propose_shortening")
    one = found.shortenings.filter(public_id=proposal).first()
    if one is None or name not in {"confirm", *_ANSWERS}:
        raise Refused
    one.call = found
    right = "grants.withdraw_shortening" if name == "withdraw" else "grants.answer_shortening"
    if not allowed(actor_of(request), right, one, arrival_of(request)):
        raise Refused
    form = ShorteningAnswerForm(request.POST or None) if name in _ANSWERS else None
    if request.method != "POST":
        return _page(request, found, form, 200, name)
    if form is not None and not form.is_valid():
        return _page(request, found, form, 422, name)
    try:
        words = _done(request, one, name, form.cleaned_data["answer"] if form else "")
    except DomainError as error:
        shown = form or ShorteningAnswerForm({})
        shown.refuse(error)
        return _page(request, found, shown, status_of(error), name)
    messages.success(request, words)
    return redirect("review:shorten", found.public_id)


def _done(request: HttpRequest, one: Shortening, name: str, reason: str) -> str:
    by, at = actor_of(request), arrival_of(request)
    if name == "confirm":
        told = confirm_shortening(shortening_id=one.pk, by=by, at=at)
        return f"締切を早めました。{told:,}件の申請の団体に知らせます。"
    end = refuse_shortening if name == "refuse" else withdraw_shortening
    end(shortening_id=one.pk, by=by, answer=reason, at=at)
    return "締切を早める案を見送りました。" if name == "refuse" else "締切を早める案を取り下げました。"


def _page(
    request: HttpRequest, call: Call, form: PlainMessages | None, status: int, name: str = ""
) -> HttpResponse:
    rows = list(call.shortenings.select_related("proposed_by", "ended_by"))
    waiting = next((row for row in rows if row.is_open), None)
    mine = waiting is not None and waiting.proposed_by_id == actor_of(request).user_id
    context = {
        "call": call, "form": form, "waiting": waiting, "mine": mine, "name": name, "words": _ANSWERS.get(name, ""),
        "ended": [row for row in rows if not row.is_open],
    }  # fmt: skip
    return render(request, "grants/review/shorten.html", context, status=status)
