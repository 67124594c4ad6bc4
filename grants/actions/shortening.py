"""締切を早める: proposed by one officer, confirmed or refused by another; everybody concerned is told at once.

It takes time away from towns. So nobody does it alone, the new closing lies at least
settings.SHORTENING_BUSINESS_DAYS business days ahead (of the proposal and again of the confirmation) unless the
proposal says why not, and it is confirmed only against the closing it was proposed for. Source: docs/adr/0028.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from core import clock
from core.access import require
from core.actor import Actor
from core.business_days import add_business_days
from core.exceptions import Conflict, DomainError, Fault, Refused
from grants.actions import locking, telling
from grants.actions.changes import person
from grants.actions.closing_moves import reason_fault, tell_cases
from grants.actions.transition import require_person
from grants.enums import ShorteningOutcome
from grants.models import Shortening
from grants.permissions.conditions import instant_text
from programs.actions.calls import move_closing, record_closing_proposal
from programs.models import Call


@dataclass(frozen=True)
class Proposal:
    """An earlier closing. `shown` is the closing last seen; None leaves the date of the precheck as it is."""

    closes_at: datetime
    precheck_due_at: datetime | None
    reason: str
    urgency: str
    shown: datetime


@transaction.atomic
def propose_shortening(
    *, call: Call, proposal: Proposal, by: Actor, at: datetime | None = None
) -> Shortening:
    """Propose an earlier closing to the other officers of the office; nothing moves yet.

    Raises Refused for anybody but the bureau's officers, Conflict when the closing has moved since it was shown or a
    proposal waits already, DomainError naming each faulty field.
    """
    instant = at or clock.now()
    locked = locking.call(call.pk)
    require(by, "grants.propose_shortening", locked, instant)
    require_person(by)
    if locked.closes_at != proposal.shown:
        raise Conflict("表示してから、締切が変わりました。いまの締切を確かめてください。")
    if locked.shortenings.filter(ended_at__isnull=True).exists():
        raise Conflict("締切を早める案が、すでに確認を待っています。その案を先に終えてください。")
    if faults := [*_date_faults(locked, proposal, instant), *_reason_faults(proposal)]:
        raise DomainError(*faults)
    made = Shortening.objects.create(
        call=locked, closes_before=locked.closes_at, closes_at=proposal.closes_at,
        precheck_due_at=proposal.precheck_due_at, reason=proposal.reason.strip(), urgency=proposal.urgency.strip(),
        proposed_at=instant, proposed_by_id=person(by),
    )  # fmt: skip
    _record(made, "propose_shortening", by, made.reason, instant)
    _tell(
        made, "締切を早める案の確認をお願いします", [*_lines(made), "提案した人ではない担当の確認が必要です。"],
        telling.office(locked.program, Role.OFFICER), instant,
    )  # fmt: skip
    return made


@transaction.atomic
def confirm_shortening(*, shortening_id: int, by: Actor, at: datetime | None = None) -> int:
    """Move the closing as proposed and tell every body with a case; returns how many cases were told.

    Raises Refused for anybody but another officer of the bureau, Conflict once the proposal has ended or the closing
    has moved since, DomainError when the proposal no longer leaves the time it has to.
    """
    instant = at or clock.now()
    found, call = _waiting(shortening_id, "grants.answer_shortening", by, instant)
    again = Proposal(found.closes_at, found.precheck_due_at, found.reason, found.urgency, found.closes_before)
    if faults := list(_date_faults(call, again, instant)):
        words = "".join(fault.message for fault in faults)
        raise DomainError(
            Fault("", f"提案から時間がたちました。{words}", "見送り、改めて提案してもらってください。")
        )
    _end(found, ShorteningOutcome.CONFIRMED, "", by, instant)
    event = move_closing(
        call=call, closes_at=found.closes_at, precheck_due_at=found.precheck_due_at or call.precheck_due_at,
        announce_at=call.announce_at, reason=found.reason, by=by, at=instant, action="shorten_call",
    )  # fmt: skip
    return tell_cases(
        call, "grants.shorten", "募集の締切が早まりました", _lines(found), event.sequence, instant
    )


@transaction.atomic
def refuse_shortening(
    *, shortening_id: int, by: Actor, answer: str, at: datetime | None = None
) -> Shortening:
    """Another officer says no, with a reason for the proposer. Raises as confirm_shortening, DomainError without one."""
    instant = at or clock.now()
    found, _ = _waiting(shortening_id, "grants.answer_shortening", by, instant)
    _insist_on(answer)
    _end(found, ShorteningOutcome.REFUSED, answer, by, instant)
    _record(found, "refuse_shortening", by, answer, instant)
    _tell_proposer(found, "締切を早める案は見送られました", instant)
    return found


@transaction.atomic
def withdraw_shortening(
    *, shortening_id: int, by: Actor, answer: str, at: datetime | None = None
) -> Shortening:
    """The proposer takes it back. Raises Refused for anybody else, Conflict once it has ended, DomainError without a
    reason."""
    instant = at or clock.now()
    found, _ = _waiting(shortening_id, "grants.withdraw_shortening", by, instant)
    _insist_on(answer)
    _end(found, ShorteningOutcome.WITHDRAWN, answer, by, instant)
    _record(found, "withdraw_shortening", by, answer, instant)
    return found


def supersede(call: Call, by: Actor, at: datetime) -> None:
    """End what waits for a call, locked, that was just extended: it was proposed against another closing."""
    for found in call.shortenings.filter(ended_at__isnull=True):
        _end(found, ShorteningOutcome.SUPERSEDED, "", by, at)
        _record(found, "supersede_shortening", by, "", at)
        _tell_proposer(found, "締切が延びたため、締切を早める案は終わりました", at)


def _waiting(shortening_id: int, action: str, by: Actor, at: datetime) -> tuple[Shortening, Call]:
    """The proposal and its call, locked, as long as it waits for the closing it was proposed against."""
    known = Shortening.objects.filter(pk=shortening_id).first()
    if known is None:
        raise Refused
    call = locking.call(known.call_id)
    found = Shortening.objects.get(pk=shortening_id)
    found.call = call
    require(by, action, found, at)
    require_person(by)
    if not found.is_open:
        raise Conflict("この案は、すでに終わっています。最新の画面で確かめてください。")
    if call.closes_at != found.closes_before:
        raise Conflict("提案の後に、締切が変わりました。いまの締切で、改めて提案してください。")
    return found, call


def _date_faults(call: Call, proposal: Proposal, at: datetime) -> Iterator[Fault]:
    """What is wrong with the instants at this moment."""
    closes, precheck = proposal.closes_at, proposal.precheck_due_at
    if not at < closes < call.closes_at:
        yield Fault(
            "closes_at", "新しい締切が、現在より前か、いまの締切以後です。", "現在といまの締切の間にしてください。"
        )  # fmt: skip
        return
    if closes <= call.opens_at:
        yield Fault("closes_at", "新しい締切が、受付開始より前です。", "受付開始より後にしてください。")
    if precheck is None and call.precheck_due_at is not None and call.precheck_due_at > closes:
        yield Fault(
            "precheck_due_at",
            "事前確認の期限が、新しい締切より後になります。",
            "新しい期限を入力してください。",
        )
    elif precheck is not None and (
        call.precheck_due_at is None or not at < precheck <= min(call.precheck_due_at, closes)
    ):
        yield Fault(
            "precheck_due_at", "事前確認の期限は、現在より後で、いまの期限と新しい締切より前でなければなりません。",
            "日時を直すか、空にしてください。",
        )  # fmt: skip
    least = add_business_days(clock.today(at), settings.SHORTENING_BUSINESS_DAYS)
    if not proposal.urgency.strip() and clock.today(min(filter(None, (precheck, closes)))) < least:
        yield Fault(
            "urgency",
            f"新しい期限まで{settings.SHORTENING_BUSINESS_DAYS}営業日ありません。",
            "予告の期間より短くする理由を書くか、日時を後にしてください。",
        )


def _reason_faults(proposal: Proposal) -> Iterator[Fault]:
    if fault := reason_fault("reason", proposal.reason):
        yield fault
    if proposal.urgency.strip() and (fault := reason_fault("urgency", proposal.urgency)):
        yield fault


def _insist_on(answer: str) -> None:
    if fault := reason_fault("answer", answer):
        raise DomainError(fault)


def _end(found: Shortening, outcome: ShorteningOutcome, answer: str, by: Actor, at: datetime) -> None:
    found.outcome, found.answer, found.ended_at, found.ended_by_id = outcome, answer.strip(), at, person(by)
    found.save(update_fields=["outcome", "answer", "ended_at", "ended_by"])


def _record(found: Shortening, action: str, by: Actor, comment: str, at: datetime) -> None:
    facts: dict[str, Any] = {
        "shortening": found.public_id, "closing_proposed": found.closes_at, "precheck_due_proposed": found.precheck_due_at,
        "urgency": found.urgency,
    }  # fmt: skip
    record_closing_proposal(
        call=found.call, action=action, by=by, comment=comment.strip(), facts=facts, at=at
    )


def _lines(found: Shortening) -> list[str]:
    """What a notice says of the new closing."""
    precheck = found.precheck_due_at
    return [
        f"募集：{found.call}",
        f"新しい締切：{instant_text(found.closes_at)}（これまで：{instant_text(found.closes_before)}）",
        *([f"新しい事前確認の期限：{instant_text(precheck)}"] if precheck else []),
        f"理由：{' '.join(found.reason.split())}",
        *([f"予告の期間より短くする理由：{' '.join(found.urgency.split())}"] if found.urgency else []),
    ]


def _tell_proposer(found: Shortening, title: str, at: datetime) -> None:
    lines = [f"募集：{found.call}", *([f"理由：{' '.join(found.answer.split())}"] if found.answer else [])]
    _tell(found, title, lines, Audience.of_users(found.proposed_by_id), at)


def _tell(found: Shortening, title: str, lines: list[str], audience: Audience, at: datetime) -> None:
    notify(
        kind="grants.propose_shortening", key=f"grants:shortening:{found.public_id}:{'open' if found.is_open else 'ended'}",
        audience=audience, title=title, lines=lines, path=f"/review/calls/{found.call.public_id}/shorten/", at=at,
    )  # fmt: skip
