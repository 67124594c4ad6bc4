"""The pages of rounds: who opens what, nothing typed is lost, two people are shown both, every act by its page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.html import Element, parse_html
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import clock
from indicators.actions import filling
from indicators.actions.filling import Typed
from indicators.models import ProgressRound, SheetCell, SheetTask
from tests.factories import rounds as made
from tests.factories.rounds import World

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | str], Client]


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(made.NOW):
        yield made.world()


@pytest.fixture
def at(world: World, client_as: ClientAs) -> Callable[[str], Client]:
    """A browser of somebody of the world."""
    return lambda name: client_as(world.users[name])


def fields(response: Any) -> dict[str, str]:
    """What the page's form would send if nobody typed anything."""
    found: dict[str, str] = {}

    def walk(node: Any) -> None:
        if not isinstance(node, Element):
            return
        values = dict(node.attributes)
        name = values.get("name")
        if node.name == "textarea" and name:
            found[name] = "".join(str(child) for child in node.children)
        chosen = values.get("type") not in {"radio", "checkbox"} or "checked" in values
        if node.name == "input" and name and name != "csrfmiddlewaretoken" and chosen:
            found[name] = values.get("value") or ""
        for child in node.children:
            walk(child)

    walk(parse_html(response.content.decode()))
    return found


def test_a_round_from_the_pages_alone(world: World, at: Callable[[str], Client]) -> None:
    coordinator, editor, head = at("coordinator"), at("editor"), at("head")
    typed = {
        "fiscal_year": "2026", "kind": "start", "cells": ["-1/result", "-1/issues", "0/content", "0/goal"],
        "due_at": "令和8年12月11日", "note": "簡潔に書いてください。",
    }  # fmt: skip
    bad = coordinator.post("/rounds/new/asagiri/", typed | {"due_at": "師走"})
    assert bad.status_code == 422
    assert "師走" in bad.content.decode()
    assert "簡潔に書いてください。" in bad.content.decode()
    assert coordinator.post("/rounds/new/asagiri/", typed).status_code == 302
    round_ = ProgressRound.objects.get()
    assert round_.open_cells == made.CELLS
    base = f"/rounds/{round_.pk}/"
    assert coordinator.post(f"{base}steps/open_round/", {"version": 1}, follow=True).status_code == 200
    page = editor.get(f"{base}sheets/1/")
    text = page.content.decode()
    assert made.LAST_YEAR in text, "last year stands beside this year"
    assert "簡潔に書いてください。" in text
    data = fields(page)
    activity = world.plan.measures.get(number="1").activities.get()
    data |= {f"c-{year}-{name}": value for (year, name), value in made.TEXTS.items()}
    data |= {f"c-2025-done-{activity.pk}": "約12", "propose": "1", "c-2025-toward": "nearer"}
    answer = editor.post(f"{base}sheets/1/", data)
    assert answer.status_code == 422
    assert "数字で入力してください" in answer.content.decode()
    assert 'value="約12"' in answer.content.decode()
    assert made.TEXTS[2026, "goal"] in answer.content.decode(), "nothing typed is lost"
    assert not SheetCell.objects.exists()
    data[f"c-2025-done-{activity.pk}"] = "12"
    assert "課長に承認を依頼しました" in editor.post(f"{base}sheets/1/", data, follow=True).content.decode()
    assert head.post(f"{base}sheets/1/acts/approve/", {"version": 2}, follow=True).status_code == 200
    reasons = {"version": 3, "r-2025-result": "", "due_at": "令和8年12月4日"}
    empty = coordinator.post(f"{base}sheets/1/acts/return_cells/", reasons)
    assert empty.status_code == 422
    assert "差し戻す欄がありません" in empty.content.decode()
    reasons["r-2025-result"] = "天候の影響も書いてください。"
    assert coordinator.post(f"{base}sheets/1/acts/return_cells/", reasons).status_code == 302
    page = editor.get(f"{base}sheets/1/")
    assert "天候の影響も書いてください。" in page.content.decode()
    assert "c-2026-goal" not in fields(page), "only what was returned can be typed into"
    desk = editor.get("/desk/").content.decode()
    assert "差し戻された進行管理表を直してください" in desk


