"""What must hold on every page, asked of the page itself in the browser."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.journeys.contrast import contrast_findings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
AXE = Axe().axe_script
# What can differ on a narrow screen.
WIDTH_RULES = ["target-size", "scrollable-region-focusable", "aria-hidden-focus"]

# Runs before the page's own scripts: notes every refusal of the Content-Security-Policy, and every focus.
WATCH = """
window.portalRefusals = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.portalRefusals.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""

_SUMMARY = """() => {
  const summary = document.querySelector("[data-error-summary]");
  const targets = [...summary.querySelectorAll("a")].map((line) => line.getAttribute("href"));
  return {focused: document.activeElement === summary, lost: targets.filter((to) => !document.querySelector(to))};
}"""

_SIDEWAYS = """() => {
  const root = document.scrollingElement, hides = ["hidden", "clip"];
  const cut = [document.documentElement, document.body].some((node) => hides.includes(getComputedStyle(node).overflowX));
  const scrolls = (node) => node && node !== document.body &&
    (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  const wide = [...document.body.querySelectorAll("*")]
    .filter((node) => node.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(node.parentElement) && !node.closest(".sr"))
    .slice(0, 5).map((node) => `${node.tagName}.${node.getAttribute("class") || ""} ${Math.round(node.getBoundingClientRect().right)}px`);
  return {scroll: root.scrollWidth, room: root.clientWidth, cut, wide};
}"""


@dataclass
class Watched:
    """A page and what it did that no page may do."""

    page: Page
    statuses: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> "Watched":
        """Listen from now on."""
        watched = cls(page)
        page.on("request", watched._request)
        page.on("response", watched._response)
        page.on("console", watched._console)
        page.on("pageerror", lambda error: watched.faults.append(f"script error: {error}"))
        return watched

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "about", "blob"} and parts.hostname not in LOOPBACK:
            self.faults.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.statuses.append(response.status)
        elif response.status >= 400:
            self.faults.append(f"{response.status} for {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports a page's own status as a console error; that is checked by `statuses`.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def forget(self) -> None:
        """Start anew: what was seen belongs to the screen before."""
        self.statuses.clear()
        self.faults.clear()

    def refusals(self) -> list[str]:
        """What the policy refused since the page was opened."""
        found: list[str] = self.page.evaluate("window.portalRefusals || []")
        return found


def axe_findings(page: Page, rules: list[str] | None = None) -> list[str]:
    """Every finding of axe on the page, one line each; all rules, or the named ones only."""
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    else:
        options["rules"] = {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    findings = [
        f"{rule['id']}: {rule['help']} | {node['html'][:160]} | {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]
    return findings if rules else findings + contrast_findings(page)


def summary_faults(page: Page) -> list[str]:
    """A summary of errors has taken the focus, is announced, and each of its links leads to a field."""
    if not page.locator("[data-error-summary]").count():
        return []
    found = page.evaluate(_SUMMARY)
    faults = [f"a line leads nowhere: {target}" for target in found["lost"]]
    if not found["focused"]:
        faults.append("the summary of errors has not taken the focus")
    if not page.title().startswith("エラー："):
        faults.append("the title does not say that there is an error")
    return faults


def sideways(page: Page) -> list[str]:
    """Why the page must be moved sideways to be read; nothing if it need not."""
    found = page.evaluate(_SIDEWAYS)
    faults = list(found["wide"])
    if found["scroll"] > found["room"]:
        faults.append(f"{found['scroll']} px in a window of {found['room']} px")
    if found["cut"]:
        faults.append("html or body hides what is too wide")
    return faults
