"""From the officer's first look to the receipt: precheck, certificate, check, submission."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from core.exceptions import DomainError, Fault, Refused
from grants import queries
from grants.actions import certification, prechecks, submission
from grants.actions.errors import AlreadySubmitted, Incomplete
from grants.enums import ApplicationStatus, IncomeKind, SnapshotKind
from grants.forms import CertifyForm, PrecheckForm, SubmitForm
from grants.queries.waivers import live_waivers
from grants.views.documents import files_of
from grants.views.frame import CasePage, case_page, form_page, sees, status_of


@sees
@form_page
def precheck(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the officer to look at the draft; earlier requests with their answers."""
    page = case_page(request, public_id)
    form, status = PrecheckForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                prechecks.request_precheck(
                    application_id=page.application.pk,
                    message=form.cleaned_data["message"],
                    by=page.actor,
                    at=page.at,
                )
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(
                    request, "案の事前確認を依頼しました。都の担当がこの申請を見られるようになりました。"
                )
                return redirect(request.path)
    rows = page.application.prechecks.prefetch_related("comments__question", "comments__member")
    return page.render(
        request, "precheck", status=status, form=form, rows=rows.order_by("-requested_at", "-pk"),
        decision=page.can("request_precheck"),
    )  # fmt: skip


@sees
@form_page
def certify(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the town's own decision; earlier records with why they ended."""
    page = case_page(request, public_id)
    if not page.is_lead:
        raise Refused
    form, status = CertifyForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                certification.certify(
                    application_id=page.application.pk, by=page.actor, at=page.at, **form.cleaned_data
                )
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "庁内決裁を記録しました。まだ提出していません。")
                return redirect(request.path)
    rows = page.application.certifications.select_related("document", "recorded_by").order_by(
        "-recorded_at", "-pk"
    )
    return page.render(request, "certify", status=status, form=form, rows=rows, decision=page.can("certify"))


# --- The check ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """One fault with the address of its field."""

    fault: Fault
    url: str


@sees
@require_safe
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that stands in the way of submitting, each with a link to its field; every file read again."""
    page = case_page(request, public_id)
    fingerprints, faults = queries.check_with_files(page.application)
    own = [fault for fault in faults if page.is_lead or _concerns(page, fault)]
    return page.render(
        request, "check", problems=[Problem(fault, field_url(page, fault.field)) for fault in own],
        others=len(faults) - len(own), fingerprints=fingerprints if page.is_lead else [],
        waivers=live_waivers(page.application).values(),
        decision=page.can(_kind(page)),
    )  # fmt: skip


def _concerns(page: CasePage, fault: Fault) -> bool:
    """Whether a fault is a partner's own: its part, its budget, its consent."""
    return page.member.public_id in fault.field.split("/")


def field_url(page: CasePage, field: str) -> str:
    """Where a fault is cured. Fields are those of grants.queries.checks."""
    place, *rest = field.split("/")
    if place == "answers":
        question = page.application.template.questions.filter(code=rest[0]).first()
        code = question.section if question else ""
        url = page.url("part", code, rest[1]) if rest[1:] else page.url("section", code)
        return f"{url}?check=1#id_{rest[0]}"
    if place == "budget":
        return _budget_url(page, rest)
    if place == "indicators":
        return f"{page.url('indicators')}?check=1#id_{'-'.join(rest)}"
    if place == "consents" and rest and page.is_lead:
        return page.url("letter", rest[0])
    pages = {
        "form": "form",
        "documents": "documents",
        "lines": "lines",
        "members": "members",
        "consents": "consent",
        "certification": "certify",
    }
    return page.url(pages.get(place, "precheck" if place == "precheck" else "detail"))


def _budget_url(page: CasePage, rest: list[str]) -> str:
    """The cell of a fault "<member>/<item or kind>/<year>"; of a year that does not balance, what the town pays itself."""
    if not rest or not page.application.members.filter(public_id=rest[0]).exists():
        return page.url("budget")
    row, year = (rest[1], rest[2]) if len(rest) > 2 else (IncomeKind.MEMBER_SHARE.value, rest[-1])  # noqa: PLR2004 - member/row/year
    cell = f"{'i' if row in IncomeKind.values else 'c'}-{row}-{year}"
    return f"{page.url('budget_member', rest[0])}{f'#id_{cell}' if rest[1:] else ''}"


# --- Submitting -----------------------------------------------------------------------------------------------

_KIND_OF_STATE: Final = {
    ApplicationStatus.SUBMITTED: SnapshotKind.REPLACE,
    ApplicationStatus.RETURNED: SnapshotKind.RESUBMIT,
}
_RUN: Final[dict[str, Any]] = {
    SnapshotKind.SUBMIT: submission.submit,
    SnapshotKind.REPLACE: submission.replace,
    SnapshotKind.RESUBMIT: submission.resubmit,
}


def _kind(page: CasePage) -> SnapshotKind:
    return _KIND_OF_STATE.get(page.application.state, SnapshotKind.SUBMIT)


@sensitive_post_parameters("password")
@sees
@form_page
def submit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Submit with the password once more. A second click with the same page finds the receipt of the first."""
    page = case_page(request, public_id)
    if not page.is_lead:
        raise Refused
    if request.method != "POST":
        initial = {"version": page.application.version, "key": secrets.token_urlsafe(24), "kind": _kind(page)}
        return _submit_page(request, page, SubmitForm(user=request.user, initial=initial))
    limited: HttpResponse | None = ratelimit.consume_or_429(
        request, action="reauthenticate", user=request.user
    )
    if limited is not None:
        return limited
    form = SubmitForm(request.POST, user=request.user)
    if not form.is_valid():
        return _submit_page(request, page, form, status=422)
    try:
        snapshot = _RUN[form.cleaned_data["kind"]](
            application_id=page.application.pk, idempotency_key=form.cleaned_data["key"],
            expected_version=form.cleaned_data["version"], by=page.actor, at=page.at,
        )  # fmt: skip
    except AlreadySubmitted as error:
        messages.info(request, str(error))
        return redirect("receipts:receipt", error.snapshot.receipt_number)
    except DomainError as error:
        return _submit_page(request, page, _renewed(page, form), status=status_of(error), error=error)
    messages.success(request, f"提出しました。受付番号は {snapshot.receipt_number} です。")
    return redirect("receipts:receipt", snapshot.receipt_number)


def _renewed(page: CasePage, form: SubmitForm) -> SubmitForm:
    """The form for another try: the version as it is now, so that the person submits what the page shows."""
    page.application.refresh_from_db(fields=["version", "status"])
    form.data = form.data.copy()
    form.data["version"] = str(page.application.version)
    form.data["kind"] = _kind(page)
    form.data["key"] = secrets.token_urlsafe(24)
    return form


def _submit_page(
    request: HttpRequest,
    page: CasePage,
    form: SubmitForm,
    *,
    status: int = 200,
    error: DomainError | None = None,
) -> HttpResponse:
    faults = queries.check(page.application)
    shown = [] if isinstance(error, Incomplete) else list(error.faults) if error else []
    listed = list(error.faults) if isinstance(error, Incomplete) else faults
    return page.render(
        request, "submit", status=status, form=form, refused=shown, kind=_kind(page).label,
        problems=[Problem(fault, field_url(page, fault.field)) for fault in listed],
        decision=page.can(_kind(page)), files=files_of(page), result=queries.subsidy_of(page.application),
    )  # fmt: skip
