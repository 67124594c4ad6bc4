"""案の事前確認: asking the officer to look at the draft, and the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault
from grants.actions import transition
from grants.actions.changes import person
from grants.enums import PrecheckState
from grants.models import Application, Precheck, PrecheckComment


@dataclass(frozen=True)
class Remark:
    """One comment: on a question (its code), a member's part, a cell, or a section code in `cell`."""

    text: str
    question: str = ""
    member_id: int | None = None
    cell: str = ""


@transaction.atomic
def request_precheck(
    *, application_id: int, by: Actor, message: str = "", at: datetime | None = None
) -> Precheck:
    """Let the officers see the draft and ask for their opinion; from now on the bureau sees the case.

    Raises as transition.begin (after the precheck's own date, while one is waiting).
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "request_precheck", by=by, at=instant)
    found = Precheck.objects.create(
        application=application, content_version=application.content_version, message=message, requested_at=instant,
        requested_by_id=person(by),
    )  # fmt: skip
    transition.finish(application, "request_precheck", by=by, at=instant, comment=message)
    return found


@transaction.atomic
def answer_precheck(
    *,
    application_id: int,
    by: Actor,
    confirmed: bool,
    answer: str = "",
    remarks: Sequence[Remark] = (),
    at: datetime | None = None,
) -> Precheck:
    """Answer the waiting request: confirmed, or with issues, per question and cell.

    Raises DomainError for issues without a word, and for remarks on questions or members of other cases.
    """
    instant = at or clock.now()
    application = transition.begin(application_id, "answer_precheck", by=by, at=instant)
    if not confirmed and not answer.strip() and not remarks:
        raise DomainError(
            Fault("answer", "指摘の内容が空です。", "回答か、設問ごとの指摘を入力してください。")
        )
    found = application.prechecks.get(answered_at__isnull=True)
    found.state = PrecheckState.CONFIRMED if confirmed else PrecheckState.ISSUES
    found.answer, found.answered_at, found.answered_by_id = answer, instant, person(by)
    found.save()
    for remark in remarks:
        _keep(application, found, remark)
    payload = {"state": found.state, "remarks": len(remarks)}
    transition.finish(application, "answer_precheck", by=by, at=instant, comment=answer, payload=payload)
    return found


def _keep(application: Application, precheck: Precheck, remark: Remark) -> None:
    question = (
        application.template.questions.filter(code=remark.question).first() if remark.question else None
    )
    member = application.members.filter(pk=remark.member_id).first() if remark.member_id is not None else None
    lost = (remark.question and question is None) or (remark.member_id is not None and member is None)
    if lost or not remark.text.strip():
        raise DomainError(Fault("remarks", "指摘の対象か内容がありません。", "画面を開き直してください。"))
    PrecheckComment.objects.create(
        precheck=precheck, question=question, member=member, cell=remark.cell[:100], text=remark.text
    )


def precheck_state(application: Application) -> PrecheckState:
    """How far the precheck of a case has come: that of its newest request."""
    newest = application.prechecks.order_by("-requested_at", "-pk").first()
    return PrecheckState(newest.state) if newest else PrecheckState.NOT_REQUESTED
