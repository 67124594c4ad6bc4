"""A year of a city's plan in the browser: coordinator, three sections, their heads, and the public page at the end.

One section types, one fills in the workbook, one says "not ours" first; a cell is given back and mended; a meeting says
something and is answered; a figure is recorded; the public reads it all, and later a correction of it.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, expect

from core.invariants import run_all
from indicators.models import ActivityIndicator, Indicator, ProgressRound, SheetTask
from tests.factories import accounts as people
from tests.factories import rounds as made
from tests.factories.rounds import World
from tests.indicators.test_figures import indicator
from tests.journeys.conftest import Portal
from tests.journeys.inspection import Watched
from tests.journeys.people import Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once("the actions behind the pages are tested on both engines"),
]
PLAN = "/plans/asagiri/"
RESULT, MENDED = "夜間開館を24回行いました。", "夜間開館を24回行い、延べ960人が来ました。"

# Whoever types slowly finds all of it saved by the page's own script before the button is pressed.
KEPT = re.compile("(?<!自動で)保存しました。|すべて保存してあります。")


class Desks(dict[str, Person]):
    """Everybody at a browser of their own; "" is a visitor."""

    def __init__(self, portal: Portal, newcomer: Callable[..., BrowserContext], world: World) -> None:
        super().__init__()
        self.portal, self.newcomer, self.world = portal, newcomer, world

    def __missing__(self, name: str) -> Person:
        context = self.newcomer(accept_downloads=True)
        # The first page of a process loads the whole portal, and a click waits for the page it leads to, a download for
        # the workbook or paper it makes: all of them get the time that a busy machine needs.
        context.set_default_timeout(60_000)
        context.add_cookies(self.portal.cookies(self.world.users[name].email if name else ""))
        watched = Watched.of(context.new_page())
        self[name] = Person(watched.page, self.portal.url, watched)
        return self[name]


@pytest.fixture
def desks(portal: Portal, open_context: Callable[..., BrowserContext]) -> Iterator[Desks]:
    world = made.world()
    unit = people.department(world.town, name="文化振興課")
    for role, name in (("editor", "culture"), ("approver", "culture_head")):
        world.users[name] = people.person(f"{name}@round.example", role, unit)
    indicator(world)
    found = Desks(portal, open_context, world)
    yield found
    assert {name: who.watched.faults for name, who in found.items() if who.watched.faults} == {}
    assert [fault for faults in run_all().values() for fault in faults] == []


def test_a_year_from_the_round_to_the_public_page(desks: Desks) -> None:
    round_ = prepare(desks)
    base = f"/rounds/{round_.pk}/"
    type_in(desks, base)
    by_workbook(desks, base)
    not_ours(desks, base)
    check(desks, base)
    deliberate(desks, base)
    figures(desks)
    read_in_public(desks)
    correct(desks, base)


def prepare(desks: Desks) -> ProgressRound:
    """The coordinator defines what a sheet counts, prepares the round and opens it."""
    keeper = desks["coordinator"]
    keeper.open(f"{PLAN}measures/2/activities/")
    keeper.send("活動指標を加える", {"name": "改修した店", "unit": "店"}, says="活動指標を決めました")
    keeper.open("/rounds/new/asagiri/")
    keeper.send(
        "準備する",
        {"fiscal_year": "2026", "kind": "end", "due_at": "令和8年12月10日 17:00"},
        says="準備しました",
    )
    keeper.follow("照会を始める")
    keeper.send("照会を始める", says="照会を始めました")
    round_ = ProgressRound.objects.get(plan__slug="asagiri")
    desks["neighbour_coordinator"].open(f"/rounds/{round_.pk}/", status=404)
    return round_


def cells(number: str, **more: str) -> dict[str, object]:
    """The form's fields of a sheet, all four texts and its activity."""
    task = SheetTask.objects.get(round__plan__slug="asagiri", measure__number=number)
    typed: dict[str, object] = {f"c-{year}-{name}": text for (year, name), text in made.TEXTS.items()}
    typed |= {"c-2025-compared": "better", "c-2025-toward": "nearer"}
    for activity in ActivityIndicator.objects.filter(measure=task.measure):
        typed |= {f"c-2025-done-{activity.pk}": "12", f"c-2026-planned-{activity.pk}": "12"}
    return typed | {f"c-2025-{name}": text for name, text in more.items()}


def hand_in(desks: Desks, base: str, number: str, editor: str, head: str) -> None:
    desks[editor].open(f"{base}sheets/{number}/")
    desks[editor].send("保存して、課長に承認を依頼する", says="承認を依頼しました")
    desks[head].open(f"{base}sheets/{number}/acts/approve/")
    desks[head].send("承認して提出する", says="承認して提出しました")


def type_in(desks: Desks, base: str) -> None:
    """産業課 types its first sheet; what is missing is said and nothing is lost."""
    editor = desks["editor"]
    editor.open(f"{base}sheets/1/")
    editor.send("保存して、課長に承認を依頼する", {"c-2025-result": "途中の文"}, says="事業内容が空です")
    expect(editor.page.locator("[name='c-2025-result']")).to_have_value("途中の文")
    editor.send("途中で保存する", cells("1"), says=KEPT)
    hand_in(desks, base, "1", "editor", "head")
    desks["library"].open(f"{base}sheets/1/", status=404)


