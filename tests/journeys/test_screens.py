"""Every screen of the registry in Chromium: accessible, narrow, by keyboard, without JavaScript, self-contained.

Pictures are kept under var/screens: of the first state of each page and of every state with a fault, 1280 and
320 px wide, and docs for README. A whole page's picture costs a sixth of a screen's time.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys import seen
from tests.journeys.conftest import NARROW, WIDE, Portal
from tests.journeys.inspection import (
    WIDTH_RULES,
    Watched,
    axe_findings,
    sideways,
    summary_faults,
)
from tests.journeys.keyboard import keyboard_faults
from tests.journeys.screens import SCREENS
from tests.journeys.visiting import Screen, act

pytestmark = pytest.mark.browser

# What README shows: copied from var/screens/docs/ to docs/screens/ when the look changes.
SHOWCASE = {
    "home--visitor": "home",
    "programs-detail--money-and-call": "program",
    "plans-detail--full": "plan",
    "applications-detail--filled": "case",
}
FIRST = list({screen.route: screen for screen in reversed(SCREENS)}.values())


@pytest.fixture(scope="module")
def scripted(portal: Portal, open_context: Callable[..., BrowserContext]) -> Watched:
    """A visitor's browser as delivered; one page for all screens, since a new one costs a process."""
    return Watched.of(open_context().new_page())


@pytest.fixture(scope="module")
def scriptless(portal: Portal, open_context: Callable[..., BrowserContext]) -> Watched:
    """A browser whose owner switched JavaScript off."""
    return Watched.of(open_context(javascript=False).new_page())


def bring_about(watched: Watched, portal: Portal, screen: Screen, cookies: list[Any]) -> None:
    """The screen, with nothing left of the one before."""
    context = watched.page.context
    context.clear_cookies()
    context.add_cookies(cookies)
    if watched.page.viewport_size != WIDE:
        watched.page.set_viewport_size(WIDE)
    watched.forget()
    act(watched.page, screen, portal.url)


def text_of(page: Page) -> list[str]:
    """What the page says, line by line, without what is said only where scripts do not run."""
    found = page.evaluate(_WORDS)
    aside = {line.strip() for said in found["aside"] for line in said.splitlines()}
    lines = (line.strip() for line in found["said"].splitlines())
    return [line for line in lines if line and line not in aside]


_WORDS = """() => {
  const main = document.querySelector("main");
  return {said: main.innerText, aside: [...main.querySelectorAll("noscript")].map((node) => node.innerText)};
}"""


@pytest.mark.parametrize("screen", SCREENS, ids=[screen.name for screen in SCREENS])
def test_screen(
    screen: Screen, portal: Portal, scripted: Watched, scriptless: Watched, pictures: Path
) -> None:
    cookies = portal.cookies(screen.person)
    with screen.under(), seen.rendered_templates() as templates:
        bring_about(scripted, portal, screen, cookies)
        faults = wide_faults(scripted, screen, pictures)
        said = text_of(scripted.page)
        faults += narrow_faults(scripted, screen, pictures) + scripted.faults
        bring_about(scriptless, portal, screen, cookies)
        faults += plain_faults(scriptless, screen, said)
    if faults:
        keep_picture(scripted.page, screen, pictures)
        pytest.fail("\n".join(faults), pytrace=False)
    seen.keep(screen, templates)


def plain_faults(plain: Watched, screen: Screen, said: list[str]) -> list[str]:
    """What the page does differently without JavaScript."""
    if plain.statuses[-1] != screen.status:
        return [f"without JavaScript: status {plain.statuses[-1]}"]
    if screen.acts:
        return [] if screen.shows in plain.page.content() else [f"without JavaScript: no {screen.shows!r}"]
    now = text_of(plain.page)
    lines = [f"only with it: {line}" for line in said if line not in now]
    lines += [f"only without it: {line}" for line in now if line not in said]
    return [f"without JavaScript the page says something else, {line}" for line in lines]


def wide_faults(shown: Watched, screen: Screen, pictures: Path) -> list[str]:
    """Everything that is wrong with the page in a wide window."""
    page = shown.page
    assert shown.statuses[-1] == screen.status
    assert screen.shows in page.content()
    found = {}
    if screen.name in SHOWCASE:
        page.screenshot(path=pictures / "docs" / f"{SHOWCASE[screen.name]}.png")
    if screen in FIRST:
        keep_picture(page, screen, pictures)
    found["errors"] = summary_faults(page)
    found["keyboard"] = keyboard_faults(page)
    found["policy"] = shown.refusals()
    found["wide"] = sideways(page)
    found["axe"] = axe_findings(page)
    return [f"{what}: {fault}" for what, faults in found.items() for fault in faults]


def narrow_faults(shown: Watched, screen: Screen, pictures: Path) -> list[str]:
    """Everything that is wrong with the page in a narrow window, which it leaves narrow."""
    page = shown.page
    page.set_viewport_size(NARROW)
    if screen in FIRST:
        keep_picture(page, screen, pictures)
    found = {"320 px": sideways(page)}
    if screen in FIRST:
        found["axe at 320 px"] = axe_findings(page, WIDTH_RULES)
    return [f"{what}: {fault}" for what, faults in found.items() for fault in faults]


def keep_picture(page: Page, screen: Screen, pictures: Path) -> None:
    """The whole page, in the folder of its window's width."""
    size = page.viewport_size or WIDE
    page.screenshot(path=pictures / str(size["width"]) / f"{screen.name}.png", full_page=True)
