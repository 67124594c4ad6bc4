"""Every hour: files left behind by a crash go, and every attached file is read again before anybody needs it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from core.exceptions import Fault
from grants.actions.documents import purge_temporary
from grants.actions.telling import case_path
from grants.enums import OPEN_STATES, DocumentState
from grants.models import Document
from grants.queries.files import read_again

logger = logging.getLogger(__name__)
KEPT = timedelta(hours=6)
"""How long a file that never became part of a case may still be on its way."""


@dataclass(frozen=True)
class Reconciled:
    """What a run found: files removed, files read, and those whose bytes are not what arrived."""

    purged: int
    read: int
    broken: int


def reconcile(*, at: datetime) -> Reconciled:
    """Remove what was left behind, and read every attached file of a case that is not decided yet.

    For a file that is missing or altered the lead's department is told once, with what to do; the log names the case.
    Safe to repeat.
    """
    purged = purge_temporary(before=at - KEPT)
    kept = Document.objects.filter(state=DocumentState.ATTACHED, application__status__in=sorted(OPEN_STATES))
    read = broken = 0
    for document in kept.select_related("application__call").order_by("pk").iterator(chunk_size=200):
        read += 1
        found = read_again(document)
        if isinstance(found, Fault):
            broken += 1
            _tell(document, at)
    return Reconciled(purged, read, broken)


@transaction.atomic
def _tell(document: Document, at: datetime) -> None:
    application = document.application
    logger.error("file %s of case %s is not what arrived", document.public_id, application.public_id)
    notify(
        kind="grants.file_broken",
        key=f"grants:{application.public_id}:file:{document.public_id}",
        audience=Audience.of_department(application.lead_department_id, Role.EDITOR, Role.APPROVER),
        title="添付したファイルが読めなくなっています",
        lines=[f"募集：{application.call}", "ファイルを外し、もう一度添付してください。"],
        path=f"{case_path(application)}documents/",
        at=at,
    )
