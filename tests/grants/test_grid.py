"""The whole table, state × action × actor: every row works exactly for its actors, everything else is refused.

One case per state is made by the actions; for each action the circumstances its conditions ask for are added
in a savepoint that is rolled back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from core import clock
from core.exceptions import DomainError, Refused, UnknownTransition
from grants.actions import consents, drafting, membership, petitions, prechecks, transition
from grants.enums import ApplicationStatus, Party
from grants.lifecycle import APPLICATION
from grants.models import Application, ApplicationEvent
from grants.permissions import Ground, available_actions, judge
from programs.models import Call
from tests.factories import accounts as people
from tests.factories import grants as cases
from tests.factories import programs as catalogue
from tests.factories.grants import Gallery, World

S = ApplicationStatus
JUDGED = pytest.mark.once("who may do what is judged in Python")
LONG_AFTER = cases.NOW + timedelta(days=40)
"""After closing, and after the due instant of a request for correction."""

WHO: dict[str, set[Party]] = {
    "lead_editor": {Party.LEAD_EDITOR},
    "lead_colleague": {Party.LEAD_EDITOR},
    "lead_approver": {Party.LEAD_APPROVER},
    "lead_second_approver": {Party.LEAD_APPROVER},
    "lead_finance": set(),
    "partner_editor": {Party.PARTNER_EDITOR},
    "partner_approver": {Party.PARTNER_APPROVER},
    "officer": {Party.OFFICER},
    "second_officer": {Party.OFFICER},
    "reviewer": {Party.REVIEWER},
    "second_reviewer": {Party.REVIEWER},
    "external_reviewer": {Party.REVIEWER},
    "decider": {Party.DECIDER},
    "second_decider": {Party.DECIDER},
    "drafting_decider": {Party.OFFICER, Party.DECIDER},
    "system": {Party.SYSTEM},
    **{name: set() for name in cases.OUTSIDERS},
}
"""Written down here by hand: what everybody is to the case. Assigned are the three reviewers, by the officer."""

EXCEPTIONS: dict[str, set[str]] = {
    "declare_interest": {"reviewer"},  # has declared already
    "score": {"second_reviewer", "external_reviewer"},  # have not declared
}
"""Actors of the right party whom a condition on themselves stops."""

Arrange = Callable[[World, Application], datetime | None]


def _voided(world: World, case: Application) -> None:
    drafting.save_answer(
        application_id=case.pk, question="purpose", value="新しい目的です。", by=world["lead_editor"]
    )


def _changed_and_agreed(world: World, case: Application) -> None:
    _voided(world, case)
    cases.agree(world, case)


def _asked(world: World, case: Application) -> None:
    prechecks.request_precheck(application_id=case.pk, by=world["lead_editor"])


def _extended(world: World, case: Application) -> datetime:
    Call.objects.filter(pk=case.call_id).update(closes_at=LONG_AFTER + timedelta(days=1))
    return LONG_AFTER


def _circle(world: World, case: Application) -> None:
    case.returns.update(sections=["members", "plan"])


def _wants_change(world: World, case: Application) -> None:
    petitions.request_change_members(
        application_id=case.pk, by=world["lead_approver"], reason="参加したいため", adds=[world.chamber]
    )


def _wants_end(world: World, case: Application) -> None:
    petitions.request_discontinuation(application_id=case.pk, by=world["lead_approver"], reason="撤退のため")


def _late(world: World, case: Application) -> datetime:
    return LONG_AFTER


def _announcing(world: World, case: Application) -> datetime:
    return cases.ANNOUNCES


ARRANGEMENTS: dict[tuple[str, str], Arrange] = {
    ("expire", S.DRAFT): _late,
    ("reopen", S.EXPIRED): _extended,
    ("invite", S.RETURNED): _circle,
    ("remove_member", S.RETURNED): _circle,
    ("consent", S.DRAFT): _voided,
    ("consent", S.RETURNED): _voided,
    ("consent", S.SUBMITTED): _voided,
    ("record_consent", S.SUBMITTED): _voided,
    ("certify", S.DRAFT): _changed_and_agreed,
    ("certify", S.RETURNED): _changed_and_agreed,
    ("certify", S.SUBMITTED): _changed_and_agreed,
    ("replace", S.SUBMITTED): _voided,
    ("answer_precheck", S.DRAFT): _asked,
    ("take_back", S.RETURNED): _late,
    ("start_review", S.SUBMITTED): _late,
    ("announce", S.ADOPTED): _announcing,
    ("announce", S.REJECTED): _announcing,
    ("change_members", S.ADOPTED): _wants_change,
    ("discontinue", S.ADOPTED): _wants_end,
}


def expected(action: str, status: str) -> set[str]:
    """Who may, by the table alone."""
    roles = {role for row in APPLICATION.leaving(status) if row.action == action for role in row.roles}
    return {name for name, held in WHO.items() if {party.value for party in held} & roles} - EXCEPTIONS.get(
        action, set()
    )


def who_may(world: World, action: str, case: Application, at: datetime) -> set[str]:
    """Who may, as the portal judges."""
    return {name for name in WHO if judge(world[name], action, case, at).ground is Ground.YES}


def test_the_names_are_all_the_actors_there_are(shown: Gallery) -> None:
    assert set(WHO) == set(shown.world.actors)


@JUDGED
@pytest.mark.parametrize("status", list(S))
def test_every_row_works_exactly_for_its_actors(shown: Gallery, status: str) -> None:
    world, case = shown.world, shown.case(status)
    for action in sorted({row.action for row in APPLICATION.leaving(status)}):
        with transaction.atomic():
            arrange = ARRANGEMENTS.get((action, status))
            at = (arrange(world, case) if arrange else None) or clock.now()
            assert who_may(world, action, shown.case(status), at) == expected(action, status), action
            transaction.set_rollback(True)


@JUDGED
@pytest.mark.parametrize("status", list(S))
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(shown: Gallery, status: str) -> None:
    world, case = shown.world, shown.case(status)
    absent = [a for a in APPLICATION.actions if a not in {row.action for row in APPLICATION.leaving(status)}]
    before = (case.version, case.status, ApplicationEvent.objects.count())
    for action in absent:
        assert who_may(world, action, case, LONG_AFTER) == set(), action
        for name in ("lead_approver", "officer", "system"):
            with pytest.raises((UnknownTransition, Refused)):
                transition.fire(case.pk, action, by=world[name], at=LONG_AFTER)
    case.refresh_from_db()
    assert (case.version, case.status, ApplicationEvent.objects.count()) == before


@JUDGED
@pytest.mark.parametrize("status", list(S))
def test_available_actions_are_the_rows_of_the_table(shown: Gallery, status: str) -> None:
    world, case = shown.world, shown.case(status)
    for name, held in WHO.items():
        rows = available_actions(world[name], case, clock.now())
        table = {r.action for r in APPLICATION.leaving(status) if r.roles & {party.value for party in held}}
        hidden = judge(world[name], "submit", case, clock.now()).ground is Ground.HIDDEN
        assert {row.action for row, _ in rows} == (set() if hidden else table), name
        assert all(decision or decision.reason for _, decision in rows)
        targets = {row.target for row, _ in rows if row.action in {"resubmit", "take_back"}}
        assert targets <= {S.SUBMITTED}, "a case sent back before the review goes back there only"


def test_start_is_for_editors_of_municipalities_of_the_area(shown: Gallery) -> None:
    world = shown.world
    wards = catalogue.municipality("131016", "千代田区", area="wards", kind="ku")
    unit = people.department(wards, "企画課")
    outside = people.actor(people.person("ward@test.example", "editor", unit))
    editors = {"lead_editor", "lead_colleague", "partner_editor", "stranger_editor"}
    for name in WHO:
        if name in editors:
            with transaction.atomic():
                assert (
                    drafting.start(call=world.call, by=world[name])[0].lead_id == world[name].organization_id
                )
                transaction.set_rollback(True)
        else:
            with pytest.raises(Refused):
                drafting.start(call=world.call, by=world[name])
    with pytest.raises(DomainError, match="対象外"):
        drafting.start(call=world.call, by=outside)


def test_consent_is_for_the_partner_alone_even_when_the_lead_files_letters(shown: Gallery) -> None:
    world, case = shown.world, shown.case(S.DRAFT)
    with pytest.raises(Refused):
        consents.consent(application_id=case.pk, by=world["lead_approver"], shown_hash="")
    with pytest.raises(Refused):
        membership.decline(application_id=case.pk, by=world["lead_approver"])
