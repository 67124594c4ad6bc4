"""Consent of the partners: in the portal by their approver, or by a letter the lead files."""

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
from grants.actions.errors import Stale
from grants.actions.membership import own_member
from grants.enums import (
    PAPER_EVIDENCE,
    ConsentEvidence,
    ConsentState,
    DocumentPurpose,
    DocumentState,
    MemberState,
)
from grants.models import Application, Consent, Document, Member
from grants.permissions import judge
from grants.queries.content import consent_hash


@transaction.atomic
def consent(
    *,
    application_id: int,
    by: Actor,
    shown_hash: str,
    document_number: str = "",
    document_date: date | None = None,
    at: datetime | None = None,
) -> Consent:
    """The partner's approver consents to what the page showed.

    `shown_hash` is queries.consent_hash of the page: when the content has moved on since, nothing is consented
    to (Stale). `document_number` and `document_date` name the body's own decision (庁内決裁), where it gives one:
    both or neither. Raises DomainError naming the field, and as transition.begin.
    """
    instant = at or clock.now()
    _check_decision(document_number, document_date, instant)
    application = transition.begin(application_id, "consent", by=by, at=instant)
    member = own_member(by, application)
    _require_active(member)
    now = consent_hash(application, member)
    if shown_hash != now:
        raise Stale(
            "画面を開いた後に内容が変わりました。最新の画面を開き直し、内容を確かめてから同意してください。"
        )
    found = Consent.objects.create(
        member=member,
        evidence=ConsentEvidence.IN_PORTAL,
        content_hash=now,
        document_number=document_number.strip(),
        document_date=document_date,
        given_at=instant,
        given_by_id=person(by),
    )
    transition.finish(application, "consent", by=by, at=instant, payload=_payload(member, found))
    return found


def record_consent(
    *,
    application_id: int,
    member_id: int,
    evidence: str,
    document_number: str,
    document_date: date,
    file: "File[Any]",
    by: Actor,
    shown_hash: str = "",
    at: datetime | None = None,
) -> Consent:
    """The lead files a partner's letter (同意書, 協定書, 回答文書): for bodies without accounts, or in their name.

    Number, date and file are needed; an earlier consent that still holds is replaced. `shown_hash` as for
    `consent`, where given. Raises DomainError naming each faulty field or a file whose bytes are not what its
    name says, Refused for a member that is not in, Stale, and as transition.begin.
    """
    instant = at or clock.now()
    application = Application.objects.with_parts().filter(pk=application_id).first()
    if application is None:
        raise Refused
    transition.insist(judge(by, "record_consent", application, instant))
    member = application.members.present().partners().filter(pk=member_id).first()
    if member is None:
        raise Refused
    _check_letter(evidence, document_number, document_date, instant)
    letter = keep(application, file, purpose=DocumentPurpose.CONSENT, by=by, at=instant, member=member)
    found = Consent(
        member=member, evidence=evidence, document_number=document_number.strip(), document_date=document_date,
        document=letter, given_at=instant, given_by_id=person(by),
    )  # fmt: skip
    try:
        return _record(application_id, found, letter, shown_hash, by, instant)
    except Exception:
        letter.state = DocumentState.TEMPORARY  # the transaction that attached it is gone
        discard_temporary(letter)
        raise


@transaction.atomic
def _record(  # noqa: PLR0917 - the parts of one letter
    application_id: int, found: Consent, letter: Document, shown_hash: str, by: Actor, at: datetime
) -> Consent:
    application = transition.begin(application_id, "record_consent", by=by, at=at)
    member = (
        application.members.present()
        .partners()
        .select_related("organization")
        .filter(pk=found.member_id)
        .first()
    )
    if member is None:
        raise Refused
    _require_active(member)
    found.content_hash = consent_hash(application, member)
    if shown_hash and shown_hash != found.content_hash:
        raise Stale("画面を開いた後に内容が変わりました。文書がいまの内容への同意かを確かめてください。")
    for earlier in member.consents.filter(state=ConsentState.GIVEN):
        earlier.state, earlier.void_reason = ConsentState.VOIDED, "文書による同意に置き換えたため"
        earlier.voided_at, earlier.voided_by_id = at, person(by)
        earlier.save()
    adopt_file(letter)
    found.save()
    transition.finish(application, "record_consent", by=by, at=at, payload=_payload(member, found))
    return found


def _check_letter(evidence: str, number: str, day: date, at: datetime) -> None:
    faults = []
    if evidence not in PAPER_EVIDENCE:
        faults.append(
            Fault("evidence", "文書の種類を選んでください。", "同意書、協定書、回答文書のいずれかです。")
        )
    if not number.strip():
        faults.append(
            Fault("document_number", "文書番号が空です。", "番号がないときは「番号なし」と入力してください。")
        )
    if day > clock.today(at):
        faults.append(
            Fault("document_date", "文書の日付が先の日付です。", "文書に書かれた日付を入力してください。")
        )
    if faults:
        raise DomainError(*faults)


def _check_decision(number: str, day: date | None, at: datetime) -> None:
    """The body's own decision is named whole or not at all, and has been made."""
    if bool(number.strip()) != (day is not None):
        field = "document_number" if day is not None else "document_date"
        raise DomainError(
            Fault(
                field,
                "庁内決裁は、文書番号と決裁日の両方を入力してください。",
                "記録しないときは、両方を空にします。",
            )
        )
    if day is not None and day > clock.today(at):
        raise DomainError(
            Fault("document_date", "決裁日が先の日付です。", "決裁のあった日を入力してください。")
        )


def _require_active(member: Member) -> None:
    if member.state != MemberState.ACTIVE:
        raise DomainError(Fault("members", f"{member}は離脱を申し出ています。", "構成を確かめてください。"))


def _payload(member: Member, found: Consent) -> dict[str, Any]:
    return {
        "members": [member.public_id],
        "evidence": found.evidence,
        "content_hash": found.content_hash,
        "document_number": found.document_number,
    }
