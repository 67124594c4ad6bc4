"""/publishing/: calls and rules of a program, each drafted, checked, previewed and published for itself."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, arrival_of
from core.exceptions import Conflict, DomainError
from programs.actions import parts
from programs.actions.rule_parts import checked
from programs.enums import PartKind, RevisionState
from programs.forms.parts import PartForm
from programs.forms.publishing import PublishForm, ReasonForm, SureForm
from programs.models import PartRevision, Program
from programs.models.call import random_public_id
from programs.parts.call import days_off
from programs.parts.spec import Content, differences
from programs.queries import parts as reading
from programs.views.parts_preview import preview_of
from programs.views.publishing import curated_or_404, restoring
from programs.views.publishing_acts import Act, form_of

_RULES: Final = frozenset({PartKind.FUNDING, PartKind.ELIGIBILITY})
ACTS: Final = {
    "publish": Act("確認して公開する", "この版の内容を公開します。", PublishForm, parts.publish_part, "公開しました。"),
    "request_check": Act(
        "確認を依頼する", "同じ団体の制度編集者に知らせます。確認の間は直せません。", SureForm, parts.request_part_check,
        "確認を依頼しました。",
    ),
    "send_back": Act(
        "下書きに戻す", "直してほしい所があるとき、または依頼を取りやめるときに、下書きに戻します。ほかの人の下書きを戻すときは、理由を書いてください。",
        ReasonForm, parts.send_part_back, "下書きに戻しました。",
    ),
    "discard": Act(
        "下書きを破棄する", "書きかけの版を取りやめます。公開中の内容は変わりません。破棄した版も記録に残ります。", SureForm,
        parts.discard_part, "下書きを破棄しました。", grave=True,
    ),
}  # fmt: skip


def _part(part: str) -> PartKind:
    if part not in PartKind.values:
        raise Http404
    return PartKind(part)


def _acts_for(open_: PartRevision | None, own: bool) -> list[str]:
    if open_ is None:
        return []
    if open_.state == RevisionState.DRAFT:
        return ["request_check", "discard"]
    return ["send_back", "publish", "discard"] if own else ["publish", "send_back", "discard"]


def _name(part: PartKind, content: Content | None) -> str:
    return reading.name_of(part, content or {})


@access(action="programs.edit")
@require_safe
@never_cache
def detail(request: HttpRequest, slug: str, part: str, key: str) -> HttpResponse:
    """One call or rule: where it stands, what the open revision changes, what can be done, and what has been."""
    program, kind = curated_or_404(request, slug), _part(part)
    shown = reading.content_on_view(program, kind, key)
    rows = reading.revisions_of(program, kind, key)
    if shown is None and not rows:
        raise Http404
    open_ = next((row for row in rows if row.is_open), None)
    own = open_ is not None and open_.drafted_by_id == actor_of(request).user_id
    context = {
        "program": program,
        "part": kind,
        "key": key,
        "name": _name(kind, open_.content if open_ else shown or rows[-1].content),
        "on_view": shown is not None,
        "open": open_,
        "copyable": shown is not None and kind is not PartKind.FIGURES,
        "changes": differences(reading.ITEMS[kind], shown or {}, open_.content) if open_ else [],
        "acts": [(name, ACTS[name]) for name in _acts_for(open_, own)],
        "history": reading.part_history(kind, rows),
        "checked": checked(kind, open_.content, shown) if open_ and kind in _RULES else None,
        "days_off": days_off(open_.content) if open_ and kind is PartKind.CALL else [],
    }
    return render(request, "publishing/part.html", context)


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, slug: str, part: str, key: str) -> HttpResponse:
    """Edit the draft, or begin one from what is on view."""
    program, kind = curated_or_404(request, slug), _part(part)
    shown = reading.content_on_view(program, kind, key)
    open_ = reading.unfinished_part(program, kind, key)
    before = open_.content if open_ else shown
    if before is None:
        raise Http404
    return _form_page(request, program, kind, key=key, before=before, open_=open_)


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """Begin a call or a rule; `?copy=` takes over another one, a call a year later."""
    program, kind = curated_or_404(request, slug), _part(part)
    before = reading.start_from(program, kind, request.GET.get("copy", "")[:80])
    if before is None or kind is PartKind.FIGURES:  # there is one of them
        raise Http404
    return _form_page(request, program, kind, key="", before=before, open_=None)


def _form_page(
    request: HttpRequest, program: Program, kind: PartKind, *, key: str, before: Content, open_: PartRevision | None
) -> HttpResponse:  # fmt: skip
    form = PartForm(
        request.POST if request.method == "POST" else None, groups=reading.GROUPS[kind], before=before,
        edits=open_.edits if open_ else 0, fixed=frozenset(parts.fixed_items(program, kind, key)),
        choices=reading.choices_of(program, kind),
    )  # fmt: skip
    status, tried = 200, None
    if form.is_bound and form.is_valid() and "try" in request.POST and kind in _RULES:
        tried = checked(kind, form.content(), reading.content_on_view(program, kind, key))  # nothing is kept
        form.refuse(DomainError(*tried.faults))
        status = 422 if tried.faults else 200
    elif form.is_bound and form.is_valid():
        wanted = key or _fresh_key(program, kind)
        try:
            parts.save_part(
                program=program, part=kind, key=wanted, content=form.content(), by=actor_of(request),
                edits=form.cleaned_data["edits"] or 0, at=arrival_of(request),
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, "下書きを保存しました。公開中の内容は、まだ変わっていません。")
            return HttpResponseRedirect(reverse("publishing:part", args=[program.slug, kind.value, wanted]))
    elif form.is_bound:
        status = 422
    checking = open_ is not None and open_.state == RevisionState.IN_REVIEW
    context = {
        "program": program,
        "part": kind,
        "key": key,
        "name": _name(kind, before) if key else f"新しい{kind.label}",
        "form": form,
        "checked": tried,
        "checking": checking,
    }
    return render(request, "publishing/part_edit.html", context, status=status)


def _fresh_key(program: Program, kind: PartKind) -> str:
    return random_public_id() if kind is PartKind.CALL else f"{program.slug[:60]}-{random_public_id()}"


@access(action="programs.edit")
@require_safe
@never_cache
def preview(request: HttpRequest, slug: str, part: str, key: str) -> HttpResponse:
    """The public page as the open revision would make it, for its publishers alone."""
    program, kind = curated_or_404(request, slug), _part(part)
    open_ = reading.unfinished_part(program, kind, key)
    if open_ is None:
        raise Http404
    return preview_of(request, program, open_)


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def act(request: HttpRequest, slug: str, part: str, key: str, name: str) -> HttpResponse:
    """Ask once, then act; what the state does not offer is said, not hidden."""
    program, kind, actor = curated_or_404(request, slug), _part(part), actor_of(request)
    rows = reading.revisions_of(program, kind, key)
    if name not in ACTS or not rows:
        raise Http404
    open_ = next((row for row in rows if row.is_open), None)
    own = open_ is not None and open_.drafted_by_id == actor.user_id
    found = ACTS[name]
    form = form_of(found, request, open_)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            found.do(revision=open_ or rows[-1], by=actor, at=arrival_of(request), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, found.done)
            return HttpResponseRedirect(reverse("publishing:part", args=[slug, part, key]))
    elif form.is_bound:
        status = 422
    context = {
        "program": program,
        "part": kind,
        "key": key,
        "title": _name(kind, (open_ or rows[-1]).content),
        "name": name,
        "act": found,
        "form": form,
        "offered": name in _acts_for(open_, own),
        "own": own,
    }
    return render(request, "publishing/part_act.html", context, status=status)


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def revision(request: HttpRequest, slug: str, part: str, key: str, number: int) -> HttpResponse:
    """One revision, item by item, and what it changed; a published one can begin a new draft."""
    program, kind = curated_or_404(request, slug), _part(part)
    rows = reading.revisions_of(program, kind, key)
    stage = next((each for each in reading.part_history(kind, rows) if each.revision.number == number), None)
    if stage is None:
        raise Http404
    faults: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            parts.restore_part(revision=stage.revision, by=actor_of(request), at=arrival_of(request))
        except DomainError as error:
            faults = error.faults
        else:
            return HttpResponseRedirect(reverse("publishing:part-edit", args=[slug, part, key]))
    context = {
        "program": program,
        "part": kind,
        "key": key,
        "name": _name(kind, stage.revision.content),
        "stage": stage,
        "whole": differences(reading.ITEMS[kind], {}, stage.revision.content),
        "faults": faults,
        **restoring(number, rows),
    }
    return render(request, "publishing/part_revision.html", context, status=409 if faults else 200)
