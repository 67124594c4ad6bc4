"""Public dates as a page and as a calendar; a department's calendar by its secret address."""

import html
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from icalendar import Calendar

from accounts.actions import calendars
from accounts.models import CalendarEntry, CalendarToken, Membership, Organization
from core import clock as core_clock
from core import deadlines
from core.deadlines import Deadline
from core.logs import formatter
from programs.models import Call
from tests.accounts.notice_world import World, world
from tests.conftest import HeldClock
from tests.factories import programs as catalogue

pytestmark = pytest.mark.django_db
SignIn = Callable[[object], Client]
FEED = "/deadlines.ics"


def jst(month: int, day: int, hour: int = 17) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=core_clock.JST)


@pytest.fixture
def call(clock: HeldClock) -> Call:
    """Open now (21 November), precheck 1 December, closes 9 December, announced 16 February."""
    program = catalogue.published(title="連携活動促進支援事業")
    return catalogue.call_open(
        program, fiscal_year=2027, round_name="第1次募集", opens_at=jst(11, 2, 9), precheck_due_at=jst(12, 1),
        closes_at=jst(12, 9), announce_at=jst(12, 9) + timedelta(days=69),
    )  # fmt: skip


def page_of(client: Client, path: str = "/deadlines/", status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def events(body: bytes) -> dict[str, object]:
    """UID without its host → event, as a calendar program reads the file."""
    book = Calendar.from_ical(body)
    return {str(event["uid"]).partition("@")[0]: event for event in book.walk("VEVENT")}


# --- The page ----------------------------------------------------------------------------------------------


def test_dates_to_come_stand_by_month(call: Call, client: Client) -> None:
    page = page_of(client)
    order = [page.index(words) for words in (
        "令和8年12月（2026年）</h2>", "12月1日（火） 17:00", "12月9日（水） 17:00", "令和9年2月（2027年）</h2>",
        "2月16日（火） 17:00",
    )]  # fmt: skip
    assert order == sorted(order)
    assert f'href="/calls/{call.public_id}/"' in page
    assert "11月2日" not in page


def test_filters_by_kind_level_municipality_and_month(call: Call, client: Client) -> None:
    catalogue.municipality("132241", "多摩市")
    catalogue.municipality("132225", "東久留米市")
    own = catalogue.published(
        title="市の補助金", level="municipal", owner=Organization.objects.get(code="132225")
    )
    catalogue.call_open(own, fiscal_year=2027, round_name="市の募集", closes_at=jst(12, 20))
    assert "市の募集" in page_of(client)
    assert "市の募集" not in page_of(client, "/deadlines/?level=metropolitan")
    assert "市の募集" not in page_of(client, "/deadlines/?municipality=132241")
    assert "市の募集" in page_of(client, "/deadlines/?municipality=132225")
    closing = page_of(client, "/deadlines/?kind=closing")
    assert "12月9日" in closing
    assert "12月1日（火）" not in closing
    november = page_of(client, "/deadlines/?month=2026-11")
    assert "11月2日（月） 09:00" in november
    assert "12月9日" not in november
    assert "条件に合う期限はありません" in page_of(client, "/deadlines/?month=2026-10")
    assert "エラー：" in page_of(client, "/deadlines/?month=soon", 422)


def test_empty_huge_and_unpublished(clock: HeldClock, client: Client) -> None:
    assert "これからの期限はありません" in page_of(client)
    program = catalogue.published(title="たくさんの募集")
    for number in range(30):
        catalogue.call_open(
            program, fiscal_year=2027, round_name=f"第{number:02}回", closes_at=jst(12, 1) + timedelta(days=number),
            announce_at=jst(12, 1) + timedelta(days=100 + number),
        )  # fmt: skip
    assert "60件のうち1–50件目" in page_of(client)
    assert "第29回" in page_of(client, "/deadlines/?page=2")
    Call.objects.update(publication="draft")
    assert "これからの期限はありません" in page_of(client)
    assert client.post("/deadlines/").status_code == client.post(FEED).status_code == 405


# --- The public calendar -------------------------------------------------------------------------------------


def test_the_public_calendar_reads_back(call: Call, client: Client) -> None:
    answer = client.get(FEED)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    book = Calendar.from_ical(answer.content)
    assert (book["method"], book["version"]) == ("PUBLISH", "2.0")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert b"\r\n " in answer.content
    closing = events(answer.content)[f"programs.closing.{call.public_id}"]
    assert closing.decoded("dtstart") == jst(12, 9)
    assert str(closing["summary"]) == f"締切：{call}"
    assert str(closing["url"]).endswith(f"/calls/{call.public_id}/")
    assert "令和8年（2026年）12月9日（水）17:00" in str(closing["description"])
    assert (closing["sequence"], closing["status"]) == (0, "CONFIRMED")


def test_a_moved_date_is_the_same_event_with_a_higher_sequence(
    call: Call, client: Client, clock: HeldClock
) -> None:
    uid = f"programs.closing.{call.public_id}"
    calendars.keep(at=core_clock.now())
    before = events(client.get(FEED).content)[uid]
    Call.objects.update(closes_at=jst(12, 16))
    clock.advance(timedelta(hours=2))
    early = events(client.get(FEED).content)[uid]  # the memory has not been kept yet
    assert calendars.keep(at=core_clock.now()) == 1
    after = events(client.get(FEED).content)[uid]
    assert (before["sequence"], early["sequence"], after["sequence"]) == (0, 1, 1)
    assert after.decoded("last-modified") > before.decoded("last-modified")
    assert after.decoded("dtstart") == jst(12, 16)
    assert calendars.keep(at=core_clock.now()) == 0
    Call.objects.update(closes_at=jst(12, 9))
    calendars.keep(at=core_clock.now())
    assert events(client.get(FEED).content)[uid]["sequence"] == 2


def test_a_call_taken_back_is_struck_and_later_forgotten(
    call: Call, client: Client, clock: HeldClock
) -> None:
    calendars.keep(at=core_clock.now())
    Call.objects.update(publication="withdrawn")
    calendars.keep(at=core_clock.now())
    struck = events(client.get(FEED).content)[f"programs.closing.{call.public_id}"]
    assert (struck["status"], struck["sequence"]) == ("CANCELLED", 1)
    assert str(struck["summary"]).startswith("【取りやめ】")
    Call.objects.update(publication="published")
    calendars.keep(at=core_clock.now())
    again = events(client.get(FEED).content)[f"programs.closing.{call.public_id}"]
    assert (again["status"], again["sequence"]) == ("CONFIRMED", 2)
    clock.advance(timedelta(days=600))
    calendars.keep(at=core_clock.now())
    assert CalendarEntry.objects.count() == 0


def test_nothing_new_is_answered_shortly(call: Call, client: Client) -> None:
    calendars.keep(at=core_clock.now())
    first = client.get(FEED)
    again = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Call.objects.update(closes_at=jst(12, 16))
    assert client.get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_calendar_follows_the_filter(call: Call, client: Client) -> None:
    assert len(events(client.get(FEED).content)) == 4
    assert set(events(client.get(f"{FEED}?kind=closing").content)) == {f"programs.closing.{call.public_id}"}
    assert 'href="/deadlines.ics?kind=closing"' in page_of(client, "/deadlines/?kind=closing")


def test_the_calendar_of_one_program_and_of_what_it_is_part_of(call: Call, client: Client) -> None:
    """Its sheet leads there, and to the mails about it."""
    program = call.program
    part = catalogue.published(title="その一部", parent=program)
    other = catalogue.published(title="ほかの事業")
    for slug, dates in ((program.slug, 4), (part.slug, 4), (other.slug, 0), ("no-such", 0)):
        assert len(events(client.get(f"{FEED}?program={slug}").content)) == dates, slug
    assert f'href="{FEED}?program={program.slug}"' in page_of(client, f"/deadlines/?program={program.slug}")
    sheet = page_of(client, f"/programs/{program.slug}/")
    assert f'href="{FEED}?program={program.slug}"' in sheet
    address = html.unescape(re.search(r'href="(/alerts/[^"]*\?[^"]*)"', sheet)[1])  # type: ignore[index]
    assert "この条件に合う制度は1件です" in page_of(client, address)


# --- The department's calendar ---------------------------------------------------------------------------------


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


@pytest.fixture
def desk(people: World, monkeypatch: pytest.MonkeyPatch) -> list[Deadline]:
    """What stands on desks: one task of the editors' department, one of the other town."""
    told = [
        Deadline(
            "grants.submit", jst(12, 9), "提出：秘密の題名", "/applications/abc/", organization_id=body,
            department_id=unit, case_key=f"case{body}", what="申請の提出", about="募集：第1次募集",
        )
        for body, unit in ((people.town.pk, people.planning.pk), (people.other_town.pk, people.other_planning.pk))
    ]  # fmt: skip
    monkeypatch.setattr(deadlines, "_collectors", {"tests": lambda *_asked: told})
    return told


def address(client: Client) -> str:
    """Make an address on the page and read it there."""
    page = client.post("/account/calendar/").content.decode()
    found = re.search(r"/deadlines/[\w-]+\.ics", page)
    assert found
    return found.group()


def test_the_address_opens_the_departments_tasks_without_signing_in(
    people: World, desk: list[Deadline], client: Client, client_as: SignIn
) -> None:
    secret = address(client_as(people.editor))
    answer = client.get(secret)
    [event] = events(answer.content).values()
    assert str(event["summary"]) == "申請の提出：第1次募集"
    text = answer.content.decode()
    assert "秘密の題名" not in text
    assert people.editor.name not in text
    assert "@town.example" not in text
    assert answer["Cache-Control"] == "private, no-cache"
    assert client.get(secret, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert CalendarToken.objects.get().last_used_on == core_clock.today()


def test_two_dates_of_one_kind_in_a_case_are_two_events(
    people: World, desk: list[Deadline], client: Client, client_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts of a 庁内照会 are due on different days; the nearer one must not vanish behind the other."""
    desk.append(replace(desk[0], at=jst(12, 3)))
    monkeypatch.setattr(
        deadlines, "_planners", {"tests": lambda *_asked: sorted(desk, key=lambda one: one.case_key)}
    )
    monkeypatch.setattr(calendars, "_CHUNK", 1)
    calendars.keep(at=core_clock.now())
    assert calendars.keep(at=core_clock.now()) == 0, "and the memory is at rest"
    secret = address(client_as(people.editor))
    uid = f"grants.submit.{desk[0].case_key}"
    told = {name: event.decoded("dtstart") for name, event in events(client.get(secret).content).items()}
    assert told == {uid: jst(12, 3), f"{uid}.2": jst(12, 9)}
    desk.pop()
    calendars.keep(at=core_clock.now())
    [event] = events(client.get(secret).content).values()
    assert (event.decoded("dtstart"), event["sequence"]) == (jst(12, 9), 1)


def test_the_secret_is_shown_once_and_not_kept(people: World, client_as: SignIn) -> None:
    editor = client_as(people.editor)
    secret = address(editor).removeprefix("/deadlines/").removesuffix(".ics")
    token = CalendarToken.objects.get()
    assert token.digest == calendars.token_digest(secret)
    assert secret not in editor.get("/account/calendar/").content.decode()
    assert secret not in str(CalendarToken.objects.values())


def test_revoked_addresses_unknown_ones_and_those_of_people_who_left_are_gone(
    people: World, desk: list[Deadline], client: Client, client_as: SignIn
) -> None:
    editor = client_as(people.editor)
    first, second = address(editor), address(editor)
    newest, oldest = CalendarToken.objects.all()
    page = client_as(people.approver).post(f"/account/calendar/{oldest.pk}/revoke/", follow=True)
    assert "取り消しました" in page.content.decode()
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert client.get("/deadlines/unknown-unknown.ics").content == client.get(first).content
    Membership.objects.filter(pk=people.editor_post.pk).update(ends_on=jst(11, 20).date())
    assert client.get(second).status_code == 404
    assert newest.revoked_at is None


def test_who_may_make_and_revoke(people: World, client: Client, client_as: SignIn) -> None:
    editor, stranger = client_as(people.editor), client_as(people.stranger)
    assert client.get("/account/calendar/").status_code == 302
    address(editor)
    token = CalendarToken.objects.get()
    path = f"/account/calendar/{token.pk}/revoke/"
    assert stranger.post(path).status_code == 404
    assert stranger.post("/account/calendar/999/revoke/").status_code == 404
    assert editor.get(path).status_code == 405
    assert editor.post(path).status_code == 302
    assert editor.post(path).status_code == 409
    for _ in range(calendars.MOST_PER_PERSON):
        address(editor)
    assert "つまでです" in page_of_post(editor, 422)


def page_of_post(client: Client, status: int) -> str:
    answer = client.post("/account/calendar/")
    assert answer.status_code == status
    return answer.content.decode()


def test_guessing_is_put_off(people: World, client: Client) -> None:
    answers = [client.get(f"/deadlines/guess-number-{number:05}.ics").status_code for number in range(61)]
    assert answers[:60] == [404] * 60
    assert answers[60] == 429


def test_no_secret_stands_in_the_log() -> None:
    secret = "s3cretS3cretS3cretS3cret_-xyz"
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Not Found: %s", (f"/deadlines/{secret}.ics",), None
    )
    line = formatter().format(record)
    assert "Not Found" in line
    assert secret not in line


def test_the_calendars_are_kept_by_the_schedule(call: Call) -> None:
    from accounts import tasks

    tasks.keep_calendars()
    assert CalendarEntry.objects.filter(is_public=True).count() == 4


# --- The plan of reminders ---------------------------------------------------------------------------------------


def test_the_command_prints_days_and_instants(call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reminders", on=jst(12, 8).date())
    assert capsys.readouterr().out.strip() == "0件"
