"""Alerts without an account: nothing before a confirmation, only what is new afterwards."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.delivery import deliver_due
from accounts.models import Notice, NoticeAudience
from core import clock as core_clock
from core.clock import today
from programs.actions import alerts
from programs.actions.calls import publish_call
from programs.actions.publication import publish, withdraw
from programs.enums import AlertFrequency
from programs.models import SavedSearch
from programs.tasks import tell_alerts
from tests.conftest import HeldClock
from tests.factories import programs as make
from tests.programs.alerting import ASK, READER, ask, next_day, page_of, subscribed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(clock: HeldClock) -> HeldClock:
    """Saturday 21 November 2026, 10:00."""
    return clock


# --- Asking ---------------------------------------------------------------------------------------------


def test_the_form_shows_the_conditions_and_asks_by_mail(client: Client) -> None:
    make.published(slug="known", title="移住の支援")
    text = client.get(ASK).content.decode()
    assert "ことば：移住" in text
    assert "合う制度は1件" in text
    response = ask(client)
    assert response.status_code == 302
    assert "確認のメールを送りました" in client.get(response["Location"]).content.decode()
    deliver_due()
    [message] = mail.outbox
    assert message.to == [READER]
    assert READER not in message.subject + message.body
    assert "移住" not in message.subject
    assert "List-Unsubscribe" not in message.extra_headers
    assert SavedSearch.objects.get().confirmed_at is None


def test_nothing_is_told_before_the_confirmation(client: Client, clock: HeldClock) -> None:
    ask(client)
    deliver_due()
    mail.outbox.clear()
    make.published(title="移住の支援")
    next_day(clock)
    assert mail.outbox == []


def test_opening_the_link_changes_nothing(client: Client) -> None:
    """Mail gateways open every link."""
    ask(client)
    deliver_due()
    path = page_of(mail.outbox[0])
    for _ in range(2):
        text = client.get(path).content.decode()
        assert "お知らせを始める" in text
        assert READER not in text
    assert client.head(path).status_code == 200
    assert SavedSearch.objects.get().confirmed_at is None
    client.post(path, {"act": "confirm"})
    client.get(path)
    assert SavedSearch.objects.get().confirmed_at is not None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"address": "", "frequency": "daily"}, "入力してください"),
        ({"address": "reader", "frequency": "daily"}, "name@example.jp"),
        ({"address": "a\x00@example.jp", "frequency": "daily"}, "name@example.jp"),
        ({"address": "x" * 300 + "@example.jp", "frequency": "daily"}, "メールアドレス"),
        ({"address": READER, "frequency": "hourly"}, "知らせる間隔"),
        ({"address": READER}, "1つえらんでください"),
    ],
)
def test_a_faulty_form_keeps_what_was_typed(client: Client, data: dict[str, str], words: str) -> None:
    response = client.post(ASK, data)
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    assert "ことば：移住" in text
    if data["address"] == READER:
        assert READER in text
    assert not SavedSearch.objects.exists()


def test_faulty_conditions_are_named_and_nothing_is_kept(client: Client) -> None:
    response = ask(client, query="/alerts/?level=village")
    assert response.status_code == 400
    assert "という値はありません" in response.content.decode()
    assert not SavedSearch.objects.exists()


def test_the_answer_says_nothing_about_the_address(client: Client, clock: HeldClock) -> None:
    first = ask(client)
    again = ask(client)
    deliver_due()
    path = page_of(mail.outbox[0])
    client.post(path, {"act": "confirm"})
    confirmed = ask(client)
    answers = {(each.status_code, each["Location"], each.content) for each in (first, again, confirmed)}
    assert len(answers) == 1
    assert SavedSearch.objects.count() == 1


def test_one_confirmation_a_day_for_a_search(client: Client, clock: HeldClock) -> None:
    ask(client)
    ask(client)
    deliver_due()
    assert len(mail.outbox) == 1
    clock.advance(timedelta(days=1))
    ask(client)
    deliver_due()
    assert len(mail.outbox) == 2


def test_an_address_gets_few_confirmations_whoever_asks(client: Client) -> None:
    answers = {
        ask(client, query=f"/alerts/?search=移住{number}").status_code
        for number in range(alerts.MOST_A_DAY + 3)
    }
    assert answers == {302}
    assert SavedSearch.objects.count() == alerts.MOST_A_DAY
    assert ask(client, address="other@example.jp").status_code == 302
    assert SavedSearch.objects.filter(address="other@example.jp").exists()


def test_a_flood_from_one_place_is_slowed(client: Client) -> None:
    statuses = [ask(client, address=f"r{number}@example.jp").status_code for number in range(12)]
    assert statuses == [302] * 10 + [429] * 2


def test_an_unconfirmed_address_is_forgotten(client: Client, clock: HeldClock) -> None:
    ask(client)
    deliver_due()
    path = page_of(mail.outbox[0])
    next_day(clock, alerts.CONFIRM_DAYS + 1)
    assert not SavedSearch.objects.exists()
    assert not Notice.objects.exists()
    assert not NoticeAudience.objects.exists()
    assert client.post(path, {"act": "confirm"}).status_code == 404


# --- Telling --------------------------------------------------------------------------------------------


def test_only_what_is_new_is_told_and_only_once(client: Client, clock: HeldClock) -> None:
    make.published(slug="known", title="移住の支援（前から）")
    path = subscribed(client)
    next_day(clock)
    assert mail.outbox == []
    make.published(slug="fresh", title="移住の支援（新しい）")
    make.published(slug="other", title="観光の支援")
    next_day(clock)
    [message] = mail.outbox
    assert "移住の支援（新しい）" in message.body
    assert "/programs/fresh/" in message.body
    assert "前から" not in message.body
    assert "観光" not in message.body
    assert "移住" not in message.subject
    assert path in message.body
    next_day(clock)
    assert len(mail.outbox) == 1


def test_the_mail_carries_the_one_click_headers(client: Client, clock: HeldClock) -> None:
    path = subscribed(client)
    make.published(title="移住の支援")
    next_day(clock)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    target = headers["List-Unsubscribe"].strip("<>")
    assert urlsplit(target).path == path
    stranger = Client(enforce_csrf_checks=True)  # a mail program: no cookie, no page before
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not SavedSearch.objects.exists()


def test_a_call_of_a_new_year_is_told_again(client: Client, clock: HeldClock) -> None:
    program = make.published(slug="yearly", title="移住の補助")
    make.call_open(program, round_name="今年の募集")
    subscribed(client)
    next_day(clock)
    assert mail.outbox == []
    clock.advance(timedelta(days=365))
    make.call_open(program, round_name="来年の募集", fiscal_year=2028)
    next_day(clock)
    [message] = mail.outbox
    assert "来年の募集" in message.body
    assert "今年の募集" not in message.body


def test_a_call_announced_ahead_is_told_again_when_it_opens(client: Client, clock: HeldClock) -> None:
    """Also to who asked for news while it was only announced; one announced when it was open is told once."""
    program, now = make.published(slug="ahead", title="移住の補助"), core_clock.now()
    ahead = make.call_draft(
        program, round_name="先の募集", opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=20)
    )
    publish_call(call=ahead, by=make.publisher(program.owner))
    subscribed(client)
    make.call_open(program, round_name="すぐの募集")
    next_day(clock)
    assert "受付が始まりました" not in mail.outbox.pop().body
    next_day(clock, 2)
    [message] = mail.outbox
    assert "先の募集の受付が始まりました。" in message.body
    assert "すぐの募集" not in message.body
    next_day(clock)
    assert len(mail.outbox) == 1


def test_a_call_of_the_program_above_is_told(client: Client, clock: HeldClock) -> None:
    parent = make.published(slug="above", title="まちづくりの支援")
    make.published(slug="part", title="移住の内訳", parent=parent)
    subscribed(client)
    make.call_open(parent, round_name="上位の募集")
    next_day(clock)
    assert "上位の募集" in mail.outbox[0].body


def test_a_program_published_anew_is_told_again(client: Client, clock: HeldClock) -> None:
    program = make.published(title="移住の支援")
    subscribed(client)
    by = make.publisher(program.owner)
    withdraw(program=program, by=by, reason="見直し")
    next_day(clock)
    assert mail.outbox == []
    publish(program=program, by=by)
    next_day(clock)
    assert len(mail.outbox) == 1


def test_drafts_and_what_a_town_cannot_use_are_no_news(client: Client, clock: HeldClock) -> None:
    tama = make.municipality("132241", "多摩市")
    subscribed(client, query="/alerts/?municipality=132241")
    make.draft(title="下書きの制度")
    make.published(title="町村の制度", audience_scope="cho_son")
    make.published(title="終わった制度", offering="ended", audience_scope="tama")
    make.published(title="多摩の制度", owner=tama, level="municipal")
    next_day(clock)
    [message] = mail.outbox
    assert "多摩の制度" in message.body
    for words in ("下書き", "町村の制度", "終わった"):
        assert words not in message.body


def test_weekly_ones_wait_for_monday_morning(client: Client, clock: HeldClock) -> None:
    subscribed(client, frequency="weekly")
    make.published(title="移住の支援")
    next_day(clock)  # Sunday
    assert mail.outbox == []
    clock.jst(2026, 11, 23, 7, 59)
    tell_alerts()
    assert not Notice.objects.filter(kind=alerts.TOLD).exists()
    clock.jst(2026, 11, 23, 8, 0)
    tell_alerts()
    deliver_due()
    assert len(mail.outbox) == 1
    assert today(SavedSearch.objects.get().next_at).isoformat() == "2026-11-30"


@pytest.mark.parametrize(("frequency", "day"), [("daily", 22), ("weekly", 23)])
def test_the_next_morning(clock: HeldClock, frequency: str, day: int) -> None:
    now = clock.jst(2026, 11, 21, 10)
    assert alerts.next_morning(frequency, now) == clock.jst(2026, 11, day, 8)
    at_eight = clock.jst(2026, 11, 23, 8)
    assert alerts.next_morning(AlertFrequency.DAILY, at_eight) == clock.jst(2026, 11, 24, 8)
