"""One real case, from start to public result, and a case in every state."""

import pytest

from core import clock
from core.invariants import run_all
from grants.actions import announcing, decision, review, submission
from grants.enums import ApplicationStatus, TownStatus
from grants.models import Application, ApplicationEvent
from grants.queries import check, desk_tasks, events_for
from programs.models import AdoptedProject
from tests.factories import grants as cases
from tests.factories.grants import World

CHAIN = "application:"


def faults() -> dict[str, list[str]]:
    """Broken invariants of this app."""
    return {name: found for name, found in run_all().items() if name.startswith("grants.") and found}


def test_a_case_from_start_to_public_result(world: World) -> None:
    application = cases.ready(world)
    assert check(application) == []
    snapshot = submission.submit(
        application_id=application.pk, by=world["lead_editor"], idempotency_key=cases.key()
    )
    assert snapshot.receipt_number == "R9-1-0001-0"
    assert snapshot.taken_at == cases.NOW
    assert snapshot.requested_amount == 10_000_000
    assert snapshot.requested_total == 10_000_000 + 7_000_000 + 3_000_000
    assert [file["name"] for file in snapshot.files] == ["計画.pdf", "同意書.pdf"]
    with clock.at(cases.AFTER_CLOSING):
        review.start_review(application_id=application.pk, by=world["officer"])
        review.assign_reviewers(
            application_id=application.pk, by=world["officer"],
            reviewers=[world.users["reviewer"], world.users["second_reviewer"]],
        )  # fmt: skip
        points = dict.fromkeys(application.template.weights(), 4)
        for name in ("reviewer", "second_reviewer"):
            review.declare_interest(application_id=application.pk, by=world[name], has_interest=False)
            review.score(application_id=application.pk, by=world[name], points=points)
        decision.recommend(
            application_id=application.pk,
            by=world["officer"],
            outcome="adopt",
            reason="評価が高いため",
            amount=10_000_000,
        )
        assert Application.objects.get().town_status() is TownStatus.IN_REVIEW
        decision.adopt(application_id=application.pk, by=world["decider"], **cases.PAPERS())
    adopted = Application.objects.get()
    assert adopted.status == ApplicationStatus.ADOPTED
    assert adopted.decided_amount == 10_000_000
    assert adopted.town_label() == "審査中"
    assert not AdoptedProject.objects.exists()
    with clock.at(cases.ANNOUNCES):
        assert announcing.announce_due(at=cases.ANNOUNCES) == 1
        assert announcing.announce_due(at=cases.ANNOUNCES) == 0
        assert Application.objects.get().town_label() == "採択"
        project = AdoptedProject.objects.visible_to(world["anonymous"], cases.ANNOUNCES).get()
    assert (project.title, project.lead, list(project.partners.all())) == (
        cases.ANSWERS["title"], world.lead, [world.partner],
    )  # fmt: skip
    assert [actor.name for actor in project.actors.all()] == ["東久留米市商工会"]
    assert project.outline == ["回遊路の案内をそろえる", "商工会議所と週末の市を開く"]
    assert faults() == {}


@pytest.mark.parametrize("status", list(ApplicationStatus))
def test_every_state_is_reached_by_actions_and_keeps_the_invariants(world: World, status: str) -> None:
    application = cases.case_in(world, status)
    assert application.status == status
    events = ApplicationEvent.objects.filter(application=application)
    assert {event.chain_key for event in events} == {f"{CHAIN}{application.public_id}"}
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert faults() == {}


def test_towns_find_nothing_of_the_deliberation_in_the_history(world: World) -> None:
    application = cases.case_in(world, ApplicationStatus.RESERVE)
    seen = {event.action for event in events_for(world["lead_editor"], application)}
    assert {"start", "submit", "start_review"} <= seen
    assert not seen & {"assign", "recommend", "reserve", "declare_interest"}
    assert {"recommend", "reserve"} <= {e.action for e in events_for(world["officer"], application)}
    assert application.town_label() == "審査中"


def test_everybody_finds_the_case_on_the_desk(world: World) -> None:
    def kinds(name: str) -> set[str]:
        return {task.kind for task in desk_tasks(world[name], clock.now())}

    application = cases.start(world)
    cases.fill(world, application)
    assert kinds("lead_editor") == {"grants.submit", "grants.request_precheck"}
    assert kinds("partner_approver") == {"grants.consent"}
    assert kinds("officer") == set()
    cases.precheck(world, application)
    cases.agree(world, application)
    assert kinds("partner_approver") == set()
    assert kinds("lead_approver") == {"grants.submit", "grants.certify"}
    cases.certify(world, application)
    submission.submit(application_id=application.pk, by=world["lead_editor"], idempotency_key=cases.key())
    assert kinds("lead_editor") == kinds("lead_approver") == kinds("officer") == set()
    with clock.at(cases.AFTER_CLOSING):
        assert kinds("officer") == {"grants.start_review"}
        assert kinds("stranger_editor") == kinds("other_bureau") == set()