def test_two_people_see_both_values(world: World, at: Callable[[str], Client]) -> None:
    round_ = made.opened(world)
    url = f"/rounds/{round_.pk}/sheets/2/"
    editor, colleague = at("editor"), at("colleague")
    mine, theirs = fields(editor.get(url)), fields(colleague.get(url))
    theirs |= {"c-2025-result": "同僚の文", "c-2025-issues": "同僚の課題"}
    assert colleague.post(url, theirs).status_code == 302
    mine |= {"c-2025-result": "私の文", "c-2026-goal": "私の目標"}
    clash = editor.post(url, mine)
    assert clash.status_code == 409
    text = clash.content.decode()
    assert "2人が同時に直しました" in text
    assert "同僚の文" in text
    assert "私の文" in text
    stored = dict(SheetCell.objects.values_list("name", "value"))
    assert stored == {"result": "同僚の文", "issues": "同僚の課題", "goal": "私の目標"}, (
        "an untouched field covers nothing"
    )
    assert editor.post(url, fields(clash)).status_code == 302
    assert SheetCell.objects.get(name="result").value == "私の文"


def test_typing_is_saved_on_the_way_cell_by_cell(world: World, at: Callable[[str], Client]) -> None:
    """What can be stored is, a bad number keeps no text back, nobody's text is covered, a closed sheet says so."""
    round_ = made.opened(world)
    url = f"/rounds/{round_.pk}/sheets/1/"
    editor = at("editor")
    activity = world.plan.measures.get(number="1").activities.get()
    mine = fields(editor.get(url))
    typed = mine | {"c-2025-result": "書きかけ", f"c-2025-done-{activity.pk}": "約12"}
    answer = editor.post(f"{url}autosave/", typed)
    assert answer.status_code == 422
    body = answer.json()
    assert {name: row["version"] for name, row in body["saved"].items()} == {"c-2025-result": 1}
    assert "数字で入力してください" in body["faults"][f"c-2025-done-{activity.pk}"]
    for name, row in body["saved"].items():
        typed |= {f"{name}-version": str(row["version"]), f"{name}-shown": row["shown"]}
    typed |= {"c-2025-result": "書きかけの続き", f"c-2025-done-{activity.pk}": "12"}
    body = editor.post(f"{url}autosave/", typed).json()
    assert (len(body["saved"]), body["clashes"], body["faults"]) == (2, [], {})
    pressed = editor.post(url, fields(editor.get(url)) | {"save": ""}, follow=True).content.decode()
    assert "打った内容は、すべて保存してあります。" in pressed
    alone = {name: text for name, text in mine.items() if name.startswith("c-2025-result")}
    stale = editor.post(f"{url}autosave/", alone | {"c-2025-result": "別の窓の文"})
    assert (stale.status_code, stale.json()["saved"]) == (409, {})
    clash = stale.json()["clashes"][0]
    assert (clash["code"], clash["label"]) == ("c-2025-result", "令和7年度　実施結果")
    assert (clash["theirs"], clash["version"]) == ("書きかけの続き", 2)
    assert SheetCell.objects.get(name="result").value == "書きかけの続き"
    assert editor.get(f"{url}autosave/").status_code == 405
    assert at("neighbour").post(f"{url}autosave/", typed).status_code == 404
    made.fill(world, made.sheet(round_, "1"))
    filling.propose(task_id=made.sheet(round_, "1").pk, by=world["editor"])
    assert editor.post(f"{url}autosave/", typed).status_code == 409


def test_a_sheet_that_moved_on_shows_what_was_typed(world: World, at: Callable[[str], Client]) -> None:
    round_ = made.opened(world)
    url = f"/rounds/{round_.pk}/sheets/2/"
    data = fields(at("editor").get(url)) | {"c-2025-result": "遅れて打った文"}
    made.submitted(world, made.sheet(round_))
    answer = at("editor").post(url, data)
    assert answer.status_code == 409
    assert "遅れて打った文" in answer.content.decode()
    assert "保存していません" in answer.content.decode()


