"""Many programs at once: a list taken in as drafts, and the versions of the coming year."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from core.access import access, actor_of, arrival_of
from core.exceptions import DomainError
from core.packing import pack
from programs.actions import rollover, together
from programs.actions.importing import import_programs, rehearse
from programs.enums import Offering, RevisionState, YearChange
from programs.forms.lists import ConfirmListForm, ListForm
from programs.forms.rollover import RollOverForm
from programs.queries import revisions

_SHOWN: Final = 200


@access(action="programs.import_programs")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_in(request: HttpRequest) -> HttpResponse:
    """Choose a file or paste a list, look at what it would bring, take it in: the body's own programs only."""
    actor = actor_of(request)
    owner = Organization.objects.filter(pk=actor.organization_id or 0).first()
    if owner is None:
        raise Http404
    if request.method == "POST" and "packed" in request.POST:
        return _confirmed(request, owner)
    form = ListForm(request.POST or None, request.FILES or None, owner=owner)
    if not form.is_valid():
        return _list_page(request, owner, form, 422 if form.is_bound else 200)
    outcome = rehearse(reading=form.reading, owner=owner, by=actor, at=arrival_of(request))
    file = form.cleaned_data["file"]
    context = {
        "owner": owner,
        "outcome": outcome,
        "refused": outcome.refused[:_SHOWN],
        "created": outcome.created[:_SHOWN],
        "packed": pack(form.text),
        "name": file.name if file else "貼り付けた文字",
        "brings": bool(outcome.created or outcome.changes or outcome.differences),
    }
    return render(request, "publishing/import_difference.html", context)


def _confirmed(request: HttpRequest, owner: Organization) -> HttpResponse:
    form = ConfirmListForm(request.POST, owner=owner)
    again = ListForm(owner=owner)
    if not form.is_valid():
        messages.error(request, "一覧を受け取れませんでした。もう一度ファイルをえらんでください。")
        return _list_page(request, owner, again, 422)
    try:
        outcome = import_programs(
            reading=form.reading, owner=owner, by=actor_of(request), accept=request.POST.getlist("accept"),
            source=form.cleaned_data["name"], at=arrival_of(request),
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, str(error))
        return _list_page(request, owner, again, 422)
    said = f"新しい下書き{len(outcome.created)}件、変わった項目{len(outcome.changes)}件を取り込みました。"
    if outcome.differences:
        said += f"手直しを残した項目は{len(outcome.differences)}件です。"
    if outcome.refused:
        said += f"取り込めなかった行の指摘は{len(outcome.refused)}件です。"
    messages.success(request, said)
    return HttpResponseRedirect(f"{reverse('publishing:board')}?stage=draft")


def _list_page(request: HttpRequest, owner: Organization, form: ListForm, status: int) -> HttpResponse:
    return render(request, "publishing/import.html", {"owner": owner, "form": form}, status=status)


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def roll_over_page(request: HttpRequest) -> HttpResponse:
    """Choose programs and what the coming year changes, look at the difference, make the drafts."""
    actor, at = actor_of(request), arrival_of(request)
    programs = list(
        revisions.curated(actor)
        .exclude(offering=Offering.ENDED)
        .order_by("title_kana", "slug")
        .only("slug", "title")
    )
    form = RollOverForm(
        request.POST if request.method == "POST" else None,
        programs=programs,
        years=rollover.years(at),
        every=request.GET.get("all", "") if request.GET.get("all") in YearChange.values else "",
    )
    plan = None
    if form.is_bound and form.is_valid():
        do = rollover.roll_over if request.POST.get("act") == "make" else rollover.preview
        try:
            plan = do(wanted=form.wanted(), year=form.cleaned_data["year"], by=actor, at=at)
        except DomainError as error:
            form.refuse(error)
        else:
            if do is rollover.roll_over:
                messages.success(request, f"{len(plan.moving)}件の制度に、年度版の下書きを作りました。")
                return HttpResponseRedirect(f"{reverse('publishing:board')}?stage=draft")
    context = {"form": form, "plan": plan, "programs": programs}
    return render(request, "publishing/roll_over.html", context, status=422 if form.errors else 200)


_TOGETHER: Final = {
    RevisionState.DRAFT.value: ("確認を依頼する", together.request_checks, "件の確認を依頼しました。"),
    RevisionState.IN_REVIEW.value: ("確認して公開する", together.publish_all, "件を公開しました。"),
}


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def together_page(request: HttpRequest, state: str) -> HttpResponse:
    """Many drafts side by side with what they change: ask for the check of those ticked, or publish them."""
    if state not in _TOGETHER:
        raise Http404
    label, run, done = _TOGETHER[state]
    actor = actor_of(request)
    kept_back: dict[str, str] = {}
    chosen = request.POST.getlist("program")[: together.MOST]
    if request.method == "POST" and chosen:
        kept_back = run(slugs=chosen, by=actor, at=arrival_of(request))
        messages.success(request, f"{len(set(chosen)) - len(kept_back)}{done}")
        if not kept_back:
            return HttpResponseRedirect(request.path)
    context = {
        "state": state,
        "label": label,
        "rows": [
            (row, kept_back.get(row.program.slug, ""))
            for row in revisions.waiting(actor, state, together.MOST)
        ],
        "most": together.MOST,
        "kept_back": kept_back,
        "nothing": request.method == "POST" and not chosen,
    }
    return render(
        request, "publishing/together.html", context, status=422 if kept_back or context["nothing"] else 200
    )
