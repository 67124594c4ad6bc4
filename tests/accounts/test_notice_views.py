"""The inbox, its read marks and the box for a 通知番号, asked the six questions."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.notice import Audience, notify
from accounts.models import Delivery, Notice, NoticeRead
from core import clock
from tests.accounts.notice_world import World, person, world
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db

SignIn = Callable[[object], Client]


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


@pytest.fixture
def editor(people: World, client_as: SignIn) -> Client:
    return client_as(people.editor)


def tell(people: World, key: str = "case:1", audience: Audience | None = None, **given: object) -> Notice:
    fields = {
        "kind": "grants.returned",
        "title": f"通知 {key}",
        "path": f"/applications/{key.replace(':', '-')}/",
        **given,
    }
    return notify(key=key, audience=audience or Audience.of_department(people.planning.pk), **fields)


def text(response: object) -> str:
    return response.content.decode()


# --- It works ---------------------------------------------------------------------------------------------


def test_the_inbox_shows_what_by_when_and_its_number(people: World, editor: Client) -> None:
    notice = tell(people, lines=["経費を直してください。"], due_at=clock.now() + timedelta(days=3))
    page = text(editor.get("/notices/"))
    for words in (
        notice.title,
        notice.notice_code,
        notice.path,
        "経費を直してください。",
        "令和8年（2026年）11月24日",
        "未読",
    ):
        assert words in page
    assert "（未読1）" in page


def test_an_empty_inbox_says_what_will_come(people: World, editor: Client) -> None:
    assert "通知はまだありません" in text(editor.get("/notices/"))
    tell(people)
    editor.post("/notices/read/", {"all": "1"})
    assert "未読の通知はありません" in text(editor.get("/notices/?unread=1"))


def test_a_huge_inbox_is_paged_with_a_fixed_number_of_queries(people: World, editor: Client) -> None:
    counts = []
    editor.get("/notices/")  # the first request of a session also writes when it began
    for size in (1, 3, 120):
        for number in range(Notice.objects.count(), size):
            tell(people, f"many:{number}")
        with CaptureQueriesContext(connection) as queries:
            page = text(editor.get("/notices/"))
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert "（未読99+）" in page
    assert "120件のうち1–30件目" in page
    assert page.count("既読にする<span") == 30
    assert "120件のうち91–120件目" in text(editor.get("/notices/?page=4"))
    assert editor.get("/notices/?page=999").status_code == 200
    assert editor.get("/notices/?page=x").status_code == 200


def test_reading_one_and_all_by_post(people: World, editor: Client) -> None:
    notices = [tell(people, f"case:{number}") for number in range(3)]
    answer = editor.post("/notices/read/", {"notice": notices[0].pk, "next": "/notices/?unread=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/notices/?unread=1")
    page = text(editor.get("/notices/?unread=1"))
    assert "1件の通知を既読にしました" in page
    assert notices[0].notice_code not in page
    assert notices[1].notice_code in page
    editor.post("/notices/read/", {"all": "1"})
    assert NoticeRead.objects.filter(user=people.editor).count() == 3
    assert "（未読" not in text(editor.get("/notices/"))


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}"])
def test_the_box_opens_the_case(people: World, editor: Client, typed: str) -> None:
    notice = tell(people)
    wide = notice.notice_code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    answer = editor.get("/notices/open/", {"code": typed.format(notice.notice_code, wide)})
    assert (answer.status_code, answer["Location"]) == (302, notice.path)
    assert not NoticeRead.objects.exists()  # a GET changes nothing


def test_every_page_has_the_box_and_the_count(people: World, editor: Client) -> None:
    tell(people)
    page = text(editor.get("/help/"))
    assert 'action="/notices/open/"' in page
    assert "（未読1）" in page
    assert "/notices/" not in text(Client().get("/help/"))


def test_late_mail_is_said(people: World, editor: Client, clock: HeldClock) -> None:
    notice = tell(people)
    Delivery.objects.create(
        notice=notice,
        user=people.editor,
        department=people.planning,
        message_id="<a@b>",
        next_try_at=notice.at,
    )
    assert "メールの送信が遅れています" not in text(editor.get("/notices/"))
    clock.advance(timedelta(minutes=16))
    assert "メールの送信が遅れています" in text(editor.get("/notices/"))


def test_what_a_notice_says_is_escaped(people: World, editor: Client) -> None:
    tell(people, title="<script>alert(1)</script>", lines=["<b>太字</b>"])
    page = text(editor.get("/notices/"))
    assert "&lt;script&gt;" in page
    assert "<b>太字" not in page
    assert "&lt;script&gt;" in text(editor.get("/notices/open/", {"code": "<script>"}))
    assert "<script>alert" not in page


# --- Wrong method, wrong person, wrong state, twice -----------------------------------------------------------


def test_wrong_methods(people: World, editor: Client) -> None:
    assert editor.post("/notices/").status_code == 405
    assert editor.post("/notices/open/").status_code == 405
    assert editor.get("/notices/read/").status_code == 405
    assert not NoticeRead.objects.exists()


@pytest.mark.parametrize("path", ["/notices/", "/notices/open/?code=123456", "/desk/"])
def test_the_anonymous_are_sent_to_sign_in(people: World, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/")
    assert Client().post("/notices/read/", {"all": "1"}).status_code == 302
    assert not NoticeRead.objects.exists()


def test_another_role_of_the_department_does_not_see_it(people: World, client_as: SignIn) -> None:
    notice = tell(people, audience=Audience.of_department(people.planning.pk, "approver"))
    for path in ("/notices/", f"/notices/open/?code={notice.notice_code}"):
        page = text(client_as(people.editor).get(path))
        assert notice.title not in page
        assert notice.path not in page
    assert notice.title in text(client_as(people.approver).get("/notices/"))


def test_another_towns_number_is_answered_like_an_unknown_one(people: World, client_as: SignIn) -> None:
    """Somebody else's, one never given out, a mistyped one and none at all: the same page, byte for byte."""
    notice = tell(people)
    stranger = client_as(people.stranger)
    unknown = Notice(pk=notice.pk + 5_000).notice_code
    mistyped = notice.notice_code[:-1] + str((int(notice.notice_code[-1]) + 1) % 10)
    pages = set()
    for code in (notice.notice_code, unknown, mistyped, "", "x", "9" * 40):
        answer = stranger.get("/notices/open/", {"code": code})
        assert answer.status_code == 404
        page = text(answer).replace(f'value="{code[:20]}"', 'value=""')
        pages.add(re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]+"', r"\1", page))
    assert len(pages) == 1
    assert notice.title not in text(stranger.get("/notices/"))


