"""Somebody who has a keyboard and nothing else."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.people import Person

_MOST = 600
"""Stops of the longest page."""

# How many Tabs lie between where the focus is and the wanted element; -1 where Tab has to go round.
_AWAY = """(wanted) => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const shown = (node) => node.checkVisibility({visibilityProperty: true}) && node.getClientRects().length > 0;
  const stops = all.filter((node) => node === wanted || (shown(node) && !node.disabled && node.type !== "hidden" && node.tabIndex >= 0));
  return stops.indexOf(wanted) - stops.indexOf(document.activeElement);
}"""


# In place of the system's window for files, which the browser hands to nobody one time in three.
_ASKS = """node => node.addEventListener("click", (event) => { event.preventDefault(); node.dataset.asked = "yes"; }, {once: true})"""


class Typist(Person):
    """Reaches everything with Tab and the skip link, and enters, chooses and presses with the keys alone."""

    def open(self, path: str, status: int = 200) -> Page:
        """Go to a page, past its header."""
        page = super().open(path, status)
        self._skip()
        return page

    def send(self, button: str, fields: dict[str, object] | None = None, *, says: str = "") -> Page:
        """Go from field to field of the form that has this button, type, and press it with Enter."""
        form = self.page.locator("main form").filter(has=self.page.get_by_role("button", name=button)).first
        for name, value in (fields or {}).items():
            self._enter(form.locator(f"[name='{name}']"), name, value)
        self._reach(form.get_by_role("button", name=button).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        if says:
            expect(self.page.locator("body")).to_contain_text(says)
        return self.page

    def follow(self, name: str) -> Page:
        """Open the link with this name."""
        self._reach(self.page.locator("main").get_by_role("link", name=re.compile(name)).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.page

    def mark(self, name: str) -> None:
        """Tick every box of this name."""
        for box in self.page.locator(f"[name={name}]").all():
            self._reach(box)
            self.page.keyboard.press("Space")
            assert box.is_checked()

    def _skip(self) -> None:
        self.page.keyboard.press("Tab")
        assert "skip" in str(self.page.evaluate("document.activeElement.className"))
        self.page.keyboard.press("Enter")

    def _reach(self, box: Any) -> None:
        """Press Tab until the focus stands there: as far as counted at once, then step by step."""
        wanted = box.element_handle()
        for _ in range(max(0, wanted.evaluate(_AWAY))):
            self.page.keyboard.press("Tab")
        for _ in range(_MOST):
            if wanted.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {wanted.evaluate('node => node.outerHTML')[:200]}")

    def _enter(self, box: Any, name: str, value: object) -> None:
        kind = box.first.evaluate("node => node.tagName === 'SELECT' ? 'select' : node.type")
        keys = self.page.keyboard
        self._reach(box.first)
        if isinstance(value, dict):
            box.first.evaluate(_ASKS)
            keys.press("Enter")
            expect(box.first).to_have_attribute("data-asked", "yes")
            box.first.set_input_files(value)  # type: ignore[arg-type]
        elif kind == "select":
            self._choose(box.first, str(value))
        elif kind in {"radio", "checkbox"}:
            keys.press("Space")
        else:
            keys.press("Control+A")
            keys.insert_text(str(value))

    def _choose(self, box: Any, value: str) -> None:
        self.page.keyboard.press("Home")
        for _ in range(_MOST):
            if box.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no {value} to choose")
