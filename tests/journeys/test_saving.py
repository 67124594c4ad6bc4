"""Somebody types, and the line breaks, the session ends, a colleague is faster: nothing typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from grants.actions import drafting
from grants.models import Answer, Application
from tests.journeys import cases
from tests.journeys.conftest import Portal

pytestmark = pytest.mark.browser

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
    page.goto(address)
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
