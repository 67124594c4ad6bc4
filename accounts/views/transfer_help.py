"""Towns in which nobody can let people in any more, for 都's administrator."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actions.helping import help_town
from accounts.forms.transfer import HelpForm
from accounts.models import Organization
from accounts.queries import departments_of, towns_without_administrator
from accounts.rules import ABSENT_DAYS
from accounts.views.people import form_page, tell
from core import clock
from core.access import access, actor_of
from core.exceptions import Conflict, DomainError


@access(action="accounts.help_towns")
@require_safe
@never_cache
def towns(request: HttpRequest) -> HttpResponse:
    """The towns of 多摩・島しょ without an administrator who can sign in."""
    context = {"towns": towns_without_administrator(clock.today()), "absent_days": ABSENT_DAYS}
    return render(request, "transfer/towns.html", context)


@access(action="accounts.help_towns")
@form_page
@never_cache
def town(request: HttpRequest, code: str) -> HttpResponse:
    """Let one person in as the town's administrator."""
    today = clock.today()
    found = next((row for row in towns_without_administrator(today) if row.code == code), None)
    if found is None:
        raise Http404
    form = HelpForm(request.POST or None, units=departments_of(found.pk, today))
    if form.is_valid():
        try:
            invited = help_town(town=found, by=actor_of(request), **form.arguments())
        except DomainError as error:
            form.refuse(error)
            return _page(request, found, form, status=409 if isinstance(error, Conflict) else 422)
        tell(request, invited.post, invited.secret)
        messages.success(request, f"{found.name}の利用者管理の担当者を招待しました。記録に残りました。")
        return redirect("transfer:towns")
    return _page(request, found, form, status=422 if form.is_bound else 200)


def _page(request: HttpRequest, found: Organization, form: forms.Form, status: int) -> HttpResponse:
    return render(request, "transfer/town.html", {"town": found, "form": form}, status=status)
