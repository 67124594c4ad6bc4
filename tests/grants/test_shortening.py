"""An earlier closing: one officer proposes, another confirms; nobody is told of less time than promised without a reason."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import reminders
from accounts.models import Notice, ReminderRule
from accounts.rules import notice_group
from core import clock
from core.exceptions import Conflict, DomainError, Refused
from grants.actions import shortening
from grants.actions.extending import Extension, extend_call
from grants.actions.shortening import Proposal
from grants.enums import ShorteningOutcome
from grants.models import Shortening
from programs.models import Call, ProgramEvent
from programs.queries.integrity import event_chains
from tests.factories import grants as cases
from tests.factories.grants import World

pytestmark = pytest.mark.django_db
EARLIER = cases.CLOSES - timedelta(days=1)  # a Monday


@pytest.fixture
def world(settings: LazySettings) -> Iterator[World]:
    """Three business days are enough here: the test's call closes six after the day."""
    settings.SHORTENING_BUSINESS_DAYS = 3
    with clock.at(cases.NOW):
        yield cases.world()


def propose(world: World, by: str = "officer", **changes: object) -> Shortening:
    call = Call.objects.get(pk=world.call.pk)
    values: dict[str, object] = {
        "closes_at": EARLIER, "precheck_due_at": None, "reason": "国の交付決定が早まるため", "urgency": "",
        "shown": call.closes_at,
    }  # fmt: skip
    return shortening.propose_shortening(call=world.call, proposal=Proposal(**values | changes), by=world[by])  # type: ignore[arg-type]


def closing(world: World) -> datetime:
    return Call.objects.get(pk=world.call.pk).closes_at


