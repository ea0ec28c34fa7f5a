"""No label of a plot lies on another or leaves its widget, in any example, at any width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

WIDTHS = (1920, 1280, 768, 360)
PAGES = (
    *("index", "chapters/start", "chapters/perceptron", "chapters/logistic"),
    *("chapters/activations", "chapters/approximation", "chapters/losses"),
    *("chapters/backprop", "chapters/training"),
)
PRESS = """
number => document.querySelectorAll(".sw-presets")
  .forEach((presets) => presets.querySelectorAll("button[aria-pressed]")[number]?.click())
"""
COUNT = """
Math.max(0, ...[...document.querySelectorAll(".sw-presets")]
  .map((presets) => presets.querySelectorAll("button[aria-pressed]").length))
"""
SETTLED = """
() => [...document.querySelectorAll(".sw-plot")].every((plot) => !plot.checkVisibility()
  || Math.abs(plot.querySelector("svg").getAttribute("width") - plot.clientWidth) < 1)
"""
CLASHES = """
() => [...document.querySelectorAll(".sw")].flatMap((widget) => {
  const { left, right } = widget.getBoundingClientRect();
  const plots = [...widget.querySelectorAll(".sw-plot")].filter((plot) => plot.checkVisibility());
  return plots.flatMap((plot) => {
    const labels = [...plot.querySelectorAll("text")].filter((node) => node.textContent.trim())
      .map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }));
    const out = labels.filter(({ box }) => box.left < left || box.right > right)
      .map(({ text }) => `${widget.ariaLabel}: “${text}” is cut off`);
    return out.concat(labels.flatMap((a, i) => labels.slice(i + 1).filter((b) =>
      Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1
      && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
      .map((b) => `${widget.ariaLabel}: “${a.text}” lies on “${b.text}”`)));
  });
})
"""


@pytest.mark.parametrize("name", PAGES)
def test_labels_keep_apart(browser: Browser, plain_url: str, name: str) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce")
    page.goto(f"{plain_url}/{name}.html", wait_until="domcontentloaded")
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
    clashes: dict[str, str] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for example in range(-1, page.evaluate(COUNT)):
            page.evaluate(PRESS, example)
            page.wait_for_function(SETTLED)
            found = page.evaluate(CLASHES)
            clashes |= {clash: f"{clash} (example {example}, {width} px)" for clash in found}
    page.close()
    assert not clashes, "\n".join(clashes.values())
