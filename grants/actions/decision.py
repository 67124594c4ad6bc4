"""Draft and decision: one person recommends, another decides; earlier decisions stay on record."""

from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from core.money import format_yen
from grants.actions import locking, transition
from grants.actions.announcing import take_off
from grants.actions.changes import person
from grants.actions.documents import adopt_file, keep
from grants.actions.membership import require_reason
from grants.enums import DecisionOutcome, DocumentPurpose, ReviewOutcome
from grants.models import Application, Decision, Document, Recommendation
from grants.queries.envelope import envelope_fault


@transaction.atomic
def recommend(
    *,
    application_id: int,
    by: Actor,
    outcome: str,
    reason: str,
    amount: int | None = None,
    adjustment_reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Recommendation:
    """Draft the decision: ReviewOutcome adopt (with 補助予定額 in yen for the call's year) or reject, with reason.

    The amount is at most what was computed for the version submitted last; a lower one needs
    `adjustment_reason` 予算調整. Raises DomainError naming each faulty field, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(
        application_id, "recommend", by=by, at=instant, expected_version=expected_version
    )
    found = _draft(application, by, instant, outcome, reason, amount, adjustment_reason)
    transition.finish(
        application, "recommend", by=by, at=instant, comment=reason, payload=_draft_payload(found)
    )
    return found


@transaction.atomic
def promote(
    *,
    application_id: int,
    by: Actor,
    reason: str,
    amount: int | None = None,
    adjustment_reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Recommendation:
    """Draft the adoption of a case on the reserve list, as money has come back. As `recommend`."""
    instant = at or clock.now()
    application = transition.begin(
        application_id, "promote", by=by, at=instant, expected_version=expected_version
    )
    _supersede(application, by, instant, reason)
    _end_draft(application, by, instant, reason)
    found = _draft(application, by, instant, ReviewOutcome.ADOPT, reason, amount, adjustment_reason)
    transition.finish(
        application,
        "promote",
        by=by,
        at=instant,
        comment=reason,
        payload=_draft_payload(found),
        columns=_UNDECIDED,
    )
    return found


def _draft(  # noqa: PLR0917 - the parts of one draft
    application: Application,
    by: Actor,
    at: datetime,
    outcome: str,
    reason: str,
    amount: int | None,
    adjustment_reason: str,
) -> Recommendation:
    require_reason(reason)
    snapshot = application.snapshots.order_by("-branch").first()
    if snapshot is None or outcome not in ReviewOutcome.values:
        raise DomainError(Fault("outcome", "採択か不採択かを選んでください。"))
    computed = snapshot.requested_amount
    if not application.template.has_money and outcome == ReviewOutcome.ADOPT:
        amount = 0  # a service: there is no amount to name, and none is shown
    if outcome == ReviewOutcome.ADOPT:
        _check_amount(amount, computed, adjustment_reason)
    elif amount is not None:
        raise DomainError(Fault("amount", "不採択の案に補助予定額は付きません。", "金額を消してください。"))
    trail = [
        step
        for step in snapshot.content["subsidy"]["trail"]
        if step["fiscal_year"] == application.fiscal_year
    ]
    return Recommendation.objects.create(
        application=application, snapshot=snapshot, outcome=outcome, amount=amount, computed_amount=computed,
        trail=trail, reason=reason, adjustment_reason=adjustment_reason.strip(), drafted_at=at,
        drafted_by_id=person(by),
    )  # fmt: skip


def _check_amount(amount: int | None, computed: int, adjustment_reason: str) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise DomainError(Fault("amount", "補助予定額がありません。", "0円以上の整数で入力してください。"))
    if amount > computed:
        raise DomainError(
            Fault(
                "amount",
                f"補助予定額 {format_yen(amount)} が算定額 {format_yen(computed)} を超えています。",
                "算定額以下にしてください。",
            )
        )
    if amount < computed and not adjustment_reason.strip():
        raise DomainError(
            Fault("adjustment_reason", "算定額より低い補助予定額です。", "予算調整の理由を入力してください。")
        )


def _draft_payload(found: Recommendation) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "amount": found.amount,
        "computed_amount": found.computed_amount,
        "adjustment_reason": found.adjustment_reason,
        "snapshot": found.snapshot.sha256,
    }


@transaction.atomic
def send_back(
    *,
    application_id: int,
    by: Actor,
    reason: str,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Application:
    """Give the draft back to the officer, with a reason. Raises DomainError, and as transition.begin."""
    instant = at or clock.now()
    application = transition.begin(
        application_id, "send_back", by=by, at=instant, expected_version=expected_version
    )
    require_reason(reason)
    _end_draft(application, by, instant, reason)
    transition.finish(application, "send_back", by=by, at=instant, comment=reason)
    return application


def adopt(
    *, application_id: int, by: Actor, decided_on: date, document_number: str, effective_on: date,
    reason: str = "", expected_version: int | None = None, at: datetime | None = None,
) -> Decision:  # fmt: skip
    """採択 with the drafted amount: 決定日, 文書番号, 施行日 as in Tokyo's own system.

    The decider is not the drafter. A 施行日 or 決定日 before the draft needs a reason. Raises DomainError naming
    each faulty field, Stale, and as transition.begin.
    """
    return _decide(
        "adopt", DecisionOutcome.ADOPTED, application_id, by, decided_on, document_number, effective_on, reason,
        expected_version, at or clock.now(),
    )  # fmt: skip


def reject(
    *, application_id: int, by: Actor, decided_on: date, document_number: str, effective_on: date,
    reason: str = "", expected_version: int | None = None, at: datetime | None = None,
) -> Decision:  # fmt: skip
    """不採択. As `adopt`, without an amount."""
    return _decide(
        "reject", DecisionOutcome.REJECTED, application_id, by, decided_on, document_number, effective_on, reason,
        expected_version, at or clock.now(),
    )  # fmt: skip


def reserve(
    *, application_id: int, by: Actor, decided_on: date, document_number: str, effective_on: date,
    reason: str = "", expected_version: int | None = None, at: datetime | None = None,
) -> Decision:  # fmt: skip
    """補欠: adopted if money returns; towns go on seeing 審査中, a project on view is taken off. As `reject`."""
    return _decide(
        "reserve", DecisionOutcome.RESERVE, application_id, by, decided_on, document_number, effective_on, reason,
        expected_version, at or clock.now(),
    )  # fmt: skip


def release(
    *, application_id: int, by: Actor, decided_on: date, document_number: str, effective_on: date,
    reason: str = "", expected_version: int | None = None, at: datetime | None = None,
) -> Decision:  # fmt: skip
    """End a place on the reserve list: 不採択. As `reject`."""
    return _decide(
        "release", DecisionOutcome.REJECTED, application_id, by, decided_on, document_number, effective_on, reason,
        expected_version, at or clock.now(),
    )  # fmt: skip


@transaction.atomic
def _decide(  # noqa: PLR0917 - one body for four verbs
    action: str,
    outcome: DecisionOutcome,
    application_id: int,
    by: Actor,
    decided_on: date,
    document_number: str,
    effective_on: date,
    reason: str,
    expected_version: int | None,
    at: datetime,
) -> Decision:
    application = transition.begin(application_id, action, by=by, at=at, expected_version=expected_version)
    draft = application.recommendations.get(ended_at__isnull=True)
    if outcome == DecisionOutcome.ADOPTED:
        _check_envelope(application, draft.amount or 0)
    _check_papers(draft, decided_on, document_number, effective_on, reason, at)
    _supersede(application, by, at, reason or "補欠の解除")
    found = Decision.objects.create(
        application=application, recommendation=draft, outcome=outcome,
        amount=draft.amount if outcome == DecisionOutcome.ADOPTED else None, decided_on=decided_on,
        document_number=document_number.strip(), effective_on=effective_on, reason=reason,
        drafted_at=draft.drafted_at, drafted_by=draft.drafted_by, decided_at=at, decided_by_id=person(by),
    )  # fmt: skip
    if outcome == DecisionOutcome.RESERVE:
        take_off(application, at=at)
    columns = {
        "decided_amount": found.amount, "decided_at": at, "decided_by_id": person(by), "announced_at": None,
    }  # fmt: skip
    payload = {
        "outcome": outcome, "amount": found.amount, "decided_on": decided_on,
        "document_number": found.document_number, "drafted_by": draft.drafted_by_id,
    }  # fmt: skip
    transition.finish(
        application, action, by=by, at=at, comment=reason, effective_on=effective_on, payload=payload, columns=columns
    )  # fmt: skip
    return found


def _check_envelope(application: Application, amount: int) -> None:
    """Two adoptions of one call wait for each other here, so that both together never exceed what it has."""
    locking.series(application.call)
    fault = envelope_fault(application.call, amount)
    if fault is not None:
        raise DomainError(fault)


def _check_papers(  # noqa: PLR0917 - the facts of one decision
    draft: Recommendation, decided_on: date, number: str, effective_on: date, reason: str, at: datetime
) -> None:
    faults = []
    if not number.strip():
        faults.append(Fault("document_number", "文書番号が空です。", "決定通知の番号を入力してください。"))
    if decided_on > clock.today(at):
        faults.append(Fault("decided_on", "決定日が先の日付です。", "決定のあった日を入力してください。"))
    drafted = clock.today(draft.drafted_at)
    if min(decided_on, effective_on) < drafted and not reason.strip():
        faults.append(
            Fault(
                "reason", "決定日か施行日が起案の前です。", "日付を確かめるか、その理由を入力してください。"
            )
        )
    if faults:
        raise DomainError(*faults)


_UNDECIDED: dict[str, Any] = {
    "decided_amount": None,
    "decided_at": None,
    "decided_by_id": None,
    "announced_at": None,
}


@transaction.atomic
def correct(
    *,
    application_id: int,
    by: Actor,
    reason: str,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Application:
    """Open a decision again, with a reason: it stays on record, and the draft it stood on is decided anew.

    Raises DomainError without a reason, and as transition.begin.
    """
    instant = at or clock.now()
    application = transition.begin(
        application_id, "correct", by=by, at=instant, expected_version=expected_version
    )
    require_reason(reason)
    _supersede(application, by, instant, reason)
    transition.finish(application, "correct", by=by, at=instant, comment=reason, columns=_UNDECIDED)
    return application


@transaction.atomic
def attach_letter(*, decision_id: int, file: "File[Any]", by: Actor, at: datetime | None = None) -> Document:
    """Keep a letter of a decision (draft or final) with the case. Raises Refused for anyone but the bureau's
    officers and deciders, DomainError for a file whose bytes are not what its name says."""
    instant = at or clock.now()
    decision = Decision.objects.filter(pk=decision_id).first()
    if decision is None:
        raise Refused
    application = locking.application(decision.application_id)
    require(by, "grants.attach_letter", application, instant)
    letter = adopt_file(keep(application, file, purpose=DocumentPurpose.LETTER, by=by, at=instant))
    decision.letters.add(letter)
    payload = {"document": letter.public_id, "name": letter.name, "sha256": letter.sha256}
    transition.record(application, "attach_letter", by=by, at=instant, payload=payload)
    return letter


def _supersede(application: Application, by: Actor, at: datetime, reason: str) -> None:
    for decision in application.decisions.filter(superseded_at__isnull=True):
        decision.superseded_at, decision.superseded_by_id, decision.supersede_reason = at, person(by), reason
        decision.save(update_fields=["superseded_at", "superseded_by", "supersede_reason"])


def _end_draft(application: Application, by: Actor, at: datetime, reason: str) -> None:
    for draft in application.recommendations.filter(ended_at__isnull=True):
        draft.ended_at, draft.ended_by_id, draft.end_reason = at, person(by), reason
        draft.save(update_fields=["ended_at", "ended_by", "end_reason"])
