"""庁内決裁: recording the town's own decision before the submission."""

from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from grants.actions import transition
from grants.actions.changes import person
from grants.actions.documents import adopt_file, discard_temporary, keep
from grants.enums import DocumentPurpose, DocumentState
from grants.models import Application, Certification, Document
from grants.permissions import judge
from grants.queries.content import content_hash


def certify(
    *,
    application_id: int,
    document_number: str,
    decided_on: date,
    signer_title: str,
    by: Actor,
    file: "File[Any] | None" = None,
    single_person_reason: str = "",
    at: datetime | None = None,
) -> Certification:
    """Record the decision: 文書番号, 決裁日, 決裁者職名, and its PDF where there is one.

    The approver must not have changed a binding part since the last certificate; where a small village has
    nobody else, `single_person_reason` says so and is kept (少人数特例). Any later edit ends the certificate.
    Raises DomainError naming each faulty field, and as transition.begin (consents come first).
    """
    instant = at or clock.now()
    application = Application.objects.with_parts().filter(pk=application_id).first()
    if application is None:
        raise Refused
    transition.insist(judge(by, "certify", application, instant))
    _check(document_number, decided_on, signer_title, instant)
    paper = None
    if file is not None:
        paper = keep(application, file, purpose=DocumentPurpose.CERTIFICATION, by=by, at=instant)
    found = Certification(
        document_number=document_number.strip(), decided_on=decided_on, signer_title=signer_title.strip(),
        document=paper, single_person_reason=single_person_reason.strip(), recorded_at=instant,
        recorded_by_id=person(by),
    )  # fmt: skip
    try:
        return _record(application_id, found, paper, by, instant)
    except Exception:
        if paper is not None:
            paper.state = DocumentState.TEMPORARY  # the transaction that attached it is gone
            discard_temporary(paper)
        raise


@transaction.atomic
def _record(
    application_id: int, found: Certification, paper: Document | None, by: Actor, at: datetime
) -> Certification:
    application = transition.begin(application_id, "certify", by=by, at=at)
    if changed_binding(application, person(by)) and not found.single_person_reason:
        raise DomainError(
            Fault(
                "single_person_reason",
                "同意の対象となる部分をご自分で変更しているため、庁内決裁を記録できません。",
                "別の承認者が記録するか、少人数特例の理由を入力してください。",
            )
        )
    if paper is not None:
        adopt_file(paper)
    found.application = application
    found.content_version = application.content_version
    found.content_hash = content_hash(application)
    found.save()
    payload = {
        "document_number": found.document_number,
        "decided_on": found.decided_on,
        "signer_title": found.signer_title,
        "content_hash": found.content_hash,
        "single_person": bool(found.single_person_reason),
    }
    transition.finish(
        application, "certify", by=by, at=at, effective_on=found.decided_on, comment=found.single_person_reason,
        payload=payload,
    )  # fmt: skip
    return found


def changed_binding(application: Application, user_id: int) -> bool:
    """Whether this person changed a binding part since the last certificate (or ever, before the first)."""
    last = application.certifications.order_by("-content_version").first()
    since = last.content_version if last else 0
    return application.revisions.filter(binding=True, changed_by=user_id, content_version__gt=since).exists()


def _check(number: str, day: date, title: str, at: datetime) -> None:
    faults = []
    if not number.strip():
        faults.append(Fault("document_number", "文書番号が空です。", "起案文書の番号を入力してください。"))
    if not title.strip():
        faults.append(Fault("signer_title", "決裁者の職名が空です。", "例：市長"))
    if day > clock.today(at):
        faults.append(Fault("decided_on", "決裁日が先の日付です。", "決裁のあった日を入力してください。"))
    if faults:
        raise DomainError(*faults)
