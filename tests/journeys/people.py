"""People at their own browsers, and the case they have in common."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from core import clock
from grants.models import Application
from programs.models import Call
from tests.journeys.conftest import Portal
from tests.journeys.inspection import Watched


@dataclass
class Person:
    """Somebody at their own browser."""

    page: Page
    base: str
    watched: Watched = field(repr=False)

    def open(self, path: str, status: int = 200) -> Page:
        """Go to a page of the portal."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self.page

    def send(
        self, button: str, fields: dict[str, object] | None = None, *, says: str | re.Pattern[str] = ""
    ) -> Page:
        """Fill in the form that has this button, press it, and read the answer."""
        form = self.page.locator("main form").filter(has=self.page.get_by_role("button", name=button)).first
        for name, value in (fields or {}).items():
            self._enter(form.locator(f"[name='{name}']"), name, value)
        with self.page.expect_navigation():
            form.get_by_role("button", name=button).first.click()
        if says:
            expect(self.page.locator("body")).to_contain_text(says)
        return self.page

    def follow(self, name: str) -> Page:
        """Open the link with this name."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=re.compile(name)).first.click()
        return self.page

    def mark(self, name: str) -> None:
        """Tick every box of this name."""
        for box in self.page.locator(f"[name={name}]").all():
            box.check()

    def _enter(self, box: Any, name: str, value: object) -> None:
        kind = box.first.evaluate("node => node.tagName === 'SELECT' ? 'select' : node.type")
        if isinstance(value, dict):
            box.set_input_files(value)
        elif kind == "select":
            box.select_option(str(value))
        elif kind in {"radio", "checkbox"}:
            for one in value if isinstance(value, list | tuple) else [value]:
                self.page.locator(f"main [name='{name}'][value='{one}']").check()
        else:
            box.fill(str(value))

    def download(self, name: str) -> bytes:
        """The bytes behind a link."""
        with self.page.expect_download() as got:
            self.page.get_by_role("link", name=name).first.click()
        return got.value.path().read_bytes()


@dataclass
class Case:
    """What the steps have in common: who sits where, and the case they are at."""

    portal: Portal
    call: Call
    newcomer: Callable[..., BrowserContext]
    people: dict[str, Person] = field(default_factory=dict)
    public_id: str = ""
    kind: type[Person] = Person

    def __getitem__(self, address: str) -> Person:
        """The browser of a person of the demo, signed in; "" is a visitor."""
        if address not in self.people:
            context = self.newcomer(accept_downloads=True)
            context.add_cookies(self.portal.cookies(address))
            watched = Watched.of(context.new_page())
            self.people[address] = self.kind(watched.page, self.portal.url, watched)
        return self.people[address]

    @property
    def path(self) -> str:
        return f"/applications/{self.public_id}/"

    @property
    def review(self) -> str:
        return f"/review/{self.public_id}/"

    @property
    def row(self) -> Application:
        return Application.objects.get(public_id=self.public_id)

    def member(self, role: str) -> str:
        return self.row.members.present().get(role=role).public_id

    @contextmanager
    def at(self, instant: datetime) -> Iterator[None]:
        """The clock stands at an instant; sessions begin anew, the night has ended the old ones."""
        with clock.at(instant):
            for address, person in self.people.items():
                person.page.context.clear_cookies()
                person.page.context.add_cookies(self.portal.cookies(address))
            yield

    def on_desk(self, address: str, words: str) -> None:
        """The case stands on this person's desk with what to do, and the link opens a page of the portal."""
        page = self[address].open("/desk/")
        expect(page.locator("main")).to_contain_text(words)
        assert page.locator(f"main a[href*='{self.public_id}']").count() > 0
