"""Publishing programs and announcing calls: who may, when, and that it is recorded."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from core import clock
from core.access import allowed
from core.actor import ANONYMOUS, SYSTEM
from core.events import verify_chain
from core.exceptions import Conflict, DomainError, Refused
from core.invariants import run_all
from programs.actions.calls import create_call, publish_call
from programs.actions.demo import load_demo, moment
from programs.actions.publication import publish, withdraw
from programs.enums import Level, Publication
from programs.models import Call, Program, ProgramEvent
from tests.factories import programs as make

pytestmark = pytest.mark.django_db


def test_publish_and_withdraw_are_recorded_in_one_chain() -> None:
    program = make.draft()
    by = make.publisher(program.owner)
    publish(program=program, by=by, comment="初回の公開")
    assert program.publication == Publication.PUBLISHED
    withdraw(program=program, by=by, reason="見直しのため")
    assert Program.objects.get().publication == Publication.WITHDRAWN
    events = list(ProgramEvent.objects.all())
    assert [(event.action, event.from_state, event.to_state) for event in events] == [
        ("publish", "draft", "published"),
        ("withdraw", "published", "withdrawn"),
    ]
    assert events[0].actor_name == by.name
    assert verify_chain(ProgramEvent.objects.all()) == []


def test_doing_it_twice_is_a_conflict() -> None:
    program = make.published()
    by = make.publisher(program.owner)
    with pytest.raises(Conflict, match="すでに公開"):
        publish(program=program, by=by)
    withdraw(program=program, by=by, reason="理由")
    with pytest.raises(Conflict, match="公開されていません"):
        withdraw(program=program, by=by, reason="理由")
    assert ProgramEvent.objects.count() == 2


def test_only_the_owners_publisher_may() -> None:
    program = make.draft(owner=make.metropolis())
    other = make.publisher(make.municipality("132241", "多摩市"))
    for actor in (ANONYMOUS, other):
        with pytest.raises(Refused):
            publish(program=program, by=actor)
    assert Program.objects.get().publication == Publication.DRAFT
    assert not ProgramEvent.objects.exists()


def test_the_metropolis_looks_after_national_programs() -> None:
    national = make.draft(level=Level.NATIONAL, owner=make.municipality("132241", "多摩市"))
    assert allowed(make.publisher(make.metropolis()), "programs.edit", national)
    city = make.draft(level=Level.MUNICIPAL, owner=make.municipality("132241", "多摩市"))
    assert not allowed(make.publisher(make.metropolis()), "programs.edit", city)


def test_a_program_without_needed_texts_is_not_published() -> None:
    program = make.draft(audience_text="", reach_text=" ")
    with pytest.raises(DomainError) as caught:
        publish(program=program, by=make.publisher(program.owner))
    assert [fault.field for fault in caught.value.faults] == ["audience_text", "reach_text"]


def test_withdrawing_needs_a_reason() -> None:
    program = make.published()
    with pytest.raises(DomainError, match="理由"):
        withdraw(program=program, by=make.publisher(program.owner), reason="  ")


def test_a_call_is_drafted_and_announced() -> None:
    program = make.published()
    call = make.call_draft(program)
    assert not call.is_open(clock.now())
    publish_call(call=call, by=make.publisher(program.owner))
    assert call.is_open(clock.now())
    with pytest.raises(Conflict):
        publish_call(call=call, by=make.publisher(program.owner))
    assert [event.action for event in ProgramEvent.objects.filter(call=call)] == [
        "create_call",
        "publish_call",
    ]


def test_public_ids_are_random_and_unlike() -> None:
    program = make.published()
    ids = {make.call_draft(program).public_id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(each) == 10 and not set(each) & set("lo01") for each in ids)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_at": timedelta(days=-2)}, "締切は受付開始より後"),
        ({"precheck_due_at": timedelta(days=20)}, "案の事前確認の期限"),
        ({"announce_at": timedelta(days=1)}, "結果の公表は締切以後"),
        ({"budget": -1}, "0円以上"),
        ({"rounding_unit": 0}, "1以上"),
        ({"capacity": 5}, "単位"),
        ({"applicants": ""}, "申請できる人"),
    ],
)
def test_impossible_calls_are_refused_in_words(changes: dict[str, Any], words: str) -> None:
    program = make.published()
    values = {
        name: clock.now() + value if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }
    with pytest.raises(DomainError, match=words):
        make.call_draft(program, **values)


def test_the_same_round_twice_is_refused() -> None:
    program = make.published()
    make.call_draft(program, round_name="第1次募集")
    with pytest.raises(DomainError, match="同じ名前の募集"):
        make.call_draft(program, round_name="第1次募集")


def test_the_database_refuses_too() -> None:
    call = make.call_draft(make.published())
    for change in ({"closes_at": call.opens_at}, {"publication": "published"}, {"max_per_lead": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**change)
    program = call.program
    for change in ({"publication": "seen"}, {"parent": program}, {"first_year": 2027, "last_year": 2026}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Program.objects.filter(pk=program.pk).update(**change)


def test_calls_of_unpublished_programs_and_past_calls_are_not_announced() -> None:
    hidden = make.draft()
    with pytest.raises(DomainError, match="先に制度を公開"):
        publish_call(call=make.call_draft(hidden), by=make.publisher(hidden.owner))
    program = make.published()
    past = make.call_draft(program, closes_at=clock.now() - timedelta(hours=1))
    with pytest.raises(DomainError, match="締切を過ぎています"):
        publish_call(call=past, by=make.publisher(program.owner))


def test_creating_a_call_needs_the_publisher() -> None:
    program = make.published()
    now = clock.now()
    with pytest.raises(Refused):
        create_call(
            program=program,
            by=ANONYMOUS,
            fiscal_year=2027,
            round_name="第1次募集",
            opens_at=now,
            closes_at=now + timedelta(days=1),
            applicants="市町村",
        )


def test_demo_calls_are_marked_and_made_once(reference: None) -> None:
    directory = settings.FIXTURES_DIR / "demo"
    assert load_demo(directory).created == 8
    assert load_demo(directory).created == 0
    assert all(Call.objects.values_list("is_fictional", flat=True))
    grant = Call.objects.filter(program__slug="diverse-partners-grant").latest("closes_at")
    now = clock.now()
    assert grant.is_open(now)
    assert 12 <= (grant.closes_at - now).days <= 30
    assert clock.local(grant.closes_at).strftime("%H:%M") == "17:00"
    assert ProgramEvent.objects.filter(call=grant).count() == 2


def test_demo_needs_its_programs(tmp_path: Path) -> None:
    (tmp_path / "calls.json").write_text('[{"program": "nothing", "fiscal_year": 0}]', encoding="utf-8")
    with pytest.raises(DomainError, match="nothing"):
        load_demo(tmp_path, by=SYSTEM)


def test_moments_are_business_days() -> None:
    friday = clock.instant(clock.today().replace(year=2026, month=11, day=20))
    assert (
        clock.local(moment("+1bd 17:00", friday)).isoformat() == "2026-11-24T17:00:00+09:00"
    )  # 23rd: holiday
    assert clock.today(moment("-1bd", friday)).isoformat() == "2026-11-19"
    with pytest.raises(ValueError, match="営業日"):
        moment("12 days", friday)


def test_invariants_hold_and_find_faults(reference: None) -> None:
    assert {
        name: faults for name, faults in run_all().items() if name.startswith("programs.") and faults
    } == {}
    Program.objects.filter(slug="kyoryokutai").update(title="別の名前")
    a, b = Program.objects.filter(parent__isnull=True)[:2]
    Program.objects.filter(pk=a.pk).update(parent=b)
    Program.objects.filter(pk=b.pk).update(parent=a)
    found = run_all()
    assert any("kyoryokutai" in line for line in found["programs.search_columns"])
    assert found["programs.no_rings"]
