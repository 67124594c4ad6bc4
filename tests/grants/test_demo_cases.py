"""The cases of the demo: one in every state, made by the actions alone, with dates that follow the day of loading."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.management import call_command

from accounts.actions import delivery
from accounts.models import Notice, NoticeAudience, Organization, User
from accounts.queries import actor_for, memberships_in_force
from core import clock as core_clock
from core.actor import Actor
from core.exceptions import DomainError
from core.invariants import run_all
from core.loading import read_json
from grants.actions import demo_walk
from grants.actions.demo import load_demo_cases
from grants.enums import FUNDED_STATES, RECEIVED_STATES, ApplicationStatus, DocumentPurpose
from grants.models import (
    Application,
    ApplicationEvent,
    Decision,
    Document,
    Inquiry,
    InquiryAnswer,
    Routing,
)
from grants.queries import desk_tasks
from grants.queries.forms import form_changes, newer_form
from grants.queries.routing import routing_tasks
from programs.actions.demo import load_demo as load_demo_calls
from programs.enums import EndsIn
from programs.models import AdoptedProject, Call
from tests.conftest import FIRST_LIGHT

DIRECTORY = project.FIXTURES_DIR / "demo"
FREE = {"東久留米市", "清瀬市", "小平市"}
"""Their people walk a case of their own."""


@pytest.fixture
def held(demo: None, clock: Any) -> None:
    """The demo, at the instant it was loaded."""


def person(mail: str) -> Actor:
    user = User.objects.get(email=mail)
    return actor_for(
        user, memberships_in_force(user, core_clock.today())[0], core_clock.today(), second_factor=True
    )


def open_call() -> Call:
    return Call.objects.get(
        program__slug="diverse-partners-grant",
        opens_at__lte=core_clock.now(),
        closes_at__gte=core_clock.now(),
    )


def test_there_is_a_case_in_every_state(held: None) -> None:
    assert set(Application.objects.values_list("status", flat=True)) == set(ApplicationStatus.values)
    announced = Application.objects.filter(status=ApplicationStatus.ADOPTED, announced_at__isnull=False)
    assert announced.exists()


def test_every_state_was_reached_by_recorded_acts(held: None) -> None:
    assert {name: found for name, found in run_all().items() if found} == {}
    for application in Application.objects.all():
        last = ApplicationEvent.objects.filter(application=application).exclude(to_state="").latest("pk")
        assert last.to_state == application.status


def test_one_draft_began_before_the_newest_version_of_its_form(held: None) -> None:
    (case,) = [case for case in Application.objects.with_parts().filter(status="draft") if newer_form(case)]
    newest = newer_form(case)
    assert (case.template.version, newest and newest.version) == (1, 2)
    assert {change.of for change in form_changes(case.template, newest)} >= {"設問"}


def test_nothing_happens_in_the_future_and_all_in_order(held: None) -> None:
    for application in Application.objects.all():
        at = list(
            ApplicationEvent.objects.filter(application=application)
            .order_by("pk")
            .values_list("at", flat=True)
        )
        assert at == sorted(at) and at[0] == application.started_at and at[-1] <= core_clock.now()


def test_everything_is_marked_as_invented(held: None) -> None:
    assert all(title.startswith("【架空】") for title in Application.objects.values_list("title", flat=True))
    assert all(Call.objects.filter(applications__isnull=False).values_list("is_fictional", flat=True))
    mailboxes = set(NoticeAudience.objects.exclude(mailbox="").values_list("mailbox", flat=True))
    assert mailboxes and all(mailbox.endswith(".example") for mailbox in mailboxes)
    shown = AdoptedProject.objects.filter(slug__startswith="project-")
    assert shown.exists() and not shown.filter(is_fictional=False).exists()


def test_the_past_is_told_by_the_inbox_and_not_mailed(held: None) -> None:
    """Some hundred mails at the first start would bury the codes people wait for to sign in."""
    assert Notice.objects.unread_by(person("officer@tokyo.example")).exists()
    delivery.deliver_due()
    assert mail.outbox == []
    assert set(Notice.objects.values_list("unreached", flat=True)) == {
        "デモの過去の出来事のため、メールは送っていません。"
    }


def test_loading_again_adds_nothing(held: None, settings: Any) -> None:
    settings.DEMO = True
    before = [
        model.objects.count() for model in (Application, ApplicationEvent, Document, Notice, User, Call)
    ]
    with core_clock.at(FIRST_LIGHT + timedelta(days=3)):
        out = StringIO()
        call_command("load_demo", stdout=out)
    assert "cases: 0 created, 0 updated, 18 unchanged" in out.getvalue()
    assert before == [
        model.objects.count() for model in (Application, ApplicationEvent, Document, Notice, User, Call)
    ]


def test_the_open_call_waits_for_the_first_town(held: None) -> None:
    call = open_call()
    assert call.closes_at - core_clock.now() > timedelta(days=7)
    assert call == Call.objects.filter(program=call.program).latest("closes_at")
    leads = set(Application.objects.filter(call=call).values_list("lead__name", flat=True))
    assert leads and leads.isdisjoint(FREE)
    members = Application.objects.filter(call=call).values_list("members__name", flat=True)
    assert FREE.isdisjoint(members)


@pytest.mark.parametrize(
    ("mail", "kinds"),
    [
        ("officer@tokyo.example", {"grants.answer_precheck", "grants.start_review", "grants.recommend"}),
        ("reviewer1@tokyo.example", {"grants.score"}),
        ("reviewer2@tokyo.example", {"grants.score"}),
        ("decider@tokyo.example", {"grants.decide"}),
        ("editor@hachioji.example", {"grants.resubmit"}),
        ("approver@inagi.example", {"grants.consent"}),
    ],
)
def test_people_find_work_on_the_desk(held: None, mail: str, kinds: set[str]) -> None:
    assert {task.kind for task in desk_tasks(person(mail), core_clock.now())} >= kinds


def test_every_decision_has_its_letters(held: None) -> None:
    decisions = list(Decision.objects.prefetch_related("letters"))
    assert {decision.outcome for decision in decisions} == {"adopted", "rejected", "reserve"}
    for decision in decisions:
        kinds = [letter.name.rsplit(".", 1)[1] for letter in decision.letters.all()]
        assert sorted(kinds) == ["docx", "pdf"]
    assert Document.objects.filter(purpose=DocumentPurpose.LETTER).count() == 2 * len(decisions)


def test_amounts_differ_and_follow_the_rules(held: None) -> None:
    received = Application.objects.filter(status__in=RECEIVED_STATES, call__ends_in=EndsIn.MONEY)
    amounts = list(received.values_list("requested_amount", flat=True))
    assert len(set(amounts)) > 6 and all(0 < (amount or 0) <= 10_000_000 for amount in amounts)
    assert all(application.decided_amount for application in received.filter(status__in=FUNDED_STATES))


def test_the_towns_are_those_that_may_take_part(held: None) -> None:
    leads = Organization.objects.filter(led_applications__isnull=False).distinct()
    assert {lead.area for lead in leads} == {"tama", "islands"} and leads.count() >= 7
    together = leads.filter(led_applications__call__program__slug="diverse-partners-grant")
    assert {lead.area for lead in together} == {"tama"}


def test_a_walk_that_breaks_leaves_nothing_behind(held: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_walk: demo_walk.Walk) -> None:
        raise ZeroDivisionError

    before = Application.objects.count()
    monkeypatch.setattr(demo_walk.Walk, "_plan", broken)
    with core_clock.at(FIRST_LIGHT + timedelta(days=400)), pytest.raises(ZeroDivisionError):
        load_next_year()
    assert Application.objects.count() == before


def load_next_year() -> None:
    """The calls of the following year, and their cases."""
    load_demo_calls(DIRECTORY)
    load_demo_cases(DIRECTORY)


def test_without_its_call_a_case_says_what_is_missing(reference: None, clock: Any) -> None:
    with pytest.raises(DomainError, match="募集"):
        load_demo_cases(DIRECTORY)


def test_production_has_no_invented_cases(db: None, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(RuntimeError):
        load_demo_cases(DIRECTORY)


def test_the_file_uses_known_states() -> None:
    used = {case["state"] for case in read_json(DIRECTORY / "cases.json")["cases"]}
    assert used <= set(demo_walk.states())


def test_parts_are_out_and_questions_answered(held: None) -> None:
    assert sorted(Routing.objects.values_list("status", flat=True)) == ["answered", "out"]
    assert sorted(Inquiry.objects.values_list("status", flat=True)) == ["asked", "published"]
    clerk = person("kanko@ome.example")
    assert {task.kind for task in routing_tasks(clerk, core_clock.now())} <= {"grants.routing"}
    corrected = InquiryAnswer.objects.exclude(reason="")
    assert corrected.count() == 1 and all("【架空】" in answer.answer for answer in corrected)
