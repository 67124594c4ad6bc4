"""Automatic checks the office does without, for one case; and taking that back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.access import allowed
from core.exceptions import DomainError, Refused
from grants.actions.waiving import revoke_waiver, waive_check
from grants.forms.waiving import RevokeWaiverForm, WaiveForm
from grants.queries.waivers import waivable_checks, waivers_of
from grants.views.frame import status_of
from grants.views.review_frame import ReviewPage, form_page, review_page, sees


def _insider(request: HttpRequest, public_id: str, action: str) -> tuple[ReviewPage, bool]:
    """The case for those who follow the deliberation, and whether this person may act; a post without the right is 404."""
    page = review_page(request, public_id)
    may = bool(allowed(page.actor, action, page.application, page.at))
    if not page.is_insider or (request.method == "POST" and not may):
        raise Refused
    return page, may


@sees
@form_page
def waivers(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is or was waived in a case, and a new waiver."""
    page, may = _insider(request, public_id, "grants.waive_check")
    held, named = waivers_of(page.application), waivable_checks(page.application.template)
    live = {one.check_code for one in held if one.is_live}
    left = [(code, label) for code, label in named.items() if code not in live]
    form = WaiveForm(request.POST or None, checks=list(named.items()) if request.method == "POST" else left)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            waive_check(application_id=page.application.pk, by=page.actor, at=page.at, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, "点検を免除しました。申請した市町村に知らせます。")
            return redirect(page.url("waivers"))
    return page.render(
        request, "waivers", status=status, heading="点検の免除", form=form, waivers=held, may=may and bool(left),
        nothing=not named, may_revoke=allowed(page.actor, "grants.revoke_waiver", page.application, page.at),
    )  # fmt: skip


@sees
@form_page
def revoke(request: HttpRequest, public_id: str, waiver: str) -> HttpResponse:
    """One waiver taken back."""
    page, may = _insider(request, public_id, "grants.revoke_waiver")
    held = page.application.waivers.select_related("waived_by").filter(public_id=waiver).first()
    if held is None or not may:
        raise Refused
    form, status = RevokeWaiverForm(request.POST or None), 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            revoke_waiver(waiver_id=held.pk, by=page.actor, reason=form.cleaned_data["reason"], at=page.at)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, "免除を取り消しました。申請した市町村に知らせます。")
            return redirect(page.url("waivers"))
    return page.render(
        request, "waiver_revoke", status=status, heading="免除の取消し", form=form, waiver=held
    )
