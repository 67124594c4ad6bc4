"""People's choices: at once, once a day, or in the portal only; a deputy while away; what the law wants goes at once."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.actions import digests
from accounts.actions.addressing import address_due
from accounts.actions.choosing import choose_notices, name_deputy
from accounts.actions.delivery import deliver_due
from accounts.actions.digests import compose_due
from accounts.actions.notice import Audience, notify
from accounts.actions.transfer import Transfer, carry_out, posts_at
from accounts.enums import NoticeMode, Role, UnitChange
from accounts.models import Delivery, Deputy, DigestEntry, Notice, NoticeChoice, ReminderRule
from accounts.rules import NOTICE_GROUPS, next_digest, notice_group
from core import clock, invariants
from core.actor import SYSTEM
from core.exceptions import DomainError
from grants.actions.telling import TELLINGS
from tests.accounts.notice_world import World, person, post, world
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db
MONDAY = (2026, 11, 30)


@pytest.fixture
def people(clock: HeldClock) -> World:
    clock.jst(*MONDAY, 10, 0)
    return world()


@pytest.fixture(autouse=True)
def nothing_broken(db: None) -> Iterator[None]:
    yield
    assert invariants.run_all()["accounts.outbox"] == []


def tell(people: World, key: str = "1", kind: str = "grants.consent", **given: object) -> Notice:
    told = notify(
        kind=kind, key=key, title=given.pop("title", "構成団体が同意しました"), path="/applications/abc/",
        audience=given.pop("audience", Audience.of_department(people.planning.pk, "editor")), **given,
    )  # fmt: skip
    assert told is not None
    return told


def choose(people: World, mode: NoticeMode, *groups: str) -> None:
    choose_notices(
        modes=dict.fromkeys(groups or ("requests", "reminders", "progress"), mode), by=people.editor_actor
    )


def told_to(address: str) -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [address]]


EDITOR = "editor@town.example"


def test_nothing_chosen_is_told_at_once(people: World) -> None:
    tell(people)
    deliver_due()
    assert len(told_to(EDITOR)) == 1


def test_one_digest_the_next_morning(people: World, clock: HeldClock) -> None:
    choose(people, NoticeMode.DIGEST)
    first = tell(people, "1", title="構成団体が同意しました")
    tell(people, "2", title="審査が始まりました")
    deliver_due()
    assert told_to(EDITOR) == []
    assert told_to("kikaku@town.example"), "the shared mailbox chooses nothing"
    assert compose_due(at=clock_now()) == 0, "not before the morning"
    clock.jst(2026, 12, 1, 8, 30)
    assert compose_due(at=clock_now()) == 1
    assert compose_due(at=clock_now()) == 0, "once"
    deliver_due()
    [subject] = told_to(EDITOR)
    assert "通知のまとめ（2件）" in subject
    body = next(message.body for message in mail.outbox if message.to == [EDITOR])
    assert "構成団体が同意しました" in body
    assert first.notice_code in body


def clock_now() -> object:
    return clock.now()


def test_a_crash_while_composing_tells_nothing_twice(
    people: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(people, NoticeMode.DIGEST)
    tell(people)
    address_due(at=clock_now())
    clock.jst(2026, 12, 1, 9, 0)
    with monkeypatch.context() as killed:
        killed.setattr(digests.NoticeRead.objects, "get_or_create", lambda **_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            compose_due(at=clock_now())
    assert not Notice.objects.filter(kind="accounts.digest").exists()
    assert DigestEntry.objects.due(clock_now()).count() == 1
    assert compose_due(at=clock_now()) == 1


def test_what_is_due_before_the_digest_goes_at_once(people: World) -> None:
    choose(people, NoticeMode.DIGEST)
    tell(people, due_at=clock.now() + timedelta(hours=7))
    deliver_due()
    assert len(told_to(EDITOR)) == 1


def test_only_in_the_portal(people: World) -> None:
    choose(people, NoticeMode.INBOX)
    notice = tell(people, audience=Audience.of_users(people.editor.pk))
    deliver_due()
    assert told_to(EDITOR) == []
    notice.refresh_from_db()
    assert "受け取らない設定" in notice.unreached
    assert notice in Notice.objects.unread_by(people.editor_actor)


@pytest.mark.parametrize("kind", ["grants.announce", "grants.return", "reminder.grants.submit"])
def test_what_the_law_wants_goes_at_once_whatever_was_chosen(people: World, kind: str) -> None:
    ReminderRule.objects.create(kind="grants.submit", before=[1], is_required=True)
    for group in ("requests", "reminders", "progress"):
        NoticeChoice.objects.create(user=people.editor, group=group, mode=NoticeMode.INBOX)
    tell(people, kind=kind)
    deliver_due()
    assert len(told_to(EDITOR)) == 1


def test_required_groups_cannot_be_chosen(people: World) -> None:
    with pytest.raises(DomainError):
        choose(people, NoticeMode.INBOX, "required")
    with pytest.raises(DomainError):
        choose_notices(modes={"progress": "never"}, by=people.editor_actor)


def test_every_kind_has_one_group() -> None:
    named = [kind for group in NOTICE_GROUPS for kind in group.kinds]
    assert len(named) == len(set(named))
    told = {f"grants.{action}" for action in TELLINGS}
    known = {kind for kind in named if kind.startswith("grants.")}
    assert known - told <= {
        "grants.reopen", "grants.extend", "grants.shorten", "grants.propose_shortening", "grants.ask_opinion",
        "grants.new_form",
    }  # fmt: skip
    assert notice_group("grants.start").code == "progress"


def test_a_post_that_ended_hears_nothing_of_it(people: World, clock: HeldClock) -> None:
    choose(people, NoticeMode.DIGEST)
    tell(people)
    address_due(at=clock_now())
    people.editor_post.ends_on = date(2026, 11, 30)
    people.editor_post.save()
    clock.jst(2026, 12, 1, 9, 0)
    assert compose_due(at=clock_now()) == 0
    assert not DigestEntry.objects.due(clock_now()).exists()


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        ((2026, 11, 30, 8, 0), (2026, 11, 30)),
        ((2026, 11, 30, 8, 31), (2026, 12, 1)),
        ((2026, 12, 4, 10, 0), (2026, 12, 7)),
        ((2026, 12, 28, 10, 0), (2027, 1, 4)),
    ],
)
def test_the_morning_of_the_digest(at: tuple[int, ...], morning: tuple[int, ...], clock: HeldClock) -> None:
    found = next_digest(clock.jst(*at))
    assert found == clock.jst(*morning, 8, 30)


# --- Deputies ---------------------------------------------------------------------------------------------------


def away(people: World, first: date, last: date) -> Deputy:
    return name_deputy(deputy=people.approver, starts_on=first, ends_on=last, by=people.editor_actor)


def test_a_deputy_is_told_while_somebody_is_away(people: World, clock: HeldClock) -> None:
    away(people, date(2026, 12, 1), date(2026, 12, 2))
    tell(people, "before")
    deliver_due()
    assert told_to("approver@town.example") == []
    clock.jst(2026, 12, 2, 9, 0)
    tell(people, "while")
    deliver_due()
    assert len(told_to("approver@town.example")) == 1
    assert len(told_to(EDITOR)) == 2, "and who is away too"
    clock.jst(2026, 12, 3, 9, 0)
    tell(people, "after")
    deliver_due()
    assert len(told_to("approver@town.example")) == 1


def test_a_deputy_who_left_the_unit_is_not_told(people: World, clock: HeldClock) -> None:
    away(people, date(2026, 11, 30), date(2026, 12, 5))
    people.approver_post.ends_on = date(2026, 11, 30)
    people.approver_post.save()
    clock.jst(2026, 12, 1, 9, 0)
    tell(people)
    deliver_due()
    assert told_to("approver@town.example") == []


def test_a_deputy_goes_on_when_the_unit_is_renamed(people: World, clock: HeldClock) -> None:
    away(people, date(2026, 11, 30), date(2026, 12, 5))
    rename = Transfer(
        people.planning, date(2026, 12, 1), UnitChange.RENAME, ("政策推進課",),
        posts=tuple(row.pk for row in posts_at(people.planning, date(2026, 12, 1))),
    )  # fmt: skip
    carry_out(rename, by=SYSTEM)
    clock.jst(2026, 12, 1, 9, 0)
    tell(people)
    deliver_due()
    assert len(told_to("approver@town.example")) == 1


@pytest.mark.parametrize(("first", "last"), [((2026, 12, 2), (2026, 12, 1)), ((2026, 12, 1), (2028, 1, 1))])
def test_odd_periods_are_refused(people: World, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    with pytest.raises(DomainError):
        away(people, date(*first), date(*last))


def test_no_stranger_and_not_oneself(people: World) -> None:
    for other in (people.stranger, people.editor):
        with pytest.raises(DomainError):
            name_deputy(
                deputy=other, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1), by=people.editor_actor
            )


# --- The page ---------------------------------------------------------------------------------------------------


def test_the_page_keeps_choices_and_deputies(people: World, client_as: Callable[..., Client]) -> None:
    client = client_as(people.editor)
    assert "必ずすぐにメールで届きます" in client.get("/account/notices/").content.decode()
    chosen = {"requests": "digest", "reminders": "inbox", "progress": "digest", "act": "choose"}
    client.post("/account/notices/", chosen)
    assert dict(NoticeChoice.objects.values_list("group", "mode")) == {
        "requests": "digest", "reminders": "inbox", "progress": "digest",
    }  # fmt: skip
    assert client.post("/account/notices/", chosen | {"progress": "x"}).status_code == 422
    assert client.post("/account/notices/", {"act": "deputy", "starts_on": "12月1日"}).status_code == 422
    named = {"act": "deputy", "deputy": people.approver.pk, "starts_on": "R8.12.1", "ends_on": "R8.12.2"}
    assert "approverさん" in client.post("/account/notices/", named, follow=True).content.decode()
    number = Deputy.objects.get().pk
    assert client_as(people.stranger).post(f"/account/notices/deputies/{number}/end/").status_code == 404
    client.post(f"/account/notices/deputies/{number}/end/")
    assert not Deputy.objects.exists()


def test_mail_that_does_not_arrive_is_said_to_its_reader(
    people: World, client_as: Callable[..., Client]
) -> None:
    tell(people)
    address_due(at=clock.now())
    Delivery.objects.filter(user=people.editor).update(state="failed", last_error="SMTPRecipientsRefused 550")
    page = client_as(people.editor).get("/account/notices/").content.decode()
    assert "届いていないメールがあります" in page
    assert re.search("構成団体が同意しました", page)
    assert "届いていないメール" not in client_as(people.approver).get("/account/notices/").content.decode()


def test_a_person_with_two_roles_is_asked_once(people: World) -> None:
    post(people.editor, people.planning, Role.APPROVER)
    other = person("colleague")
    post(other, people.planning, Role.EDITOR)
    choose(people, NoticeMode.DIGEST)
    tell(people, audience=Audience.of_department(people.planning.pk))
    address_due(at=clock.now())
    assert DigestEntry.objects.count() == 1
