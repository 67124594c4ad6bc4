"""External members' sheets: handed out in order, read cell by cell, entered once and marked, never against an interest."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from core import clock
from core.events import verify_chain
from core.exceptions import Conflict, Refused
from grants.actions import review
from grants.actions.external_scores import Comparison, book_of, compare, take_scores
from grants.models import Application, ApplicationEvent, InterestDeclaration, ReviewAssignment
from grants.queries.external import external_members, external_sheet
from grants.workbook import read_score_workbook, score_workbook
from tests.factories import grants as cases
from tests.factories.grants import World

pytestmark = pytest.mark.django_db
MEMBER = "external_reviewer"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def world() -> Iterator[World]:
    """One case in review, on the day after the closing."""
    with clock.at(cases.NOW):
        made = cases.world()
        cases.under_review(made)
    with clock.at(cases.AFTER_CLOSING):
        yield made


def member_id(world: World) -> int:
    return world.users[MEMBER].pk


def sheet_of(world: World, by: str = "officer") -> Any:
    """The workbook as the secretariat hands it out."""
    held = external_sheet(world[by], world.call, member_id(world), clock.now())
    book = book_of(world.call, held.seats, (member_id(world), "外部委員"), clock.now())
    return load_workbook(io.BytesIO(score_workbook(book)))


def filled(
    world: World, points: object = 4, interest: str = "ない", remark: str = "=1+1", comment: str = "よい。"
) -> Any:
    """The same with every case filled in."""
    book = sheet_of(world)
    page = book["採点"]
    for row in range(2, page.max_row + 1):
        code = str(page.cell(row, 1).value).partition("/")[2]
        if code == "#interest":
            page.cell(row, 7).value = interest
            if interest == "ある":
                page.cell(row, 8).value, page.cell(row, 8).data_type = remark, "s"
        elif code == "#comment":
            page.cell(row, 8).value = comment
        else:
            page.cell(row, 7).value, page.cell(row, 8).value = points, remark
            page.cell(row, 8).data_type = "s"
    return book


def data(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def compared(world: World, book: Any, by: str = "officer") -> Comparison:
    returned = read_score_workbook(data(book), call=world.call.public_id, member=str(member_id(world)))
    return compare(external_sheet(world[by], world.call, member_id(world), clock.now()).seats, returned)


def seat(world: World) -> ReviewAssignment:
    return ReviewAssignment.objects.get(reviewer=world.users[MEMBER])


def take(world: World, found: Comparison, by: str = "officer") -> int:
    return take_scores(call=world.call, differences=found.differences, by=world[by])


def test_the_sheet_says_everything_and_only_its_own_cells_are_open(world: World) -> None:
    book = sheet_of(world)
    page = book["採点"]
    criteria = world.template.criteria
    marks = [str(page.cell(row, 1).value).partition("/")[2] for row in range(2, page.max_row + 1)]
    assert marks == ["#interest", *(each["code"] for each in criteria), "#comment"]
    assert str(criteria[0]["weight"]) in page.cell(3, 5).value
    assert page.cell(3, 6).value == (criteria[0].get("help") or None)
    assert page.protection.sheet
    open_cells = {cell.coordinate for row in page.iter_rows() for cell in row if not cell.protection.locked}
    assert open_cells == {f"{c}{r}" for r in range(2, page.max_row) for c in "GH"} | {f"H{page.max_row}"}
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    [one] = external_members(world["officer"], world.call, clock.now())
    assert (one.cases, one.scored, one.stood_back) == (1, 0, 0)


def test_words_that_are_digits_stay_words(world: World) -> None:
    assert take(world, compared(world, filled(world, remark="007"))) == 1
    assert sheet_of(world)["採点"]["H3"].value == "007"


def test_entered_once_marked_and_twice_changes_nothing(world: World) -> None:
    found = compared(world, filled(world))
    assert found.faults == []
    assert take(world, found) == 1
    kept = seat(world)
    assert kept.by_proxy
    assert kept.scored_by == world.users["officer"]
    assert set(kept.scores.values_list("points", "comment")) == {(4, "=1+1")}
    assert kept.declaration.has_interest is False
    assert kept.declaration.declared_by == world.users["officer"]
    actions = list(ApplicationEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions[-2:] == ["proxy_declare", "proxy_score"]
    again = compared(world, filled(world))
    assert (again.differences, again.same, again.faults) == ([], 1, [])
    assert ApplicationEvent.objects.count() == len(actions)
    with pytest.raises(Conflict):
        take(world, found)
    handed_out = sheet_of(world)["採点"]
    assert handed_out.cell(3, 7).value == 4
    assert handed_out.cell(3, 8).value == "=1+1"
    assert handed_out.cell(3, 8).data_type != "f"
    changed = compared(world, filled(world, points="５", comment="とてもよい。"))
    assert ("総評", "よい。", "とてもよい。") in changed.differences[0].changes
    assert take(world, changed) == 1
    assert verify_chain(ApplicationEvent.objects.all()) == []


@pytest.mark.parametrize("wrong", [0, 6, "4.5", 3.5, "良い", None, True, "=2+2", "-1", "４４"])
def test_every_cell_that_is_no_point_is_named(world: World, wrong: object) -> None:
    found = compared(world, filled(world, points=wrong))
    assert found.differences == []
    assert len(found.faults) == len(world.template.criteria)
    assert "「採点」シートのG3" in found.faults[0].message
    assert "1から5の整数" in found.faults[0].cure
    assert not seat(world).scored_at


def test_an_interest_is_said_before_any_point(world: World) -> None:
    assert "利害関係として読めません" in compared(world, filled(world, interest="")).faults[0].message
    both = compared(world, filled(world, interest="ある"))
    assert len(both.faults) == len(world.template.criteria)
    silent = compared(world, filled(world, points=None, interest="ある", remark="", comment=""))
    assert ["所見" in f.message or "H2" in f.message for f in silent.faults] == [True]
    book = filled(world, points=None, interest="ある", remark="親族が勤めている", comment="")
    for row in range(3, book["採点"].max_row + 1):
        book["採点"].cell(row, 8).value = None
    found = compared(world, book)
    assert take(world, found) == 1
    held = InterestDeclaration.objects.get(assignment=seat(world))
    assert (held.has_interest, held.detail) == (True, "親族が勤めている")
    assert not seat(world).scored_at
    assert external_sheet(world["officer"], world.call, member_id(world), clock.now()).seats == []
    assert "いまこの委員が採点する申請ではありません" in compared(world, book).faults[0].message


def test_an_interest_denied_before_stays_denied(world: World) -> None:
    take(world, compared(world, filled(world)))
    found = compared(world, filled(world, interest="ある", remark="親族"))
    assert "すでに「ない」と申告されています" in found.faults[0].message


def test_who_reviews_too_scores_first(world: World) -> None:
    case = Application.objects.get()
    ReviewAssignment.objects.create(
        application=case, reviewer=world.users["officer"], assigned_at=clock.now(), assigned_by=world.users["officer"]
    )  # fmt: skip
    held = external_sheet(world["officer"], world.call, member_id(world), clock.now())
    assert (held.seats, held.held_back) == ([], 1)
    other = external_sheet(world["second_officer"], world.call, member_id(world), clock.now())
    assert (len(other.seats), other.held_back) == (1, 0)


def test_only_officers_of_the_office(world: World, client_as: Callable[[object], Client]) -> None:
    found = compared(world, filled(world))
    for name in ("decider", "reviewer", "other_bureau", "lead_editor", MEMBER):
        with pytest.raises(Refused):
            take(world, found, name)
        path = f"/review/calls/{world.call.public_id}/external/"
        for page in ("", f"{member_id(world)}/", f"{member_id(world)}/scores.xlsx"):
            assert client_as(world.users[name]).get(path + page).status_code == 404


def test_a_newer_version_a_strangers_sheet_and_broken_rows(world: World) -> None:
    book = filled(world)
    old = filled(world)
    old["採点"].cell(2, 9).value = "0" * 12
    assert "新しい版が提出されました" in compared(world, old).faults[0].message
    other = read_score_workbook(data(book), call=world.call.public_id, member="999999")
    assert "この委員の採点票ではありません" in other.faults[0].message
    twice = filled(world)
    twice["採点"].cell(4, 1).value = twice["採点"].cell(3, 1).value
    assert "記号が二つあります" in compared(world, twice).faults[0].message
    torn = filled(world)
    torn["採点"].delete_rows(4)
    assert "の行がありません" in compared(world, torn).faults[0].message
    wild = filled(world)
    wild["採点"].cell(3, 1).value = "x"
    assert "記号が変わっています" in compared(world, wild).faults[0].message
    far = filled(world)
    far["採点"].cell(900_000, 16_000).value = 1
    assert "広がっています" in compared(world, far).faults[0].message


def test_the_pages_show_the_difference_first(world: World, client_as: Callable[[object], Client]) -> None:
    officer = client_as(world.users["officer"])
    path = f"/review/calls/{world.call.public_id}/external/{member_id(world)}/"
    got = officer.get(f"{path}scores.xlsx")
    assert got["Content-Type"] == TYPE
    assert load_workbook(io.BytesIO(got.content)).sheetnames == ["説明", "採点"]

    def send(content: bytes, name: str = "採点票.xlsx") -> Any:
        return officer.post(path, {"file": SimpleUploadedFile(name, content, content_type=TYPE)})

    wrong = send(data(filled(world, points=9)))
    assert wrong.status_code == 422
    assert "「採点」シートのG3" in wrong.content.decode()
    for hostile in (b"PK\x03\x04broken", b"<html>", data(Workbook())):
        assert send(hostile).status_code == 422
    shown = send(data(filled(world)))
    assert shown.status_code == 200
    assert "いまの記録の違い（1件）" in shown.content.decode()
    assert not seat(world).scored_at
    carried = {"packed": shown.context["packed"], "shown": shown.context["held"].fingerprint}
    assert officer.post(path, carried | {"packed": "x"}).status_code == 422
    done = officer.post(path, carried, follow=True).content.decode()
    assert "代理入力の印が付きます" in done
    assert officer.post(path, carried).status_code == 409
    assert "変わる所はありません" in send(data(filled(world))).content.decode()
    case = Application.objects.get()
    assert "が代理入力" in officer.get(f"/review/{case.public_id}/").content.decode()
    review.declare_interest(application_id=case.pk, by=world["second_reviewer"], has_interest=False)
