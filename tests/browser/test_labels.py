"""No label of a plot lies on another, on a line or outside its widget, at any width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.clashes import CLASHES
from tests.browser.controls import SETTLED, UNTIL
from tests.conftest import MOUNTED

WIDTHS = (1920, 1280, 768, 360)
PAGES = (
    *("index", "chapters/start", "chapters/metrics", "chapters/perceptron", "chapters/logistic"),
    *("chapters/activations", "chapters/approximation", "chapters/losses"),
    *("chapters/backprop", "chapters/training", "chapters/regularisation"),
)
# What clashes at first and with each example, the examples of all widgets pressed together.
EXAMPLES = f"""
async () => {{
  {UNTIL}
  const examples = [...document.querySelectorAll(".sw-presets")]
    .map((presets) => [...presets.querySelectorAll("button[aria-pressed]")]);
  const found = [];
  for (let number = -1; number < Math.max(0, ...examples.map((all) => all.length)); number += 1) {{
    for (const all of examples) all[number]?.click();
    await until({SETTLED}, `example ${{number}} is not drawn for its width`);
    found.push(...({CLASHES})().map((clash) => [clash, number]));
  }}
  return found;
}}
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
        page.wait_for_function(SETTLED)
        for clash, example in page.evaluate(EXAMPLES):
            clashes[clash] = f"{clash} (example {example}, {width} px)"
    page.close()
    assert not clashes, "\n".join(clashes.values())