def test_two_people_move_it_and_everybody_with_a_case_is_told(world: World) -> None:
    ReminderRule.objects.create(kind="grants.submit", before=[1])
    case = cases.start(world)
    cases.fill(world, case)
    made = propose(world)
    assert closing(world) == cases.CLOSES
    asked = Notice.objects.get(kind="grants.propose_shortening")
    assert asked.path == f"/review/calls/{world.call.public_id}/shorten/"
    with pytest.raises(Refused):
        shortening.confirm_shortening(shortening_id=made.pk, by=world["officer"])
    assert shortening.confirm_shortening(shortening_id=made.pk, by=world["second_officer"]) == 1
    assert closing(world) == EARLIER
    told = Notice.objects.get(kind="grants.shorten")
    assert told.due_at == EARLIER
    assert notice_group(told.kind).is_required
    assert "理由：国の交付決定が早まるため" in told.lines
    bodies = set(told.audiences.values_list("organization__name", "department__organization__name"))
    assert bodies == {("清瀬市", None), (None, "東久留米市")}
    [friday] = reminders.due(EARLIER - timedelta(days=3))
    assert EARLIER.isoformat()[:10] in friday.key
    assert list(reminders.due(cases.CLOSES - timedelta(hours=1))) == []
    events = list(
        ProgramEvent.objects.filter(call=world.call).order_by("sequence").values_list("action", flat=True)
    )
    assert events[-2:] == ["propose_shortening", "shorten_call"]
    assert list(event_chains()) == []
    with pytest.raises(Conflict):
        shortening.confirm_shortening(shortening_id=made.pk, by=world["second_officer"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": cases.CLOSES}, "closes_at"),
        ({"closes_at": cases.NOW}, "closes_at"),
        ({"closes_at": cases.NOW - timedelta(days=1), "urgency": "急ぐため"}, "closes_at"),
        ({"closes_at": cases.NOW + timedelta(days=3)}, "precheck_due_at"),
        ({"precheck_due_at": cases.CLOSES}, "precheck_due_at"),
        ({"precheck_due_at": cases.NOW, "urgency": "急ぐため"}, "precheck_due_at"),
        ({"precheck_due_at": cases.NOW + timedelta(days=1)}, "urgency"),
        ({"reason": " "}, "reason"),
        ({"urgency": "a@b.example へ"}, "urgency"),
        ({"reason": "国の予定\x07のため"}, "reason"),
    ],
)
def test_what_does_not_fit_is_said(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        propose(world, **changes)
    assert field in [fault.field for fault in refused.value.faults]
    assert not Shortening.objects.exists()


def test_less_than_the_period_of_notice_only_with_a_reason(world: World, settings: LazySettings) -> None:
    settings.SHORTENING_BUSINESS_DAYS = 10
    with pytest.raises(DomainError, match="10営業日ありません"):
        propose(world)
    made = propose(world, urgency="災害の復旧を急ぐため")
    cases.start(world)
    shortening.confirm_shortening(shortening_id=made.pk, by=world["second_officer"])
    assert (
        "予告の期間より短くする理由：災害の復旧を急ぐため" in Notice.objects.get(kind="grants.shorten").lines
    )


def test_a_confirmation_that_comes_late_leaves_too_little_time(world: World) -> None:
    made = propose(world)
    with clock.at(EARLIER - timedelta(days=2)), pytest.raises(DomainError, match="改めて提案"):
        shortening.confirm_shortening(shortening_id=made.pk, by=world["second_officer"])
    with clock.at(EARLIER), pytest.raises(DomainError, match="現在より前"):
        shortening.confirm_shortening(shortening_id=made.pk, by=world["second_officer"])
    assert closing(world) == cases.CLOSES


@pytest.mark.parametrize("name", ["lead_editor", "other_bureau", "reviewer", "decider", "anonymous"])
def test_only_officers_of_the_office(world: World, name: str) -> None:
    with pytest.raises(Refused):
        propose(world, name)
    made = propose(world)
    with pytest.raises(Refused):
        shortening.confirm_shortening(shortening_id=made.pk, by=world[name])
    with pytest.raises(Refused):
        shortening.withdraw_shortening(shortening_id=made.pk, by=world["second_officer"], answer="やめる")


def test_refused_withdrawn_and_ended_by_an_extension(world: World) -> None:
    first = propose(world)
    with pytest.raises(Conflict):
        propose(world, "second_officer")
    with pytest.raises(DomainError, match="理由"):
        shortening.refuse_shortening(shortening_id=first.pk, by=world["second_officer"], answer=" ")
    shortening.refuse_shortening(
        shortening_id=first.pk, by=world["second_officer"], answer="準備の時間が要るため"
    )
    ended = Notice.objects.filter(kind="grants.propose_shortening").latest("pk")
    assert ended.audiences.get().user == world.users["officer"]
    shortening.withdraw_shortening(
        shortening_id=propose(world).pk, by=world["officer"], answer="日程を改めるため"
    )
    third = propose(world)
    later = Extension(cases.CLOSES + timedelta(days=7), None, None, "大雪のため", cases.CLOSES)
    extend_call(call=world.call, extension=later, by=world["second_officer"])
    with pytest.raises(Conflict):
        shortening.confirm_shortening(shortening_id=third.pk, by=world["second_officer"])
    assert list(Shortening.objects.order_by("pk").values_list("outcome", flat=True)) == [
        ShorteningOutcome.REFUSED, ShorteningOutcome.WITHDRAWN, ShorteningOutcome.SUPERSEDED,
    ]  # fmt: skip
    assert list(event_chains()) == []


def test_the_database_refuses_a_person_alone(world: World) -> None:
    made = propose(world)
    row = Shortening.objects.filter(pk=made.pk)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        row.update(outcome="confirmed", ended_at=cases.NOW, ended_by=world.users["officer"])
    with pytest.raises(IntegrityError, match="outcome"), transaction.atomic():
        row.update(ended_at=cases.NOW, ended_by=world.users["second_officer"])


def test_the_pages(world: World, client_as: Callable[[object], Client], client: Client) -> None:
    cases.start(world)
    officer, second = client_as(world.users["officer"]), client_as(world.users["second_officer"])
    path = f"/review/calls/{world.call.public_id}/shorten/"
    shown = officer.get(path).context["form"]["shown"].value()
    typed = {
        "closes_at": "令和8年11月30日 9時00分", "reason": "国の予定のため", "urgency": "", "shown": shown,
    }  # fmt: skip
    bad = officer.post(path, typed | {"closes_at": "2026/12/25"})
    assert bad.status_code == 422
    assert "国の予定のため" in bad.content.decode()
    assert "別の担当の確認を待っています" in officer.post(path, typed, follow=True).content.decode()
    assert officer.post(path, typed).status_code == 409
    board = officer.get(f"/review/calls/{world.call.public_id}/").content.decode()
    assert "締切を早める案が、確認を待っています" in board
    one = Shortening.objects.get()
    acts = {name: f"{path}{one.public_id}/{name}/" for name in ("confirm", "refuse", "withdraw", "x")}
    assert [officer.get(acts[name]).status_code for name in acts] == [404, 404, 200, 404]
    assert "確認して締切を早める" in second.get(path).content.decode()
    for answer in (
        "",
        "a@b.example まで",
        "\x07のため",
    ):  # what a notice cannot carry is said, and kept to be mended
        refused = second.post(acts["refuse"], {"answer": answer})
        assert refused.status_code == 422
        assert answer in refused.content.decode()
    for name in ("lead_editor", "other_bureau", "decider"):
        assert client_as(world.users[name]).get(path).status_code == 404
    assert "1件の申請の団体に知らせます" in second.post(acts["confirm"], {}, follow=True).content.decode()
    again = second.post(acts["confirm"], {})
    assert again.status_code == 409
    assert "すでに終わっています" in again.content.decode()
    public = client.get(f"/calls/{world.call.public_id}/").content.decode()
    assert re.search(r"12月1日[^<]*から<b>[^<]*11月30日[^<]*</b>に早めました", public)
    assert "国の予定のため" not in public
    feed = client.get("/open-data/calls.atom").content.decode()
    assert "（変更後）" in feed
    assert f"<updated>{clock.local(cases.NOW).isoformat(timespec='seconds')}</updated>" in feed
