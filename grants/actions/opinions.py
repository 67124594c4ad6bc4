"""意見照会: asking another unit of the metropolis, reminding it, its answer, also by proxy; and notes for oneself."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.enums import OrganizationKind, Role
from accounts.models import Department
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from grants.actions import locking, telling, transition
from grants.actions.changes import person
from grants.models import Application, InternalNote, OpinionRequest


@transaction.atomic
def add_note(*, application_id: int, by: Actor, text: str, at: datetime | None = None) -> InternalNote:
    """Note something for the bureau's own people; it is kept as written. Raises Refused for anybody else,
    DomainError for an empty note."""
    instant = at or clock.now()
    application = locking.application(application_id)
    require(by, "grants.add_note", application, instant)
    transition.require_person(by)
    if not text.strip():
        raise DomainError(Fault("text", "メモが空です。", "内容を入力してください。"))
    note = InternalNote.objects.create(
        application=application, text=text.strip(), written_at=instant, written_by_id=person(by)
    )
    transition.record(application, "add_note", by=by, at=instant, payload={"note": note.pk})
    return note


@transaction.atomic
def ask_opinion(
    *, application_id: int, by: Actor, department: Department, question: str, sections: Sequence[str],
    due_at: datetime, at: datetime | None = None,
) -> OpinionRequest:  # fmt: skip
    """Ask a unit; it reads the named sections of the version submitted last, nothing else.

    Raises Refused for anyone but the bureau's officers, Conflict while the unit has not answered an earlier request,
    DomainError naming each faulty field.
    """
    instant = at or clock.now()
    application = locking.application(application_id)
    _insist(application, by, instant)
    snapshot = application.snapshots.order_by("-branch").first()
    if snapshot is None:
        raise Refused
    known = [str(section["code"]) for section in application.template.sections]
    faults = []
    if not question.strip():
        faults.append(Fault("question", "照会の内容が空です。", "何について意見を求めるかを書いてください。"))
    if not sections or any(code not in known for code in sections):
        faults.append(Fault("sections", "見せる部分が選ばれていません。", "1つ以上えらんでください。"))
    if due_at <= instant:
        faults.append(Fault("due_at", "回答の期限がすでに過ぎています。", "先の日時にしてください。"))
    if department.organization.kind != OrganizationKind.METROPOLITAN:
        faults.append(Fault("department", "照会できるのは都の部署だけです。", "選び直してください。"))
    if faults:
        raise DomainError(*faults)
    if OpinionRequest.objects.filter(
        application=application, department=department, answered_at__isnull=True, withdrawn_at__isnull=True
    ).exists():
        raise Conflict(
            Fault("department", f"{department}への照会が終わっていません。", "回答を待つか、催促してください。")
        )  # fmt: skip
    asked = OpinionRequest.objects.create(
        application=application, snapshot=snapshot, department=department, question=question.strip(),
        sections=[code for code in known if code in sections], due_at=due_at, asked_at=instant, asked_by_id=person(by),
    )  # fmt: skip
    _record(asked, "ask_opinion", by, instant)
    _tell(asked, "意見照会が届きました", "asked", instant)
    return asked


@transaction.atomic
def remind_opinion(*, opinion_id: int, by: Actor, at: datetime | None = None) -> OpinionRequest:
    """Remind the unit, at most once a day. Raises Refused for anyone but the bureau's officers, Conflict once it is
    answered or withdrawn or was reminded today."""
    instant = at or clock.now()
    asked = _waiting(opinion_id, by, instant)
    if asked.reminded_at is not None and clock.today(asked.reminded_at) == clock.today(instant):
        raise Conflict(Fault("", "今日はすでに催促しています。", "明日以降に行ってください。"))
    asked.reminded_at, asked.reminded_by_id = instant, person(by)
    asked.save(update_fields=["reminded_at", "reminded_by"])
    _record(asked, "remind_opinion", by, instant)
    _tell(asked, "意見照会への回答をお願いします", f"reminded:{clock.today(instant)}", instant)
    return asked


@transaction.atomic
def withdraw_opinion(*, opinion_id: int, by: Actor, at: datetime | None = None) -> OpinionRequest:
    """Take the request back; the unit reads nothing any more. Raises as remind_opinion."""
    instant = at or clock.now()
    asked = _waiting(opinion_id, by, instant)
    asked.withdrawn_at, asked.withdrawn_by_id = instant, person(by)
    asked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record(asked, "withdraw_opinion", by, instant)
    return asked


@transaction.atomic
def answer_opinion(*, opinion_id: int, by: Actor, answer: str, at: datetime | None = None) -> OpinionRequest:
    """The unit's own answer. Raises Refused for anybody else, Conflict once it is answered or the case is decided."""
    instant = at or clock.now()
    asked = _locked(opinion_id)
    require(by, "grants.answer_opinion", asked, instant)
    return _answer(asked, answer, "", by, instant)


