"""Which reminders are due, kept once, and mailed only while they are true."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import reminders, tasks
from accounts.actions import outdated as truth
from accounts.actions.delivery import deliver_due
from accounts.enums import Role
from accounts.models import Addressees, ClosingDay, Delivery, Membership, Notice, NoticeAudience, ReminderRule
from accounts.reminders import Book, Reminder
from core import clock as core_clock
from tama_portal.celery import app
from tests.accounts.notice_world import World, person, post, world
from tests.accounts.reminding import CLOSES, Told, deadline, rule, told_by
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def jst(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=core_clock.JST)


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, people: World) -> Told:
    """One task of the town's planning department, due on 9 December at 17:00, and its rule."""
    found = told_by(monkeypatch)
    found.append(deadline(people))
    rule()
    return found


def offsets(at: datetime, **options: timedelta) -> list[int]:
    return [reminder.step.offset for reminder in reminders.due(at, **options)]


# --- When ------------------------------------------------------------------------------------------------


def test_due_from_the_instant_on_and_not_before(told: Told) -> None:
    assert offsets(jst(11, 30, 8, 59)) == []
    assert offsets(jst(11, 30)) == [-7]
    assert offsets(jst(12, 9)) == [0]
    assert offsets(jst(12, 10)) == [1]


def test_downtime_is_caught_up_within_the_window_and_never_after_the_deadline(told: Told) -> None:
    assert offsets(jst(12, 1, 8, 59)) == [-7]
    assert offsets(jst(12, 1, 9, 0)) == []
    assert offsets(jst(12, 2), window=3 * DAY) == [-7]
    assert offsets(CLOSES) == [0]
    assert offsets(CLOSES + timedelta(microseconds=1)) == []
    assert offsets(jst(12, 20), window=20 * DAY) == [1, 3]


@pytest.mark.parametrize("instant", [(12, 8, 23, 59), (12, 9, 0, 0), (12, 9, 8, 59), (12, 9, 9, 0)])
def test_around_midnight_and_nine(told: Told, instant: tuple[int, int, int, int]) -> None:
    assert offsets(jst(*instant)) == ([0] if instant == (12, 9, 9, 0) else [-1])


def test_no_first_reminder_soon_after_the_case_began(told: Told, people: World) -> None:
    told[:] = [deadline(people, since=jst(11, 29, 9, 1))]
    assert offsets(jst(11, 30)) == []
    told[:] = [deadline(people, since=jst(11, 29, 9, 0))]
    assert offsets(jst(11, 30)) == [-7]
    told[:] = [deadline(people, since=jst(12, 10, 9, 1))]
    assert offsets(jst(12, 10, 12)) == []


def test_one_a_day_for_a_case_and_a_body(told: Told, people: World) -> None:
    """Of two tasks of one body the more urgent rule speaks; another body is told of its own task."""
    rule("grants.certify", priority=200)
    told.append(deadline(people, "grants.certify"))
    partner = deadline(
        people, "grants.certify", organization_id=people.other_town.pk, department_id=people.other_planning.pk
    )
    told.append(partner)
    found = list(reminders.due(jst(11, 30)))
    assert {(reminder.deadline.kind, reminder.deadline.target) for reminder in found} == {
        ("grants.submit", f"o{people.town.pk}"), ("grants.certify", f"o{people.other_town.pk}"),
    }  # fmt: skip


def test_closing_days_are_those_of_the_body(told: Told, people: World) -> None:
    ClosingDay.objects.create(organization=people.other_town, day=jst(12, 8).date(), name="創立記念日")
    assert offsets(jst(12, 8)) == [-1]
    ClosingDay.objects.create(organization=people.town, day=jst(12, 8).date(), name="創立記念日")
    assert offsets(jst(12, 8)) == []
    assert offsets(jst(12, 7)) == [-1]


