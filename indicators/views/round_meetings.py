"""Meetings of a round: recorded with their opinions, every opinion answered; public once the round is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, arrival_of
from core.exceptions import DomainError, Refused
from indicators import queries
from indicators.actions import meetings
from indicators.forms.meetings import AnswerForm, MeetingForm, OpinionForm
from indicators.models import Meeting, Opinion
from indicators.permissions import Ground, judge_round
from indicators.queries.meetings import meetings_of, published_meetings
from indicators.views.round_frame import status_of
from indicators.views.rounds import round_of


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """The meetings and what was said there; the coordinator records a further one."""
    actor, at = actor_of(request), arrival_of(request)
    round_ = round_of(request, round_id)
    may_meet = judge_round(actor, "meet", round_, at).ground is Ground.YES
    form, status = MeetingForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if not may_meet:
            raise Refused
        if form.is_valid():
            try:
                meetings.record_meeting(round_id=round_.pk, by=actor, at=at, **form.cleaned_data)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "会議を記録しました。")
                return redirect("rounds:meetings", round_.pk)
    context = {"round": round_, "meetings": meetings_of(round_), "form": form if may_meet else None}
    return render(request, "rounds/meetings.html", context, status=status)


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, round_id: int, meeting_id: int) -> HttpResponse:
    """Add an opinion to a meeting."""
    actor, at = actor_of(request), arrival_of(request)
    round_ = round_of(request, round_id)
    meeting = Meeting.objects.filter(round=round_, pk=meeting_id).first()
    if meeting is None or judge_round(actor, "meet", round_, at).ground is not Ground.YES:
        raise Refused
    measures = list(round_.plan.measures.order_by("position"))
    form, status = OpinionForm(request.POST or None, measures=measures), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                meetings.add_opinion(meeting_id=meeting.pk, by=actor, at=at, **form.cleaned_data)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "意見を記録しました。")
                return redirect("rounds:meetings", round_.pk)
    context = {"round": round_, "meeting": meeting, "form": form, "opinion": None}
    return render(request, "rounds/opinion.html", context, status=status)


@access(action="indicators.see_rounds")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, round_id: int, opinion_id: int) -> HttpResponse:
    """Answer an opinion."""
    actor, at = actor_of(request), arrival_of(request)
    round_ = round_of(request, round_id)
    found = (
        Opinion.objects.select_related("meeting", "measure")
        .filter(meeting__round=round_, pk=opinion_id)
        .first()
    )
    if found is None or judge_round(actor, "meet", round_, at).ground is not Ground.YES:
        raise Refused
    form, status = AnswerForm(request.POST or None, initial={"answer": found.answer}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                meetings.answer_opinion(
                    opinion_id=found.pk, text=form.cleaned_data["answer"], by=actor, at=at
                )
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "回答を記録しました。")
                return redirect("rounds:meetings", round_.pk)
    context = {"round": round_, "meeting": found.meeting, "form": form, "opinion": found}
    return render(request, "rounds/opinion.html", context, status=status)


@access(public=True)
@require_safe
def public_opinions(request: HttpRequest, slug: str) -> HttpResponse:
    """What meetings said of a plan, and the city's answers, of the rounds that are published."""
    plan = queries.plans(actor_of(request)).filter(slug=slug).first()
    if plan is None:
        raise Http404
    return render(request, "plans/opinions.html", {"plan": plan, "meetings": published_meetings(plan)})
