"""Changes of the working copy: one revision each, and what was consented to or certified before ends with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.exceptions import Refused
from grants import rules
from grants.actions import locking, telling
from grants.actions.transition import insist, note_proxy, record
from grants.enums import ConsentState
from grants.models import Application, Certification, Consent, Member, Revision
from grants.permissions import EditTarget, judge_edit
from grants.queries import content

_CHANGED = "内容が変わったため"


def person(by: Actor) -> int:
    """The user who acts; raises Refused for the system, which never types anything."""
    if by.user_id is None:
        raise Refused("この操作は、利用者だけが行えます。")
    return by.user_id


def open_for_edit(
    application_id: int, *, section: str, member_id: int | None, by: Actor, at: datetime, item: str = ""
) -> tuple[Application, Member | None]:
    """Lock the case and make sure this actor may change this part now.

    Raises Refused (hidden, another body's part, a member that is not in), UnknownTransition (state),
    DomainError (closed, or not a part that is to be corrected).
    """
    application = locking.application(application_id)
    member = member_in(application, member_id) if member_id is not None else None
    insist(judge_edit(by, EditTarget(application, section, member, item), at))
    return application, member


def member_in(application: Application, member_id: int) -> Member:
    """A present member of this very application; raises Refused for any other."""
    found = application.members.present().select_related("organization").filter(pk=member_id).first()
    if found is None:
        raise Refused
    return found


def changed(
    application: Application,
    *,
    section: str,
    key: str,
    by: Actor,
    at: datetime,
    before: Any,
    after: Any,
    member: Member | None = None,
    action: str = "edit",
    reason: str = _CHANGED,
    reworded: frozenset[str] = frozenset(),
) -> Revision:
    """Note one change that has just been written: version, revision, event; end consents and certificate it touches.

    `reason` and `reworded` as for void_touched.
    """
    application.content_version += 1
    application.save(update_fields=["content_version"])
    revision = Revision.objects.create(
        application=application, content_version=application.content_version, section=section, key=key,
        member=member, binding=section in application.template.binding(application.call), before=before,
        after=after, changed_at=at, changed_by_id=person(by),
    )  # fmt: skip
    if action == "edit":
        payload: Mapping[str, Any] = {
            "section": section,
            "key": key,
            "member": member.public_id if member else "",
            "sha256": rules.fingerprint(after),
        }
        record(application, action, by=by, at=at, payload=payload)
    note_proxy(application, section=section, key=key, by=by, at=at)
    void_touched(application, by=by, at=at, reason=reason, reworded=reworded)
    return revision


def void_touched(
    application: Application,
    *,
    by: Actor,
    at: datetime,
    reason: str = _CHANGED,
    reworded: frozenset[str] = frozenset(),
) -> None:
    """End the consents that are bound to something else than what stands now, and the certificate.

    `reworded` names sections whose questions changed though the answers may not have: consents bound to them end too.
    """
    held = Consent.objects.filter(member__application=application, state=ConsentState.GIVEN)
    consents = list(held.select_related("member__organization"))
    certificate = application.certifications.filter(voided_at__isnull=True).first()
    if not consents and certificate is None:
        return
    whole = content.content(application)
    ended = [
        consent
        for consent in consents
        if not consent.member.is_present
        or content.bound_sections(application, consent.member) & reworded
        or consent.content_hash != content.consent_hash(application, consent.member, whole)
    ]
    for consent in ended:
        end_consent(consent, ConsentState.VOIDED, reason=reason, by=by, at=at)
    if ended:
        members = [consent.member.public_id for consent in ended]
        event = record(application, "void_consents", by=by, at=at, payload={"members": members})
        telling.tell(application, event)
    if certificate is not None and certificate.content_hash != rules.fingerprint(whole):
        end_certificate(application, certificate, reason=reason, by=by, at=at)


def end_consent(consent: Consent, state: ConsentState, *, reason: str, by: Actor, at: datetime) -> None:
    """A consent stops to hold; it stays on record with when, by whom and why."""
    consent.state, consent.void_reason = state, reason
    consent.voided_at, consent.voided_by_id = at, person(by)
    consent.save(update_fields=["state", "void_reason", "voided_at", "voided_by"])


def end_certificate(
    application: Application, certificate: Certification, *, reason: str, by: Actor, at: datetime
) -> None:
    """A certificate stops to hold; it stays on record."""
    certificate.voided_at, certificate.voided_by_id, certificate.void_reason = at, person(by), reason
    certificate.save(update_fields=["voided_at", "voided_by", "void_reason"])
    record(
        application, "void_certification", by=by, at=at, comment=reason,
        payload={"document_number": certificate.document_number},
    )  # fmt: skip
