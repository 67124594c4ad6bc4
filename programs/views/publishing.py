"""/publishing/: what a publisher looks after, one program with its revisions, and how a revision would read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access import access, actor_of, arrival_of
from core.exceptions import DomainError
from programs.actions import revising
from programs.actions.contents import applied
from programs.content import differences
from programs.enums import UNPUBLISHED_PUBLICATIONS
from programs.models import PartRevision, Program, ProgramRevision, ProgramYear
from programs.queries import revisions
from programs.queries.parts import parts_of
from programs.queries.sheet import program_sheet
from programs.views.catalogue import sheet_context
from programs.views.publishing_acts import ACTS, acts_for

PAGE_SIZE: Final = 30
EVENT_WORDS: Final = {
    "load": "初期データを読み込み",
    "begin_draft": "下書きを始めた",
    "save_draft": "下書きを保存",
    "request_check": "確認を依頼",
    "send_back": "差戻し・引戻し",
    "publish": "公開",
    "revise": "改訂を公開",
    "discard": "下書きを破棄",
    "withdraw": "取下げ",
    "settle_correction": "指摘に対応",
    "create_call": "募集の下書き",
    "publish_call": "募集を公開",
    "keep_apart": "別の制度と重複しないと判断",
    "look_again": "重複しないという判断を取り消し",
    "merge": "重複する制度をまとめた",
    "begin_draft_part": "募集・規則の下書きを始めた",
    "save_draft_part": "募集・規則の下書きを保存",
    "request_check_part": "募集・規則の確認を依頼",
    "send_back_part": "募集・規則を下書きに戻した",
    "publish_part": "募集・規則を公開",
    "discard_part": "募集・規則の下書きを破棄",
    "extend_call": "募集の締切を延長",
    "propose_shortening": "募集の締切を早める案",
    "refuse_shortening": "締切を早める案の見送り",
    "withdraw_shortening": "締切を早める案の取下げ",
    "supersede_shortening": "締切を早める案の終了（延長による）",
    "shorten_call": "募集の締切を早めた",
}


def curated_or_404(request: HttpRequest, slug: str) -> Program:
    """A program the actor looks after; anything else is unknown."""
    program = revisions.curated_program(actor_of(request), slug)
    if program is None:
        raise Http404
    return program


@access(action="programs.edit")
@require_safe
@never_cache
def board_page(request: HttpRequest) -> HttpResponse:
    """The programs a publisher looks after, narrowed by stage and words."""
    actor = actor_of(request)
    stage, words = request.GET.get("stage", ""), request.GET.get("search", "")[:100]
    rows = revisions.board(actor, stage=stage, words=words)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "stage": stage,
        "words": words,
        "stages": revisions.STAGES,
        "corrections": revisions.waiting_corrections(actor, arrival_of(request)),
    }
    return render(request, "publishing/board.html", context)


@access(action="programs.edit")
@require_safe
@never_cache
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One program: where it stands, what the open revision changes, what can be done, and what has been."""
    program, actor = curated_or_404(request, slug), actor_of(request)
    open_ = revisions.unfinished_revision(program)
    unpublished = program.publication in UNPUBLISHED_PUBLICATIONS
    changes = differences(revisions.content_of(program), open_.content) if open_ and not unpublished else []
    context = {
        "program": program,
        "open": open_,
        "unpublished": unpublished,
        "changes": changes,
        "corrections": revisions.waiting_corrections(actor, arrival_of(request), program),
        "acts": [(name, ACTS[name]) for name in acts_for(program, open_, actor)],
        "history": revisions.history(program),
        "components": revisions.components(program, actor),
        "parts": parts_of(program),
        "events": [(EVENT_WORDS.get(row.action, row.action), row) for row in revisions.events(program)],
    }
    return render(request, "publishing/detail.html", context)


@access(action="programs.edit")
@require_safe
@never_cache
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The program's page as the open revision would make it, for its publishers alone."""
    program, at = curated_or_404(request, slug), arrival_of(request)
    open_ = revisions.unfinished_revision(program)
    sheet = program_sheet(slug, at, actor_of(request))
    if open_ is None or sheet is None:
        raise Http404
    shown = applied(sheet.program, open_.content)
    years = [ProgramYear(program=shown, **row) for row in revisions.preview_years(open_.content)]
    parent = Program.objects.filter(slug=open_.content["parent"]).first() if open_.content["parent"] else None
    sheet = replace(sheet, program=shown, years=years, parent=parent)
    context = sheet_context(request, sheet, at) | {"preview": open_}
    return render(request, "programs/detail.html", context)


@access(action="programs.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One revision, item by item, and what it changed; a published one can begin a new draft."""
    program = curated_or_404(request, slug)
    stages = revisions.history(program)
    stage = next((each for each in stages if each.revision.number == number), None)
    if stage is None:
        raise Http404
    faults: tuple[object, ...] = ()
    if request.method == "POST":
        try:
            revising.restore(program=program, number=number, by=actor_of(request), at=arrival_of(request))
        except DomainError as error:
            faults = error.faults
        else:
            return HttpResponseRedirect(reverse("publishing:edit", args=[slug]))
    context = {
        "program": program,
        "stage": stage,
        "whole": differences({}, stage.revision.content),
        "faults": faults,
        **restoring(number, [each.revision for each in stages]),
    }
    return render(request, "publishing/revision.html", context, status=409 if faults else 200)


def restoring(number: int, rows: Sequence[ProgramRevision | PartRevision]) -> dict[str, bool]:
    """`restorable`: it was on view before the one that is; `busy`: another is on its way, which has to end first."""
    published = [each.number for each in rows if each.published_at is not None]
    return {
        "restorable": number in published and number != max(published),
        "busy": any(each.is_open for each in rows),
    }