def test_public_dates_kinds_without_a_rule_and_rules_switched_off_remind_nobody(
    told: Told, people: World
) -> None:
    told[:] = [deadline(people, organization_id=None, department_id=None)]
    assert offsets(jst(11, 30)) == []
    told[:] = [deadline(people, "grants.unruled")]
    assert offsets(jst(11, 30)) == []
    told[:] = [deadline(people, "grants.off")]
    rule("grants.off", is_active=False)
    assert offsets(jst(11, 30)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(
    cuts=st.lists(st.integers(0, 40 * 4).map(lambda quarter: quarter * 360), max_size=8),
    moved=st.lists(st.integers(-9, 20), max_size=4),
)
def test_windows_lose_nothing_and_tell_nothing_twice(
    told: Told, people: World, cuts: list[int], moved: list[int]
) -> None:
    """However time is cut into windows, together they are the whole, each reminder once.

    The two rules speak at 9 and at 15 o'clock, so that windows also end between two reminders of one case and day.
    """
    if not ReminderRule.objects.filter(kind="grants.b").exists():
        rule("grants.b", hour=15, priority=1)
    told[:] = [deadline(people), deadline(people, "grants.b")] + [
        deadline(people, at=CLOSES + days * DAY, kind=f"grants.{'b' if place % 3 else 'submit'}")
        for place, days in enumerate(moved)
    ]  # fmt: skip
    book = Book()
    start, end = jst(11, 10, 0), jst(11, 10, 0) + 40 * DAY
    edges = [start, *sorted({start + timedelta(minutes=minutes) for minutes in cuts} - {start, end}), end]
    pieces = [
        reminder.key
        for first, last in pairwise(edges)
        for reminder in reminders.between(first, last, data_at=start, book=book)
    ]
    whole = [reminder.key for reminder in reminders.between(start, end, data_at=start, book=book)]
    assert sorted(pieces) == sorted(whole)
    assert len(set(whole)) == len(whole)


# --- To whom and what ------------------------------------------------------------------------------------


def first(at: datetime) -> Reminder:
    return next(iter(reminders.due(at)))


def test_escalation_adds_the_approver_and_the_bodys_liaison(told: Told, people: World) -> None:
    book = Book()
    plain = reminders.told(first(jst(12, 10)), book, jst(12, 10)).audience
    assert plain.departments == {(people.planning.pk, "editor")}
    assert not plain.organizations
    overdue = first(jst(12, 14))
    told_more = reminders.told(overdue, book, jst(12, 14)).audience
    assert told_more.departments == {(people.planning.pk, "editor"), (people.planning.pk, "approver")}
    assert told_more.organizations == {(people.town.pk, "liaison")}
    assert overdue.why == "期限の3営業日後（承認者・取りまとめにも）"


def test_the_mail_says_what_who_and_by_when_and_nothing_of_the_case(
    told: Told, people: World, clock: HeldClock
) -> None:
    clock.set(jst(12, 8))
    assert reminders.plan_due(core_clock.now()) == 1
    deliver_due()
    text = "\n".join(str(sent.body) for sent in mail.outbox)
    for words in (
        "申請の提出の期限まで、あと1日です", "東久留米市 企画調整課（担当）", "令和8年（2026年）12月9日（水）17:00まで",
        "募集：第1次募集", "まだ提出していません。", "通知番号：", "/applications/abc/",
    ):  # fmt: skip
        assert words in text
    assert "秘密の題名" not in text
    assert people.editor.name not in text
    assert not re.search(r"\S@\S", text.replace("http", ""))
    assert sorted(sent.to[0] for sent in mail.outbox) == ["editor@town.example", "kikaku@town.example"]


def test_titles_for_the_day_itself_and_after() -> None:
    from accounts.reminders import Rule, steps, words
    from core.deadlines import Deadline

    due = Deadline("k.k", CLOSES, "t", "/", what="申請の提出")
    before, day_of, after = steps(Rule("k.k", before=(1, 0), after=(1,)), CLOSES)
    assert words.title(due, before, before.at) == "申請の提出の期限まで、あと1日です"
    assert words.title(due, before, day_of.at) == "申請の提出は、今日の17:00が期限です"
    assert words.title(due, after, after.at) == "申請の提出の期限を1日過ぎています"


def test_nobody_who_has_not_joined_or_has_left_is_told(told: Told, people: World, clock: HeldClock) -> None:
    post(person("newcomer", joined=False), people.planning, Role.EDITOR)
    post(person("closed", active=False), people.planning, Role.EDITOR)
    Membership.objects.filter(pk=people.editor_post.pk).update(ends_on=jst(12, 7).date())
    clock.set(jst(12, 8))
    reminders.plan_due(core_clock.now())
    deliver_due()
    assert [sent.to for sent in mail.outbox] == [["kikaku@town.example"]]


# --- Kept once ---------------------------------------------------------------------------------------------


def test_planning_again_keeps_nothing_new(told: Told, clock: HeldClock) -> None:
    clock.set(jst(12, 8))
    tasks.plan_reminders()
    tasks.plan_reminders()
    [notice] = Notice.objects.all()
    assert (notice.kind, notice.case_key, notice.due_at) == ("reminder.grants.submit", "abc", CLOSES)
    assert NoticeAudience.objects.count() == 1
    clock.advance(timedelta(hours=23))
    assert reminders.plan_due(core_clock.now()) == 0


def test_many_are_kept_in_chunks(
    told: Told, people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.reminders.recording.CHUNK", 10)
    told[:] = [deadline(people, case_key=f"case{number:03}") for number in range(35)]
    clock.set(jst(12, 8))
    assert reminders.plan_due(core_clock.now()) == 35
    assert Notice.objects.count() == 35
    assert NoticeAudience.objects.count() == Addressees.objects.count() == 1  # the same people: kept once
    notice = Notice.objects.order_by("pk").last()
    assert {each.email for each in notice.recipients(core_clock.today())} == {
        "editor@town.example", "kikaku@town.example",
    }  # fmt: skip
    assert Notice.objects.for_reader(people.editor_actor).count() == 35
    told[:] = [deadline(people, case_key=f"case{number:03}", department_id=None) for number in range(35, 40)]
    assert reminders.plan_due(core_clock.now()) == 5
    assert Addressees.objects.count() == 2


def test_a_second_task_of_the_case_waits_for_another_day(told: Told, people: World, clock: HeldClock) -> None:
    """The first one was told this morning and is done by noon: nothing more about this case today."""
    rule("grants.certify", priority=200)
    clock.set(jst(12, 8))
    assert reminders.plan_due(core_clock.now()) == 1
    told[:] = [deadline(people, "grants.certify")]
    clock.set(jst(12, 8, 12))
    assert reminders.plan_due(core_clock.now()) == 0
    clock.set(jst(12, 9))
    assert reminders.plan_due(core_clock.now()) == 1


def test_the_schedule_plans_every_minute() -> None:
    [entry] = [row for row in app.conf.beat_schedule.values() if row["task"] == "accounts.plan_reminders"]
    assert entry["schedule"] <= 60
    assert "accounts.plan_reminders" in app.tasks
    for row in app.conf.beat_schedule.values():
        app.loader.import_default_modules()
        assert row["task"] in app.tasks


def test_rules_that_make_no_sense_are_refused() -> None:
    for faulty in (
        {"before": [-1]},
        {"before": [1, 1]},
        {"after": [0]},
        {"roles": ["king"]},
        {"hour": 24},
        {"before": ["1"]},
    ):
        with pytest.raises(ValidationError):
            rule("grants.faulty", **faulty)


# --- True when mailed ----------------------------------------------------------------------------------------


def states() -> set[tuple[str, str]]:
    return set(Delivery.objects.values_list("state", "last_error"))


def test_an_extension_plans_anew_and_the_old_reminder_stays_home(
    told: Told, people: World, clock: HeldClock
) -> None:
    clock.set(jst(12, 8))
    reminders.plan_due(core_clock.now())
    told[:] = [deadline(people, at=CLOSES + 2 * DAY)]
    deliver_due()
    assert mail.outbox == []
    assert {state for state, _ in states()} == {"skipped"}
    clock.set(jst(12, 10))
    assert reminders.plan_due(core_clock.now()) == 1
    deliver_due()
    assert len(mail.outbox) == 2
    assert "12月11日" in str(mail.outbox[0].body)


def test_an_extension_on_the_same_day_is_told_the_same_day(
    told: Told, people: World, clock: HeldClock
) -> None:
    """Moved by one day at noon: the reminder for the new date is due today too, and goes."""
    clock.set(jst(12, 9))
    assert reminders.plan_due(core_clock.now()) == 1
    told[:] = [deadline(people, at=CLOSES + DAY)]
    clock.set(jst(12, 9, 12))
    assert reminders.plan_due(core_clock.now()) == 1


def test_a_task_done_meanwhile_is_not_mailed(told: Told, clock: HeldClock) -> None:
    clock.set(jst(12, 8))
    reminders.plan_due(core_clock.now())
    told.clear()
    deliver_due()
    assert mail.outbox == []
    assert states() == {("skipped", "期限が変わったか、済んだため、この催促は送りませんでした。")}


def test_of_two_partners_only_the_one_who_has_not_consented_is_mailed(
    told: Told, people: World, clock: HeldClock
) -> None:
    other = {"organization_id": people.other_town.pk, "department_id": people.other_planning.pk}
    told.append(deadline(people, **other))
    clock.set(jst(12, 8))
    assert reminders.plan_due(core_clock.now()) == 2
    told[:] = [deadline(people, **other)]
    deliver_due()
    assert {sent.to[0] for sent in mail.outbox} == {"stranger@town.example", "kikaku@other.example"}


def test_after_the_deadline_no_mail_still_asks_for_being_in_time(told: Told, clock: HeldClock) -> None:
    """The mail server was away until the deadline had passed; what is overdue is told as overdue."""
    clock.set(jst(12, 9))
    reminders.plan_due(core_clock.now())
    clock.set(CLOSES + timedelta(seconds=1))
    deliver_due()
    assert mail.outbox == []
    clock.set(jst(12, 10))
    reminders.plan_due(core_clock.now())
    deliver_due()
    assert {re.sub(r"（通知.*", "", str(sent.subject)) for sent in mail.outbox} == {
        "【多摩・島しょ連携支援ポータル】申請の提出の期限を1日過ぎています"
    }


def test_truth_is_asked_once_a_batch_and_only_for_reminders(
    told: Told, people: World, clock: HeldClock
) -> None:
    told[:] = [deadline(people, case_key=f"case{number}") for number in range(5)]
    clock.set(jst(12, 8))
    reminders.plan_due(core_clock.now())
    told.asked = 0
    deliver_due()
    assert len(mail.outbox) == 10
    assert told.asked == 1


def test_a_truth_that_cannot_be_read_does_not_keep_the_mail_back(
    told: Told, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_asked: object) -> set[str]:
        raise RuntimeError("no answer")

    clock.set(jst(12, 8))
    reminders.plan_due(core_clock.now())
    monkeypatch.setattr(truth, "_standing", broken)
    deliver_due()
    assert len(mail.outbox) == 2
