"""Corrections: anybody says what is wrong, the publisher alone reads it, as a difference."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.delivery import deliver_due
from accounts.models import Department, Notice, Organization, User
from core import clock as core_clock
from core.exceptions import DomainError
from programs.actions import corrections
from programs.actions.corrections import receive
from programs.enums import CorrectionPart, Level
from programs.models import Correction, Program, ProgramEvent
from tests.conftest import HeldClock
from tests.factories import accounts as people
from tests.factories import programs as make

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | str], Client]

SAID = {
    "part": "summary",
    "proposed": "概要は、移住の相談です。",
    "grounds": "要綱の2ページ",
    "address": "reader@example.jp",
}


@pytest.fixture
def program(clock: HeldClock) -> Program:
    return make.published(slug="one", title="移住の支援", summary="観光の相談です。", phone="03-1111-2222")


def publisher_of(body: Organization, address: str) -> User:
    return people.person(address, "publisher", people.department(body))


def address(slug: str = "one", page: str = "correction") -> str:
    return f"/programs/{slug}/{page}/"


# --- The reader -----------------------------------------------------------------------------------------


def test_a_reader_says_what_is_wrong(client: Client, program: Program) -> None:
    assert 'href="/programs/one/correction/"' in client.get("/programs/one/").content.decode()
    response = client.post(address(), SAID)
    assert response.status_code == 302
    assert "受け取りました" in client.get(response["Location"]).content.decode()
    kept = Correction.objects.get()
    assert (kept.program, kept.part, kept.shown) == (program, "summary", "観光の相談です。")
    assert kept.proposed == "概要は、移住の相談です。"
    assert kept.grounds == "要綱の2ページ"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"part": ""}, "1つえらんでください"),
        ({"part": "money"}, "どこが違いますか"),
        ({"proposed": "  "}, "入力してください"),
        ({"proposed": "あ" * 2001}, "2000"),
        ({"address": "reader"}, "name@example.jp"),
        ({"grounds": "い" * 501}, "500"),
    ],
)
def test_a_faulty_form_keeps_what_was_typed(
    client: Client, program: Program, change: dict[str, str], words: str
) -> None:
    response = client.post(address(), SAID | change)
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    assert (SAID | change)["grounds"] in text
    assert not Correction.objects.exists()


def test_grounds_and_address_may_be_empty(client: Client, program: Program) -> None:
    assert client.post(address(), {"part": "other", "proposed": "字が違います"}).status_code == 302


@pytest.mark.parametrize("part", CorrectionPart.values)
def test_what_the_page_said_is_kept_with_every_part(program: Program, part: str) -> None:
    kept = receive(program=program, part=part, proposed="違います", at=core_clock.now())
    expected = {"summary": "観光の相談です。", "title": "移住の支援", "contact": "03-1111-2222", "other": ""}
    if part in expected:
        assert kept.shown == expected[part]
    kept.full_clean()


def test_drafts_and_unknown_programs_take_none(client: Client, program: Program) -> None:
    make.draft(slug="hidden")
    for slug in ("hidden", "no-such"):
        assert client.get(address(slug)).status_code == 404
        assert client.post(address(slug), SAID).status_code == 404


# --- Ceilings -------------------------------------------------------------------------------------------


def test_the_same_words_twice_are_one(program: Program) -> None:
    first = receive(program=program, part="title", proposed="ちがう", at=core_clock.now())
    assert receive(program=program, part="title", proposed=" ちがう ", at=core_clock.now()) == first
    assert Notice.objects.count() == 1


def test_a_flood_on_one_program_is_stopped_with_words(
    client: Client, program: Program, clock: HeldClock
) -> None:
    for number in range(corrections.MOST_A_DAY):
        receive(program=program, part="other", proposed=f"その{number}", at=core_clock.now())
    with pytest.raises(DomainError, match="多く届いている"):
        receive(program=program, part="other", proposed="もう1つ", at=core_clock.now())
    response = client.post(address(), SAID)
    assert response.status_code == 422
    assert "多く届いている" in response.content.decode()
    assert SAID["proposed"] in response.content.decode()
    clock.advance(timedelta(days=1, minutes=1))
    assert client.post(address(), SAID).status_code == 302


def test_a_flood_from_one_place_is_slowed(client: Client, program: Program) -> None:
    answers = [client.post(address(), SAID | {"proposed": f"その{n}"}) for n in range(7)]
    assert [each.status_code for each in answers] == [302] * 5 + [429] * 2
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert "その6" in answers[-1].content.decode(), "what was written is not lost"
    assert Correction.objects.count() == 5


# --- The publisher --------------------------------------------------------------------------------------


def test_the_publisher_is_told_without_the_readers_words(client: Client, program: Program) -> None:
    publisher_of(program.owner, "publisher@tokyo.example")
    client.post(address(), SAID)
    deliver_due()
    [message] = mail.outbox
    assert message.to == ["publisher@tokyo.example"]
    text = message.subject + message.body
    assert "移住の支援" in text
    assert "/programs/one/corrections/" in text
    for words in (SAID["proposed"], SAID["grounds"], SAID["address"]):
        assert words not in text


def test_corrections_of_national_programs_reach_tokyo(program: Program) -> None:
    ministry = Organization.objects.create(code="ministry", kind="ministry", name="総務省")
    national = make.published(slug="national", level=Level.NATIONAL, owner=ministry)
    receive(program=national, part="title", proposed="ちがう", at=core_clock.now())
    audience = Notice.objects.get().audiences.get()
    assert (audience.organization, audience.role_codes) == (program.owner, ["publisher"])


def test_the_publisher_reads_it_as_a_difference_and_settles_it(
    client: Client, client_as: ClientAs, program: Program
) -> None:
    client.post(address(), SAID)
    own = client_as(publisher_of(program.owner, "publisher@tokyo.example"))
    page = address(page="corrections")
    board, narrowed = "/publishing/", "/publishing/?stage=corrected"
    assert "指摘が1件、対応を待っています" in own.get(board).content.decode()
    assert f'href="{page}"' in own.get(narrowed).content.decode()
    assert "（対応待ち1件）" in own.get("/publishing/programs/one/").content.decode()
    text = own.get(page).content.decode()
    assert text.index("観光の相談です。") < text.index("概要は、移住の相談です。")
    assert "reader@example.jp" in text
    number = Correction.objects.get().pk
    empty = own.post(page, {"correction": number, f"c{number}-answer": ""})
    assert empty.status_code == 422
    assert own.post(page, {"correction": number, f"c{number}-answer": "概要を直しました"}).status_code == 302
    settled = Correction.objects.get()
    assert (settled.answer, settled.address) == ("概要を直しました", "")
    assert settled.settled_at is not None
    event = ProgramEvent.objects.filter(program=program).latest("pk")
    assert (event.action, event.comment) == ("settle_correction", "概要を直しました")
    text = own.get(page).content.decode()
    assert "対応した指摘（1件）" in text
    assert "reader@example.jp" not in text
    assert own.post(page, {"correction": number, f"c{number}-answer": "もう一度"}).status_code == 302
    assert Correction.objects.get().answer == "概要を直しました"
    assert "対応を待っています" not in own.get(board).content.decode()
    assert "合う制度はありません" in own.get(narrowed).content.decode()
    assert 'href="/programs/one/corrections/"' in own.get("/programs/one/").content.decode()


def test_nobody_else_reads_them(client: Client, client_as: ClientAs, program: Program) -> None:
    client.post(address(), SAID)
    number = Correction.objects.get().pk
    page = address(page="corrections")
    town = make.municipality("132241", "多摩市")
    unit: Department = people.department(program.owner)
    for person in (
        publisher_of(town, "publisher@tama.example"),
        people.person("officer@tokyo.example", "officer", unit),
    ):
        other = client_as(person)
        assert other.get(page).status_code == 404
        assert other.post(page, {"correction": number, f"c{number}-answer": "x"}).status_code == 404
        assert "corrections/" not in other.get("/programs/one/").content.decode()
    assert client.get(page).status_code == 302  # to the sign-in page
    assert Correction.objects.get().settled_at is None


def test_a_correction_of_another_program_is_unknown(client_as: ClientAs, program: Program) -> None:
    other = make.published(slug="two")
    kept = receive(program=other, part="title", proposed="ちがう", at=core_clock.now())
    own = client_as(publisher_of(program.owner, "publisher@tokyo.example"))
    for number in (kept.pk, "x", ""):
        assert own.post(address(page="corrections"), {"correction": number}).status_code == 404
