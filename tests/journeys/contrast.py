"""Contrast of texts, asked of axe once for each way a text looks.

The contrast of a text is decided by its colour, size and weight and by what lies behind it. axe finds that out anew
for every text of every page, which is most of its time. A text is passed over only if axe has passed another one,
in this process and under the same stylesheets, whose own style and whose ancestors' backgrounds are the same; what
stands over other things (absolute, fixed, sticky) is always asked.
"""

from typing import Any

from playwright.sync_api import Page

_passed: set[str] = set()

_ASK = """(known) => {
  const passed = new Set(known), looks = new Map(), plain = "rgba(0, 0, 0, 0) none 1 normal none none static";
  const behind = (node) => {
    if (!node) return "";
    if (!looks.has(node)) {
      const style = getComputedStyle(node);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.mixBlendMode, style.filter,
        style.transform, style.position].join(" ");
      looks.set(node, behind(node.parentElement) + (own === plain ? "" : `/${own}`));
    }
    return looks.get(node);
  };
  const key = (node) => {
    const style = getComputedStyle(node), ground = behind(node);
    if (/absolute|fixed|sticky/.test(ground)) return "";
    return [ground, style.color, style.webkitTextFillColor, style.fontSize, style.fontWeight, style.textShadow].join(" ");
  };
  const speaks = (node) => node.matches("input, select, textarea") ||
    [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  const asked = [...document.querySelectorAll("body, body *")].filter((node) => speaks(node) && !passed.has(key(node)));
  if (!asked.length) return {faults: [], passed: []};
  const options = {runOnly: ["color-contrast"], resultTypes: ["violations", "passes"], elementRef: true, preload: false};
  const nodes = (rules) => rules.flatMap((rule) => rule.nodes);
  return axe.run({include: asked}, options).then((found) => ({
    faults: nodes(found.violations).map((node) => `${node.html.slice(0, 160)} | ${node.failureSummary.slice(0, 200)}`),
    passed: [...new Set(nodes(found.passes).map((node) => key(node.element)))].filter(Boolean),
  }));
}"""


def contrast_findings(page: Page) -> list[str]:
    """Every text of the page that is hard to read, one line each; axe is loaded there already."""
    found: dict[str, Any] = page.evaluate(_ASK, sorted(_passed))
    _passed.update(found["passed"])
    return [f"color-contrast: {fault}" for fault in found["faults"]]
