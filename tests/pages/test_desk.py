"""The desk: the department's tasks by due date."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.actions.notice import Audience, notify
from core import clock, deadlines
from core.actor import Actor
from core.deadlines import Deadline
from tests.accounts.notice_world import World, person, world
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db

SignIn = Callable[[object], Client]


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[Deadline]:
    """What the one registered app tells; put deadlines in."""
    told: list[Deadline] = []
    monkeypatch.setattr(deadlines, "_collectors", {})
    deadlines.collector("tests")(lambda *_asked: told)
    return told


def due(people: World, title: str, after: timedelta, **fields: object) -> Deadline:
    given = {"organization_id": people.town.pk, "department_id": people.planning.pk, **fields}
    return Deadline("tests.due", clock.now() + after, title, "/applications/abc/", case_key=title, **given)


def page_of(client: Client, path: str = "/desk/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_tasks_stand_by_due_date_in_four_buckets(
    people: World, tasks: list[Deadline], client_as: SignIn
) -> None:
    """Saturday 21 November 2026, 10:00: this week ends tomorrow."""
    tasks += [
        due(people, "ずっと先", timedelta(days=91)), due(people, "来週の分", timedelta(days=4)),
        due(people, "今日の分", timedelta(hours=7)), due(people, "過ぎた分", timedelta(days=-2)),
    ]  # fmt: skip
    page = page_of(client_as(people.editor))
    order = [page.index(words) for words in (
        "期限を過ぎたもの", "2日過ぎています", "過ぎた分", "今週<", "今日まで", "今日の分", "来週<", "あと4日",
        "来週の分", "そのあと", "令和9年2月20日（土）", "あと91日", "ずっと先",
    )]  # fmt: skip
    assert order == sorted(order)
    assert "11月21日（土） 17:00" in page
    assert "11月23日から11月29日" in page
    assert 'href="/applications/abc/"' in page


def test_the_deadlines_own_instant_is_in_time(
    people: World, tasks: list[Deadline], client_as: SignIn
) -> None:
    tasks.append(due(people, "いままで", timedelta(0)))
    assert "期限を過ぎたもの" not in page_of(client_as(people.editor))
    tasks[0] = due(people, "いままで", timedelta(microseconds=-1))
    assert "今日の期限を過ぎました" in page_of(client_as(people.editor))


def test_other_departments_and_roles_do_not_see_a_task(
    people: World, tasks: list[Deadline], client_as: SignIn
) -> None:
    """Even when an app's collector tells too much, the desk shows only what concerns the actor."""
    tasks.append(due(people, "承認者の仕事", timedelta(days=1), audience_roles=frozenset({"approver"})))
    assert "承認者の仕事" in page_of(client_as(people.approver))
    assert "承認者の仕事" not in page_of(client_as(people.editor))
    assert "承認者の仕事" not in page_of(client_as(people.stranger))


def test_each_app_is_asked_for_the_acting_person(
    people: World, client_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Actor, datetime]] = []
    monkeypatch.setattr(deadlines, "_collectors", {})
    for app in ("first", "second"):
        deadlines.collector(app)(lambda actor, at: asked.append((actor, at)) or [])
    page_of(client_as(people.editor))
    assert [(actor.department_id, at) for actor, at in asked] == [(people.planning.pk, clock.now())] * 2
    with pytest.raises(ValueError, match="first"):
        deadlines.collector("first")(lambda *_asked: [])


def test_empty_and_without_a_post(people: World, tasks: list[Deadline], client_as: SignIn) -> None:
    assert "期限のある仕事はありません" in page_of(client_as(people.editor))
    assert "いまの配属がありません" in page_of(client_as(person("loner")))


def test_a_huge_desk_is_paged(people: World, tasks: list[Deadline], client_as: SignIn) -> None:
    tasks += [due(people, f"仕事{number:03}", timedelta(days=number)) for number in range(120)]
    editor = client_as(people.editor)
    assert "120件のうち1–50件目" in page_of(editor)
    last = page_of(editor, "/desk/?page=3")
    assert "仕事119" in last
    assert "仕事099" not in last


def test_the_newest_notices_stand_beside(people: World, tasks: list[Deadline], client_as: SignIn) -> None:
    for number in range(7):
        notify(
            kind="grants.told", key=f"n:{number}", title=f"お知らせ{number}", path="/", lines=[],
            audience=Audience.of_department(people.planning.pk), at=clock.now() + timedelta(minutes=number),
        )  # fmt: skip
    page = page_of(client_as(people.editor))
    assert "お知らせ6" in page
    assert "お知らせ2" in page
    assert "お知らせ1" not in page


def test_wrong_method(people: World, client_as: SignIn) -> None:
    assert client_as(people.editor).post("/desk/").status_code == 405
