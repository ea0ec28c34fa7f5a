"""No label of a plot lies on another, on a line or outside its widget, at any width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.controls import SETTLED
from tests.conftest import MOUNTED

WIDTHS = (1920, 1280, 768, 360)
PAGES = (
    *("index", "chapters/start", "chapters/perceptron", "chapters/logistic"),
    *("chapters/activations", "chapters/approximation", "chapters/losses"),
    *("chapters/backprop", "chapters/training", "chapters/regularisation"),
)
PRESS = """
number => document.querySelectorAll(".sw-presets")
  .forEach((presets) => presets.querySelectorAll("button[aria-pressed]")[number]?.click())
"""
COUNT = """
Math.max(0, ...[...document.querySelectorAll(".sw-presets")]
  .map((presets) => presets.querySelectorAll("button[aria-pressed]").length))
"""
CLASHES = """
() => [...document.querySelectorAll(".sw")].flatMap((widget) => {
  const within = ({ x, y }, box, room = 0) => x > box.left + room && x < box.right - room
    && y > box.top + room && y < box.bottom - room;
  // Points of the lines that are seen: not outside the area, nor under a unit or a number's plate.
  const pointsOf = (plot) => {
    const area = plot.querySelector(".sw-hot").getBoundingClientRect();
    const hides = [...plot.querySelectorAll("rect[rx], path[fill='var(--sw-paper)']")]
      .map((node) => node.getBoundingClientRect());
    return [...plot.querySelectorAll("path[stroke-linejoin]:not([stroke*='edge'])")]
      .flatMap((path) => {
        const matrix = path.getScreenCTM();
        const count = Math.ceil(Math.min(path.getTotalLength(), 5000) / 4);
        return Array.from({ length: count }, (_, k) =>
          path.getPointAtLength(4 * k).matrixTransform(matrix));
      })
      .filter((point) => within(point, area) && !hides.some((box) => within(point, box)));
  };
  const { left, right } = widget.getBoundingClientRect();
  const plots = [...widget.querySelectorAll(".sw-plot")].filter((plot) => plot.checkVisibility());
  return plots.flatMap((plot) => {
    const labels = [...plot.querySelectorAll("text")].filter((node) => node.textContent.trim())
      .map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }));
    const out = labels.filter(({ box }) => box.left < left || box.right > right)
      .map(({ text }) => `${widget.ariaLabel}: “${text}” is cut off`);
    const points = pointsOf(plot);
    const crossed = [...plot.querySelectorAll("text.sw-note")]
      .filter((note) => points.some((p) => within(p, note.getBoundingClientRect(), 2.5)))
      .map((note) => `${widget.ariaLabel}: “${note.textContent}” lies on a line`);
    return out.concat(crossed, labels.flatMap((a, i) => labels.slice(i + 1).filter((b) =>
      Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1
      && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
      .map((b) => `${widget.ariaLabel}: “${a.text}” lies on “${b.text}”`)));
  });
})
"""


@pytest.mark.parametrize("name", PAGES)
def test_labels_keep_apart(browser: Browser, site_url: str, name: str) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce")
    page.goto(f"{site_url}/{name}.html", wait_until="domcontentloaded")
    page.wait_for_function(MOUNTED)
    page.evaluate("document.querySelectorAll('.sw-fold').forEach((f) => { f.open = true; })")
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