@pytest.mark.parametrize("value", ["0", "999999999", "x", "-1", "9" * 40, "１", ""])
def test_marking_what_is_not_ones_own_is_unknown(people: World, editor: Client, value: str) -> None:
    assert editor.post("/notices/read/", {"notice": value}).status_code == 404


def test_marking_another_towns_notice_marks_nothing(people: World, editor: Client) -> None:
    own = tell(people)
    other = tell(people, "other", Audience.of_department(people.other_planning.pk))
    assert editor.post("/notices/read/", {"notice": [own.pk, other.pk]}).status_code == 404
    assert editor.post("/notices/read/").status_code == 404
    assert not NoticeRead.objects.exists()


def test_marking_twice_changes_nothing_more(people: World, editor: Client) -> None:
    notice = tell(people)
    for words in ("1件の通知を既読にしました", "すでに既読です"):
        answer = editor.post("/notices/read/", {"notice": notice.pk}, follow=True)
        assert words in text(answer)
    assert NoticeRead.objects.count() == 1


@pytest.mark.parametrize(
    "after", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_marking_never_leads_off_the_portal(people: World, editor: Client, after: str) -> None:
    tell(people)
    assert editor.post("/notices/read/", {"all": "1", "next": after})["Location"] == "/notices/"


def test_without_a_post_only_what_is_addressed_to_the_person(people: World, client_as: SignIn) -> None:
    loner = person("loner")
    tell(people)
    mine = tell(people, "mine", Audience.of_users(loner.pk))
    page = text(client_as(loner).get("/notices/"))
    assert mine.title in page
    assert "通知 case:1" not in page


def test_forms_need_their_token(people: World, client_as: SignIn) -> None:
    tell(people)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_as(people.editor).cookies
    assert strict.post("/notices/read/", {"all": "1"}).status_code == 403
    assert not NoticeRead.objects.exists()


def test_personal_pages_are_not_stored(people: World, editor: Client) -> None:
    for path in ("/notices/", "/notices/open/?code=1", "/desk/"):
        assert "no-store" in editor.get(path)["Cache-Control"]
