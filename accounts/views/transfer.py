"""/transfer/: a unit handed over on one day, previewed first; and towns that have lost their last administrator."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actions.transfer import carry_out, faults_of, posts_at
from accounts.actions.transfer_preview import preview
from accounts.forms.transfer import TransferForm, next_april
from accounts.models import Department, Membership, Organization
from accounts.queries import departments_of
from accounts.views.people import form_page, stay_signed_in, tell
from core import clock
from core.access import access, actor_of, allowed
from core.exceptions import Conflict, DomainError
from core.text import parse_date


@access(action="accounts.read_transfer")
@require_safe
@never_cache
def units(request: HttpRequest) -> HttpResponse:
    """The body's units for its administrator; for everybody in a unit, its 引継書."""
    actor, today = actor_of(request), clock.today()
    body = Organization.objects.filter(pk=actor.organization_id or 0).first()
    if body is None:
        raise Http404
    manages = bool(allowed(actor, "accounts.manage_people", body))
    context = {
        "body": body,
        "manages": manages,
        "units": _with_posts(body.pk) if manages else [],
        "on": next_april(today),
        "helps": bool(allowed(actor, "accounts.help_towns")),
    }
    return render(request, "transfer/units.html", context)


def _with_posts(organization_id: int) -> list[tuple[Department, int]]:
    """The units of a body with the number of people in each, today."""
    today = clock.today()
    posts = Membership.objects.in_force(today).filter(department__organization=organization_id)
    people: dict[int, set[int]] = {}
    for department_id, user_id in posts.values_list("department", "user"):
        people.setdefault(department_id, set()).add(user_id)
    return [(unit, len(people.get(unit.pk, ()))) for unit in departments_of(organization_id, today)]


@access(action="accounts.manage_people")
@form_page
@never_cache
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Fill in, see what would happen, and do it: two buttons of one form; nothing is done unseen."""
    actor = actor_of(request)
    found = departments_of(actor.organization_id or 0, clock.today()).filter(pk=unit_id)
    place = found.select_related("organization").first()
    if place is None:
        raise Http404
    form = TransferForm(request.POST or None, unit=place, posts=list(posts_at(place, _day(request))))
    if not form.is_bound:
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    transfer = form.transfer()
    confirmed = request.POST.get("act") == "carry_out" and request.POST.get("shown") == transfer.digest
    if faults := faults_of(transfer):
        form.refuse(DomainError(*faults))
        return _page(request, form, status=422)
    if not confirmed:
        return _page(request, form, plan=preview(transfer, at=clock.now()), shown=transfer.digest)
    try:
        invited = carry_out(transfer, by=actor)
    except DomainError as error:
        form.refuse(error)
        return _page(request, form, status=409 if isinstance(error, Conflict) else 422)
    stay_signed_in(request)
    for each in invited:
        tell(request, each.post, each.secret)
    messages.success(request, f"{place.name}の異動を登録しました。その日の0時から有効です。")
    return redirect("transfer:units")


def _day(request: HttpRequest) -> date:
    """The day typed, to find the posts it concerns; the next 1 April where it cannot be read."""
    try:
        return parse_date(request.POST.get("on", ""))
    except ValueError:
        return next_april(clock.today())


def _page(request: HttpRequest, form: TransferForm, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "transfer/unit.html", {"form": form, "unit": form.unit, **context}, status=status)
