"""A visitor finds a real program, from the first page to the telephone number of who knows more."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Portal
from tests.journeys.inspection import Watched

pytestmark = [pytest.mark.browser, pytest.mark.both_engines]

STOPS = 400
PHONE = re.compile(r"^tel:0\d{8,10}$")


@pytest.fixture
def page(portal: Portal, open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    context = open_context()
    page = context.new_page()
    watched = Watched.of(page)
    page.goto(portal.url)
    yield page
    assert watched.faults == []
    assert watched.refusals() == []
    context.close()


@pytest.fixture
def plain(portal: Portal, open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """The first page in a browser without JavaScript."""
    context = open_context(javascript=False)
    page = context.new_page()
    page.goto(portal.url)
    yield page
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on this."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached in {STOPS} stops")


def hits(page: Page) -> int:
    """The number of programs found, as the heading says."""
    found = re.match(r"(\d+)件", page.locator("#count").inner_text())
    assert found
    return int(found[1])


def phone_of(page: Page) -> str:
    """The address behind the telephone number of a program."""
    link = page.locator("main a[href^='tel:']").first
    expect(link).to_be_visible()
    return link.get_attribute("href") or ""


def test_by_mouse_from_a_word_to_a_telephone_number(page: Page) -> None:
    page.get_by_label("ことばでさがす").fill("移住")
    page.get_by_role("button", name="さがす").first.click()
    found = hits(page)
    assert found > 1
    page.get_by_role("checkbox", name=re.compile("^東京都|^都")).first.check()
    page.get_by_role("button", name="この条件でしぼる").click()
    assert 0 < hits(page) < found
    assert "search=%E7%A7%BB%E4%BD%8F" in page.url
    assert "level=metropolitan" in page.url
    page.get_by_role("link", name="移住・定住ポータルサイトの運営", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("移住")
    assert PHONE.match(phone_of(page))


def test_by_keyboard_alone(page: Page) -> None:
    tab_to(page, "input[name=search]")
    page.keyboard.type("空き家")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found = hits(page)
    assert found > 1
    tab_to(page, "input[name=level]")
    page.keyboard.press("Space")
    tab_to(page, "form.facets button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert 0 < hits(page) <= found
    expect(page.locator(".chips")).to_contain_text("空き家")
    tab_to(page, ".results h3 a")
    title = page.evaluate("document.activeElement.innerText")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.go_back()
    assert "search=" in page.url


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_without_javascript(plain: Page) -> None:
    plain.get_by_label("ことばでさがす").fill("空き家")
    plain.get_by_role("button", name="さがす").first.click()
    found = hits(plain)
    plain.locator("input[name=level]").first.check()
    plain.get_by_role("button", name="この条件でしぼる").click()
    assert 0 < hits(plain) <= found
    plain.locator(".chip", has_text="空き家").click()
    assert hits(plain) >= found - 1
    assert "search=" not in plain.url
    plain.locator(".results h3 a").first.click()
    expect(plain.get_by_role("heading", level=1)).to_be_visible()


def test_a_visitor_of_a_city_sees_what_it_can_use(page: Page) -> None:
    page.get_by_label(re.compile("どの自治体ですか")).select_option("132241")
    page.get_by_role("button", name="さがす").first.click()
    expect(page.locator("#count")).to_contain_text("多摩市で使える見込み")
    assert hits(page) == 155  # nothing is hidden: what does not fit says why
    page.goto(f"{page.url}&fit=no")
    expect(page.locator(".results")).to_contain_text("対象にならない理由")


def test_what_is_typed_wrong_is_kept_and_explained(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.url}/programs/?search=移住&fiscal_year=令和八年")
    expect(
        page.get_by_role("alert").or_(page.locator(".errors, [role=alert], .notice")).first
    ).to_contain_text("令和八年")
    assert page.locator("input[name=fiscal_year]").input_value() == "令和八年"
    assert page.locator("input[name=search][type=search]").input_value() == "移住"


def test_from_a_program_to_the_towns_and_the_plan(page: Page, portal: Portal) -> None:
    """The links between the parts hold: program → measure of the plan → indicator → municipality → program."""
    page.goto(f"{portal.url}/programs/tama-kigyo-yuchi-shoreikin/")
    page.locator("main a[href*='/measures/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.locator("nav[aria-label] a[href$='/plans/tama-sangyo-shinko/']").last.click()
    page.locator("main a[href*='/indicators/']").first.click()
    page.goto(f"{portal.url}/plans/tama-sangyo-shinko/")
    page.locator("main a[href='/municipalities/132241/']").first.click()
    page.locator("main a[href^='/programs/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
