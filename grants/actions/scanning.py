"""Having files examined by the scanner: by the schedule, in the order of their turn, again where it failed."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from core import scanning
from core.actor import SYSTEM
from core.scanning import Outcome, Scan
from grants.actions.telling import case_path
from grants.actions.transition import record
from grants.enums import TO_SCAN_STATES, DocumentState, ScanState
from grants.models import Document

logger = logging.getLogger(__name__)
BATCH: Final = 50
_LONGEST: Final = timedelta(hours=1)
_MOST_DOUBLINGS: Final = 12
QUARANTINE: Final = "quarantine"


@dataclass(frozen=True)
class Scanned:
    """What a run did: files found clean, files detected, files that could not be examined."""

    clean: int = 0
    found: int = 0
    failed: int = 0


def scan_waiting(*, at: datetime) -> Scanned:
    """Examine the files whose turn it is; nothing without a scanner. A dead one ends the run. Safe to repeat.

    No transaction is open while the scanner works. A file whose turn comes again and again is asked for ever less
    often, up to once an hour.
    """
    if not scanning.is_configured():
        return Scanned()
    due = Q(scan_due_at__isnull=True) | Q(scan_due_at__lte=at)
    rows = Document.objects.filter(due, scan_state__in=sorted(TO_SCAN_STATES))
    waiting = rows.exclude(state=DocumentState.REMOVED).select_related("application__call")
    counted = dict.fromkeys(Outcome, 0)
    for document in list(waiting.order_by(F("scan_due_at").asc(nulls_first=True), "pk")[:BATCH]):
        result = _examine(document)
        counted[result.outcome] += _keep(document, result, at)
        if result.is_down:
            break
    return Scanned(counted[Outcome.CLEAN], counted[Outcome.FOUND], counted[Outcome.NOT_EXAMINED])


def _examine(document: Document) -> Scan:
    try:
        with document.file.storage.open(document.file.name or "", "rb") as file:
            return scanning.scan(file)
    except OSError:
        return Scan(Outcome.NOT_EXAMINED, "ファイルが読めません。")


@transaction.atomic
def _keep(document: Document, result: Scan, at: datetime) -> int:
    """Write what came out; 1, or 0 where another run was faster."""
    row = Document.objects.filter(pk=document.pk, scan_state__in=sorted(TO_SCAN_STATES))
    if result.outcome is Outcome.CLEAN:
        return row.update(scan_state=ScanState.CLEAN, scan_words="", scanned_at=at)
    if result.outcome is Outcome.FOUND:
        written = row.update(scan_state=ScanState.FOUND, scan_words=result.words, scanned_at=at)
        if written:
            _isolate(document, result.words, at)
        return written
    again = at + min(_LONGEST, timedelta(minutes=2 ** min(document.scan_attempts, _MOST_DOUBLINGS)))
    return row.update(
        scan_state=ScanState.FAILED, scan_words=result.words, scan_due_at=again, scan_attempts=F("scan_attempts") + 1
    )  # fmt: skip


def _isolate(document: Document, words: str, at: datetime) -> None:
    """Keep the bytes where no page reads them, note it in the case's history, tell who brought the file."""
    application = document.application
    storage, place = document.file.storage, document.file.name or ""
    with storage.open(place, "rb") as file:
        kept = storage.save(f"{QUARANTINE}/{application.public_id}-{document.public_id}", file)
    Document.objects.filter(pk=document.pk).update(file=kept)
    transaction.on_commit(lambda: storage.delete(place))
    logger.error("file %s of case %s was detected", document.public_id, application.public_id)
    record(
        application, "quarantine", by=SYSTEM, at=at,
        payload={"document": document.public_id, "sha256": document.sha256, "finding": words},
    )  # fmt: skip
    uploader = Audience.of_users(document.uploaded_by_id)
    unit = Audience.of_department(application.lead_department_id, Role.EDITOR, Role.APPROVER)
    notify(
        kind="grants.file_detected",
        key=f"grants:{application.public_id}:detected:{document.public_id}",
        audience=uploader + unit,
        title="添付したファイルから危険な内容が見つかりました",
        lines=[f"募集：{application.call}", "ファイルは隔離しました。外して、安全なファイルを添付し直してください。"],
        path=f"{case_path(application)}documents/",
        at=at,
    )  # fmt: skip
