"""What the metropolitan side does to a call as a whole: its closing is extended here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import access, actor_of, allowed, arrival_of
from core.exceptions import Conflict, DomainError, Refused
from grants.actions.extending import extend_call
from grants.forms.extension import ExtensionForm
from programs.models import Call


@access(action="grants.extend_call")
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, call: str) -> HttpResponse:
    """The closing of one of the bureau's calls, moved to a later instant."""
    actor, at = actor_of(request), arrival_of(request)
    found = Call.objects.select_related("program__owner").filter(public_id=call).first()
    if found is None or not allowed(actor, "grants.extend_call", found, at):
        raise Refused
    form = ExtensionForm(request.POST or None, call=found)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            told = extend_call(call=found, extension=form.extension(), by=actor, at=at)
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, f"締切を延ばしました。{told:,}件の申請の団体に知らせます。")
            return redirect("review:list")
    return render(request, "grants/review/extend.html", {"form": form, "call": found}, status=status)
