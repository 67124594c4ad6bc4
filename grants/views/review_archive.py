"""One case as one file, for audit and disclosure, and the parts a disclosure copy withholds."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from core.access import allowed
from core.downloads import under_name
from core.exceptions import Refused
from core.zip_stream import stream_zip
from grants.actions import redacting
from grants.actions.case_archive import KINDS, archive_entries, manifest
from grants.forms.redaction import RedactionForm
from grants.models import Redaction
from grants.queries.redactions import markable
from grants.views.review_frame import ReviewPage, form_page, posted, review_page, sees

Typed = Mapping[str, Any]


def _whole(request: HttpRequest, public_id: str) -> ReviewPage:
    """A submitted case, for those who follow the deliberation and for the bureau's audit."""
    page = review_page(request, public_id)
    if not page.is_insider or not page.versions:
        raise Refused
    return page


@sees
@form_page
def archive(request: HttpRequest, public_id: str) -> HttpResponse:
    """What can be saved, what is withheld in the disclosure copy, and marking more of it."""
    page = _whole(request, public_id)
    may = allowed(page.actor, "grants.attach_letter", page.application, page.at)
    if request.method == "POST" and not may:
        raise Refused
    parts = markable(page.application)
    form = RedactionForm(request.POST or None, choices=parts)

    def run(typed: Typed) -> object:
        return redacting.mark(application_id=page.application.pk, by=page.actor, at=page.at, **typed)

    answer, status = posted(
        request, page, form, action="mark_redaction", run=run, done="不開示とする部分を指定しました。"
    )
    if answer is not None:
        return redirect(page.url("archive"))
    words = dict(parts)
    marked = (
        Redaction.objects.filter(application=page.application).select_related("marked_by").order_by("target")
    )
    return page.render(
        request, "archive", status=status, heading="一件の写し", form=form, may_mark=may,
        marked=[(one, words.get(one.target, one.target)) for one in marked],
    )  # fmt: skip


@sees
@require_POST
def unmark(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a part in the disclosure copy again."""
    page = _whole(request, public_id)
    redacting.unmark(
        application_id=page.application.pk, target=request.POST.get("target", ""), by=page.actor, at=page.at
    )
    messages.success(request, "不開示の指定を取り消しました。")
    return redirect(page.url("archive"))


@sees
@require_safe
def archive_file(request: HttpRequest, public_id: str, kind: str) -> HttpResponseBase:
    """The archive itself, written while it is sent."""
    page = _whole(request, public_id)
    if kind not in KINDS:
        raise Refused
    application = page.application
    body = stream_zip(
        archive_entries(application, kind), at=page.at, last=manifest(application, kind, page.at)
    )
    answer = StreamingHttpResponse(body, content_type="application/zip")
    return under_name(answer, f"{application.receipt_number}_{KINDS[kind]}.zip")
