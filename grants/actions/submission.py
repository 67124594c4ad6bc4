"""Submitting: one transaction freezes the version, gives the receipt, writes the event and the notices."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault
from core.money import format_yen
from grants import rules
from grants.actions import locking, transition
from grants.actions.announcing import take_off
from grants.actions.changes import person
from grants.actions.errors import AlreadySubmitted, Incomplete, KeyReused
from grants.actions.membership import require_reason
from grants.enums import ReturnEnd, SnapshotKind
from grants.models import Application, Snapshot, SubmissionKey
from grants.permissions import Ground, judge
from grants.queries import checks, content, files

_REIWA_BEGINS = 2018
"""令和1年 is 2019: the era's year is the year less this."""


def submit(
    *, application_id: int, by: Actor, idempotency_key: str, expected_version: int | None = None,
    at: datetime | None = None,
) -> Snapshot:  # fmt: skip
    """Submit a draft; returns the frozen version with its receipt number, instant and the files' fingerprints.

    `at` is when the request arrived (first byte) and is held against `closes_at`: that instant itself is in
    time. The same key again gives the same receipt and nothing else. Raises AlreadySubmitted (with the
    receipt) for a further click, KeyReused, Incomplete naming every fault, and as transition.begin.
    """
    return _freeze(
        SnapshotKind.SUBMIT, application_id, by, idempotency_key, expected_version, at or clock.now()
    )


def replace(
    *, application_id: int, by: Actor, idempotency_key: str, expected_version: int | None = None,
    at: datetime | None = None,
) -> Snapshot:  # fmt: skip
    """Submit a changed working copy before closing; the earlier version stands until this returns. As `submit`."""
    return _freeze(
        SnapshotKind.REPLACE, application_id, by, idempotency_key, expected_version, at or clock.now()
    )


def resubmit(
    *, application_id: int, by: Actor, idempotency_key: str, expected_version: int | None = None,
    at: datetime | None = None,
) -> Snapshot:  # fmt: skip
    """Submit the corrected version by the request's own due instant; the case goes back to where it came from."""
    return _freeze(
        SnapshotKind.RESUBMIT, application_id, by, idempotency_key, expected_version, at or clock.now()
    )


@transaction.atomic
def _freeze(  # noqa: PLR0917 - one body for three verbs
    kind: SnapshotKind, application_id: int, by: Actor, key: str, expected_version: int | None, at: datetime
) -> Snapshot:
    _require_key(key)
    digest = rules.fingerprint([kind, application_id, by.user_id, by.organization_id, expected_version])
    locked = locking.application(application_id)
    earlier = SubmissionKey.objects.filter(key=key).select_related("snapshot").first()
    if earlier is not None:
        return _replay(earlier, digest)
    _require_not_done(locked, kind, by, at)
    application = transition.begin(application_id, kind, by=by, at=at, expected_version=expected_version)
    fingerprints, faults = checks.check_with_files(application)
    if faults:
        raise Incomplete(*faults)
    target = _target(application, kind)
    snapshot = _take(application, kind, fingerprints, by, at)
    SubmissionKey.objects.create(
        key=key,
        application=application,
        body_digest=digest,
        snapshot=snapshot,
        used_at=at,
        used_by_id=person(by),
    )
    transition.finish(
        application, kind, by=by, at=at, target=target, columns=_columns(snapshot),
        payload={"receipt_number": snapshot.receipt_number, "snapshot": snapshot.sha256, "branch": snapshot.branch},
    )  # fmt: skip
    return snapshot


def _require_key(key: str) -> None:
    if not 8 <= len(key) <= 64 or not key.isascii():  # noqa: PLR2004 - the column's size; shorter keys collide
        raise DomainError(
            Fault("idempotency_key", "送信の鍵がありません。", "画面を開き直してから送信してください。")
        )


def _replay(earlier: SubmissionKey, digest: str) -> Snapshot:
    if earlier.body_digest != digest:
        raise KeyReused
    return earlier.snapshot


def _require_not_done(application: Application, kind: SnapshotKind, by: Actor, at: datetime) -> None:
    """A further submit of what is submitted already shows the receipt, to those who may see the case."""
    snapshot = application.snapshots.order_by("-branch").first()
    judgement = judge(by, kind, application, at)
    if snapshot is not None and judgement.ground is Ground.STATE and kind is not SnapshotKind.REPLACE:
        raise AlreadySubmitted(snapshot)