def test_missing_cells_are_named_and_what_was_typed_is_saved(
    world: World, at: Callable[[str], Client]
) -> None:
    round_ = made.opened(world)
    url = f"/rounds/{round_.pk}/sheets/2/"
    data = fields(at("editor").get(url)) | {"c-2025-result": "書きかけ", "propose": "1"}
    answer = at("editor").post(url, data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "事業内容が空です" in text
    assert "ここまでの内容は保存しました" in text
    assert SheetCell.objects.get().value == "書きかけ"


def test_every_act_has_its_page_and_works(world: World, at: Callable[[str], Client]) -> None:
    round_ = made.opened(world)
    unit, colleague = world.units["図書館"].pk, world.users["colleague"].pk
    base = f"/rounds/{round_.pk}/sheets"
    coordinator, editor, head = at("coordinator"), at("editor"), at("head")

    def act(client: Client, number: str, name: str, **data: Any) -> None:
        url = f"{base}/{number}/acts/{name}/"
        page = client.get(url)
        assert page.status_code == 200
        sent = client.post(url, fields(page) | data)
        assert sent.status_code == 302, sent.content.decode()[:3000]

    act(editor, "1", "hand_over", user=colleague)
    act(editor, "1", "disclaim", reason="図書館のものです。")
    act(coordinator, "1", "reassign", department=unit)
    assert editor.get(f"{base}/1/").status_code == 404
    made.submitted(world, made.sheet(round_))
    page = coordinator.get(f"{base}/2/edit/")
    data = fields(page) | {"c-2026-goal": "年12回、延べ4,000人以上"}
    assert coordinator.post(f"{base}/2/edit/", data).status_code == 302
    act(editor, "2", "object_to", reason="約束できません。")
    assert (
        coordinator.post(
            f"{base}/2/edit/", fields(coordinator.get(f"{base}/2/edit/")) | {"c-2026-goal": "年12回"}
        ).status_code
        == 302
    )
    assert "事務局の手直し" in editor.get(f"{base}/2/").content.decode()
    act(editor, "2", "agree")
    act(coordinator, "2", "confirm")
    act(coordinator, "3", "exempt", reason="今年度は行いません。")
    act(coordinator, "3", "include")
    assert "手直しを認めない" in head.get(f"{base}/2/history/").content.decode()
    refused = editor.get(f"{base}/2/acts/approve/")
    assert refused.status_code == 200
    assert "いまはできません" in refused.content.decode()
    assert editor.get(f"{base}/2/acts/nonsense/").status_code == 404
    blank = coordinator.post(f"{base}/3/acts/exempt/", {"version": 3, "reason": " "})
    assert blank.status_code == 422


def test_publication_and_correction_show_on_the_public_page(
    world: World, at: Callable[[str], Client]
) -> None:
    round_ = made.opened(world)
    made.settle(world, round_, "1", "2")
    coordinator = at("coordinator")
    url = f"/rounds/{round_.pk}/steps/publish_round/"
    assert coordinator.post(url, {"version": 4}).status_code == 302
    public = Client().get("/plans/asagiri/measures/1/").content.decode()
    assert made.TEXTS[2025, "result"] in public
    assert "朝市の開催" in public
    act = f"/rounds/{round_.pk}/sheets/1/acts/correct/"
    data = fields(coordinator.get(act)) | {
        "cell": "2025/result",
        "value": "朝市を11回開きました。",
        "reason": "数え違い",
    }
    assert coordinator.post(act, data).status_code == 302
    public = Client().get("/plans/asagiri/measures/1/").content.decode()
    assert "朝市を11回開きました。" in public
    assert "数え違い" in public
    assert made.TEXTS[2025, "result"] in public, "what stood there stays on the page"


def test_opinions_are_recorded_answered_and_public(world: World, at: Callable[[str], Client]) -> None:
    round_ = made.opened(world)
    coordinator, url = at("coordinator"), f"/rounds/{round_.pk}/meetings/"
    typed = {"kind": "panel", "title": "推進委員会", "held_on": "いつか", "summary": "要旨を書きました。"}
    bad = coordinator.post(url, typed)
    assert bad.status_code == 422
    assert "要旨を書きました。" in bad.content.decode()
    assert coordinator.post(url, typed | {"held_on": "令和8年11月20日"}).status_code == 302
    meeting = round_.meetings.get()
    assert coordinator.post(f"{url}{meeting.pk}/", {"number": "2", "text": ""}).status_code == 422
    assert (
        coordinator.post(f"{url}{meeting.pk}/", {"number": "2", "text": "数で示してほしい。"}).status_code
        == 302
    )
    answer = f"/rounds/{round_.pk}/opinions/{meeting.opinions.get().pk}/"
    assert coordinator.post(answer, {"answer": "次の年度から書きます。"}).status_code == 302
    editor = at("editor")
    assert "次の年度から書きます。" in editor.get(url).content.decode()
    assert {editor.post(url, typed).status_code, editor.get(answer).status_code} == {404}
    assert "推進委員会" not in Client().get("/plans/asagiri/opinions/").content.decode()
    made.settle(world, round_, "2")
    coordinator.post(f"/rounds/{round_.pk}/steps/publish_round/", {"version": 4})
    assert "次の年度から書きます。" in Client().get("/plans/asagiri/opinions/").content.decode()


def test_the_board_narrows_and_reads_at_a_fixed_number_of_queries(
    world: World, at: Callable[[str], Client]
) -> None:
    round_ = made.opened(world)
    made.proposed(world, made.sheet(round_))
    coordinator = at("coordinator")
    url = f"/rounds/{round_.pk}/"
    text = coordinator.get(url).content.decode()
    assert "個票（4枚）" in text
    assert "個票（1枚／全4枚）" in coordinator.get(f"{url}?state=proposed").content.decode()
    assert "個票（1枚／全4枚）" in coordinator.get(f"{url}?theme=dx").content.decode()
    assert "合う個票はありません" in coordinator.get(f"{url}?state=x").content.decode()
    assert "しぼる" not in at("library").get(url).content.decode()
    assert at("library").get(f"{url}sheets/1/").status_code == 404
    with CaptureQueriesContext(connection) as few:
        coordinator.get(url)
    for task in SheetTask.objects.filter(status="open"):
        made.fill(world, task, "coordinator")
    with CaptureQueriesContext(connection) as many:
        coordinator.get(url)
    assert len(many) == len(few)


def test_others_find_nothing(world: World, at: Callable[[str], Client]) -> None:
    round_ = made.opened(world)
    paths = [
        "",
        "sheets/1/",
        "sheets/1/history/",
        "sheets/1/acts/confirm/",
        "sheets/1/edit/",
        "steps/extend/",
    ]
    for name in ("neighbour", "neighbour_coordinator", "officer", "liaison"):
        client = at(name)
        assert {client.get(f"/rounds/{round_.pk}/{path}").status_code for path in paths} == {404}
        assert client.post("/rounds/new/asagiri/", {}).status_code == 404
    anonymous = Client().get(f"/rounds/{round_.pk}/")
    assert anonymous.status_code == 302
    assert at("editor").get(f"/rounds/{round_.pk}/steps/publish_round/").status_code == 404


def test_a_text_as_last_year_is_said_and_stops_nobody(world: World, at: Callable[[str], Client]) -> None:
    round_ = made.opened(world)
    task = made.sheet(round_, "1")
    typed = [Typed((2026, "content"), "R8年度も朝市を月に一度開きます。")]
    filling.save_cells(task_id=task.pk, typed=typed, by=world["editor"])
    text = at("editor").get(f"/rounds/{round_.pk}/sheets/1/").content.decode()
    assert "3年続けて同じ文です" in text
    assert "3年以上同じ文" in at("coordinator").get(f"/rounds/{round_.pk}/").content.decode()
    made.fill(world, task, content="R8年度も朝市を月に一度開きます。")
    filling.propose(task_id=task.pk, by=world["editor"])
