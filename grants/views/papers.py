"""起案用資料 and the sheet for council and finance section: made from what is saved, on the click, kept nowhere."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core import clock
from core.access import NO_STORE
from core.exceptions import Refused
from core.files import FileKind, safe_name
from grants.letters.paper_files import paper_docx, paper_xlsx
from grants.letters.papers import PaperKind, paper_of
from grants.views.frame import case_page, sees

KINDS: Final = {"decision": PaperKind.DECISION, "finance": PaperKind.FINANCE}


@sees
@require_safe
def paper(request: HttpRequest, public_id: str, kind: str, form: str) -> HttpResponse:
    """One paper of one's own municipality as docx or xlsx; diverse actors have none."""
    page = case_page(request, public_id)
    if kind not in KINDS or form not in {"docx", "xlsx"} or not page.member.is_municipality:
        raise Refused
    today = clock.today(page.at)
    made = paper_of(page.actor, page.application, KINDS[kind], today)
    content = paper_docx(made, at=page.at) if form == "docx" else paper_xlsx(made)
    media = FileKind.DOCX.media_type if form == "docx" else FileKind.XLSX.media_type
    name = safe_name(f"{made.kind.value}_{page.application}_{page.member.name}_{today:%Y%m%d}.{form}")
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = NO_STORE
    return response
