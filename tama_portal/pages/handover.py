"""The 引継書 of the acting department, as a file."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.access import access, actor_of
from tama_portal.handover.facts import gather
from tama_portal.handover.pdf import render_pdf
from tama_portal.handover.workbook import render_workbook

TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@access(action="accounts.read_transfer")
@require_safe
@never_cache
def handover(request: HttpRequest, form: str) -> HttpResponse:
    """`form` is pdf or xlsx. What it says is what the reader's own pages say at this moment."""
    actor, at = actor_of(request), clock.now()
    if form not in TYPES or actor.department_id is None:
        raise Http404
    document = gather(actor, at)
    body = render_pdf(document, at=at) if form == "pdf" else render_workbook(document)
    response = HttpResponse(body, content_type=TYPES[form])
    name = f"引継書_{actor.department_name}_{clock.today(at):%Y%m%d}.{form}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
