"""The acts of a publisher on one program, each a page that asks once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access import access, actor_of, arrival_of
from core.actor import Actor
from core.exceptions import Conflict, DomainError
from core.form_fields import DomainForm
from programs.actions import publication, revising
from programs.enums import UNPUBLISHED_PUBLICATIONS, VISIBLE_PUBLICATIONS, RevisionState
from programs.forms.publishing import PublishForm, ReasonForm, SureForm
from programs.models import Program, ProgramRevision
from programs.models.revision import Revision
from programs.queries import revisions


@dataclass(frozen=True)
class Act:
    """One act: words of its button, what it does, its form, and the action."""

    label: str
    words: str
    form: type[DomainForm]
    do: Callable[..., object]
    done: str
    grave: bool = False


ACTS: Final = {
    "publish": Act(
        "確認して公開する", "この版の内容を公開します。検索、API、オープンデータにもすぐに出ます。", PublishForm,
        revising.publish_revision, "公開しました。",
    ),
    "request_check": Act(
        "確認を依頼する", "同じ団体の制度編集者に知らせます。確認の間は直せません。", SureForm, revising.request_check,
        "確認を依頼しました。",
    ),
    "send_back": Act(
        "下書きに戻す", "直してほしい所があるとき、または依頼を取りやめるときに、下書きに戻します。ほかの人の下書きを戻すときは、理由を書いてください。",
        ReasonForm, revising.send_back, "下書きに戻しました。",
    ),
    "discard": Act(
        "下書きを破棄する", "書きかけの版を取りやめます。公開中の内容は変わりません。破棄した版も記録に残ります。", SureForm,
        revising.discard, "下書きを破棄しました。", grave=True,
    ),
    "withdraw": Act(
        "公開を取り下げる", "この制度のページ、検索、API、オープンデータから消えます。募集も見えなくなります。", ReasonForm,
        publication.withdraw, "公開を取り下げました。", grave=True,
    ),
}  # fmt: skip


def form_of(found: Act, request: HttpRequest, open_: Revision | None) -> DomainForm:
    """The form of an act; publishing carries along what the link's page showed, else what is there now."""
    now = open_.mark if open_ is not None else ""
    return found.form(
        request.POST if request.method == "POST" else None, initial={"seen": request.GET.get("seen") or now}
    )


def acts_for(program: Program, revision: ProgramRevision | None, actor: Actor) -> list[str]:
    """Which acts the state offers, the main one first."""
    state = revision.state if revision else ""
    own = revision is not None and revision.drafted_by_id == actor.user_id
    names = {
        RevisionState.DRAFT: ["request_check"],
        RevisionState.IN_REVIEW: ["send_back", "publish"] if own else ["publish", "send_back"],
    }.get(RevisionState(state) if state else RevisionState.PUBLISHED, [])
    if revision is not None and program.publication not in UNPUBLISHED_PUBLICATIONS:
        names = [*names, "discard"]
    return [*names, "withdraw"] if program.publication in VISIBLE_PUBLICATIONS else names


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def act(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Ask once, then act; what the state does not offer is said, not hidden."""
    actor = actor_of(request)
    program = revisions.curated_program(actor, slug)
    if program is None or name not in ACTS:
        raise Http404
    found = ACTS[name]
    open_ = revisions.unfinished_revision(program)
    form = form_of(found, request, open_)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            found.do(program=program, by=actor, at=arrival_of(request), **_given(form))
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, found.done)
            return HttpResponseRedirect(reverse("publishing:detail", args=[slug]))
    elif form.is_bound:
        status = 422
    context = {
        "program": program,
        "open": open_,
        "name": name,
        "act": found,
        "form": form,
        "offered": name in acts_for(program, open_, actor),
        "own": open_ is not None and open_.drafted_by_id == actor.user_id,
    }
    return render(request, "publishing/act.html", context, status=status)


def _given(form: DomainForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.fields}
