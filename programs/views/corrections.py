"""Corrections: a reader's form on each program, and the publisher's list of what has come in."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.access import access, actor_of, require
from core.exceptions import Conflict, DomainError
from core.throttle import seconds_to_wait
from programs.actions import corrections
from programs.forms.readers import CorrectionForm, SettleForm
from programs.models import Correction, Program

SENT_A_MINUTE = 5
_SENT = "sent"


@access(public=True)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correction_form(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Say what is wrong on a program's page; 404 for a program the reader may not see."""
    at = clock.now()
    program = (
        Program.objects.visible_to(actor_of(request), at).select_related("owner").filter(slug=slug).first()
    )
    if program is None:
        raise Http404
    if _SENT in request.GET:
        return render(request, "programs/correction_sent.html", {"program": program})
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    wait = seconds_to_wait(request, "corrections", a_minute=SENT_A_MINUTE) if form.is_bound else 0
    if not wait and form.is_valid() and _received(form, program):
        return HttpResponseRedirect(f"{reverse('programs:correction', args=[slug])}?{_SENT}=1")
    response = render(
        request,
        "programs/correction.html",
        {"program": program, "form": form, "wait": wait},
        status=429 if wait else 422 if form.errors else 200,
    )
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _received(form: CorrectionForm, program: Program) -> bool:
    """Whether it was kept; if not, the form says why."""
    try:
        corrections.receive(program=program, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        for fault in error.faults:
            form.add_error(
                fault.field if fault.field in form.fields else None, f"{fault.message}{fault.cure}"
            )
        return False
    return True


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def correction_list(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What readers said of one program, as differences, and what was done; 404 for anyone but its publisher."""
    at, actor = clock.now(), actor_of(request)
    program = Program.objects.visible_to(actor, at).select_related("owner").filter(slug=slug).first()
    if program is None:
        raise Http404
    require(actor, "programs.edit", program, at)
    rows = list(Correction.objects.visible_to(actor, at).filter(program=program))
    posted = _asked(request, rows)
    forms = {row.pk: SettleForm(prefix=f"c{row.pk}") for row in rows if row.settled_at is None}
    status = 200
    if request.method == "POST":
        if posted is None:
            raise Http404
        form = SettleForm(request.POST, prefix=f"c{posted.pk}")
        if (
            posted.settled_at is not None
        ):  # sent twice, or a colleague was faster: the list shows what was done
            return HttpResponseRedirect(request.path)
        if form.is_valid():
            with suppress(Conflict):
                corrections.settle(
                    correction_id=posted.pk, answer=form.cleaned_data["answer"], by=actor, at=at
                )
            return HttpResponseRedirect(request.path)
        forms[posted.pk], status = form, 422
    context = {
        "program": program,
        "waiting": [(row, forms[row.pk]) for row in rows if row.settled_at is None],
        "settled": [row for row in rows if row.settled_at is not None],
        "failed": next((form for form in forms.values() if form.errors), None),
    }
    return render(request, "programs/corrections.html", context, status=status)


def _asked(request: HttpRequest, rows: list[Correction]) -> Correction | None:
    """The correction a publisher answers, among those of this program."""
    number = request.POST.get("correction", "")
    return next((row for row in rows if str(row.pk) == number), None)
