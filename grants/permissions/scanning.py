"""Which files may leave the portal, by what a virus scanner has said of them. Waiting is never clean."""

from core import scanning
from core.actor import Actor
from core.exceptions import Fault
from grants.enums import ScanState
from grants.models import Document

_CURES = {
    ScanState.UNEXAMINED: "検査が終わるまで、数分待ってください。",
    ScanState.PENDING: "検査が終わるまで、数分待ってください。",
    ScanState.FAILED: "自動でやり直しています。長く続くときは、都の担当に相談してください。",
    ScanState.FOUND: "ファイルを外し、安全なファイルを添付し直してください。",
}


def released(document: Document) -> bool:
    """Whether a file is good enough to be submitted and read by others."""
    if document.scan_state == ScanState.FOUND:
        return False
    return not scanning.is_configured() or document.scan_state == ScanState.CLEAN


def may_open(actor: Actor, document: Document) -> bool:
    """Whether the actor may have the bytes: everybody once released; before that who brought it, detected ones nobody."""
    if released(document):
        return True
    own = actor.user_id is not None and document.uploaded_by_id == actor.user_id
    return own and document.scan_state != ScanState.FOUND


def scan_fault(document: Document) -> Fault | None:
    """Why a file keeps a case from being submitted."""
    if released(document):
        return None
    state = ScanState(document.scan_state)
    reason = f"添付「{document.name}」は、安全の検査が済んでいません（{state.label}）。"
    if state is ScanState.FOUND:
        reason = f"添付「{document.name}」から危険な内容が見つかり、隔離しました。"
    return Fault(f"documents/{document.public_id}", reason, _CURES[state])
