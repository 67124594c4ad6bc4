"""庁内照会 and questions about a call, two people at once: one is heard, the other is told; each with its control."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Department
from core import clock
from core.exceptions import DomainError
from grants.actions import inquiries, locking, routing, transition
from grants.enums import RoutingStatus
from grants.models import Application, Inquiry, InquiryAnswer, Routing
from tests.factories import accounts as people
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_races import race, whole

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]


@pytest.fixture
def world() -> Iterator[World]:
    """Committed, so that every thread sees it; questions are still taken."""
    with clock.at(cases.NOW):
        yield cases.world(closes_at=cases.NOW + timedelta(days=40))


def _sending(world: World, case: Application, unit: Department) -> Callable[[], list[Routing]]:
    lead = cases.lead_of(case)
    return lambda: routing.distribute(
        application_id=case.pk, member_id=lead.pk, parts=["plan"], department=unit, message="お願いします",
        due_at=cases.NOW + timedelta(days=3), by=world["lead_editor"],
    )  # fmt: skip


def _one_is_heard(results: list[Any]) -> None:
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], DomainError), results


def two_answers_of_a_unit(world: World, *, locked: bool) -> None:
    """Two colleagues say that the part is filled: it goes back once."""
    case, unit = cases.start(world), people.department(world.lead, "環境課")
    clerks = [
        people.actor(people.person(f"{name}@lead.example", "editor", unit)) for name in ("clerk", "second")
    ]
    (part,) = _sending(world, case, unit)()

    def answer(place: int) -> Callable[[], Any]:
        return lambda: routing.answer(routing_id=part.pk, by=clerks[place])

    _one_is_heard(race(transition, "judge_routing", answer(0), answer(1), locked=locked))
    part.refresh_from_db()
    assert (part.status, part.version) == (RoutingStatus.ANSWERED, 2)
    whole()


def an_answer_and_the_liaison_unit_taking_it_back(world: World, *, locked: bool) -> None:
    """What comes first holds: nobody has to compile what was recalled."""
    case, unit = cases.start(world), people.department(world.lead, "環境課")
    clerk = people.actor(people.person("clerk@lead.example", "editor", unit))
    (part,) = _sending(world, case, unit)()
    results = race(
        transition, "judge_routing",
        lambda: routing.answer(routing_id=part.pk, by=clerk, expected_version=part.version),
        lambda: routing.recall(routing_id=part.pk, by=world["lead_editor"], expected_version=part.version),
        locked=locked,
    )  # fmt: skip
    _one_is_heard(results)
    part.refresh_from_db()
    heard = RoutingStatus.RECALLED if isinstance(results[0], Exception) else RoutingStatus.ANSWERED
    assert part.status == heard
    whole()


def one_part_sent_to_two_units(world: World, *, locked: bool) -> None:
    """Both pages showed the part as free."""
    case = cases.start(world)
    units = [people.department(world.lead, name) for name in ("環境課", "観光課")]
    _one_is_heard(
        race(routing, "_part_faults", *(_sending(world, case, unit) for unit in units), locked=locked)
    )
    assert Routing.objects.live().count() == 1
    whole()


def _answering(world: World, inquiry: Inquiry, text: str) -> Callable[[], InquiryAnswer]:
    return lambda: inquiries.answer(
        inquiry_id=inquiry.pk, question="委託料は対象ですか。", text=text, public=True, by=world["officer"]
    )


def two_officers_answer_one_question(world: World, *, locked: bool) -> None:
    """Towns read one answer, told once; the second officer is told that there is one."""
    asked = inquiries.ask(call=world.call, text="委託料は対象ですか。", by=world["lead_editor"])
    jobs = [_answering(world, asked, text) for text in ("対象です。", "対象外です。")]
    results = race(inquiries, "judge_inquiry", *jobs, locked=locked)
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, DomainError)], results
    _one_is_heard(results)
    assert InquiryAnswer.objects.count() == 1
    whole()


def two_questions_answered_at_once(world: World, *, locked: bool) -> None:
    """Each has a number of its own."""
    inquiries.set_deadline(call=world.call, due_at=None, by=world["officer"])
    asked = [
        inquiries.ask(call=world.call, text="委託料は対象ですか。", by=world[name])
        for name in ("lead_editor", "stranger_editor")
    ]
    results = race(locking, "desk", *(_answering(world, one, "対象です。") for one in asked), locked=locked)
    assert not [result for result in results if isinstance(result, Exception)], results
    assert sorted(Inquiry.objects.values_list("number", flat=True)) == [1, 2]
    whole()


RACES = [
    two_answers_of_a_unit, an_answer_and_the_liaison_unit_taking_it_back, one_part_sent_to_two_units,
    two_officers_answer_one_question, two_questions_answered_at_once,
]  # fmt: skip


@pytest.mark.parametrize("run", RACES)
def test_one_order_wins(run: Callable[..., None], world: World) -> None:
    run(world, locked=True)


@pytest.mark.parametrize("run", RACES)
def test_without_the_lock_it_fails(run: Callable[..., None], world: World) -> None:
    with pytest.raises(AssertionError):
        run(world, locked=False)
