"""Letters of a decision, made by the portal: a tagged PDF to be sent, and a draft for the office's own system."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from grants.actions import locking
from grants.actions.decision import attach_letter
from grants.enums import DocumentState
from grants.letters import letter_of, render_docx, render_pdf
from grants.models import Decision, Document


def issue_letters(*, decision_id: int, by: Actor, at: datetime | None = None) -> list[Document]:
    """Make the letter of a decision as PDF and as docx and keep both with the case: [PDF, docx].

    A second call returns what the first one made. Each decision has its own letter, so one made after a
    correction does too. The files are made before anything is locked. Raises Refused for anyone but the
    bureau's officers and deciders, DomainError for a decision that was replaced before it had a letter.
    """
    instant = at or clock.now()
    decision = _decision(decision_id)
    require(by, "grants.attach_letter", decision.application, instant)
    names = _names(decision)
    existing = _existing(decision, names)
    if existing:
        return existing
    _require_holding(decision)
    letter = letter_of(decision)
    rendered = (render_pdf(letter, at=instant), render_docx(letter, at=instant))
    with transaction.atomic():
        locking.application(decision.application_id)
        existing = _existing(decision, names)  # another click may have been quicker
        if existing:
            return existing
        _require_holding(_decision(decision_id))
        return [
            attach_letter(decision_id=decision_id, file=ContentFile(content, name=name), by=by, at=instant)
            for name, content in zip(names.both(), rendered, strict=True)
        ]


@dataclass(frozen=True)
class _Names:
    pdf: str
    docx: str

    def both(self) -> tuple[str, str]:
        return self.pdf, self.docx


def _decision(decision_id: int) -> Decision:
    found = (
        Decision.objects.select_related(
            "application__call__program__owner", "application__lead", "recommendation__snapshot"
        )
        .filter(pk=decision_id)
        .first()
    )
    if found is None:
        raise Refused
    return found


def _names(decision: Decision) -> _Names:
    """「決定通知_R9-1-0001-0_20270201_3」: the version decided on, the day, and the decision among the case's."""
    snapshot, day = decision.recommendation.snapshot, decision.decided_on
    earlier = decision.application.decisions.filter(pk__lte=decision.pk).count()
    stem = f"決定通知_{snapshot.receipt_number}_{day:%Y%m%d}_{earlier}"
    return _Names(f"{stem}.pdf", f"{stem}.docx")


def _existing(decision: Decision, names: _Names) -> list[Document]:
    """Both letters, if this decision has them, the PDF first."""
    kept = decision.letters.filter(name__in=names.both(), state=DocumentState.ATTACHED).order_by("pk")
    by_name = {document.name: document for document in kept}
    return [by_name[name] for name in names.both()] if len(by_name) == len(names.both()) else []


def _require_holding(decision: Decision) -> None:
    if decision.superseded_at is not None:
        raise DomainError(
            Fault(
                "decision",
                "この決定は、新しい決定に置き換えられています。",
                "いまの決定から通知を作ってください。",
            )
        )
