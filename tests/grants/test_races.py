"""Two people at once: one order wins, the other gets a clear answer. Each race has its control without the lock.

The pause point makes the second one start while the first stands between its check and its write: with the
lock the second waits for the first; without it both pass the check, and the same assertion must fail.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.db import connection

from core import clock
from core.events import verify_chain
from core.exceptions import Conflict, DomainError
from core.invariants import run_all
from grants.actions import decision, drafting, locking, membership, submission, transition
from grants.actions.errors import AnswerConflict
from grants.enums import ApplicationStatus, ConsentState
from grants.models import (
    Application,
    ApplicationEvent,
    ApplicationSlot,
    Consent,
    Decision,
    Inquiry,
    QuestionDesk,
    ReceiptSeries,
    Snapshot,
)
from programs.models import Call
from tests.factories import grants as cases
from tests.factories.grants import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]
WAIT = 2.0
"""Seconds a pause point waits for the other one. With the lock the other cannot come, and the wait runs out."""


@pytest.fixture
def world() -> Iterator[World]:
    """Committed, so that every thread sees it."""
    with clock.at(cases.NOW):
        yield cases.world()


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads from one barrier on: what each returned or raised, in order."""
    results: list[Any] = [None] * len(jobs)
    start = Barrier(len(jobs))

    def one(place: int, job: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            results[place] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=one, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a deadlock"
    return results


@contextmanager
def without_locks() -> Iterator[None]:
    """The control: every locking helper reads the same row, and locks nothing."""

    def application(application_id: int) -> Application:
        return Application.objects.with_parts().get(pk=application_id)

    def slot(call: Any, lead: Any) -> ApplicationSlot:
        return ApplicationSlot.objects.get_or_create(call=call, lead_id=getattr(lead, "pk", lead))[0]

    def series(call: Any) -> ReceiptSeries:
        return ReceiptSeries.objects.get_or_create(
            call=call, defaults={"fiscal_year": call.fiscal_year, "number": 1}
        )[0]

    def call(call_id: int) -> Call:
        return Call.objects.select_related("program").get(pk=call_id)

    def inquiry(inquiry_id: int) -> Inquiry:
        return Inquiry.objects.select_related("call__program", "body", "department", "asked_by").get(
            pk=inquiry_id
        )

    def desk(call: Call) -> QuestionDesk:
        return QuestionDesk.objects.get_or_create(call=call)[0]

    helpers = {
        "application": application, "slot": slot, "series": series, "call": call, "inquiry": inquiry, "desk": desk,
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, replacement in helpers.items():
            patch.setattr(locking, name, replacement)
        yield


@contextmanager
def pausing_after(module: Any, name: str) -> Iterator[None]:
    """Make everybody wait for the other one after `module.name` has answered."""
    met, original = Barrier(2), getattr(module, name)

    def paused(*given: Any, **named: Any) -> Any:
        answer = original(*given, **named)
        with suppress(BrokenBarrierError):  # the other one waits for the lock, as it should
            met.wait(timeout=WAIT)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, paused)
        yield


def race(module: Any, name: str, *jobs: Callable[[], Any], locked: bool = True) -> list[Any]:
    """The jobs at once, meeting after the check; with the locks or without."""
    with ExitStack() as stack:
        if not locked:
            stack.enter_context(without_locks())
        stack.enter_context(pausing_after(module, name))
        return together(*jobs)


def whole() -> None:
    """The record is one chain, and what was submitted, received and frozen are the same."""
    assert verify_chain(ApplicationEvent.objects.all()) == []
    assert {name: found for name, found in run_all().items() if name.startswith("grants.") and found} == {}


# --- Double start -----------------------------------------------------------------------------------------


def double_start(world: World, *, locked: bool) -> None:
    """Two colleagues start at once: one draft, and both have it open."""
    # Its row is there from an earlier try: making it would itself keep the second one waiting.
    ApplicationSlot.objects.create(call=world.call, lead=world.lead)

    def start(name: str) -> Callable[[], Any]:
        return lambda: drafting.start(call=world.call, by=world[name])

    results = race(locking, "slot", start("lead_editor"), start("lead_colleague"), locked=locked)
    assert all(isinstance(result, tuple) for result in results), results
    assert {application.pk for application, _ in results} == {Application.objects.get().pk}
    assert sorted(created for _, created in results) == [False, True]
    whole()


def test_two_colleagues_start_one_draft(world: World) -> None:
    double_start(world, locked=True)


def test_control_double_start_breaks_without_the_lock(world: World) -> None:
    with pytest.raises((AssertionError, Application.MultipleObjectsReturned)):
        double_start(world, locked=False)


# --- Double submit ----------------------------------------------------------------------------------------


def double_submit(world: World, *, same_key: bool, locked: bool) -> None:
    """Two clicks at once: one submission. The same key gets the same receipt, another key is shown it."""
    case = cases.ready(world)
    keys = [cases.key(), cases.key()]

    def submit(key: str) -> Callable[[], Any]:
        return lambda: submission.submit(application_id=case.pk, by=world["lead_editor"], idempotency_key=key)

    jobs = (submit(keys[0]), submit(keys[0] if same_key else keys[1]))
    results = race(submission.checks, "check_with_files", *jobs, locked=locked)
    receipts = [getattr(result, "snapshot", result) for result in results]
    assert all(isinstance(receipt, Snapshot) for receipt in receipts), results
    assert {receipt.receipt_number for receipt in receipts} == {"R9-1-0001-0"}
    assert sum(isinstance(result, Conflict) for result in results) == (0 if same_key else 1)
    assert Snapshot.objects.count() == 1
    assert ApplicationEvent.objects.filter(action="submit").count() == 1
    assert ReceiptSeries.objects.get().last == 1
    whole()


@pytest.mark.parametrize("same_key", [True, False])
def test_two_clicks_are_one_submission(world: World, same_key: bool) -> None:
    double_submit(world, same_key=same_key, locked=True)


@pytest.mark.parametrize("same_key", [True, False])
def test_control_double_submit_breaks_without_the_lock(world: World, same_key: bool) -> None:
    with pytest.raises(AssertionError):
        double_submit(world, same_key=same_key, locked=False)


def test_twenty_clicks_with_one_key_are_one_submission(world: World) -> None:
    case = cases.ready(world)
    key = cases.key()
    jobs = [
        lambda: submission.submit(application_id=case.pk, by=world["lead_editor"], idempotency_key=key)
        for _ in range(20)
    ]
    assert {result.receipt_number for result in together(*jobs)} == {"R9-1-0001-0"}
    whole()


def test_two_towns_submitting_at_once_get_numbers_one_and_two(world: World) -> None:
    world.call.max_per_lead = 2
    world.call.save()
    first, second = cases.ready(world), cases.ready(world)

    def submit(case: Application) -> Callable[[], Any]:
        return lambda: submission.submit(
            application_id=case.pk, by=world["lead_editor"], idempotency_key=cases.key()
        )

    results = race(submission.checks, "check_with_files", submit(first), submit(second))
    assert sorted(result.receipt_number for result in results) == ["R9-1-0001-0", "R9-1-0002-0"]
    whole()


# --- Two deciders -----------------------------------------------------------------------------------------


def two_deciders(world: World, *, locked: bool) -> None:
    """One adopts, the other rejects, at once: the first counts, the other is told that it has moved on."""
    case = cases.deciding(world)
    with clock.at(cases.AFTER_CLOSING):
        papers = cases.PAPERS()
        results = race(
            transition, "judge",
            lambda: decision.adopt(application_id=case.pk, by=world["decider"], expected_version=case.version, **papers),
            lambda: decision.reject(
                application_id=case.pk, by=world["second_decider"], expected_version=case.version, **papers
            ),
            locked=locked,
        )  # fmt: skip
    assert sum(isinstance(result, Decision) for result in results) == 1, results
    assert sum(isinstance(result, DomainError) for result in results) == 1, results
    held = Decision.objects.get()
    case.refresh_from_db()
    assert case.status == held.outcome
    assert ApplicationEvent.objects.filter(action__in=["adopt", "reject"]).count() == 1
    whole()


def test_the_first_of_two_deciders_counts(world: World) -> None:
    two_deciders(world, locked=True)


def test_control_two_deciders_break_without_the_lock(world: World) -> None:
    with pytest.raises(AssertionError):
        two_deciders(world, locked=False)


# --- Consent against submit ---------------------------------------------------------------------------------


def consent_against_submit(world: World, *, locked: bool) -> None:
    """The partner takes its consent back while the lead submits: nothing is submitted without a consent."""
    case = cases.ready(world)
    met = Barrier(2)
    check, end = submission.checks.check_with_files, membership.end_consent

    def meet() -> None:
        with suppress(BrokenBarrierError):  # the other one waits for the lock, as it should
            met.wait(timeout=WAIT)

    def checked(application: Application) -> Any:
        answer = check(application)
        meet()
        return answer

    def ended(*given: Any, **named: Any) -> None:
        end(*given, **named)
        meet()

    with ExitStack() as stack:
        if not locked:
            stack.enter_context(without_locks())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(submission.checks, "check_with_files", checked)
        patch.setattr(membership, "end_consent", ended)
        results = together(
            lambda: submission.submit(
                application_id=case.pk, by=world["lead_editor"], idempotency_key=cases.key()
            ),
            lambda: membership.withdraw_consent(
                application_id=case.pk, by=world["partner_approver"], reason="取りやめ"
            ),
        )
    case.refresh_from_db()
    partner = cases.partner_of(case)
    holds = Consent.objects.filter(member=partner, state=ConsentState.GIVEN).exists()
    assert sum(isinstance(result, DomainError) for result in results) == 1, results
    assert (case.status == ApplicationStatus.SUBMITTED) == holds, "submitted, and its consent is gone"
    whole()


def test_nothing_is_submitted_without_its_consent(world: World) -> None:
    consent_against_submit(world, locked=True)


def test_control_consent_against_submit_breaks_without_the_lock(world: World) -> None:
    with pytest.raises(AssertionError):
        consent_against_submit(world, locked=False)


# --- Edits ----------------------------------------------------------------------------------------------------


def test_two_colleagues_in_two_sections_are_both_saved(world: World) -> None:
    case = cases.start(world)

    def save(name: str, question: str) -> Callable[[], Any]:
        return lambda: drafting.save_answer(
            application_id=case.pk, question=question, value=name, by=world[name], expected_version=0
        )

    together(save("lead_editor", "purpose"), save("lead_colleague", "target"))
    assert sorted(case.answers.values_list("question__code", "value")) == [
        ("purpose", "lead_editor"), ("target", "lead_colleague"),
    ]  # fmt: skip
    case.refresh_from_db()
    assert case.content_version == 3
    whole()


def two_on_one_question(world: World, *, locked: bool) -> None:
    """Two colleagues save the same question at once: the first stands, the other sees it, no text is gone."""
    case = cases.start(world)
    drafting.save_answer(application_id=case.pk, question="purpose", value="はじめ", by=world["lead_editor"])

    def save(name: str) -> Callable[[], Any]:
        return lambda: drafting.save_answer(
            application_id=case.pk, question="purpose", value=name, by=world[name], expected_version=1
        )

    names = ["lead_editor", "lead_colleague"]
    results = race(drafting, "open_for_edit", *map(save, names), locked=locked)
    (clash,) = [result for result in results if isinstance(result, AnswerConflict)]
    answer = case.answers.get()
    assert (answer.version, answer.value) == (2, names[1 - results.index(clash)])
    assert clash.current is not None and clash.current.value == answer.value
    assert list(case.revisions.values_list("before", "after").order_by("content_version")) == [
        ("", "はじめ"), ("はじめ", answer.value),
    ]  # fmt: skip
    whole()


def test_two_on_one_question_and_one_is_told(world: World) -> None:
    two_on_one_question(world, locked=True)


def test_control_two_on_one_question_breaks_without_the_lock(world: World) -> None:
    with pytest.raises((AssertionError, ValueError)):
        two_on_one_question(world, locked=False)
