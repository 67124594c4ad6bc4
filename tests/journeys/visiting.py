"""A screen is one page in one state; it can be brought about by a test client and by a browser alike."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin

from django.http import HttpResponse
from django.test import Client
from django.test.html import Element, parse_html
from playwright.sync_api import Page


@dataclass(frozen=True)
class Step:
    """Fill in the form of the page that has these fields, and send it by its (or the named) button.

    `if_asked`: go on where the page does not ask, because the session was asked before.
    """

    fill: Mapping[str, str] = field(default_factory=dict)
    button: str = ""
    without_cookies: bool = False
    if_asked: bool = False


@dataclass(frozen=True)
class Screen:
    """One page in one state.

    `path` is an address or a function that looks one up in the loaded data, `shows` are words of the page that
    prove the state, `person` the mail address of who looks (nobody: a visitor), `steps` what they do there,
    `under` makes the circumstances (a set clock, a relay that is down), `prepare` what must have happened before.
    `acts`: bringing it about changes data (a cancelled post, a new secret), so that the page never says the same.
    """

    route: str
    state: str
    path: str | Callable[[], str]
    shows: str
    person: str = ""
    steps: tuple[Step, ...] = ()
    status: int = 200
    prepare: Callable[[], object] | None = None
    acts: bool = False
    under: Callable[[], AbstractContextManager[object]] = nullcontext

    @property
    def name(self) -> str:
        """What the run and the screenshot are called."""
        return f"{self.route.replace(':', '-')}--{self.state.replace(' ', '-')}"

    @property
    def address(self) -> str:
        """The path with its query."""
        return self.path if isinstance(self.path, str) else self.path()


def visit(client: Client, screen: Screen) -> HttpResponse:
    """Bring the screen about with a test client, forms parsed from the pages as a browser does."""
    if screen.prepare:
        screen.prepare()
    client.raise_request_exception = screen.status < 500
    response: Any = client.get(screen.address, follow=True)
    for step in screen.steps:
        address = f"{response.request['PATH_INFO']}?{response.request.get('QUERY_STRING', '')}".rstrip("?")
        form = _form(response, step)
        data = {**_defaults(form), **_written(response, form), **step.fill, **_pressed(form, step)}
        if step.without_cookies:
            client = Client(enforce_csrf_checks=True)
        attributes = dict(form.attributes)
        target = urljoin(address, attributes.get("action") or address)
        if attributes.get("method", "get") == "post":
            response = client.post(target, data, follow=True)
        else:
            response = client.get(f"{target.split('?')[0]}?{urlencode(data)}", follow=True)
    return response


def act(page: Page, screen: Screen, base: str) -> None:
    """Bring the screen about in a browser."""
    if screen.prepare:
        screen.prepare()
    page.goto(urljoin(base, screen.address))
    for step in screen.steps:
        form = page.locator("main form")
        for name in step.fill:
            form = form.filter(has=page.locator(f"[name='{name}']"))
        if step.button:
            form = form.filter(has=page.get_by_role("button", name=step.button))
        if step.if_asked and not form.count():
            continue
        form = form.first
        for name, value in step.fill.items():
            _enter(form, name, value)
        if step.without_cookies:
            page.context.clear_cookies()
        button = form.get_by_role("button", name=step.button) if step.button else form.locator("button")
        with page.expect_navigation():
            button.first.click()


def _enter(form: Any, name: str, value: str) -> None:
    box = form.locator(f"[name='{name}']")
    kind = box.first.evaluate("node => node.tagName === 'SELECT' ? 'select' : node.type")
    if kind == "select":
        box.first.select_option(value)
    elif kind in {"radio", "checkbox"}:
        form.locator(f"[name='{name}'][value='{value}']").check()
    elif kind != "hidden":
        box.first.fill(value)


def elements(node: Element | str, *names: str) -> Iterator[Element]:
    """Every element below with one of these names, in the order of the page."""
    if isinstance(node, str):
        return
    if node.name in names:
        yield node
    for child in node.children:
        yield from elements(child, *names)


def words(node: Element | str) -> str:
    """The text of an element."""
    return node if isinstance(node, str) else " ".join(words(child) for child in node.children)


def _form(response: Any, step: Step) -> Element:
    document = parse_html(response.content.decode())
    for form in elements(next(elements(document, "main")), "form"):
        fields = {
            dict(box.attributes).get("name")
            for box in elements(form, "input", "select", "textarea", "button")
        }
        buttons = " ".join(words(button) for button in elements(form, "button"))
        if step.fill.keys() <= fields and step.button in buttons:
            return form
    raise LookupError(f"no form with {sorted(step.fill)} and button {step.button!r} on the page")


def _defaults(form: Element) -> dict[str, str]:
    """What the form would send untouched."""
    found: dict[str, str] = {}
    for box in elements(form, "input"):
        attributes = dict(box.attributes)
        if attributes.get("type") in {"radio", "checkbox"} and "checked" not in attributes:
            continue
        if name := attributes.get("name"):
            found[name] = attributes.get("value") or ""
    for select in elements(form, "select"):
        options = [dict(option.attributes) for option in elements(select, "option")]
        chosen = next((option for option in options if "selected" in option), options[0] if options else {})
        found[dict(select.attributes)["name"]] = chosen.get("value") or ""
    return found


_AREA = re.compile(r'<textarea\b[^>]*?\bname="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', re.DOTALL)


def _written(response: Any, form: Element) -> dict[str, str]:
    """The text areas of a form letter by letter: the parsed page has their lines and blanks run together."""
    typed = [(name, unescape(text)) for name, text in _AREA.findall(response.content.decode())]
    boxes = {dict(area.attributes)["name"]: words(area) for area in elements(form, "textarea")}
    letters = {name: text for name, text in typed if name in boxes and text.split() == boxes[name].split()}
    return boxes | letters


def _pressed(form: Element, step: Step) -> dict[str, str]:
    """The name and value of the button that sends the form."""
    for button in elements(form, "button"):
        attributes = dict(button.attributes)
        if attributes.get("type", "submit") == "submit" and step.button in words(button):
            return {attributes["name"]: attributes.get("value") or ""} if "name" in attributes else {}
    return {}
