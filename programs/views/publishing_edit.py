"""The form of a program's content: a draft of its own, or of what is on view."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access import access, actor_of, arrival_of
from core.exceptions import Conflict, DomainError
from programs.actions import revising
from programs.content import blank
from programs.enums import RevisionState
from programs.forms.publishing import ContentForm, NewProgramForm
from programs.models.call import random_public_id
from programs.queries import revisions


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the draft, or begin one from what is on view. Nothing typed is lost when somebody else was faster."""
    actor = actor_of(request)
    program = revisions.curated_program(actor, slug)
    if program is None:
        raise Http404
    open_ = revisions.unfinished_revision(program)
    before = open_.content if open_ else revisions.content_of(program)
    form = ContentForm(
        request.POST if request.method == "POST" else None,
        before=before,
        edits=open_.edits if open_ else 0,
        parents=revisions.parents(actor, program),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            revising.save(
                program=program, content=form.content(), by=actor, edits=form.cleaned_data["edits"] or 0,
                at=arrival_of(request),
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, "下書きを保存しました。公開中の内容は、まだ変わっていません。")
            return HttpResponseRedirect(reverse("publishing:detail", args=[slug]))
    elif form.is_bound:
        status = 422
    context = {"program": program, "open": open_, "form": form, "checking": _checking(open_)}
    return render(request, "publishing/edit.html", context, status=status)


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Begin a program; `?parent=` makes it a component of another."""
    actor = actor_of(request)
    bodies = revisions.owners(actor)
    parents = revisions.parents(actor, None)
    above = request.GET.get("parent", "")
    before = blank(parent=above if above in dict(parents) else "")
    form = NewProgramForm(
        request.POST if request.method == "POST" else None, before=before, parents=parents, owners=bodies
    )
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        owner = next(body for body in bodies if body.code == form.cleaned_data["owner"])
        slug = f"{owner.code}-{random_public_id()}"
        try:
            revising.create(owner=owner, slug=slug, content=form.content(), by=actor, at=arrival_of(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, "下書きを作りました。外からは見えません。")
            return HttpResponseRedirect(reverse("publishing:detail", args=[slug]))
    return render(request, "publishing/edit.html", {"form": form}, status=status)


def _checking(revision: Any) -> bool:
    return revision is not None and revision.state == RevisionState.IN_REVIEW
