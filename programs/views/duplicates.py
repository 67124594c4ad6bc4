"""/publishing/duplicates/: programs that look the same, and what is decided about two of them."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, arrival_of
from core.exceptions import Conflict, DomainError
from programs.actions import duplicates
from programs.content import differences
from programs.forms.publishing import DuplicateForm
from programs.models import DistinctPair
from programs.queries.duplicates import decided_pairs, likely_pairs, pair_of
from programs.queries.revisions import content_of

PAGE_SIZE: Final = 30


@access(action="programs.edit")
@require_safe
@never_cache
def duplicates_page(request: HttpRequest) -> HttpResponse:
    """The pairs with their reasons, and those somebody has found to be two."""
    actor = actor_of(request)
    page = Paginator(likely_pairs(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "publishing/duplicates.html", {"page_obj": page, "decided": decided_pairs(actor)})


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pair_page(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """Two programs item by item: say that they are two, or let one lead to the other."""
    actor, at = actor_of(request), arrival_of(request)
    pair = pair_of(actor, first, second)
    if pair is None:
        raise Http404
    one, other = pair
    form = DuplicateForm(request.POST if request.method == "POST" else None, one=one, other=other)
    status = 200
    if form.is_bound and form.is_valid():
        choice, reason = form.cleaned_data["choice"], form.cleaned_data["reason"]
        try:
            if choice == "apart":
                duplicates.keep_apart(one=one, other=other, reason=reason, by=actor, at=at)
            elif choice == "again":
                duplicates.look_again(one=one, other=other, by=actor, at=at)
            else:
                into, ending = (one, other) if choice == one.slug else (other, one)
                duplicates.merge(ending=ending, into=into, reason=reason, by=actor, at=at)
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, "判断を記録しました。")
            return HttpResponseRedirect(reverse("publishing:duplicates"))
    elif form.is_bound:
        status = 422
    context = {
        "one": one,
        "other": other,
        "form": form,
        "changes": differences(content_of(one), content_of(other)),
        "ruled": DistinctPair.objects.filter(first=one, second=other).first(),
    }
    return render(request, "publishing/pair.html", context, status=status)
