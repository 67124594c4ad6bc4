"""How the examination of files stands, for those who run the portal: numbers only, nothing of a case."""

from dataclasses import dataclass

from django.db.models import Count

from core import scanning
from grants.enums import TO_SCAN_STATES, DocumentState, ScanState
from grants.models import Document


@dataclass(frozen=True)
class ScannerStanding:
    """Whether there is a scanner, what is wrong with it ("": nothing), and the files by state."""

    configured: bool
    fault: str
    waiting: int
    failed: int
    found: int


def scanner_standing() -> ScannerStanding:
    """As it is now; asks the scanner for a sign of life."""
    rows = Document.objects.exclude(state=DocumentState.REMOVED).values("scan_state").annotate(n=Count("pk"))
    counted = {row["scan_state"]: row["n"] for row in rows.order_by("scan_state")}
    return ScannerStanding(
        configured=scanning.is_configured(),
        fault=scanning.fault(),
        waiting=sum(counted.get(state, 0) for state in TO_SCAN_STATES) if scanning.is_configured() else 0,
        failed=counted.get(ScanState.FAILED, 0),
        found=counted.get(ScanState.FOUND, 0),
    )
