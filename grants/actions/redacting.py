"""Marking what a disclosure copy withholds."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault
from grants.actions import locking, transition
from grants.actions.changes import person
from grants.models import Application, Redaction
from grants.queries.redactions import markable


@transaction.atomic
def mark(
    *, application_id: int, targets: Sequence[str], ground: str, by: Actor, at: datetime | None = None
) -> list[Redaction]:
    """Withhold parts on one ground; a part marked before takes the new ground.

    Raises Refused for anyone but the bureau's officers and deciders, DomainError without a part or a ground.
    """
    instant = at or clock.now()
    application = _locked(application_id, by, instant)
    known = {target for target, _ in markable(application)}
    faults = []
    if not targets or any(target not in known for target in targets):
        faults.append(Fault("targets", "不開示とする部分が選ばれていません。", "1つ以上えらんでください。"))
    if not ground.strip():
        faults.append(Fault("ground", "根拠が空です。", "条例の条・号などを入力してください。"))
    if faults:
        raise DomainError(*faults)
    Redaction.objects.filter(application=application, target__in=targets).delete()
    made = Redaction.objects.bulk_create(
        Redaction(
            application=application, target=target, ground=ground.strip(), marked_at=instant, marked_by_id=person(by)
        )
        for target in dict.fromkeys(targets)
    )  # fmt: skip
    payload = {"targets": [one.target for one in made], "ground": ground.strip()}
    transition.record(application, "mark_redaction", by=by, at=instant, payload=payload)
    return made


@transaction.atomic
def unmark(*, application_id: int, target: str, by: Actor, at: datetime | None = None) -> None:
    """Show a part again. Raises as `mark`; a part that is not marked is left as it is."""
    instant = at or clock.now()
    application = _locked(application_id, by, instant)
    if Redaction.objects.filter(application=application, target=target).delete()[0]:
        transition.record(application, "unmark_redaction", by=by, at=instant, payload={"targets": [target]})


def _locked(application_id: int, by: Actor, at: datetime) -> Application:
    application = locking.application(application_id)
    require(by, "grants.attach_letter", application, at)
    transition.require_person(by)
    return application
