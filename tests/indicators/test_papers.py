"""The paper for meetings: everything in it, marked while it is not public, the round's texts for its coordinator only."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import docx
import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from core import clock
from indicators.models import Plan, SheetYear
from indicators.views import sheets
from tests.factories import rounds as made
from tests.factories.rounds import World
from tests.indicators.test_figures import indicator

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("paper is drawn from what was read, whatever it was read from"),
]
ClientAs = Callable[[User | str], Client]
HOSTILE = "=1+1 #evil() [x] $y$ \\z 😀\n二行目"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


def words(answer: Any, kind: str) -> str:
    """All text of a paper without white space."""
    if kind == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    else:
        draft = docx.Document(io.BytesIO(answer.content))
        cells = [cell.text for table in draft.tables for row in table.rows for cell in row.cells]
        header = [paragraph.text for paragraph in draft.sections[0].header.paragraphs]
        text = "".join([*header, *(paragraph.text for paragraph in draft.paragraphs), *cells])
    return "".join(text.split())


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_paper_of_a_published_plan(world: World, client: Client, kind: str) -> None:
    indicator(world)
    SheetYear.objects.filter(measure__number="2").delete()
    SheetYear.objects.create(measure=world.plan.measures.get(number="2"), fiscal_year=2025, content=HOSTILE)
    answer = client.get(f"/plans/asagiri/paper.{kind}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    text = words(answer, kind)
    for part in (
        "にぎわい計画", "令和8年11月21日現在", "01朝市の開催", "R7年度も朝市を月に一度開きます。", "年12回", "03夜間開館",
        "再掲：01朝市の開催", "店の数1", "1指標のうち、目標に届いていないもの1", "ポータル独自", "=1+1#evil()[x]$y$\\z", "二行目",
    ):  # fmt: skip
        assert "".join(part.split()) in text, part
    assert "未公表" not in text
    if kind == "docx":
        assert " PAGE " in docx.Document(io.BytesIO(answer.content)).sections[0].footer._element.xml
    if kind == "pdf":
        assert "〓" in text, "a sign without a shape is set as the mark for it"
        assert text.count("〓") == 1, "line ends are no missing signs"
        assert PdfReader(io.BytesIO(answer.content)).metadata.title.startswith("東久留米市にぎわい計画")  # type: ignore[union-attr]


def test_what_there_is_not(world: World, client: Client) -> None:
    assert client.get("/plans/asagiri/paper.exe").status_code == 404
    assert client.get("/plans/none/paper.pdf").status_code == 404
    Plan.objects.update(publication="draft")
    assert client.get("/plans/asagiri/paper.pdf").status_code == 404


def test_one_place_gets_a_few_papers_a_minute(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "PAPERS_A_MINUTE", 2)
    path = "/plans/asagiri/paper.docx"
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]
    late = client.get(path)
    assert 0 < int(late["Retry-After"]) <= 60
    assert client.get("/plans/asagiri/paper.exe").status_code == 404
    assert client.get(path, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_the_rounds_texts_stand_in_the_meetings_paper_only(
    world: World, client: Client, client_as: ClientAs
) -> None:
    round_ = made.opened(world)
    made.fill(world, made.sheet(round_, "2"), result="まだ公表しない文です。")
    path = f"/rounds/{round_.pk}/paper.docx"
    text = words(client_as(world.users["coordinator"]).get(path), "docx")
    assert "まだ公表しない文です。" in text
    assert "未公表会議資料（案）" in text
    assert "03夜間開館" in text
    for name in ("editor", "head", "neighbour_coordinator", "officer"):
        assert client_as(world.users[name]).get(path).status_code == 404, name
    assert "まだ公表しない文" not in words(client.get("/plans/asagiri/paper.docx"), "docx")
