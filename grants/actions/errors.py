"""What actions on applications refuse with, beyond the domain's common errors."""

from core.exceptions import Conflict, DomainError
from grants.models import Answer, Snapshot


class Stale(Conflict):
    """The page the person acted on shows an earlier version."""


class AnswerConflict(Conflict):
    """A colleague saved the same answer first; `current` is what stands now (None: nothing)."""

    def __init__(self, message: str, current: Answer | None) -> None:
        super().__init__(message)
        self.current = current


class AlreadySubmitted(Conflict):
    """A further click after a submission that stands; `snapshot` holds its receipt."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(f"この申請はすでに提出されています（受付番号 {snapshot.receipt_number}）。")
        self.snapshot = snapshot


class KeyReused(DomainError):  # noqa: N818 - named by what happened, as the rest of the domain
    """The key of another submission came with different content. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "この送信の鍵は別の内容で使われています。画面を開き直してから、もう一度送信してください。"
        )


class Incomplete(DomainError):  # noqa: N818 - as above
    """The check before submission found faults; each names the field, what is wrong and the cure."""
