"""Files of a case: attach, take out, and hand out after asking once more who wants them."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from core import downloads, scanning
from core.access import access, allowed
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions import documents as actions
from grants.enums import DOCUMENTS_SECTION, DocumentPurpose
from grants.forms import UploadForm
from grants.models import Document
from grants.permissions.scanning import may_open
from grants.views.frame import CasePage, case_page, form_page, sees, status_of

_TOWN_PURPOSES = (DocumentPurpose.ATTACHMENT, DocumentPurpose.CONSENT, DocumentPurpose.CERTIFICATION)


def files_of(page: CasePage) -> QuerySet[Document]:
    """The files a member's people may know of: letters of a decision only once it is announced, minutes never."""
    purposes = [*_TOWN_PURPOSES]
    if page.application.announced_at is not None:
        purposes.append(DocumentPurpose.LETTER)
    return queries.documents_for(page.actor, page.application).filter(purpose__in=purposes).order_by("pk")


@sees
@form_page
def documents(request: HttpRequest, public_id: str) -> HttpResponse:
    """The files with size and fingerprint, and one more."""
    page = case_page(request, public_id)
    asked, member_id = page.application.template.documents, None if page.is_lead else page.member.pk
    form, status = UploadForm(request.POST or None, request.FILES or None, documents=asked), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.attach_document(
                application_id=page.application.pk,
                file=form.cleaned_data["file"],
                requirement=form.cleaned_data["requirement"],
                member_id=member_id,
                by=page.actor,
                at=page.at,
            )
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, "添付しました。まだ提出していません。")
            return redirect(request.path)
    elif request.method == "POST":
        status = 422
    return _list(request, page, form, status)


def _list(request: HttpRequest, page: CasePage, form: UploadForm, status: int) -> HttpResponse:
    files = list(files_of(page))
    decision = page.edits(DOCUMENTS_SECTION, None if page.is_lead else page.member)
    there = {file.requirement for file in files if file.requirement}
    asked = page.application.template.documents
    labels = {str(item["code"]): str(item["label"]) for item in asked}
    rows = [
        (file, labels.get(file.requirement) or file.get_purpose_display(), may_open(page.actor, file))
        for file in files
    ]
    return page.render(
        request, "documents", status=status, form=form, rows=rows, decision=decision,
        asked=[(item, item["code"] in there) for item in asked], attachment=DocumentPurpose.ATTACHMENT,
        scanned=scanning.is_configured(),
    )  # fmt: skip


@sees
@require_POST
def remove(request: HttpRequest, public_id: str, document: str) -> HttpResponse:
    """Take one file out of the working copy."""
    page = case_page(request, public_id)
    found = files_of(page).filter(public_id=document, purpose=DocumentPurpose.ATTACHMENT).first()
    if found is None:
        raise Refused
    try:
        actions.remove_document(document_id=found.pk, by=page.actor, at=page.at)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"「{found.name}」を外しました。提出済みの版には残ります。")
    return redirect(page.url("documents"))


@access(action="grants.view_documents")
@require_safe
def download(request: HttpRequest, public_id: str, document: str) -> HttpResponseBase:
    """The bytes, always as an attachment, never stored on the way, after asking for this very file."""
    page = case_page(request, public_id)
    found = files_of(page).filter(public_id=document).first()
    if found is None or not allowed(page.actor, "grants.view_documents", found, page.at):
        raise Refused
    return attachment(found)


def attachment(document: Document) -> HttpResponseBase:
    """A file as it may leave the portal: attachment, its own type, nosniff, no-store."""
    return downloads.attachment(
        document.file, name=document.name, media_type=document.media_type, size=document.size
    )
