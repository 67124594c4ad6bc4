"""The deadlines of real cases: one rule fills desk and plan; reminders follow what happens to the case."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import reminders
from accounts.actions.delivery import deliver_due
from accounts.enums import Role
from accounts.models import Department, Membership, Notice, ReminderRule
from core import clock, deadlines
from core.actor import Actor
from core.loading import read_json
from grants.actions import prechecks, submission
from grants.enums import ApplicationStatus
from grants.queries import applications, desk_tasks, planned_deadlines
from programs.models import Call
from tests.factories import grants as cases
from tests.factories.grants import World

pytestmark = pytest.mark.django_db
SignIn = Callable[[object], Client]
RULES = read_json(Path(settings.FIXTURES_DIR) / "reference" / "reminder_rules.json")["rules"]
S = ApplicationStatus
TASKS = [S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.DECIDING, S.RESERVE, S.ADOPTED]


@pytest.fixture
def world() -> Iterator[World]:
    """Bodies, people, an open call (closes 1 December, 10:00 JST), the clock at 21 November, and the rules."""
    with clock.at(cases.NOW):
        ReminderRule.objects.bulk_create(ReminderRule(**rule) for rule in RULES)
        yield cases.world()


def jst(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.JST)


def planned(at: datetime) -> dict[str, datetime]:
    """Kind → instant of everything that is to be done."""
    return {each.kind: each.at for each in planned_deadlines(at)}


@pytest.mark.parametrize("status", TASKS)
def test_the_desk_is_the_plan_as_far_as_it_concerns_the_actor(world: World, status: str) -> None:
    """For everybody, before and after the closing; reviewers only their own cases."""
    cases.case_in(world, status)

    def desks(actor: Actor, at: datetime) -> tuple[list[str], list[str]]:
        seen = set(applications(actor, at).values_list("public_id", flat=True))
        plan = [each for each in planned_deadlines(at) if each.is_for(actor) and each.case_key in seen]
        return [task.key for task in desk_tasks(actor, at)], [task.key for task in sorted(plan)]

    for at in (cases.NOW, cases.AFTER_CLOSING, cases.ANNOUNCES + timedelta(days=1)):
        for actor in world.actors.values():
            if not actor.is_system:
                shown, expected = desks(actor, at)
                assert shown == expected


def test_a_fixed_number_of_queries_however_many_cases(world: World) -> None:
    Call.objects.filter(pk=world.call.pk).update(max_per_lead=5)
    world.call.refresh_from_db()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert list(planned_deadlines(clock.now()))
        return len(caught)

    cases.fill(world, cases.start(world))
    one = queries()
    for _ in range(2):
        cases.fill(world, cases.start(world))
    assert queries() == one


def test_an_unsent_draft_is_told_plainly_until_it_is_sent(world: World) -> None:
    case = cases.ready(world)
    with clock.at(jst(11, 30)):
        assert reminders.plan_due(clock.now()) == 1
        deliver_due()
        text = str(next(sent for sent in mail.outbox if "期限まで" in str(sent.subject)).body)
        for words in (
            "申請の提出の期限まで、あと1日です",
            "まだ提出していません。",
            "保存しただけでは提出になりません。",
        ):
            assert words in text
        for secret in (cases.ANSWERS["title"], "試験 lead_editor", "10,000,000"):
            assert secret not in text
        mail.outbox.clear()
        submission.submit(application_id=case.pk, by=world["lead_editor"], idempotency_key=cases.key())
        assert reminders.plan_due(clock.now()) == 0
    with clock.at(jst(12, 1)):
        assert reminders.plan_due(clock.now()) == 0


def test_sent_between_planning_and_mailing(world: World) -> None:
    case = cases.ready(world)
    with clock.at(jst(11, 30)):
        reminders.plan_due(clock.now())
        submission.submit(application_id=case.pk, by=world["lead_editor"], idempotency_key=cases.key())
        deliver_due()
    assert not [sent for sent in mail.outbox if "期限まで" in str(sent.subject)]
    [reminder] = Notice.objects.exclude(deadline_key="")
    assert set(reminder.deliveries.values_list("state", flat=True)) == {"skipped"}


def test_a_longer_call_moves_every_reminder(world: World) -> None:
    cases.ready(world)
    assert planned(clock.now())["grants.submit"] == cases.CLOSES
    before = [reminder.key for reminder in reminders.due(jst(11, 30))]
    Call.objects.filter(pk=world.call.pk).update(closes_at=cases.CLOSES + timedelta(days=14))
    after = [reminder.key for reminder in reminders.due(jst(12, 14), window=timedelta(days=14))]
    assert len(before) == 1
    assert before[0] not in after
    assert [key.rpartition(":")[2] for key in after] == ["-7", "-3", "-1"]


def test_the_precheck_is_asked_for_in_time_and_answered(world: World) -> None:
    case = cases.start(world)
    cases.fill(world, case)
    assert planned(clock.now())["grants.request_precheck"] == cases.PRECHECK_DUE
    assert "grants.request_precheck" not in planned(cases.PRECHECK_DUE + timedelta(seconds=1))
    prechecks.request_precheck(application_id=case.pk, by=world["lead_editor"])
    assert "grants.request_precheck" not in planned(clock.now())
    assert planned(clock.now())["grants.answer_precheck"] == cases.PRECHECK_DUE


def test_a_late_correction_is_told_to_the_town_and_to_the_officer(world: World) -> None:
    """Due 11 December: the approver and the liaison hear of it on the first business day after, the officer too."""
    cases.returned(world)
    due = clock.now() + timedelta(days=20)
    found = list(reminders.due(due + timedelta(days=3, hours=1), window=timedelta(days=3)))
    book = reminders.Book()
    told = {each.deadline.kind: reminders.told(each, book, each.at) for each in found}
    assert set(told) == {"grants.resubmit", "grants.take_back"}
    town = told["grants.resubmit"]
    assert {role for _, role in town.audience.departments} == {"editor", "approver"}
    assert town.audience.organizations == {(world.lead.pk, "liaison")}
    assert town.kind == "overdue.grants.resubmit"


def test_tokyo_may_not_know_of_a_draft_before_the_precheck(world: World) -> None:
    case = cases.start(world)
    assert {each.known_to for each in planned_deadlines(clock.now())} == {frozenset()}
    cases.fill(world, case)
    cases.precheck(world, case)
    assert all(world["officer"].department_id in each.known_to for each in planned_deadlines(clock.now()))


# --- The plan for those who answer for it ------------------------------------------------------------------


def plan_of(client: Client, path: str = "/operations/reminders/?days=30") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def with_role(world: World, name: str, role: Role) -> object:
    """The person of that name, given another role in the same department."""
    unit = Department.objects.get(pk=world[name].department_id)
    post = Membership.objects.get(user=world.users[name], department=unit)
    Membership.objects.create(user=post.user, department=unit, role=role, starts_on=post.starts_on)
    return post.user


def test_who_sees_what_of_the_plan(world: World, client_as: SignIn) -> None:
    case = cases.start(world)
    liaison = client_as(with_role(world, "lead_finance", Role.LIAISON))
    stranger = client_as(with_role(world, "stranger_editor", Role.LIAISON))
    officer, bureau = client_as(world.users["officer"]), client_as(world.users["other_bureau"])
    assert "申請の提出の期限まで" in plan_of(liaison)
    assert "東久留米市 企画政策課" in plan_of(liaison)
    assert "この期間に送る催促はありません" in plan_of(stranger)
    hidden = plan_of(officer)
    assert "東久留米市" not in hidden
    assert "申請についての催促が、ほかに" in hidden
    cases.fill(world, case)
    cases.precheck(world, case)
    assert "東久留米市 企画政策課" in plan_of(officer)
    assert "東久留米市 企画政策課" not in plan_of(bureau)
    assert cases.ANSWERS["title"] not in plan_of(liaison) + plan_of(officer)
    for name in ("lead_editor", "reviewer", "decider"):
        assert client_as(world.users[name]).get("/operations/reminders/").status_code == 404
    assert Client().get("/operations/reminders/").status_code == 302
    assert officer.post("/operations/reminders/").status_code == 405


def test_the_command_says_whom_and_why(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    cases.ready(world)
    call_command("reminders", on=jst(11, 30).date())
    text = capsys.readouterr().out
    for words in (
        "2026-11-30 09:00",
        "東久留米市 企画政策課（担当・承認者）",
        "期限の1営業日前",
        "決まり grants.submit",
        "1件",
    ):
        assert words in text
    assert Notice.objects.exclude(deadline_key="").count() == 0
    call_command("reminders", at=jst(11, 30), dry_run=True, format="json")
    assert '"rule": "grants.submit"' in capsys.readouterr().out
    assert Notice.objects.exclude(deadline_key="").count() == 0
    call_command("reminders", at=jst(11, 30))
    assert "1 recorded" in capsys.readouterr().err
    assert Notice.objects.exclude(deadline_key="").count() == 1


def test_deadlines_of_named_cases_only(world: World) -> None:
    case = cases.start(world)
    assert {each.case_key for each in deadlines.planned(clock.now(), frozenset({case.public_id}))} == {
        case.public_id
    }
    assert list(deadlines.planned(clock.now(), frozenset({"unknown"}))) == []
