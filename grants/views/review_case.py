"""The page of a case as the metropolitan side sees it, its history, and its files."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.access import access, allowed
from core.exceptions import Refused
from grants import queries
from grants.enums import NEVER_SUBMITTED_STATES, ApplicationStatus, Party
from grants.lifecycle import APPLICATION, REPORT
from grants.models import Decision, Document, Petition, Recommendation
from grants.queries.case_checks import changes_since_precheck, checks_of
from grants.queries.opinions import notes_of, opinions_of
from grants.queries.records import COPY_ACTIONS
from grants.queries.waivers import waivers_of
from grants.views.board import Moment, who
from grants.views.documents import attachment
from grants.views.review_content import CaseContent, case_content, version_of
from grants.views.review_frame import ReviewPage, review_page, sees, undeclared
from grants.views.review_presence import others_here
from grants.views.review_steps import next_step
from grants.views.review_table import assignments_of, score_table

PAGE_SIZE: Final = 60
_NEWEST: Final = 8
_WORDS: Final = {row.action: row.label for row in REPORT.transitions} | {
    "proxy_declare": "外部委員の利害関係を代理で記録",
    "waive_check": "点検を免除",
    "revoke_waiver": "点検の免除を取消し",
    "void_consents": "内容の変更により、同意が失効",
    "void_certification": "内容の変更により、庁内決裁の記録が失効",
    "record_meeting": "審査会を記録",
    "attach_letter": "通知文を保存",
    "add_note": "庁内メモを記入",
    "ask_opinion": "意見を照会",
    "remind_opinion": "意見照会を催促",
    "answer_opinion": "意見の回答",
    "withdraw_opinion": "意見照会を取下げ",
    "mark_redaction": "不開示の部分を指定",
    "unmark_redaction": "不開示の指定を取消し",
}


@sees
@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything of the case on one page: the next step, what was submitted, the review, the decisions."""
    page = review_page(request, public_id)
    if page.must_declare:
        return undeclared(request, page)
    content = case_content(page, version_of(page, request.GET.get("version", "")))
    assignments = assignments_of(page)
    return page.render(
        request, "detail", content=content, next=next_step(page, assignments), assignments=assignments,
        scores=score_table(page, assignments), meetings=_meetings(page), drafts=drafts_of(page),
        decisions=decisions_of(page), petitions=_petitions(page), events=timeline(page)[:_NEWEST],
        proxies=Party.OFFICER in page.parties, makes_letters=bool(page.parties & {Party.OFFICER, Party.DECIDER}),
        reviewed=page.application.state not in NEVER_SUBMITTED_STATES | {ApplicationStatus.SUBMITTED},
        prechecks=_prechecks(page), returns=_returns(page), others=others_here(page), **_inside(page, content),
    )  # fmt: skip


def _inside(page: ReviewPage, content: CaseContent) -> dict[str, Any]:
    """What only the bureau's own people see: the checks, what changed since the precheck, notes and opinions."""
    if not page.is_insider:
        return {}
    application, version = page.application, content.version
    found: dict[str, Any] = {
        "notes": notes_of(application), "opinions": opinions_of(application), "waivers": waivers_of(application),
        "waivable": bool(application.template.waivable), "reports": allowed(page.actor, "grants.view_reports", application, page.at),
    }  # fmt: skip
    if version is None:
        return found
    found["checks"] = checks_of(application, version)
    if version == page.versions[0]:
        found["precheck"], found["changes"] = changes_since_precheck(application)
    return found


def drafts_of(page: ReviewPage) -> list[Recommendation]:
    """The drafts of decisions, newest first; nothing for reviewers."""
    if not page.is_insider:
        return []
    rows = page.application.recommendations.select_related("drafted_by", "ended_by", "snapshot")
    return list(rows.order_by("-drafted_at", "-pk"))


def decisions_of(page: ReviewPage) -> list[Decision]:
    """The decisions, newest first, superseded ones too; for reviewers only the one announced."""
    rows = page.application.decisions.select_related("decided_by", "drafted_by", "superseded_by")
    rows = rows.prefetch_related(
        Prefetch("letters", Document.objects.select_related("uploaded_by"))
    ).order_by("-decided_at", "-pk")
    if page.is_insider:
        return list(rows)
    return list(rows.filter(superseded_at__isnull=True)) if page.application.announced_at is not None else []


def _meetings(page: ReviewPage) -> list[object]:
    return list(page.application.meetings.order_by("-held_on")) if page.is_insider else []


def _petitions(page: ReviewPage) -> list[Petition]:
    if not page.is_insider:
        return []
    rows = page.application.petitions.select_related("asked_by", "granted_by").prefetch_related("removes")
    return list(rows.order_by("-asked_at", "-pk"))


def _prechecks(page: ReviewPage) -> list[object]:
    if not page.is_insider:
        return []
    rows = page.application.prechecks.select_related("requested_by", "answered_by")
    return list(rows.prefetch_related("comments__question", "comments__member").order_by("-requested_at"))


def _returns(page: ReviewPage) -> list[tuple[object, list[str]]]:
    label = page.application.template.section_label
    rows = page.application.returns.select_related("returned_by").order_by("-returned_at")
    return [(row, [label(code) for code in row.sections]) for row in rows]


# --- The history ---------------------------------------------------------------------------------------------


def timeline(page: ReviewPage) -> list[Moment]:
    """What happened, newest first: not the towns' work in their copy, and nothing at all for reviewers alone."""
    if not page.is_insider:
        return []
    labels = {row.action: row.label for row in APPLICATION.transitions} | _WORDS
    events = [e for e in queries.events_for(page.actor, page.application) if e.action not in COPY_ACTIONS]
    return [
        Moment(event.at, who(page.actor, event), labels.get(event.action, event.action), event.comment)
        for event in reversed(events)
    ]


@sees
@require_safe
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that happened to the case, newest first."""
    page = review_page(request, public_id)
    if not page.is_insider:
        raise Refused
    rows = Paginator(timeline(page), PAGE_SIZE).get_page(request.GET.get("page"))
    return page.render(request, "history", heading="これまでの動き", page_obj=rows)


@access(action="grants.view_documents")
@require_safe
def download(request: HttpRequest, public_id: str, document: str) -> HttpResponseBase:
    """The bytes of a file the person may read: what was submitted, letters, minutes."""
    page = review_page(request, public_id)
    found: Document | None = (
        queries.documents_for(page.actor, page.application).filter(public_id=document).first()
    )
    if found is None or not allowed(page.actor, "grants.view_documents", found, page.at):
        raise Refused
    return attachment(found)
