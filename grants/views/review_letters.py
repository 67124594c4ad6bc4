"""The letter before it is made, and the letter as it was really sent."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core.access import NO_STORE, require
from core.exceptions import DomainError
from grants.actions.issuing import record_issued
from grants.actions.packages import preview_letter
from grants.forms.many import IssuedLetterForm
from grants.models import IssuedLetter
from grants.views.review_frame import form_page, posted, review_page, sees

Typed = Mapping[str, Any]


@sees
@require_safe
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The letter of the decision in force, or of the draft as if it were decided today; nothing is kept."""
    page = review_page(request, public_id)
    require(page.actor, "grants.attach_letter", page.application, page.at)
    try:
        body = preview_letter(page.application, page.at)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(page.url("detail"))
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    response["Cache-Control"] = NO_STORE
    return response


@sees
@form_page
def issued(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep the issued letter with its number, its day and its fingerprint."""
    page = review_page(request, public_id)
    require(page.actor, "grants.attach_letter", page.application, page.at)
    decision = page.application.decisions.filter(superseded_at__isnull=True).first()
    initial = (
        {"document_number": decision.document_number, "effective_on": decision.effective_on}
        if decision
        else {}
    )
    form = IssuedLetterForm(request.POST or None, request.FILES or None, initial=initial)

    def run(typed: Typed) -> object:
        return record_issued(decision_id=decision.pk if decision else 0, by=page.actor, at=page.at, **typed)

    answer, status = posted(
        request, page, form, action="attach_letter", run=run, done="施行した通知文を保存しました。",
        again=lambda _typed: False,
    )  # fmt: skip
    kept = IssuedLetter.objects.filter(decision__application=page.application)
    return answer or page.render(
        request, "issued", status=status, heading="施行した通知文", form=form, decision=decision,
        issued=kept.select_related("document", "recorded_by").order_by("-recorded_at", "-pk"),
    )  # fmt: skip