def by_workbook(desks: Desks, base: str) -> None:
    """図書館 fills in the workbook, looks at the difference and takes it in."""
    library = desks["library"]
    library.open(base)
    book = load_workbook(io.BytesIO(library.download("個票をExcelで受け取る")))
    assert book.sheetnames[2:] == ["03"]
    texts = {
        "R7年度実施結果": RESULT, "R8年度以降の課題": "周知が足りません。", "R8年度事業内容": "夜間開館を続けます。",
        "R8年度・目標": "年24回。",
    }  # fmt: skip
    for row in book["03"].iter_rows():
        label = str(row[0].value or "").replace("\n", "")
        for start, text in texts.items():
            if label.startswith(start):
                row[1].value = text
    stream = io.BytesIO()
    book.save(stream)
    file = {"name": "03.xlsx", "mimeType": "application/octet-stream", "buffer": stream.getvalue()}
    library.open(f"{base}upload/")
    page = library.send("違いを見る", {"file": file}, says="違いのある欄 4")
    expect(page.locator("[name='accept']:checked")).to_have_count(4)
    library.send("印を付けた欄を取り込む", says="書いた欄は4です")
    hand_in(desks, base, "3", "library", "library_head")


def not_ours(desks: Desks, base: str) -> None:
    """産業課 says that the second sheet is another section's; the coordinator gives it to 文化振興課."""
    desks["editor"].open(f"{base}sheets/2/acts/disclaim/")
    desks["editor"].send("この課のものではない", {"reason": "文化振興課の事業です。"}, says="知らせました")
    keeper = desks["coordinator"]
    page = keeper.open(f"{base}sheets/2/acts/reassign/")
    unit = page.locator("[name=department] option", has_text="文化振興課").first.get_attribute("value")
    keeper.send("担当課を決める", {"department": unit}, says="担当課を決めました")
    desks["editor"].open(f"{base}sheets/2/", status=404)
    desks["culture"].open(f"{base}sheets/2/")
    desks["culture"].send("途中で保存する", cells("2"), says=KEPT)
    hand_in(desks, base, "2", "culture", "culture_head")


def check(desks: Desks, base: str) -> None:
    """One cell is given back, mended by its section alone, and all is confirmed."""
    keeper, library = desks["coordinator"], desks["library"]
    keeper.open(f"{base}sheets/3/acts/return_cells/")
    keeper.send(
        "欄ごとに差し戻す",
        {"r-2025-result": "人数を書いてください。", "due_at": "令和8年12月20日"},
        says="差し戻しました",
    )
    page = library.open(f"{base}sheets/3/")
    assert page.locator("[name='c-2026-content']").count() == 0
    library.send("途中で保存する", {"c-2025-result": MENDED}, says=KEPT)
    hand_in(desks, base, "3", "library", "library_head")
    for number in ("1", "2", "3"):
        keeper.open(f"{base}sheets/{number}/acts/confirm/")
        keeper.send("確認済にする", says="確認済にしました")


def deliberate(desks: Desks, base: str) -> None:
    """Collection ends, a panel speaks and is answered, the paper is there; then it is published."""
    keeper = desks["coordinator"]
    for name, button in (("close_collection", "受付を終える"), ("deliberate", "会議・審議に入る")):
        keeper.open(f"{base}steps/{name}/")
        keeper.send(button)
    keeper.open(f"{base}meetings/")
    keeper.send(
        "記録する", {"kind": "panel", "title": "推進委員会", "held_on": "令和8年11月20日"}, says="推進委員会"
    )
    assert MENDED not in desks[""].open(f"{PLAN}measures/3/").content()
    keeper.open(base)
    assert keeper.download("会議資料（PDF）").startswith(b"%PDF")
    keeper.open(f"{base}steps/publish_round/")
    keeper.send("公表する", says="公表しました")


def figures(desks: Desks) -> None:
    """A figure that is better, and the slip of the next one."""
    keeper = desks["coordinator"]
    keeper.open(f"{PLAN}indicators/kpi-1/observe/")
    typed = {"period_start": "2025", "value": "１５０", "next_update": "令和9年12月頃"}
    keeper.send("新しい値を記録する", typed, says="値を記録しました")
    keeper.open(f"{PLAN}indicators/kpi-1/postpone/")
    typed = {"next_update": "令和10年3月頃", "reason": "公表が遅れるため"}
    keeper.send("次回の更新の遅れを記録する", typed, says="記録しました")


def read_in_public(desks: Desks) -> None:
    """What moves is seen at a glance; the sheet, the figure and its slip are there; nothing to act with."""
    visitor = desks[""]
    page = visitor.open(PLAN)
    expect(page.locator("main")).to_contain_text("2個票進んでいる施策（全4個票）")
    visitor.open(f"{PLAN}measures/3/")
    expect(page.locator("main")).to_contain_text(MENDED)
    visitor.open(f"{PLAN}indicators/kpi-1/")
    for words in ("150", "公表が遅れるため", "目標に届いていません"):
        expect(page.locator("main")).to_contain_text(words)
    assert page.get_by_role("link", name="新しい値を記録する").count() == 0
    page.emulate_media(media="print")  # on paper a grid would leave its heading alone at the foot of a page
    expect(page.locator("#facts + dl")).to_have_css("display", "block")
    page.emulate_media(media="screen")
    assert visitor.open("/rounds/").url.count("/account/") == 1


def correct(desks: Desks, base: str) -> None:
    """A published cell is put right; the public page keeps what it said before."""
    keeper: Any = desks["coordinator"]
    keeper.open(f"{base}sheets/3/acts/correct/")
    after = MENDED.replace("960", "906")
    typed = {"cell": "2025/result", "value": after, "reason": "数え違い"}
    keeper.send("公表した内容を訂正する", typed, says="訂正しました")
    page = desks[""].open(f"{PLAN}measures/3/")
    for words in (after, MENDED, "数え違い"):
        expect(page.locator("main")).to_contain_text(words)
    assert Indicator.objects.filter(slug="kpi-1", plan__slug="asagiri").exists()
