"""Keeping the letter that was really sent."""

from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from grants.actions import locking
from grants.actions.changes import person
from grants.actions.decision import attach_letter
from grants.actions.documents import check_file
from grants.models import Decision, IssuedLetter

_PDF = "application/pdf"


@transaction.atomic
def record_issued(
    *, decision_id: int, file: "File[Any]", document_number: str, effective_on: date, reason: str = "", by: Actor,
    at: datetime | None = None,
) -> IssuedLetter:  # fmt: skip
    """Keep the issued letter of the decision in force, with the number and the day on it.

    The same file again is the same record. Raises Refused for anyone but the bureau's officers and deciders,
    DomainError for a decision that was replaced, a file that is no PDF, and for a number or day that differs from the
    decision's without a reason.
    """
    instant = at or clock.now()
    decision = Decision.objects.select_related("application").filter(pk=decision_id).first()
    if decision is None:
        raise Refused
    application = locking.application(decision.application_id)
    require(by, "grants.attach_letter", application, instant)
    decision = Decision.objects.get(pk=decision_id)
    faults = _faults(decision, document_number, effective_on, reason)
    if faults:
        raise DomainError(*faults)
    verdict = check_file(file)
    if verdict.kind is None or verdict.kind.media_type != _PDF:
        raise DomainError(Fault("file", "PDFではありません。", "施行した通知文をPDFにして選んでください。"))
    known = decision.issued.filter(document__sha256=verdict.sha256).select_related("document").first()
    if known is not None:
        return known
    letter = attach_letter(decision_id=decision.pk, file=file, by=by, at=instant)
    return IssuedLetter.objects.create(
        decision=decision, document=letter, document_number=document_number.strip(), effective_on=effective_on,
        reason=reason.strip(), recorded_at=instant, recorded_by_id=person(by),
    )  # fmt: skip


def _faults(decision: Decision, number: str, effective_on: date, reason: str) -> list[Fault]:
    if decision.superseded_at is not None:
        return [
            Fault("", "この決定は、新しい決定に置き換えられています。", "申請のページを開き直してください。")
        ]
    faults = []
    if not number.strip():
        faults.append(Fault("document_number", "文書番号が空です。", "通知文の番号を入力してください。"))
    same = (number.strip(), effective_on) == (decision.document_number, decision.effective_on)
    if not same and not reason.strip():
        words = f"決定の記録（{decision.document_number}、施行日 {decision.effective_on}）と違います。"
        faults.append(Fault("reason", words, "確かめるか、違う理由を入力してください。"))
    return faults
