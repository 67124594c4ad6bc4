"""Attaching and removing files. What a file is, its bytes say."""

from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from core import clock, scanning
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from core.files import FileVerdict, check_upload
from grants.actions.changes import changed, open_for_edit, person
from grants.actions.transition import insist, require_person
from grants.enums import DOCUMENTS_SECTION, OTHER_ITEM, DocumentPurpose, DocumentState, ScanState
from grants.models import Application, Document, Member
from grants.permissions import EditTarget, judge_edit


def check_file(file: "File[Any]") -> FileVerdict:
    """What a file is; raises DomainError with what is wrong and what to do instead."""
    verdict = check_upload(file)
    if not verdict or verdict.kind is None:
        raise DomainError(
            *(Fault("file", f"「{verdict.name}」：{fault.message}", fault.cure) for fault in verdict.faults)
        )
    return verdict


def keep(
    application: Application,
    file: "File[Any]",
    *,
    purpose: DocumentPurpose,
    by: Actor,
    at: datetime,
    member: Member | None = None,
    requirement: str = "",
) -> Document:
    """Write the bytes under a random name and a row that does not belong to the case yet.

    Raises DomainError for a bad file, and where there is no room for it: then nothing of it stays.
    """
    verdict = check_file(file)
    kind = verdict.kind
    if kind is None:
        raise AssertionError("check_file lets only known kinds pass")
    document = Document(
        application=application, member=member, purpose=purpose, requirement=requirement, name=verdict.name,
        size=verdict.size, sha256=verdict.sha256,
        scan_state=ScanState.PENDING if scanning.is_configured() else ScanState.UNEXAMINED, media_type=kind.media_type, uploaded_at=at,
        uploaded_by_id=person(by),
    )  # fmt: skip
    _write(document, file)
    try:
        document.save()
    except Exception:
        document.file.delete(save=False)
        raise
    return document


def _write(document: Document, file: "File[Any]") -> None:
    storage = document.file.storage
    place = document.file.field.generate_filename(document, document.name)
    file.seek(0)
    try:
        document.file.name = storage.save(place, file)
    except OSError as error:
        storage.delete(place)
        full = f"「{document.name}」を保存できませんでした。ファイルの置き場に空きがないようです。"
        raise DomainError(
            Fault("file", full, "時間をおいて、もう一度添付してください。ほかの入力は保存されています。")
        ) from error


def adopt_file(document: Document) -> Document:
    """A kept file becomes part of the case, in the caller's transaction."""
    document.state = DocumentState.ATTACHED
    document.save(update_fields=["state"])
    return document


def attach_document(
    *,
    application_id: int,
    file: "File[Any]",
    by: Actor,
    requirement: str = "",
    member_id: int | None = None,
    at: datetime | None = None,
) -> Document:
    """Attach a file to the working copy (for a document the form asks for: its code in `requirement`).

    The bytes are written first and become part of the case in one transaction afterwards: a crash between
    leaves a temporary file that `purge_temporary` removes. Raises DomainError for bytes that are not what the
    name says and other bad files, Refused, UnknownTransition as save_answer.
    """
    instant = at or clock.now()
    require_person(by)
    application = Application.objects.with_parts().filter(pk=application_id).first()
    if application is None:
        raise Refused
    member = application.members.present().filter(pk=member_id).first() if member_id is not None else None
    if member_id is not None and member is None:
        raise Refused
    item = requirement or OTHER_ITEM
    insist(judge_edit(by, EditTarget(application, DOCUMENTS_SECTION, member, item), instant))
    codes = {str(document["code"]) for document in application.template.documents}
    if requirement and requirement not in codes:
        raise DomainError(Fault("requirement", "求められた書類にありません。", "画面を開き直してください。"))
    document = keep(
        application, file, purpose=DocumentPurpose.ATTACHMENT, by=by, at=instant, member=member,
        requirement=requirement,
    )  # fmt: skip
    try:
        return _attach(document, by, instant)
    except Exception:
        document.state = DocumentState.TEMPORARY  # the transaction that attached it is gone
        discard_temporary(document)
        raise


@transaction.atomic
def _attach(document: Document, by: Actor, at: datetime) -> Document:
    application, _ = open_for_edit(
        document.application_id, section=DOCUMENTS_SECTION, member_id=document.member_id, by=by, at=at,
        item=document.requirement or OTHER_ITEM,
    )  # fmt: skip
    adopt_file(document)
    changed(
        application, section=DOCUMENTS_SECTION, key=document.public_id, member=document.member, by=by, at=at,
        before=None, after={"name": document.name, "size": document.size, "sha256": document.sha256},
    )  # fmt: skip
    return document


@transaction.atomic
def remove_document(*, document_id: int, by: Actor, at: datetime | None = None) -> Document:
    """Take an attached file out of the working copy; versions already submitted keep it. Raises as attach."""
    instant = at or clock.now()
    require_person(by)
    found = Document.objects.filter(pk=document_id, purpose=DocumentPurpose.ATTACHMENT).first()
    if found is None:
        raise Refused
    application, _ = open_for_edit(
        found.application_id, section=DOCUMENTS_SECTION, member_id=found.member_id, by=by, at=instant,
        item=found.requirement or OTHER_ITEM,
    )  # fmt: skip
    document = Document.objects.get(pk=document_id)
    if not document.is_attached:
        raise DomainError(Fault("document", f"「{document.name}」はすでに外されています。"))
    document.state = DocumentState.REMOVED
    document.removed_at, document.removed_by_id = instant, person(by)
    document.save(update_fields=["state", "removed_at", "removed_by"])
    changed(
        application, section=DOCUMENTS_SECTION, key=document.public_id, member=document.member, by=by, at=instant,
        before={"name": document.name, "size": document.size, "sha256": document.sha256}, after=None,
    )  # fmt: skip
    return document


def discard_temporary(document: Document) -> None:
    """Remove bytes and row of a file that never became part of a case."""
    if document.state == DocumentState.TEMPORARY:
        document.file.delete(save=False)
        document.delete()


def purge_temporary(*, before: datetime) -> int:
    """Remove files that were left behind by a crash before `before`; how many. Safe to repeat."""
    left = list(Document.objects.filter(state=DocumentState.TEMPORARY, uploaded_at__lt=before))
    for document in left:
        discard_temporary(document)
    return len(left)
