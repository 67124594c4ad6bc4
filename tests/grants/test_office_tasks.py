"""What units of the metropolis wait for of one another stands on their desks, and reminders follow what happens."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import reminders
from accounts.models import Department, Notice, ReminderRule
from core import clock
from core.actor import Actor
from grants.actions import opinions, shortening
from grants.actions.shortening import Proposal
from grants.models import Application, OpinionRequest
from grants.queries.office_tasks import office_tasks, planned_office_tasks
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_deadlines import RULES

pytestmark = pytest.mark.django_db
ASKED = "産業労働局 観光部 振興課"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(cases.NOW):
        ReminderRule.objects.bulk_create(
            ReminderRule(**rule) for rule in RULES if rule["kind"].endswith(("_opinion", "_shortening"))
        )
        yield cases.world()


def ask(world: World, case: Application) -> OpinionRequest:
    return opinions.ask_opinion(
        application_id=case.pk, by=world["officer"], question="意見を伺います。",
        sections=["plan"], department=Department.objects.get(name=ASKED), due_at=clock.now() + timedelta(days=7),
    )  # fmt: skip


def desk(actor: Actor) -> list[tuple[str, str]]:
    return [(task.kind, task.url) for task in office_tasks(actor, clock.now())]


def test_the_unit_asked_and_once_overdue_who_asked(world: World) -> None:
    case = cases.under_review(world)
    with clock.at(cases.AFTER_CLOSING):
        asked = ask(world, case)
        theirs = ("grants.answer_opinion", f"/review/opinions/{asked.public_id}/")
        assert desk(world["other_bureau"]) == [theirs]
        assert desk(world["officer"]) == []
        [task] = planned_office_tasks(clock.now())
        assert asked.application.public_id not in f"{task.what}{task.about}{task.url}"
    with clock.at(asked.due_at + timedelta(days=1, hours=2)):
        ours = ("grants.chase_opinion", f"/review/{asked.application.public_id}/opinions/")
        assert desk(world["officer"]) == [ours]
        assert desk(world["other_bureau"]) == [theirs]
        assert desk(world["lead_editor"]) == desk(world["reviewer"]) == []
        reminders.plan_due(clock.now())
        kinds = set(Notice.objects.exclude(deadline_key="").values_list("kind", flat=True))
        assert kinds == {"overdue.grants.answer_opinion", "overdue.grants.chase_opinion"}
        opinions.answer_opinion(opinion_id=asked.pk, by=world["other_bureau"], answer="意見なし")
        assert desk(world["officer"]) == desk(world["other_bureau"]) == []


def test_an_earlier_closing_is_on_the_desk_of_the_others_alone(world: World, settings: LazySettings) -> None:
    settings.SHORTENING_BUSINESS_DAYS = 3
    asked = Proposal(cases.CLOSES - timedelta(days=1), None, "国の予定のため", "", world.call.closes_at)
    made = shortening.propose_shortening(call=world.call, proposal=asked, by=world["officer"])
    [(kind, url)] = desk(world["second_officer"])
    assert (kind, url) == ("grants.answer_shortening", f"/review/calls/{world.call.public_id}/shorten/")
    assert desk(world["officer"]) == desk(world["other_bureau"]) == desk(world["decider"]) == []
    [task] = planned_office_tasks(clock.now(), frozenset({f"shortening:{made.public_id}"}))
    with clock.at(task.at):
        shortening.confirm_shortening(shortening_id=made.pk, by=world["second_officer"])
        assert desk(world["second_officer"]) == []


def test_a_fixed_number_of_queries(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert list(planned_office_tasks(clock.now()))
        return len(caught)

    case = cases.under_review(world)
    with clock.at(cases.AFTER_CLOSING):
        asked = ask(world, case)
        one = queries()
        for _ in range(2):
            asked.pk, asked._state.adding = None, True
            asked.public_id = f"{asked.public_id[:10]}{OpinionRequest.objects.count():02d}"
            asked.department = Department.objects.create(
                organization=asked.department.organization,
                name=f"環境局 第{OpinionRequest.objects.count()}課",
            )
            asked.save()
        assert queries() == one
