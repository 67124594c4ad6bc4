"""The handover of a unit: on the day, all of it or nothing; what is confirmed is what was shown."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from openpyxl import load_workbook

from accounts.actions.calendars import make_calendar_token
from accounts.actions.tokens import make_token
from accounts.actions.transfer import Newcomer, Transfer, carry_out, posts_at
from accounts.actions.transfer_preview import preview
from accounts.enums import Scope, UnitChange
from accounts.models import AccountEvent, CalendarToken, Department, Membership, Notice, User
from accounts.models.event import check_events
from accounts.models.notice import heirs
from core import clock
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Refused
from tests.conftest import HeldClock
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db
APRIL = date(2027, 4, 1)


@pytest.fixture(autouse=True)
def _held(clock: Any) -> None:
    """21 November 2026."""


@pytest.fixture
def unit(db: None) -> Department:
    return make.department(make.city(), phone="042-000-0000", mailbox="kikaku@town.example")


@pytest.fixture
def admin(unit: Department) -> User:
    return make.person("admin@town.example", "administrator", unit)


@pytest.fixture
def editor(unit: Department, admin: User) -> User:
    return make.person("leaver@town.example", "editor", unit, name="出る人")


def planned(unit: Department, on: date = APRIL, **changes: Any) -> Transfer:
    return Transfer(unit=unit, on=on, posts=tuple(row.pk for row in posts_at(unit, on)), **changes)


def leaving(unit: Department, *people: User, **changes: Any) -> Transfer:
    posts = Membership.objects.filter(user__in=people, department=unit)
    return planned(unit, leaving=frozenset(posts.values_list("pk", flat=True)), **changes)


def roles_on(unit: Department, day: date) -> set[tuple[str, str]]:
    rows = Membership.objects.in_force(day).filter(department=unit)
    return set(rows.values_list("user__email", "role"))


# --- People -------------------------------------------------------------------------------------------------------


def test_one_leaves_one_comes_at_midnight(unit: Department, admin: User, editor: User) -> None:
    comes = Newcomer("comer@town.example", "来る人", "editor")
    made = carry_out(leaving(unit, editor, coming=(comes,)), by=make.actor(admin))
    assert [each.person.email for each in made] == ["comer@town.example"]
    before, after = roles_on(unit, date(2027, 3, 31)), roles_on(unit, APRIL)
    assert ("leaver@town.example", "editor") in before
    assert ("comer@town.example", "editor") not in before
    assert after == {("admin@town.example", "administrator"), ("comer@town.example", "editor")}
    event = AccountEvent.objects.get(action="transfer_unit")
    assert (event.effective_on, event.payload["left"], event.payload["came"]) == (APRIL, 1, 1)
    assert list(check_events()) == []


def test_the_last_second_of_march_and_the_first_of_april(
    unit: Department, admin: User, editor: User, client_as: Callable[..., Client], clock: HeldClock
) -> None:
    make.person("comer@town.example", "administrator", unit, name="来る人", starts_on=APRIL)
    carry_out(leaving(unit, editor), by=make.actor(admin))
    comer = User.objects.get(email="comer@town.example")
    for moment, working, waiting in (
        ((2027, 3, 31, 23, 59), editor, comer),
        ((2027, 4, 1, 0, 0), comer, editor),
        ((2027, 4, 1, 9, 0), comer, editor),
    ):
        clock.jst(*moment)
        assert "企画政策課のやること" in client_as(working.email).get("/desk/").content.decode()
        assert "いまの配属がありません" in client_as(waiting.email).get("/desk/").content.decode()


def test_a_stranger_and_another_town_may_not(unit: Department, editor: User) -> None:
    other = make.person("admin@other.example", "administrator", make.department(make.city("132217")))
    for person in (editor, other):
        with pytest.raises(Refused):
            carry_out(leaving(unit, editor), by=make.actor(person))
    assert roles_on(unit, APRIL) >= {("leaver@town.example", "editor")}


def test_the_last_administrator_cannot_leave_unreplaced(unit: Department, admin: User, editor: User) -> None:
    with pytest.raises(DomainError, match="利用者管理の担当者がいなくなります"):
        carry_out(leaving(unit, admin, editor), by=make.actor(admin))
    assert roles_on(unit, APRIL) == roles_on(unit, date(2027, 3, 31))


def test_posts_that_changed_since_are_a_conflict(unit: Department, admin: User, editor: User) -> None:
    shown = leaving(unit, editor)
    make.person("second@town.example", "approver", unit)
    with pytest.raises(Conflict, match="配属が変わりました"):
        carry_out(shown, by=make.actor(admin))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "変わることがありません"),
        ({"on": date(2026, 11, 20), "leaving": frozenset({1})}, "今日以前"),
        ({"on": date(2030, 4, 1), "leaving": frozenset({1})}, "遠すぎます"),
        ({"change": UnitChange.RENAME}, "名前が1つ必要"),
        ({"change": UnitChange.SPLIT, "names": ("同じ課", "同じ課")}, "名前が同じ"),
        ({"change": UnitChange.RENAME, "names": ("企画政策課",)}, "登録済み"),
        ({"change": UnitChange.RENAME, "names": ("課" * 121,)}, "長すぎます"),
        ({"change": UnitChange.MERGE}, "統合する先の部署がありません"),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(
    unit: Department, admin: User, editor: User, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        carry_out(planned(unit, **changes), by=make.actor(admin))
    assert not AccountEvent.objects.filter(action="transfer_unit").exists()


# --- The unit -----------------------------------------------------------------------------------------------------


def test_renamed(unit: Department, admin: User, editor: User) -> None:
    CalendarToken.objects.all().delete()
    make_calendar_token(by=make.actor(editor))
    carry_out(planned(unit, change=UnitChange.RENAME, names=("政策推進課",)), by=make.actor(admin))
    new = Department.objects.get(name="政策推進課")
    assert (new.mailbox, new.phone, new.valid_from) == ("kikaku@town.example", "042-000-0000", APRIL)
    assert heirs([unit.pk], date(2027, 3, 31)) == {unit.pk: {unit.pk}}
    assert heirs([unit.pk], APRIL) == {unit.pk: {new.pk}}
    assert roles_on(new, APRIL) == {
        ("admin@town.example", "administrator"),
        ("leaver@town.example", "editor"),
    }
    assert roles_on(new, date(2027, 3, 31)) == roles_on(unit, APRIL) == set()
    assert CalendarToken.objects.working(APRIL).count() == 1, "an address goes on with its maker"
    with clock.at(clock.instant(APRIL)):
        again = planned(new, on=date(2027, 10, 1), change=UnitChange.RENAME, names=("未来課",))
        carry_out(again, by=make.actor(admin))
    assert CalendarToken.objects.working(date(2027, 10, 1)).count() == 1, "however often the unit is renamed"


def test_two_units_become_one_that_begins_that_day(
    unit: Department, admin: User, editor: User, client_as: Callable[..., Client]
) -> None:
    other = make.department(unit.organization, "広域連携課")
    joins = make.person("joins@town.example", "editor", other)
    carry_out(planned(unit, change=UnitChange.RENAME, names=("政策連携課",)), by=make.actor(admin))
    new, client = Department.objects.get(name="政策連携課"), client_as(admin.email)
    page = client.get(f"/transfer/{other.pk}/")
    assert "政策連携課（令和9年4月1日から）" in page.content.decode()
    data = form_data(page, change="merge", into=str(new.pk), act="carry_out")
    shown = re.search(
        r'name="shown" value="(\w+)"', client.post(f"/transfer/{other.pk}/", data).content.decode()
    )[1]  # type: ignore[index]
    client.post(f"/transfer/{other.pk}/", data | {"shown": shown})
    assert {(joins.email, "editor"), (editor.email, "editor")} <= roles_on(new, APRIL)
    assert heirs([other.pk, unit.pk], APRIL) == {other.pk: {new.pk}, unit.pk: {new.pk}}


def test_split_and_merged(unit: Department, admin: User, editor: User) -> None:
    post = Membership.objects.get(user=editor)
    split = planned(unit, change=UnitChange.SPLIT, names=("政策課", "連携課"), second=frozenset({post.pk}))
    carry_out(split, by=make.actor(admin))
    first, second = Department.objects.get(name="政策課"), Department.objects.get(name="連携課")
    assert roles_on(first, APRIL) == {("admin@town.example", "administrator")}
    assert roles_on(second, APRIL) == {("leaver@town.example", "editor")}
    with clock.at(clock.instant(date(2027, 4, 2))):
        merge = planned(second, on=date(2027, 10, 1), change=UnitChange.MERGE, into=first)
        carry_out(merge, by=make.actor(admin))
    autumn = date(2027, 10, 1)
    assert ("leaver@town.example", "editor") in roles_on(first, autumn)
    assert heirs([unit.pk], autumn) == {unit.pk: {first.pk}}


# --- What is shown first --------------------------------------------------------------------------------------------


def test_the_preview_names_losses_and_gaps(unit: Department, admin: User, editor: User) -> None:
    make_calendar_token(by=make.actor(editor))
    shown = preview(leaving(unit, editor), at=clock.now())
    changes = {person.name: person for person in shown.people}
    assert changes["出る人"].leaves
    losses = "".join(changes["出る人"].losses)
    assert "カレンダーのアドレス1件が止まります" in losses
    assert "ほかの配属がない" in losses
    assert shown.gaps == ["令和9年4月1日から、企画政策課に「担当」がいなくなります。"]
    replaced = leaving(unit, editor, coming=(Newcomer("c@town.example", "来る人", "editor"),))
    assert preview(replaced, at=clock.now()).gaps == []


def test_the_preview_names_the_tokens_of_machines(unit: Department, admin: User, editor: User) -> None:
    """They belong to a post and end with it; those of people who stay follow their unit."""
    post = Membership.objects.get(user=editor)
    make_token(
        membership_id=post.pk, name="夜間連携", scopes=[Scope.READ_DEADLINES], days=365, by=make.actor(editor)
    )
    renamed = planned(unit, change=UnitChange.RENAME, names=("政策推進課",))
    for transfer, told in ((leaving(unit, editor), 1), (renamed, 0), (leaving(unit, admin), 0)):
        losses = [loss for person in preview(transfer, at=clock.now()).people for loss in person.losses]
        assert sum("APIのトークン1件が使えなくなります" in loss for loss in losses) == told


def form_data(page: Any, **changes: str) -> dict[str, str]:
    form = page.context["form"]
    data = {field.html_name: str(field.value() or "") for field in form if field.value() is not False}
    return {key: value for key, value in data.items() if value} | changes


def test_nothing_is_done_unseen(
    unit: Department, admin: User, editor: User, client_as: Callable[..., Client]
) -> None:
    client, post = client_as(admin), Membership.objects.get(user=editor)
    address = f"/transfer/{unit.pk}/"
    data = form_data(client.get(address), **{f"post_{post.pk}": "leave", "act": "carry_out"})
    unseen = client.post(address, data)
    assert "まだ登録していません" in unseen.content.decode()
    assert ("leaver@town.example", "editor") in roles_on(unit, APRIL)
    shown = re.search(r'name="shown" value="(\w+)"', unseen.content.decode())[1]  # type: ignore[index]
    changed = client.post(address, data | {"shown": shown, "comment": "別の理由"})
    assert "まだ登録していません" in changed.content.decode(), (
        "what was changed after the preview is shown again"
    )
    done = client.post(address, data | {"shown": shown}, follow=True)
    assert "異動を登録しました" in done.content.decode()
    assert ("leaver@town.example", "editor") not in roles_on(unit, APRIL)


def test_bad_input_is_kept_and_explained(
    unit: Department, admin: User, editor: User, client_as: Callable[..., Client]
) -> None:
    client = client_as(admin)
    address = f"/transfer/{unit.pk}/"
    data = form_data(
        client.get(address), on="あした", new_0_name="来る 人", comment="引継ぎ済み", act="preview"
    )
    page = client.post(address, data)
    assert page.status_code == 422
    text = page.content.decode()
    for kept in ("あした", "来る 人", "引継ぎ済み", "業務メールアドレスを入力してください"):
        assert kept in text


def test_newcomers_get_their_link(
    unit: Department, admin: User, editor: User, client_as: Callable[..., Client]
) -> None:
    client = client_as(admin)
    address = f"/transfer/{unit.pk}/"
    data = form_data(
        client.get(address),
        new_0_email="new@town.example",
        new_0_name="新任",
        new_0_role="editor",
        act="preview",
    )
    shown = re.search(r'name="shown" value="(\w+)"', client.post(address, data).content.decode())[1]  # type: ignore[index]
    client.post(address, data | {"act": "carry_out", "shown": shown})
    assert [letter.to for letter in mail.outbox] == [["new@town.example"]]
    assert Membership.objects.get(user__email="new@town.example").starts_on == APRIL


def test_another_bodys_unit_is_unknown(unit: Department, client_as: Callable[..., Client]) -> None:
    other = make.person("admin@other.example", "administrator", make.department(make.city("132217")))
    assert client_as(other).get(f"/transfer/{unit.pk}/").status_code == 404
    plain = make.person("plain@town.example", "editor", unit)
    assert client_as(plain).get(f"/transfer/{unit.pk}/").status_code == 404


# --- A town that nobody administers any more --------------------------------------------------------------------------


def test_the_metropolis_helps_a_town_without_administrator(
    unit: Department, client_as: Callable[..., Client]
) -> None:
    helper = make.person("admin@tokyo.example", "administrator", make.department(make.metropolis(), "総務課"))
    client = client_as(helper)
    assert "東久留米市" in client.get("/transfer/towns/").content.decode()
    data = {"email": "rescued@town.example", "name": "後任", "department": str(unit.pk), "comment": ""}
    assert client.post("/transfer/towns/132225/", data).status_code == 422
    done = client.post("/transfer/towns/132225/", data | {"comment": "町の代表電話で確かめた"}, follow=True)
    assert "招待しました" in done.content.decode()
    event = AccountEvent.objects.get(action="help_town")
    assert (event.comment, event.organization) == ("町の代表電話で確かめた", unit.organization)
    assert Notice.objects.filter(kind="accounts.helped").exists()
    assert list(check_events()) == []


def test_where_somebody_administers_the_metropolis_may_not(
    unit: Department, admin: User, client_as: Callable[..., Client]
) -> None:
    helper = make.person("admin@tokyo.example", "administrator", make.department(make.metropolis(), "総務課"))
    client = client_as(helper)
    assert client.get("/transfer/towns/132225/").status_code == 404
    assert client_as(admin).get("/transfer/towns/").status_code == 404
    actor: Actor = make.actor(helper)
    with pytest.raises(Refused):
        carry_out(leaving(unit, admin), by=actor)
    # who neither signed in nor joined within two weeks is out of reach; who comes back has the town to itself again
    long_ago = clock.now() - timedelta(days=15)
    User.objects.filter(pk=admin.pk).update(joined_at=long_ago, last_login=long_ago)
    assert "14日以上サインインしていません" in client.get("/transfer/towns/").content.decode()
    assert client.get("/transfer/towns/132225/").status_code == 200
    User.objects.filter(pk=admin.pk).update(last_login=clock.now() - timedelta(days=13))
    assert client.get("/transfer/towns/132225/").status_code == 404


# --- 引継書 -----------------------------------------------------------------------------------------------------------


def test_the_handover_is_a_tagged_pdf_and_a_workbook(
    unit: Department, editor: User, client_as: Callable[..., Client]
) -> None:
    client = client_as(editor)
    pdf = client.get("/transfer/handover.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf.content
    book = load_workbook(BytesIO(client.get("/transfer/handover.xlsx").content))
    assert [sheet.title for sheet in book] == [
        "1 期限のある仕事", "2 進行中の申請", "3 約束したこと・頼まれていること", "4 決まったことと、その理由",
        "5 この部署の人", "6 連絡先",
    ]  # fmt: skip
    people = {row[0] for row in book["5 この部署の人"].iter_rows(min_row=4, values_only=True)}
    assert people == {"試験 admin", "出る人"}
    assert client.get("/transfer/handover.docx").status_code == 404
