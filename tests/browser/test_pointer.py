"""Every handle of every widget under a finger, by real touch events; a swipe only scrolls."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, ElementHandle, Page

from tests.browser.handles import DRAG, HANDLES, PLACE, STATES, off_its_way, way_of
from tests.conftest import MOUNTED

PHONE = {"width": 390, "height": 844}
MOVES = 4

# All that a reader could have changed: handles, fields, choices and buttons that stay pressed.
VALUES = """
widget => [...widget.querySelectorAll("[aria-valuenow], [aria-pressed], input, select")]
  .map((n) => [n.ariaLabel, n.ariaValueNow, n.ariaPressed, n.value, n.checked])
"""
# A point of a plot where no handle may go up and down; on the bar across the plot, if it has one.
FREE_SPOT = """
plot => {
  plot.scrollIntoView({ block: "center" });
  const { left, top, width, height } = plot.querySelector(".sw-hot").getBoundingClientRect();
  const bar = [...plot.querySelectorAll(".sw-handle")].find((g) => g.handle.shape === "line");
  const x = bar ? bar.getScreenCTM().e : left + 0.31 * width;
  for (let part = 0.9; part > 0; part -= 0.02) {
    const at = [x, top + part * height];
    const handle = document.elementFromPoint(...at).closest(".sw-handle");
    if (!handle?.handle.y) return at;
  }
}
"""


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A context with a touch screen."""
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    page = phone.new_page()
    yield page
    page.close()


def open_page(page: Page, address: str) -> CDPSession:
    """Open a page and return the session that touches it."""
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_function(MOUNTED)
    page.add_style_tag(content="html { scroll-behavior: auto !important }")
    return page.context.new_cdp_session(page)


def follow(page: Page, state: str) -> ElementHandle:
    """Go to a state and return its widget."""
    page.evaluate("state => { document.activeElement.blur(); location.hash = state; }", state)
    page.wait_for_function("document.activeElement.matches('.sw')")
    return page.evaluate_handle("document.activeElement").as_element()


@contextlib.contextmanager
def swipe(cdp: CDPSession, start: list[float], way: list[float]) -> Iterator[None]:
    """Move one finger along a way, in steps; lift it at the end."""

    def touch(kind: str, *points: list[float]) -> None:
        fingers = [{"x": x, "y": y} for x, y in points]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", start)
    for k in range(1, MOVES + 1):
        touch("touchMove", [a + d * k / MOVES for a, d in zip(start, way, strict=True)])
    yield
    touch("touchEnd")


def settle(page: Page) -> None:
    """Wait for the end of a scroll, which goes on after the finger has left."""
    page.evaluate("""async () => {
      for (let last = null, still = 0; still < 10; last = scrollY) {
        await new Promise(requestAnimationFrame);
        still = last === scrollY ? still + 1 : 0;
      }
    }""")


def drag_every_handle(page: Page, cdp: CDPSession, widget: ElementHandle) -> Iterator[str]:
    """Drag each handle towards the middle of its plot; yield what did not stay under the finger."""
    names = widget.evaluate(HANDLES)
    assert names or widget.query_selector(".sw-drawn")
    for number, name in enumerate(names):
        # A way of its own for each, so that none comes to lie on another.
        # The second time nothing lies on top of it any more.
        problem = drag(page, cdp, [widget, name], DRAG + number)
        if problem and "nothing moved" in problem:
            problem = drag(page, cdp, [widget, name], DRAG + number)
        if problem:
            yield problem


def drag(page: Page, cdp: CDPSession, handle: list, far: float) -> str | None:
    """Drag one handle towards the middle of its plot; say how it did not stay under the finger."""
    before = page.evaluate(PLACE, handle)
    way = way_of(before, far)
    with swipe(cdp, before["at"], way):
        page.evaluate("() => new Promise(requestAnimationFrame)")
        after = page.evaluate(PLACE, handle)
    return off_its_way(before, after, way)


def swipe_over_every_plot(page: Page, cdp: CDPSession, widget: ElementHandle) -> Iterator[str]:
    """Swipe up from each plot; yield where the page did not scroll, or more than the page moved."""
    for plot in widget.query_selector_all(".sw-plot:not(.sw-drawn)"):
        if not plot.is_visible():
            continue
        before = widget.evaluate(VALUES)
        spot = plot.evaluate(FREE_SPOT)
        scrolled = page.evaluate("scrollY")
        with swipe(cdp, spot, [4, -3 * DRAG]):
            pass
        settle(page)
        label = plot.query_selector("[role=img]").get_attribute("aria-label")
        if page.evaluate("scrollY") < scrolled + DRAG:
            yield f"no scroll from {spot} of {label}"
        if widget.evaluate(VALUES) != before:
            yield f"a swipe from {spot} changed {label}"


@pytest.mark.parametrize("name", STATES)
def test_a_finger_drags_every_handle_and_swipes_over_every_plot(
    page: Page, site_url: str, name: str
) -> None:
    cdp = open_page(page, f"{site_url}/{name}.html")
    problems = []
    for state in STATES[name]:
        widget = follow(page, state)
        problems += swipe_over_every_plot(page, cdp, widget)
        problems += drag_every_handle(page, cdp, widget)
    assert not problems, "\n".join(problems)


def test_a_finger_draws_in_any_direction_and_the_page_stays(page: Page, site_url: str) -> None:
    cdp = open_page(page, f"{site_url}/chapters/perceptron.html")
    widget = follow(page, "retina?task=own&own=[]")
    pad = widget.query_selector(".sw-drawn .sw-hot")
    pad.scroll_into_view_if_needed()
    box, scrolled = pad.bounding_box(), page.evaluate("scrollY")
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    for way in ([0, -DRAG], [DRAG, 0]):
        before = widget.query_selector(".sw-attempt").inner_text()
        with swipe(cdp, middle, way):
            pass
        page.wait_for_function(
            "([node, before]) => node.innerText !== before",
            arg=[widget.query_selector(".sw-attempt"), before],
        )
    settle(page)
    assert page.evaluate("scrollY") == scrolled