@transaction.atomic
def answer_by_proxy(
    *, opinion_id: int, by: Actor, answer: str, source: str, at: datetime | None = None
) -> OpinionRequest:
    """What the unit said on paper or by telephone, entered by the asking bureau and marked. Raises as remind_opinion,
    DomainError without naming where it comes from."""
    instant = at or clock.now()
    asked = _waiting(opinion_id, by, instant)
    if not source.strip():
        raise DomainError(
            Fault("source", "回答の文書・方法が空です。", "文書番号や「電話」などを入力してください。")
        )
    return _answer(asked, answer, source.strip(), by, instant)


def _answer(asked: OpinionRequest, answer: str, source: str, by: Actor, at: datetime) -> OpinionRequest:
    transition.require_person(by)
    if not asked.is_open:
        raise Conflict(Fault("", "この照会は、すでに終わっています。", "最新の画面で確かめてください。"))
    if not answer.strip():
        raise DomainError(
            Fault("answer", "意見が空です。", "意見がないときは「意見なし」と入力してください。")
        )
    asked.answer, asked.source, asked.by_proxy = answer.strip(), source, bool(source)
    asked.answered_at, asked.answered_by_id = at, person(by)
    asked.save(update_fields=["answer", "source", "by_proxy", "answered_at", "answered_by"])
    _record(asked, "answer_opinion", by, at)
    return asked


def _insist(application: Application, by: Actor, at: datetime) -> None:
    """Make sure that this actor asks for opinions on the case now."""
    require(by, "grants.ask_opinion", application, at)
    transition.require_person(by)


def _locked(opinion_id: int) -> OpinionRequest:
    found = OpinionRequest.objects.filter(pk=opinion_id).first()
    if found is None:
        raise Refused
    application = locking.application(found.application_id)
    asked = OpinionRequest.objects.select_related("department").get(pk=opinion_id)
    asked.application = application
    return asked


def _waiting(opinion_id: int, by: Actor, at: datetime) -> OpinionRequest:
    asked = _locked(opinion_id)
    _insist(asked.application, by, at)
    if not asked.is_open:
        raise Conflict(Fault("", "この照会は、すでに終わっています。", "最新の画面で確かめてください。"))
    return asked


def _record(asked: OpinionRequest, action: str, by: Actor, at: datetime) -> None:
    payload = {
        "opinion": asked.public_id, "department": str(asked.department), "due_at": asked.due_at,
        "by_proxy": asked.by_proxy,
    }  # fmt: skip
    event = transition.record(asked.application, action, by=by, at=at, payload=payload)
    telling.tell(asked.application, event)


def _tell(asked: OpinionRequest, title: str, what: str, at: datetime) -> None:
    """The unit's notice; it names the call, never the case's content."""
    notify(
        kind="grants.ask_opinion", key=f"grants:{asked.application.public_id}:opinion:{asked.public_id}:{what}",
        audience=Audience.of_department(asked.department_id, Role.OFFICER, Role.DECIDER), title=title,
        lines=[f"募集：{asked.application.call}", "内容を読み、期限までに意見を回答してください。"],
        path=f"/review/opinions/{asked.public_id}/", due_at=asked.due_at if asked.due_at > at else None, at=at,
    )  # fmt: skip
