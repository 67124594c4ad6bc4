"""An extension: one action, everybody told once, reminders and drafts follow; never shorter, never after the review began."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts import reminders
from accounts.models import Notice, ReminderRule
from core import clock
from core.exceptions import Conflict, DomainError, Refused
from core.form_fields import MomentField
from grants.actions.closing import expire_due, reopen_due
from grants.actions.extending import Extension, extend_call
from grants.enums import ApplicationStatus
from grants.models import Application
from programs.models import Call, ProgramEvent
from programs.queries.integrity import event_chains
from tests.factories import grants as cases
from tests.factories.grants import World

pytestmark = pytest.mark.django_db
LATER = cases.CLOSES + timedelta(days=7)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(cases.NOW):
        yield cases.world()


def extension(world: World, closes_at: datetime = LATER, **changes: object) -> Extension:
    call = Call.objects.get(pk=world.call.pk)
    values = {"precheck_due_at": None, "announce_at": None, "reason": "大雪のため", "shown": call.closes_at}
    return Extension(closes_at=closes_at, **(values | changes))


def extend(world: World, by: str = "officer", **changes: object) -> int:
    return extend_call(call=world.call, extension=extension(world, **changes), by=world[by])


def test_it_moves_the_closing_and_tells_who_has_a_case(world: World) -> None:
    case = cases.start(world)
    cases.fill(world, case)
    assert extend(world) == 1
    call = Call.objects.get(pk=world.call.pk)
    assert call.closes_at == LATER
    notice = Notice.objects.get(kind="grants.extend")
    assert notice.due_at == LATER
    assert "理由：大雪のため" in notice.lines
    bodies = set(notice.audiences.values_list("organization__name", "department__organization__name"))
    assert bodies == {("清瀬市", None), (None, "東久留米市")}
    event = ProgramEvent.objects.get(action="extend_call")
    assert datetime.fromisoformat(event.payload["closed_at"]) == cases.CLOSES
    assert list(event_chains()) == []


def test_an_expired_draft_comes_back(world: World) -> None:
    case = cases.start(world)
    with clock.at(cases.AFTER_CLOSING):
        expire_due()
        assert Application.objects.get(pk=case.pk).status == ApplicationStatus.EXPIRED
        extend(world)
        reopen_due()
    assert Application.objects.get(pk=case.pk).status == ApplicationStatus.DRAFT


def test_reminders_of_the_earlier_closing_are_not_sent(world: World) -> None:
    ReminderRule.objects.create(kind="grants.submit", before=[1])
    cases.start(world)
    the_day_before = cases.CLOSES - timedelta(days=1)
    assert any("submit" in row.key for row in reminders.due(the_day_before))
    extend(world)
    assert not any("submit" in row.key for row in reminders.due(the_day_before))


@pytest.mark.parametrize("name", ["lead_editor", "other_bureau", "reviewer", "decider", "anonymous"])
def test_only_the_bureaus_officers(world: World, name: str) -> None:
    with pytest.raises(Refused):
        extend(world, name)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": cases.CLOSES}, "closes_at"),
        ({"closes_at": cases.CLOSES - timedelta(days=1)}, "closes_at"),
        ({"reason": " "}, "reason"),
        ({"reason": "a@b.example へ"}, "reason"),
        ({"closes_at": cases.ANNOUNCES + timedelta(days=1)}, "announce_at"),
        ({"precheck_due_at": LATER + timedelta(days=1)}, "precheck_due_at"),
    ],
)
def test_what_does_not_fit_is_said(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        extend(world, **changes)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert Call.objects.get(pk=world.call.pk).closes_at == cases.CLOSES


def test_twice_is_a_conflict(world: World) -> None:
    shown = extension(world)
    extend_call(call=world.call, extension=shown, by=world["officer"])
    with pytest.raises(Conflict):
        extend_call(call=world.call, extension=shown, by=world["second_officer"])


def test_not_once_the_review_has_begun(world: World) -> None:
    cases.case_in(world, ApplicationStatus.UNDER_REVIEW)
    with clock.at(cases.AFTER_CLOSING), pytest.raises(DomainError, match="審査が始まっている"):
        extend(world)


def test_the_page(world: World, client_as: Callable[[object], Client]) -> None:
    cases.start(world)
    client, path = client_as(world.users["officer"]), f"/review/calls/{world.call.public_id}/extend/"
    shown = client.get(path).context["form"]["shown"].value()
    assert path in client.get("/review/").content.decode()
    bad = client.post(path, {"closes_at": "らいしゅう", "reason": "大雪のため", "shown": shown})
    assert bad.status_code == 422
    assert "らいしゅう" in bad.content.decode()
    assert "大雪のため" in bad.content.decode()
    good = {"closes_at": "令和8年12月10日 12時00分", "reason": "大雪のため", "shown": shown}
    assert "1件の申請の団体に知らせます" in client.post(path, good, follow=True).content.decode()
    assert (
        clock.local(Call.objects.get(pk=world.call.pk).closes_at).isoformat() == "2026-12-10T12:00:00+09:00"
    )
    assert client.post(path, good).status_code == 409
    for name in ("lead_editor", "other_bureau"):
        assert client_as(world.users[name]).get(path).status_code == 404


def test_everybody_sees_that_the_closing_moved(world: World, client: Client) -> None:
    path = f"/calls/{world.call.public_id}/"
    assert "締切の変更" not in client.get(path).content.decode()
    extend(world)
    shown = client.get(path).content.decode()
    words = [clock.local(moment).strftime("%-m月%-d日") for moment in (cases.CLOSES, LATER)]
    assert re.search(f"{words[0]}[^<]*から<b>[^<]*{words[1]}[^<]*</b>に延ばしました", shown)
    assert "大雪のため" not in shown


def test_a_bare_day_means_five_in_the_afternoon() -> None:
    assert clock.local(MomentField().to_python("R8.12.1")).isoformat() == "2026-12-01T17:00:00+09:00"
