"""Links that arrive, pages that stay still, formulas that come when they are needed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.spread

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LINKS = [
    "index.html#threshold?threshold=1",
    "chapters/backprop.html#network?phase=backward",
    "chapters/losses.html#losses?mode=binary",
    "chapters/training.html#playground?data=xor",
    "chapters/approximation.html#relu?target=drawn",
]
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# Wait until fonts and formulas are there and the page has nothing more to do for itself.
AT_REST = """
async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
  for (let calm = 0; calm < 20;) {
    const before = document.body.getBoundingClientRect().height + scrollY;
    await new Promise((resolve) => requestIdleCallback(resolve));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const still = before === document.body.getBoundingClientRect().height + scrollY;
    calm = still ? calm + 1 : 0;
  }
}
"""


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("link", LINKS)
def test_a_link_ends_at_its_widget_and_nothing_moves_on_the_way(
    page: Page, site_url: str, link: str, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)
    page.goto(f"{site_url}/{link}")
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
    page.evaluate(AT_REST)
    name = link.partition("#")[2].partition("?")[0]
    top = page.evaluate("() => document.activeElement.getBoundingClientRect().top")
    assert page.evaluate("document.activeElement.matches('.sw')"), f"{name} has not the focus"
    assert abs(top) < 100


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["index", "chapters/metrics", "chapters/backprop"])
def test_a_page_stays_still_while_it_loads(
    page: Page, site_url: str, name: str, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)
    page.add_init_script(SHIFTS)
    page.goto(f"{site_url}/{name}.html")
    page.wait_for_function("!document.querySelector('.static-widget:not(:has(*))')")
    page.evaluate(AT_REST)
    assert page.evaluate("window.shifted") < 0.02


def test_formulas_come_near_the_window_and_all_of_them_on_paper(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}/chapters/backprop.html")
    page.evaluate("MathJax.startup.promise")
    waiting = page.locator("mjx-lazy")
    assert waiting.count() > 20, "far formulas wait"
    last = page.locator("main .math").last
    last.scroll_into_view_if_needed()
    expect(last.locator("mjx-math")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(waiting).to_have_count(0)
    assert page.locator("mjx-container mjx-assistive-mml").count() > 100
