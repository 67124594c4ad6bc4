"""The coordinator's page of a measure's activity indicators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access, actor_of, arrival_of, require
from core.exceptions import DomainError, Refused
from indicators import queries
from indicators.actions.activities import define_activity, drop_activity
from indicators.forms import ActivityForm
from indicators.models import Measure
from indicators.views.round_frame import status_of


@access(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def activities(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """What a measure counts: define one more, take back one that nothing was counted by."""
    actor, at = actor_of(request), arrival_of(request)
    measure = queries.measure_by_number(actor, slug, number)
    if measure is None:
        raise Refused
    require(actor, "indicators.keep_indicators", measure.plan, at)
    form, status = ActivityForm(request.POST if "name" in request.POST else None), 200
    if request.method == "POST":
        status = 422
        try:
            if "drop" in request.POST:
                drop_activity(activity_id=_own(request, measure), by=actor, at=at)
                messages.success(request, "活動指標をなくしました。")
                return redirect("plans:activities", slug, number)
            if form.is_valid():
                define_activity(measure_id=measure.pk, by=actor, at=at, **form.cleaned_data)
                messages.success(request, "活動指標を決めました。照会では、予定と実績の欄が開きます。")
                return redirect("plans:activities", slug, number)
        except DomainError as error:
            status = status_of(error)
            form = form if form.is_bound else ActivityForm({"name": "", "unit": ""})
            form.is_valid()
            form.errors.clear()
            form.refuse(error)
    context = {"measure": measure, "plan": measure.plan, "form": form}
    return render(request, "plans/activities.html", context, status=status)


def _own(request: HttpRequest, measure: Measure) -> int:
    """The number sent, if it is one of this measure's. Raises Refused for any other."""
    known = {str(row.pk): row.pk for row in measure.activities.all()}
    sent = request.POST["drop"]
    if sent not in known:
        raise Refused
    return known[sent]
