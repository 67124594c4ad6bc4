"""Somebody types, and the line breaks, the session ends, a colleague is faster: nothing typed is lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from grants.actions import drafting
from grants.models import Answer, Application
from indicators.actions import filling
from indicators.actions.filling import Typed
from indicators.models import SheetCell
from tests.factories import rounds as made
from tests.journeys import cases
from tests.journeys.conftest import Portal

pytestmark = pytest.mark.browser
SLOW = 60_000  # ms: the first page of a process loads the whole portal
expect.set_options(timeout=30_000)  # the script waits four seconds before it saves, and fifteen for an answer

EDITOR = "editor@higashikurume.example"


def saved() -> str:
    """What the portal has."""
    return Answer.objects.get(question__code="purpose", application=draft()).value


def draft() -> Application:
    return Application.objects.get(public_id=cases.filled().split("/")[2])


def type_in(page: Page, text: str) -> None:
    """Type over the answer and leave the field."""
    page.locator("[name='purpose']").fill(text)
    page.locator("[name='purpose']").blur()


def test_nothing_typed_is_lost(portal: Portal, open_context: Callable[..., BrowserContext]) -> None:
    context = open_context()
    context.add_cookies(portal.cookies(EDITOR))
    page, address = context.new_page(), f"{portal.url}{cases.filled()}plan/plan/"
    page.goto(address, timeout=SLOW)
    state = page.locator("[data-autosave-state]")

    type_in(page, "打っている間に残る")
    expect(state).to_contain_text("自動で保存しました。まだ提出していません。")
    assert saved() == "打っている間に残る"

    context.set_offline(True)
    type_in(page, "線が切れた")
    expect(state).to_contain_text(
        "通信できません。保存できていません。打った内容は、この端末に残しています。"
    )
    assert saved() == "打っている間に残る"
    context.set_offline(False)
    expect(state).to_contain_text("自動で保存しました")
    assert saved() == "線が切れた"

    context.clear_cookies()
    type_in(page, "時間が切れた")
    expect(state).to_contain_text("サインインの時間が切れました。")
    assert "/account/login/" in str(state.locator("a").get_attribute("href"))
    assert saved() == "線が切れた"
    context.add_cookies(portal.cookies(EDITOR))
    page.goto(address)
    expect(page.locator("[data-autosave-notes]")).to_contain_text("時間が切れた")
    expect(page.locator("[name='purpose']")).to_have_value("線が切れた")
    page.get_by_role("button", name="欄に戻す").click()
    expect(state).to_contain_text("自動で保存しました")
    assert saved() == "時間が切れた"

    colleague = cases.world_of(cases.HIGASHIKURUME, cases.KIYOSE)["lead_approver"]
    drafting.save_answer(application_id=draft().pk, question="purpose", value="同僚の目的", by=colleague)
    type_in(page, "わたしの目的")
    notes = page.locator("[data-autosave-notes]")
    expect(notes).to_contain_text("2人が同時に直しました：目的")
    expect(notes).to_contain_text("同僚の目的")
    assert saved() == "同僚の目的"
    page.get_by_role("button", name="自分の内容を保存する").click()
    expect(state).to_contain_text("自動で保存しました")
    assert saved() == "わたしの目的"

    page.locator("[name='purpose']").fill("ボタンで残す")
    with page.expect_navigation():
        page.get_by_role("button", name="保存する", exact=True).click()
    assert saved() == "ボタンで残す"
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tama-draft')).length") == 0
    )


def stands(name: str) -> str:
    """What the round has in a cell of 令和7年度."""
    found = SheetCell.objects.filter(task__round__plan__slug="asagiri", fiscal_year=2025, name=name).first()
    return found.value if found else ""


def test_a_sheet_saves_itself_and_two_people_see_both_texts(
    portal: Portal, open_context: Callable[..., BrowserContext]
) -> None:
    world = made.world()
    round_ = made.opened(world)
    context = open_context()
    context.add_cookies(portal.cookies(world.users["editor"].email))
    page, address = context.new_page(), f"{portal.url}/rounds/{round_.pk}/sheets/2/"
    page.goto(address, timeout=SLOW)
    state, notes = page.locator("[data-autosave-state]"), page.locator("[data-autosave-notes]")
    result = page.locator("[name='c-2025-result']")

    def saving() -> AbstractContextManager[object]:
        return page.expect_response(lambda answer: answer.url.endswith("/autosave/"), timeout=SLOW)

    with saving():
        result.fill("24回開きました。")
        result.blur()
    expect(state).to_contain_text("自動で保存しました。まだ承認を依頼していません。")
    assert stands("result") == "24回開きました。"
    with saving():
        page.locator("[name='c-2025-compared'][value='better']").check()
    assert stands("compared") == "better"

    context.set_offline(True)
    result.fill("線が切れた")
    result.blur()
    expect(state).to_contain_text(
        "通信できません。保存できていません。打った内容は、この端末に残しています。"
    )
    assert stands("result") == "24回開きました。"
    with saving():
        context.set_offline(False)
    expect(state).to_contain_text("自動で保存しました")
    assert stands("result") == "線が切れた"

    colleague, task = world["colleague"], made.sheet(round_, "2")
    theirs = [Typed((2025, "result"), "同僚の結果", None), Typed((2025, "compared"), "worse", None)]
    filling.save_cells(task_id=task.pk, typed=theirs, by=colleague)
    with saving():
        result.fill("わたしの結果")
        page.locator("[name='c-2025-compared'][value='same']").check()
    expect(notes).to_contain_text("2人が同時に直しました：令和7年度　実施結果")
    expect(notes).to_contain_text("同僚の結果")
    expect(notes).to_contain_text("悪かった")
    assert (stands("result"), stands("compared")) == ("同僚の結果", "worse")
    both = notes.locator("section")
    both.filter(has_text="悪かった").get_by_role("button", name="保存されている内容にする").click()
    with saving():
        both.filter(has_text="同僚の結果").get_by_role("button", name="自分の内容を保存する").click()
    expect(state).to_contain_text("自動で保存しました")
    assert (stands("result"), stands("compared")) == ("わたしの結果", "worse")
    assert page.locator("[name='c-2025-compared'][value='worse']").is_checked()

    result.fill("ボタンで残す")
    with page.expect_navigation(timeout=SLOW):
        page.get_by_role("button", name="途中で保存する").click()
    assert stands("result") == "ボタンで残す"
    assert page.evaluate("Object.keys(localStorage).length") == 0
