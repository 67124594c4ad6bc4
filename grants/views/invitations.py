"""The circle of bodies: who is in, inviting, taking out, and the link an invited body opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.enums import OrganizationKind
from accounts.models import Organization
from accounts.queries import municipalities
from core.access import access, actor_of, arrival_of, sign_in_response
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions import membership
from grants.forms import InviteActorForm, InviteTownForm, ReasonForm
from grants.models import Member
from grants.queries.checks import circle_faults
from grants.views.board import MemberLine, member_lines
from grants.views.frame import CasePage, case_page, form_page, member_of_case, sees, status_of


@dataclass(frozen=True)
class InviteForms:
    """Both forms of the page; one of them may be bound."""

    town: InviteTownForm
    actor: InviteActorForm


@sees
@form_page
def members(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who is in with the state of each, and inviting one more."""
    page = case_page(request, public_id)
    lines = member_lines(page)
    data = request.POST if request.method == "POST" else None
    chosen = request.POST.get("kind", "")
    forms, status = _forms(page, lines, data, chosen), 200
    if data is not None:
        form = forms.town if chosen == "town" else forms.actor
        status = 422
        if form.is_valid():
            try:
                invited = membership.invite(
                    application_id=page.application.pk, by=page.actor, at=page.at, **form.cleaned_data
                )
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, f"{invited}を加えました。登録のある団体には招待の通知が届きます。")
                return redirect(request.path)
    return page.render(
        request, "members", status=status, lines=lines, forms=forms, decision=page.can("invite"),
        may_remove=page.can("remove_member").permitted, faults=circle_faults(page.application),
    )  # fmt: skip


def _forms(page: CasePage, lines: list[MemberLine], data: Any, chosen: str) -> InviteForms:
    taken = [
        line.member.organization_id
        for line in lines
        if line.member.is_present and line.member.organization_id
    ]
    towns = municipalities().exclude(pk__in=taken)
    if areas := page.application.template.eligibility.get("areas"):
        towns = towns.filter(area__in=areas)
    others = Organization.objects.filter(kind__in=[OrganizationKind.PARTNER, OrganizationKind.JOINT_BODY])
    return InviteForms(
        InviteTownForm(data if chosen == "town" else None, candidates=towns, prefix="town"),
        InviteActorForm(
            data if chosen != "town" else None,
            candidates=others.exclude(pk__in=taken).order_by("name"),
            prefix="actor",
        ),
    )


@sees
@form_page
def remove(request: HttpRequest, public_id: str, member: str) -> HttpResponse:
    """Take one body out, with a word why."""
    page = case_page(request, public_id)
    body = member_of_case(page, member)
    if not page.is_lead or body.is_lead:
        raise Refused
    form, status = ReasonForm(request.POST or None, optional=True), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                membership.remove_member(
                    application_id=page.application.pk,
                    member_id=body.pk,
                    reason=form.cleaned_data["reason"],
                    by=page.actor,
                    at=page.at,
                )
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, f"{body}を構成から外しました。入力は記録に残ります。")
                return redirect(page.url("members"))
    return page.render(
        request, "remove", status=status, heading=f"{body}を構成から外す", form=form, body=body,
        decision=page.can("remove_member"), unopened=body.invitation_open(page.at),
    )  # fmt: skip


@sees
@require_POST
def renew(request: HttpRequest, public_id: str, member: str) -> HttpResponse:
    """Send an invitation nobody has opened once more."""
    page = case_page(request, public_id)
    body = member_of_case(page, member)
    if not page.is_lead:
        raise Refused
    try:
        membership.renew_invitation(
            application_id=page.application.pk, member_id=body.pk, sent=_instant(request.POST.get("sent", "")),
            by=page.actor, at=page.at,
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{body}への案内を送り直しました。前に送ったリンクは、もう使えません。")
    return redirect(page.url("members"))


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


# --- The link -------------------------------------------------------------------------------------------------


@access(public=True)
@never_cache
@form_page
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """The invited body's people see who asks them to what, and open the case; a body without an account reads the mail's page."""
    actor, at = actor_of(request), arrival_of(request)
    mailed = queries.mailed_invitation(token, at)
    if mailed is not None:
        return _mailed(request, mailed, token, at)
    if actor.is_anonymous:
        return sign_in_response(request)
    try:
        member = queries.invitation(actor, token, at)
        if request.method == "POST":
            membership.use_invitation(token=token, by=actor, at=at)
            return redirect("applications:detail", member.application.public_id)
    except Refused:
        return render(request, "grants/invitations/gone.html", status=404)
    application = queries.case(actor, member.application.public_id, at)
    context = {"member": member, "application": application, "call": application.call}
    return render(request, "grants/invitations/invitation.html", context)


def _mailed(request: HttpRequest, member: Member, token: str, at: datetime) -> HttpResponse:
    """What a body without an account is asked, and the button that says it was read. Nothing of the plan is shown."""
    application = member.application
    context = {"member": member, "application": application, "call": application.call, "mailed": True}
    if request.method == "POST":
        membership.acknowledge_invitation(token=token, at=at)
        context["done"] = True
    return render(request, "grants/invitations/invitation.html", context)
