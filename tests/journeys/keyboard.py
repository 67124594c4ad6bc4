"""Walking a page with the Tab key.

The frame of all pages, its header and its footer, is walked through once in each of its forms; after that the walk
enters it, goes on from its last stop, and so still proves that it is entered, left, and comes round.
"""

from typing import Any

from playwright.sync_api import Page

_walked: set[str] = set()
"""Forms of header and footer walked through without a fault: what can be focused there, with its classes."""

_WATCH = """() => {
  const shown = (node) => {
    const style = getComputedStyle(node);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const name = (node) => (node.getAttribute("aria-label") || node.innerText || node.name || node.id || "").trim().slice(0, 40);
  const log = window.portalFocus = {seen: [], unmarked: [], outside: [], runs: [], over: new Set(), muted: false, name};
  document.addEventListener("focusin", (event) => {
    if (log.muted) return;
    const node = event.target, box = node.getBoundingClientRect();
    const holders = [node, node.closest("label"), node.nextElementSibling].filter(Boolean);
    if (!holders.some(shown)) log.unmarked.push(`${node.tagName} ${name(node)}`);
    if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth)
      log.outside.push(`${node.tagName} ${name(node)}`);
    log.seen.push(node);
  });
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const visible = (node) => node.checkVisibility({visibilityProperty: true}) && node.getClientRects().length > 0;
  log.expected = () => all.filter((node) => visible(node) && !node.disabled && node.type !== "hidden" && node.tabIndex >= 0);
  const ordered = !document.querySelector("[tabindex]:not([tabindex='0'], [tabindex='-1'])");
  let last = null;
  for (const node of log.expected()) {
    const part = ordered ? node.closest("header.site, footer.foot") : null;
    if (!log.runs.length || part !== last) log.runs.push({part, nodes: []});
    log.runs.at(-1).nodes.push(node);
    last = part;
  }
  const form = (run) => run.part && run.nodes.map((node) => `${node.tagName}.${node.className}`).join(" ");
  return {all: all.length, runs: log.runs.map((run) => ({stops: run.nodes.length, form: form(run) || ""}))};
}"""

# Tab starts from the top again, wherever the page has put the focus.
_START = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""

# From the first stop of a part to its last; false when the walk has not arrived there.
_PASS_OVER = """(number) => {
  const log = window.portalFocus, nodes = log.runs[number].nodes;
  if (document.activeElement !== nodes[0]) return false;
  log.muted = true;
  nodes.at(-1).focus();
  log.muted = false;
  nodes.forEach((node) => log.over.add(node));
  return document.activeElement === nodes.at(-1);
}"""

_RESULT = """() => {
  const log = window.portalFocus, seen = new Set(log.seen);
  const grouped = (node) => node.type === "radio" && [...seen].some((other) => other.type === "radio" && other.name === node.name && other.form === node.form);
  const missed = log.expected().filter((node) => !seen.has(node) && !log.over.has(node) && !grouped(node));
  return {
    first: log.seen.length ? log.seen[0].className : "",
    unmarked: log.unmarked, outside: log.outside,
    missed: missed.map((node) => `${node.tagName} ${log.name(node)}`),
    around: log.seen.length > 1 && log.seen.indexOf(log.seen[0], 1) > 0,
  };
}"""


def keyboard_faults(page: Page) -> list[str]:
    """Walk the whole page with the Tab key and say what cannot be reached or seen."""
    page.evaluate(_START)
    plan: dict[str, Any] = page.evaluate(_WATCH)
    pressed = 0
    for number, run in enumerate(plan["runs"]):
        known = run["form"] in _walked
        _press(page, 1)
        over = known and page.evaluate(_PASS_OVER, number)
        if not over:
            _press(page, run["stops"] - 1)
        pressed += 1 if over else run["stops"]
    _press(page, 3)
    found = page.evaluate(_RESULT)
    if not found["around"]:  # what was opened by the walk may have made it longer
        _press(page, plan["all"] - pressed)
        found = page.evaluate(_RESULT)
    faults = _faults(found)
    if not faults:
        _walked.update(run["form"] for run in plan["runs"] if run["form"])
    return faults


def _press(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Tab")


def _faults(found: dict[str, Any]) -> list[str]:
    faults = [f"focus not visible: {name}" for name in found["unmarked"]]
    faults += [f"focus outside the window: {name}" for name in found["outside"]]
    faults += [f"not reached by Tab: {name}" for name in found["missed"]]
    if "skip" not in found["first"].split():
        faults.append(f"the first stop is not the skip link but {found['first']!r}")
    if not found["around"]:
        faults.append("the Tab key does not come round: focus is trapped")
    return faults
