"""審査会 of a call: what was recorded, a new record; and the seats reviewers hold elsewhere, for hints of interests."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Membership, Organization, User
from core import clock
from core.access import access, actor_of, arrival_of
from core.exceptions import DomainError
from grants.actions.panels import record_seat
from grants.actions.review import record_meeting
from grants.forms.meeting import MeetingForm, SeatForm
from grants.models import Application, CommitteeSeat, ReviewMeeting
from grants.permissions.parties import REVIEWING_ROLES
from grants.queries.call_board import line_of, received
from grants.views.frame import status_of
from grants.views.review_call import call_of

_FORM: Final = require_http_methods(["GET", "HEAD", "POST"])


@access(action="grants.record_meeting")
@_FORM
def meetings(request: HttpRequest, call: str) -> HttpResponse:
    """The meetings of a call, and a new one."""
    found = call_of(request, call, "grants.record_meeting")
    actor, at = actor_of(request), arrival_of(request)
    rows = list(received(actor, found, at))
    lines = [line_of(row, actor) for row in rows]
    cases = [
        (
            line.application.public_id,
            f"{line.application.receipt_number}　{line.application.lead.name}　{line.title}",
        )
        for line in lines
    ]
    form = MeetingForm(request.POST or None, request.FILES or None, cases=cases)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        given = form.cleaned_data
        chosen = [row for row in rows if row.public_id in given["applications"]]
        if _known(found.pk, form, chosen, actor.user_id):
            messages.info(request, "この操作はすでに記録されています。")
            return redirect("review:meetings", found.public_id)
        try:
            record_meeting(
                call=found, by=actor, at=at, applications=chosen, held_on=given["held_on"], attendees=given["attendees"],
                quorum=given["quorum"], summary=given["summary"], file=given["file"],
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, "審査会を記録しました。")
            return redirect("review:meetings", found.public_id)
    held = ReviewMeeting.objects.filter(call=found).select_related("recorded_by", "document__application")
    context = {
        "call": found, "form": form, "cases": cases,
        "meetings": held.prefetch_related("applications__lead").order_by("-held_on", "-pk"),
    }  # fmt: skip
    return render(request, "grants/review/meetings.html", context, status=status)


def _known(call_id: int, form: MeetingForm, chosen: list[Application], user_id: int | None) -> bool:
    """Whether this very record is there already: a further click."""
    given = form.cleaned_data
    same = ReviewMeeting.objects.filter(
        call=call_id, held_on=given["held_on"], summary=given["summary"], quorum=given["quorum"], recorded_by=user_id or 0
    )  # fmt: skip
    wanted = {row.pk for row in chosen}
    return any(
        set(one.applications.values_list("pk", flat=True)) == wanted and one.attendees == given["attendees"]
        for one in same
    )


@access(action="grants.record_meeting")
@_FORM
def seats(request: HttpRequest) -> HttpResponse:
    """Seats of reviewers in committees of municipalities and other bodies."""
    actor, at = actor_of(request), arrival_of(request)
    posts = Membership.objects.in_force(clock.today(at)).filter(role__in=sorted(REVIEWING_ROLES))
    people = User.objects.filter(pk__in=posts.values("user")).order_by("name", "pk")
    bodies = Organization.objects.exclude(kind__in=["metropolitan", "ministry"]).order_by("code")
    form = SeatForm(request.POST or None, people=people, bodies=bodies)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            record_seat(by=actor, at=at, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, "委員等の兼職を登録しました。")
            return redirect("review:seats")
    held = CommitteeSeat.objects.filter(user__in=people).select_related("user", "organization", "recorded_by")
    context = {"form": form, "seats": held.order_by("user__name", "organization__code", "pk")}
    return render(request, "grants/review/seats.html", context, status=status)