def _target(application: Application, kind: SnapshotKind) -> str | None:
    if kind is not SnapshotKind.RESUBMIT:
        return None
    return application.returns.get(closed_at__isnull=True).origin


def _columns(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "receipt_number": snapshot.receipt_number,
        "submitted_at": snapshot.taken_at,
        "submitted_by_id": snapshot.taken_by_id,
        "requested_amount": snapshot.requested_amount,
        "requested_total": snapshot.requested_total,
        "submitted_content_version": snapshot.content_version,
    }


def _take(
    application: Application,
    kind: SnapshotKind,
    fingerprints: list[files.Fingerprint],
    by: Actor,
    at: datetime,
) -> Snapshot:
    result = content.subsidy_of(application)
    frozen = {
        **content.content(application),
        "lead_department": application.lead_department.name,
        "subsidy": content.subsidy_data(result),
        "consents": _consents(application),
        "certification": _certification(application),
    }
    frozen = rules.plain(frozen)
    listed = [fingerprint.as_data() for fingerprint in fingerprints]
    last = application.snapshots.order_by("-branch").first()
    branch = last.branch + 1 if last else 0
    base = last.receipt_number.rsplit("-", 1)[0] if last else _next_number(application)
    if kind is SnapshotKind.RESUBMIT:
        _close_return(application, ReturnEnd.RESUBMITTED, by, at)
    return Snapshot.objects.create(
        application=application, branch=branch, kind=kind, receipt_number=f"{base}-{branch}",
        content_version=application.content_version, content=frozen, files=listed,
        sha256=rules.fingerprint({"content": frozen, "files": listed}),
        requested_amount=result.amount(application.fiscal_year), requested_total=result.total, taken_at=at,
        taken_by_id=person(by),
    )  # fmt: skip


def _next_number(application: Application) -> str:
    """「R9-1-0001」: fiscal year, call within it, application within the call; from a locked row, no gaps, no race."""
    series = locking.series(application.call)
    series.last += 1
    series.save(update_fields=["last"])
    return f"R{series.fiscal_year - _REIWA_BEGINS}-{series.number}-{series.last:04d}"


def _consents(application: Application) -> list[dict[str, Any]]:
    held = [
        (member, checks.consent_of(member))
        for member in application.members.present().partners().order_by("position")
    ]
    return [
        {
            "member": member.public_id,
            "evidence": found.evidence,
            "content_hash": found.content_hash,
            "document_number": found.document_number,
            "document_date": found.document_date,
            "given_at": found.given_at,
        }
        for member, found in held
        if found is not None
    ]


def _certification(application: Application) -> dict[str, Any]:
    found = checks.certification_of(application)
    if found is None:
        return {}
    return {
        "document_number": found.document_number,
        "decided_on": found.decided_on,
        "signer_title": found.signer_title,
        "content_hash": found.content_hash,
    }


def _close_return(application: Application, how: ReturnEnd, by: Actor, at: datetime) -> None:
    """The open request ends; its row stays with how it ended."""
    application.returns.filter(closed_at__isnull=True).update(
        closed_at=at, closed_by_id=person(by), ended_as=how
    )


@transaction.atomic
def withdraw(
    *,
    application_id: int,
    by: Actor,
    reason: str,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Application:
    """Take a submitted application back for good, with a reason. Raises DomainError, and as transition.begin."""
    instant = at or clock.now()
    application = transition.begin(
        application_id, "withdraw", by=by, at=instant, expected_version=expected_version
    )
    require_reason(reason)
    _close_return(application, ReturnEnd.WITHDRAWN, by, instant)
    take_off(application, at=instant)
    transition.finish(application, "withdraw", by=by, at=instant, comment=reason)
    return application


def receipt_lines(snapshot: Snapshot) -> list[str]:
    """The receipt in words: number, instant, amounts, and each file with size and SHA-256."""
    taken = clock.local(snapshot.taken_at)
    return [
        f"受付番号　{snapshot.receipt_number}",
        f"受付日時　{taken:%Y-%m-%d %H:%M:%S}（日本時間）",
        *_asked(snapshot),
        *(f"{file['name']}　{file['size']:,}バイト　SHA-256 {file['sha256']}" for file in snapshot.files),
    ]


def _asked(snapshot: Snapshot) -> list[str]:
    if not snapshot.application.template.has_money:
        return []
    return [
        f"申請額（初年度）　{format_yen(snapshot.requested_amount)}",
        f"申請額（全期間）　{format_yen(snapshot.requested_total)}",
    ]
