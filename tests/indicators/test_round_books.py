"""A round by Excel: out and back unchanged, difference before writing, only open cells, nobody's newer text covered."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import User
from core import clock
from indicators.actions import filling
from indicators.actions.filling import Typed
from indicators.actions.round_import import compare, take
from indicators.importing import Reading, read, text_of
from indicators.models import ProgressRound, SheetCell, SheetCellVersion
from indicators.queries.round_book import round_book
from indicators.workbook import plan_workbook
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | str], Client]
RESULT = "朝市を14回開きました。"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


@pytest.fixture
def round_(world: World) -> ProgressRound:
    return made.opened(world)


@pytest.fixture
def at(world: World, client_as: ClientAs) -> Callable[[str], Client]:
    return lambda name: client_as(world.users[name])


def book(world: World, round_: ProgressRound, who: str = "editor", **texts: str) -> bytes:
    """The workbook somebody receives, with texts typed behind labels of a worksheet, {"R7年度実施結果": …} on sheet 02."""
    found = round_book(world[who], round_)
    data = plan_workbook(world.plan, [], found.measures, found.years)
    opened = load_workbook(io.BytesIO(data))
    for row in opened["02"].iter_rows():
        label = str(row[0].value or "").replace("\n", "")
        for start, text in texts.items():
            if label.startswith(start):
                row[1].value = text or None
    stream = io.BytesIO()
    opened.save(stream)
    return stream.getvalue()


def aim_of(text: str) -> dict[str, str]:
    """A goal typed behind its label, which is no name Python knows."""
    return {"R8年度・目標": text}


def reading(data: bytes) -> Reading:
    return read(text_of(data).text)


def cell(round_: ProgressRound, number: str = "2", name: str = "result", year: int = 2025) -> SheetCell:
    return SheetCell.objects.get(
        task__round=round_, task__measure__number=number, name=name, fiscal_year=year
    )


def test_out_and_back_changes_nothing(world: World, round_: ProgressRound) -> None:
    """Blank cells, filled ones, a goal that is not set: the same file finds no difference and keeps its rows."""
    made.fill(world, made.sheet(round_, "1"), result="=SUM(A1)で始まる文です。\n2行目です。")
    filling.save_cells(
        task_id=made.sheet(round_, "2").pk, typed=[Typed((2026, "no_goal"), "1")], by=world["editor"]
    )
    data = book(world, round_)
    found = compare(reading=reading(data), round_=round_, by=world["editor"])
    assert (found.changes, found.left) == ([], [])
    assert found.unchanged == 8
    sheets = load_workbook(io.BytesIO(data))
    assert sheets.sheetnames == ["成果指標", "施策一覧", "01", "02", "04"]
    labels = [str(row[0].value or "").split("\n")[0] for row in sheets["02"].iter_rows()]
    assert labels[7:] == ["R7年度", "R7年度", "R7年度", "R8年度", "", "R8年度", "R8年度", "R8年度", "R9年度"]
    kinds = {row.data_type for line in sheets["01"].iter_rows() for row in line if row.value is not None}
    assert kinds == {"s"}


def test_the_section_by_its_pages(world: World, round_: ProgressRound, at: Callable[[str], Client]) -> None:
    editor, base = at("editor"), f"/rounds/{round_.pk}"
    answer = editor.get(f"{base}/workbook.xlsx")
    assert load_workbook(io.BytesIO(answer.content)).sheetnames[2:] == ["01", "02", "04"]
    data = book(
        world,
        round_,
        R7年度実施結果=RESULT,
        R8年度事業内容="屋根のある場所で開きます。",
        R7年度事業内容="書いてはいけない欄",
    )
    page = editor.post(f"{base}/upload/", {"file": SimpleUploadedFile("個票.xlsx", data)})
    shown = page.content.decode()
    assert page.status_code == 200
    assert shown.count("checked") == 2
    assert "2025年度　事業内容は、いま記入する欄ではありません" in shown
    assert SheetCell.objects.count() == 0
    packed = shown.split('name="packed" value="')[1].split('"')[0]
    facts = {"packed": packed, "name": "個票.xlsx", "accept": ["2/2025/result"], "v-2/2025/result": "0"}
    assert editor.post(f"{base}/upload/", facts).status_code == 302
    assert cell(round_).value == RESULT
    assert not cell(round_).is_proxy
    assert SheetCell.objects.count() == 1, "what was not ticked is not written"
    again = editor.post(f"{base}/upload/", facts)
    assert again.status_code == 302
    assert SheetCellVersion.objects.count() == 1


def test_a_newer_text_is_never_covered_by_an_older_file(
    world: World, round_: ProgressRound, at: Callable[[str], Client]
) -> None:
    data = book(world, round_, R7年度実施結果=RESULT)
    filling.save_cells(
        task_id=made.sheet(round_).pk,
        typed=[Typed((2025, "result"), "同僚の文です。")],
        by=world["colleague"],
    )
    taken = take(reading=reading(data), round_=round_, accept={"2/2025/result": 0}, by=world["editor"])
    assert taken.saved == 0
    assert [clash.cell.value for _, clash in taken.clashes] == ["同僚の文です。"]
    assert cell(round_).value == "同僚の文です。"
    editor, path = at("editor"), f"/rounds/{round_.pk}/upload/"
    page = editor.post(path, {"file": SimpleUploadedFile("個票.xlsx", data)}).content.decode()
    packed = page.split('name="packed" value="')[1].split('"')[0]
    for version in ("0", "x", ""):
        facts = {"packed": packed, "accept": ["2/2025/result"], "v-2/2025/result": version}
        answer = editor.post(path, facts)
        assert answer.status_code == 409
        assert "別の人が先に書いた欄があります" in answer.content.decode()
    facts = {"packed": packed, "accept": ["2/2025/result"], "v-2/2025/result": "1"}
    assert editor.post(path, facts).status_code == 302
    assert cell(round_).value == RESULT


def test_other_sheets_and_closed_ones_are_left_and_said(world: World, round_: ProgressRound) -> None:
    whole = book(world, round_, "coordinator", R7年度実施結果=RESULT)
    found = compare(reading=reading(whole), round_=round_, by=world["library"])
    assert found.changes == []
    assert any("個票2は" in str(fault) for fault in found.left)
    made.in_state(world, made.sheet(round_, "2"), "proposed")
    found = compare(reading=reading(whole), round_=round_, by=world["editor"])
    assert found.changes == []
    assert any("いまの状態" in str(fault) for fault in found.left)
    taken = take(reading=reading(whole), round_=round_, accept={"2/2025/result": 0}, by=world["editor"])
    assert taken.saved == 0
    assert cell(round_).value == made.TEXTS[2025, "result"]


def test_a_goal_that_is_not_set_and_one_that_is(world: World, round_: ProgressRound) -> None:
    none = book(world, round_, **aim_of("目標設定なし"))
    take(reading=reading(none), round_=round_, accept={"2/2026/goal": 0}, by=world["editor"])
    assert cell(round_, name="no_goal", year=2026).value == "1"
    aim = book(world, round_, **aim_of("年12回開く。"))
    take(reading=reading(aim), round_=round_, accept={"2/2026/goal": 0}, by=world["editor"])
    assert cell(round_, name="no_goal", year=2026).value == ""
    assert cell(round_, name="goal", year=2026).value == "年12回開く。"


def test_blank_in_the_file_is_a_difference_that_nobody_ticked(
    world: World, round_: ProgressRound, at: Callable[[str], Client]
) -> None:
    made.fill(world, made.sheet(round_, "2"))
    data = book(world, round_, R7年度実施結果="", R8年度事業内容="あ" * 4001)
    page = at("editor").post(f"/rounds/{round_.pk}/upload/", {"file": SimpleUploadedFile("個票.xlsx", data)})
    shown = page.content.decode()
    assert 'value="2/2025/result">' in shown
    assert "4,001字あり" in shown
    assert "2/2026/content" not in shown


def test_who_gets_which_sheets(world: World, round_: ProgressRound, at: Callable[[str], Client]) -> None:
    path = f"/rounds/{round_.pk}/workbook.xlsx"
    names = load_workbook(io.BytesIO(at("coordinator").get(path).content)).sheetnames
    assert names[2:] == ["01", "02", "03", "04"]
    library = world.units["図書館"].pk
    one = load_workbook(io.BytesIO(at("coordinator").get(path, {"department": library}).content))
    assert one.sheetnames[2:] == ["03"]
    for query in ({"department": "x"}, {"department": "99999999"}):
        assert at("coordinator").get(path, query).status_code == 404
    for name in ("neighbour", "neighbour_coordinator", "officer", "liaison"):
        assert at(name).get(path).status_code == 404, name
        assert at(name).post(f"/rounds/{round_.pk}/upload/", {"text": "x"}).status_code == 404, name


def test_the_difference_takes_a_fixed_number_of_queries(world: World, round_: ProgressRound) -> None:
    def asked(numbers: set[str]) -> int:
        found = read(text_of(book(world, round_, "coordinator", R7年度実施結果=RESULT)).text)
        few: Any = [sheet for sheet in found.measures if sheet.number in numbers]
        object.__setattr__(found, "measures", tuple(few))
        with CaptureQueriesContext(connection) as caught:
            compare(reading=found, round_=round_, by=world["coordinator"])
        return len(caught)

    assert asked({"2"}) == asked({"1", "2", "3"}) <= 12
