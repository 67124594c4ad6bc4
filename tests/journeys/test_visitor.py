"""A visitor finds a real program, from the first page to the telephone number of who knows more, and hears of news.

An editor of a town goes the same way, and on to the amount and the town's budget request.
"""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from accounts.actions.delivery import deliver_due
from core import clock
from programs.models import Program
from programs.tasks import tell_alerts
from tests.conftest import FIRST_LIGHT
from tests.factories import programs as make
from tests.journeys.circumstances import EDITOR
from tests.journeys.conftest import Portal
from tests.journeys.inspection import Watched

pytestmark = [pytest.mark.browser, pytest.mark.both_engines]

STOPS = 400
GRANT = "diverse-partners-grant"
COST, TOTAL, SUBSIDY = 33_000_000, 40_000_000, 20_000_000
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


def test_news_by_mail_from_the_search_to_one_click(page: Page, portal: Portal) -> None:
    """Asked for without an account, begun from the mailbox, told of a new call, stopped by the mail program."""
    page.goto(f"{portal.url}/programs/?search=移住・定住促進&level=metropolitan")
    page.get_by_role("link", name="この条件の新しい制度をメールで知る").click()
    page.get_by_label("メールアドレス").fill("journey@example.jp")
    page.get_by_role("button", name="確認のメールを受け取る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("確認のメールを送りました")
    deliver_due()
    link = re.search(r"https?://[^/]+(/alerts/\S+)", str(mail.outbox[-1].body))
    assert link
    page.goto(portal.url + link[1])
    page.get_by_role("button", name="お知らせを始める").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("メールでお知らせしています")
    with clock.at(FIRST_LIGHT + timedelta(days=3)):  # weekly, unless one asks for more: Monday is over
        make.call_open(Program.objects.get(slug="iju-teiju-shichoson-shien"), round_name="旅の途中の募集")
        tell_alerts()
        deliver_due()
        told = [one for one in mail.outbox if "journey@example.jp" in one.to and "旅の途中の募集" in one.body]
        assert len(told) == 1
        target = urlsplit(told[0].extra_headers["List-Unsubscribe"].strip("<>")).path
        assert page.request.post(portal.url + target, form={"List-Unsubscribe": "One-Click"}).status == 200
    page.goto(portal.url + link[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("このお知らせはありません")


def test_a_town_from_its_page_to_its_budget_request(
    portal: Portal, open_context: Callable[..., BrowserContext]
) -> None:
    """May we use it, what would it bring (shown while typing), and the sheet for next year's budget as a workbook."""
    context = open_context(accept_downloads=True)
    context.add_cookies(portal.cookies(EDITOR))
    page = context.new_page()
    watched = Watched.of(page)
    page.goto(f"{portal.url}/municipalities/132225/")
    page.locator(f"main a[href='/programs/{GRANT}/']").first.click()
    page.get_by_role("link", name="うちの自治体で使えるか").first.click()
    expect(page.locator("#answer")).to_contain_text("東久留米市での答え")
    expect(page.locator("#answer")).to_contain_text("使えます")
    page.goto(f"{portal.url}/programs/{GRANT}/")
    page.get_by_role("link", name="試算する").first.click()
    inputs = {"eligible_cost": COST, "support_year": 2, "tama_municipalities": 2, "diverse_actors": 1}
    for name, value in inputs.items():
        page.locator(f"main [name={name}]").fill(str(value))
    result = page.locator("#result")
    expect(result).to_contain_text(f"{SUBSIDY:,}円")  # nobody pressed anything
    expect(result).to_contain_text("読み方による違い")
    page.get_by_role("link", name="予算要求シートに入れる").click()
    for name, value in {"total": TOTAL, **inputs}.items():
        page.locator(f"main [name={GRANT}-{name}]").fill(str(value))
    page.get_by_role("button", name="シートを作る").click()
    expect(page.locator("main tfoot")).to_contain_text(f"{TOTAL - SUBSIDY:,}")
    with page.expect_download() as got:
        page.get_by_role("link", name="Excelファイルで受け取る").click()
    book = load_workbook(io.BytesIO(got.value.path().read_bytes())).active
    sums = [cell.value for cell in list(book.iter_rows())[-1]]
    assert sums[:8] == ["合計", None, TOTAL, 0, SUBSIDY, 0, TOTAL - SUBSIDY, 0]
    replaced = "console: htmx:"  # said of a calculation that further typing replaced
    assert [fault for fault in watched.faults if not fault.startswith(replaced)] == []
    assert watched.refusals() == []
