"""Who is told, once, and who may read it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.actions.addressing import address_due
from accounts.actions.delivery import deliver_due
from accounts.actions.notice import Audience, mark_all_read, mark_read, notify
from accounts.enums import Role
from accounts.models import Delivery, Membership, Notice, NoticeAudience, NoticeRead
from accounts.models.notice_code import PERIOD, code_of, turn_of
from core import clock, invariants
from core.actor import ANONYMOUS, SYSTEM
from core.exceptions import Refused
from tests.accounts.notice_world import World, acting, person, post, unit, world
from tests.conftest import HeldClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock: HeldClock) -> World:
    return world()


@pytest.fixture(autouse=True)
def nothing_broken(db: None) -> Iterator[None]:
    """After every test of the outbox its invariant holds."""
    yield
    assert invariants.run_all()["accounts.outbox"] == []


def tell(audience: Audience, key: str = "case:1:submitted", **given: object) -> Notice | None:
    fields = {
        "kind": "grants.submitted",
        "title": "申請を受け付けました",
        "path": "/applications/abc/",
        **given,
    }
    return notify(key=key, audience=audience, **fields)


def told() -> list[str]:
    """The addresses mails went to."""
    return sorted(address for message in mail.outbox for address in message.to)


# --- Once -----------------------------------------------------------------------------------------------


def test_a_key_is_told_once_and_the_first_text_stays(people: World) -> None:
    audience = Audience.of_department(people.planning.pk, "editor", "approver")
    first = tell(audience)
    again = tell(audience + Audience.of_users(people.stranger.pk), title="別の文")
    assert again == first
    assert Notice.objects.get().title == "申請を受け付けました"
    assert NoticeAudience.objects.get().role_codes == ["approver", "editor"]


def test_for_everybody_takes_in_the_roles(people: World) -> None:
    tell(Audience.of_department(people.planning.pk, "editor") + Audience.of_department(people.planning.pk))
    assert NoticeAudience.objects.get().role_codes == []


def test_a_rolled_back_action_tells_nobody(people: World) -> None:
    def action() -> None:
        with transaction.atomic():
            tell(Audience.of_department(people.planning.pk))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        action()
    deliver_due()
    assert mail.outbox == []
    assert Notice.objects.count() == 0


def test_nobody_to_tell_is_no_notice(people: World) -> None:
    assert tell(Audience()) is None
    assert tell(Audience.of_mailbox("", "  ")) is None


@pytest.mark.parametrize(
    "given",
    [
        {"path": "https://elsewhere.example/"}, {"path": "//elsewhere.example/"}, {"path": "/\\elsewhere"},
        {"path": "applications/"}, {"path": "/a\nb"}, {"title": "件名\nBcc: x"}, {"title": "  "}, {"kind": "submitted"},
        {"key": ""}, {"lines": ["連絡先は editor@town.example です"]}, {"title": "editor@town.example さん"},
    ],
)  # fmt: skip
def test_what_must_not_be_mailed_is_refused(people: World, given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="notice"):
        tell(Audience.of_users(people.editor.pk), **given)
    assert Notice.objects.count() == 0


def test_lines_are_a_list(people: World) -> None:
    with pytest.raises(TypeError):
        tell(Audience.of_users(people.editor.pk), lines="一文字ずつ送られてしまう")


def test_a_role_that_does_not_exist_is_refused(people: World) -> None:
    with pytest.raises(ValueError, match="mayor"):
        Audience.of_department(people.planning.pk, "mayor")


@pytest.mark.parametrize("path", ["//elsewhere.example/", "applications/", "/a\\b"])
def test_the_database_keeps_paths_on_the_portal(people: World, path: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(dedupe_key="x", kind="a.b", title="件名", path=path, at=clock.now())


# --- To whom --------------------------------------------------------------------------------------------


def test_the_needed_role_and_the_shared_mailbox(people: World) -> None:
    tell(Audience.of_department(people.planning.pk, "approver"))
    deliver_due()
    assert told() == ["approver@town.example", "kikaku@town.example"]


def test_without_a_role_everybody_of_the_department(people: World) -> None:
    tell(Audience.of_department(people.planning.pk))
    deliver_due()
    assert told() == ["approver@town.example", "editor@town.example", "kikaku@town.example"]


def test_several_roles_are_one_mail(people: World) -> None:
    post(people.editor, people.planning, Role.APPROVER)
    tell(
        Audience.of_department(people.planning.pk, "editor", "approver") + Audience.of_users(people.editor.pk)
    )
    deliver_due()
    assert told().count("editor@town.example") == 1


def test_one_mail_where_a_person_reads_the_shared_mailbox(people: World) -> None:
    people.planning.mailbox = "Editor@Town.example"
    people.planning.save()
    tell(Audience.of_department(people.planning.pk, "editor"))
    deliver_due()
    assert told() == ["editor@town.example"]


def test_a_body_is_told_by_role_and_through_its_liaison(people: World) -> None:
    section = unit(people.other_town, "産業課", mailbox="sangyo@other.example")
    post(person("chief"), section, Role.APPROVER)
    tell(Audience.of_organization(people.other_town.pk, "approver"))
    deliver_due()
    assert told() == ["chief@town.example", "kikaku@other.example"]


def test_a_mailbox_outside_and_a_person_by_name(people: World) -> None:
    tell(Audience.of_mailbox("chamber@partner.example") + Audience.of_users(people.stranger.pk))
    deliver_due()
    assert told() == ["chamber@partner.example", "stranger@town.example"]


@pytest.mark.parametrize("state", [{"joined": False}, {"active": False}])
def test_people_who_have_not_joined_or_were_stopped_hear_nothing(
    people: World, state: dict[str, bool]
) -> None:
    absent = person("absent", **state)
    post(absent, people.planning, Role.EDITOR)
    tell(Audience.of_department(people.planning.pk, "editor") + Audience.of_users(absent.pk))
    deliver_due()
    assert "absent@town.example" not in told()
    assert "editor@town.example" in told()


def test_who_holds_the_post_at_delivery_is_told(people: World, clock: HeldClock) -> None:
    """Told of on 31 March, addressed on 1 April: the successor gets the mail and finds it in the inbox."""
    clock.jst(2027, 3, 31, 23, 55)
    Membership.objects.filter(pk=people.editor_post.pk).update(ends_on=date(2027, 3, 31))
    successor = person("successor")
    new_post = post(successor, people.planning, Role.EDITOR, date(2027, 4, 1))
    notice = tell(Audience.of_department(people.planning.pk, "editor"))
    clock.jst(2027, 4, 1, 0, 0)
    deliver_due()
    assert told() == ["kikaku@town.example", "successor@town.example"]
    assert list(Notice.objects.for_reader(acting(successor, new_post))) == [notice]
    assert list(Notice.objects.unread_by(acting(successor, new_post))) == []
    assert list(Notice.objects.for_reader(acting(people.editor))) == []


def test_who_left_between_addressing_and_sending_is_not_told(people: World) -> None:
    tell(Audience.of_department(people.planning.pk, "editor"))
    address_due(at=clock.now())
    Membership.objects.filter(pk=people.editor_post.pk).update(ends_on=clock.today() - timedelta(days=1))
    deliver_due()
    assert told() == ["kikaku@town.example"]
    gone = Delivery.objects.get(user=people.editor)
    assert (gone.state, gone.last_error) == ("skipped", "受け取る人でなくなったため、送りませんでした。")


def test_a_renamed_department_is_followed(people: World) -> None:
    """The unit ended and two took over: both are told, both read what was sent to the old one."""
    notice = tell(Audience.of_department(people.planning.pk, "editor"))
    yesterday = clock.today() - timedelta(days=1)
    heirs = [unit(people.town, name, valid_from=clock.today()) for name in ("政策課", "調整課")]
    people.planning.valid_to = yesterday
    people.planning.save()
    people.planning.succeeded_by.set(heirs)
    newcomers = [person(name) for name in ("seisaku", "chosei")]
    posts = [
        post(who, where, Role.EDITOR, clock.today()) for who, where in zip(newcomers, heirs, strict=True)
    ]
    deliver_due()
    assert told() == ["chosei@town.example", "seisaku@town.example"]
    for who, where in zip(newcomers, posts, strict=True):
        assert list(Notice.objects.for_reader(acting(who, where))) == [notice]


def test_departments_that_succeed_each_other_end(people: World) -> None:
    people.planning.valid_to = clock.today() - timedelta(days=1)
    people.planning.save()
    people.planning.succeeded_by.add(people.planning)
    notice = tell(Audience.of_department(people.planning.pk))
    deliver_due()
    notice.refresh_from_db()
    assert notice.unreached == "通知のあて先に、いま受け取る人がいません。"


# --- Who reads ------------------------------------------------------------------------------------------


def test_the_inbox_is_mine_and_my_departments(people: World) -> None:
    mine = tell(Audience.of_users(people.editor.pk), "personal")
    ours = tell(Audience.of_department(people.planning.pk), "department")
    role = tell(Audience.of_department(people.planning.pk, "approver"), "approvers")
    body = tell(Audience.of_organization(people.town.pk, "editor"), "body")
    tell(Audience.of_department(people.other_planning.pk), "others")
    tell(Audience.of_mailbox("chamber@partner.example"), "outside")
    assert set(Notice.objects.for_reader(people.editor_actor)) == {mine, ours, body}
    assert set(Notice.objects.for_reader(people.approver_actor)) == {ours, role}
    assert list(Notice.objects.for_reader(acting(people.editor))) == [mine]
    for nobody in (ANONYMOUS, SYSTEM):
        assert not Notice.objects.for_reader(nobody).exists()
        assert not Notice.objects.unread_by(nobody).exists()


def test_reading_is_each_persons_own(people: World) -> None:
    notice = tell(Audience.of_department(people.planning.pk))
    assert mark_read(notices=[notice.pk], by=people.editor_actor) == 1
    assert mark_read(notices=[notice.pk], by=people.editor_actor) == 0
    assert NoticeRead.objects.get().read_at == clock.now()
    assert not Notice.objects.unread_by(people.editor_actor).exists()
    assert Notice.objects.unread_by(people.approver_actor).get() == notice


def test_nobody_marks_what_is_not_theirs(people: World) -> None:
    ours, theirs = (
        tell(Audience.of_department(people.planning.pk)),
        tell(Audience.of_users(people.stranger.pk), "other"),
    )
    with pytest.raises(Refused):
        mark_read(notices=[ours.pk, theirs.pk], by=people.editor_actor)
    with pytest.raises(Refused):
        mark_read(notices=[10**9], by=people.editor_actor)
    assert not NoticeRead.objects.exists()
    assert mark_all_read(by=people.editor_actor) == 1
    assert NoticeRead.objects.get().notice == ours


def test_a_newcomer_does_not_start_with_years_of_unread(people: World, clock: HeldClock) -> None:
    """What the department got before the post began is there to read, but not counted as unread."""
    old = tell(Audience.of_department(people.planning.pk), "old")
    clock.advance(timedelta(days=30))
    newcomer = person("newcomer")
    actor = acting(newcomer, post(newcomer, people.planning, Role.EDITOR, clock_today()))
    new = tell(Audience.of_department(people.planning.pk), "new")
    assert list(Notice.objects.for_reader(actor)) == [new, old]
    assert list(Notice.objects.unread_by(actor)) == [new]


def clock_today() -> date:
    return clock.today()


# --- The number -----------------------------------------------------------------------------------------


def test_every_number_comes_once_in_a_period() -> None:
    codes = {code_of(number) for number in range(1, PERIOD + 1)}
    assert len(codes) == PERIOD
    assert all(len(code) == 6 and code[0] != "0" for code in codes)
    assert code_of(1) == code_of(1 + PERIOD)


@pytest.mark.parametrize("number", [1, 2, 777, 89_999, 90_000, 90_001, 12_345_678])
def test_a_number_leads_back(number: int) -> None:
    code = code_of(number)
    assert turn_of(code) == number % PERIOD
    assert turn_of(f" {code[:3]}-{code[3:]} ") == number % PERIOD
    assert turn_of(code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == number % PERIOD


def test_one_wrong_digit_or_two_swapped_are_noticed() -> None:
    for number in range(1, 400):
        code = code_of(number)
        for place in range(6):
            for digit in set("0123456789") - {code[place]}:
                assert turn_of(code[:place] + digit + code[place + 1 :]) is None
        for place in range(5):
            if code[place] != code[place + 1]:
                swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
                assert turn_of(swapped) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２三４５６", "000000", "-", "²²²²²²"])
def test_what_is_no_number_finds_nothing(people: World, typed: str) -> None:
    tell(Audience.of_users(people.editor.pk))
    assert not Notice.objects.with_code(typed).exists()


def test_the_newest_of_two_with_one_number_is_found(people: World) -> None:
    old = tell(Audience.of_users(people.editor.pk), "old")
    new = Notice.objects.create(
        pk=old.pk + PERIOD, dedupe_key="new", kind="a.b", title="新しい", path="/new/", at=clock.now(),
        addressees=old.addressees,
    )  # fmt: skip
    assert new.notice_code == old.notice_code
    assert Notice.objects.for_reader(people.editor_actor).with_code(old.notice_code).first() == new
