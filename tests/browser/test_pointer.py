"""Every handle of every widget under a finger, by real touch events; a swipe only scrolls."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, ElementHandle, Page

PHONE = {"width": 390, "height": 844}
DRAG = 48  # px, far beyond the 15 px after which a browser takes a finger for a swipe
MOVES = 4
NEAR = 2  # px between a handle and its finger, beside half a step of its value

# States of each page with widgets that show every kind of handle.
STATES = {
    "index": ["threshold"],
    "chapters/start": ["fit"],
    "chapters/metrics": ["threshold?prevalence=0.1"],
    "chapters/perceptron": [
        "perceptron?data=own&points=[[-1,0.5,-1],[1.5,1,1],[1,-0.5,1]]&w1=2&w2=1"
    ],
    "chapters/logistic": ["logistic?w1=1&b=-0.5", "logistic?inputs=two&w1=1&w2=2&b=-1"],
    "chapters/activations": ["activation"],
    "chapters/approximation": ["relu?target=drawn", "boxes?stage=box"],
    "chapters/losses": ["losses", "losses?mode=binary", "losses?mode=classes"],
    "chapters/training": ["descent?steps=5", "descent?surface=line&w1=-1"],
}
# These turn or slide along a curve: they follow the finger as far as the curve lets them.
BOUND = {
    "Move the boundary",
    "Turn the boundary",
    "Slope of the curve",
    "z, moved by the input",
    "Input x",
}

# All that a reader could have changed: handles, fields, choices and buttons that stay pressed.
VALUES = """
widget => [...widget.querySelectorAll("[aria-valuenow], [aria-pressed], input, select")]
  .map((n) => [n.ariaLabel, n.ariaValueNow, n.ariaPressed, n.value, n.checked])
"""
# Its handles by id.
HANDLES = """
widget => [...widget.querySelectorAll(".sw-handle[role=slider]")]
  .filter((g) => g.checkVisibility()).map((g) => g.handle.id)
"""
# Where the middle of a handle is on the screen, in a plot that is in the middle of it; how far it
# may go along x and y, and by which steps, in pixels; and where the middle of its plot is.
PLACE = """
([widget, id]) => {
  const element = [...widget.querySelectorAll(".sw-handle")]
    .find((g) => g.handle.id === id && g.checkVisibility());
  const plot = element.closest(".sw-plot");
  plot.scrollIntoView({ block: "center" });
  const svg = plot.querySelector("svg").getBoundingClientRect();
  const area = plot.querySelector(".sw-hot").getBoundingClientRect();
  const { handle, geometry } = element;
  const { e, f } = element.getScreenCTM();
  const axes = ["x", "y"].map((axis) => {
    const [limits, scale] = [handle[axis], geometry[axis]];
    if (!limits) return null;
    const origin = axis === "x" ? svg.left : svg.top;
    const range = [limits.min, limits.max].map((v) => origin + scale(v));
    return [Math.min(...range), Math.max(...range), Math.abs(scale(limits.step) - scale(0))];
  });
  return {
    label: element.getAttribute("aria-label"), axes,
    at: [e, handle.shape === "line" ? area.top + area.height / 2 : f],
    middle: [area.left + area.width / 2, area.top + area.height / 2],
  };
}
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
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
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
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
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
      for (let last = null; last !== scrollY;) {
        last = scrollY;
        await new Promise((resolve) => setTimeout(resolve, 80));
      }
    }""")


def drag_every_handle(page: Page, cdp: CDPSession, widget: ElementHandle) -> Iterator[str]:
    """Drag each handle towards the middle of its plot; yield what did not stay under the finger."""
    names = widget.evaluate(HANDLES)
    assert names
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
    label, axes = before["label"], before["axes"]
    towards = zip(before["at"], before["middle"], axes, strict=True)
    way = [math.copysign(far, middle - at) if axis else 0 for at, middle, axis in towards]
    with swipe(cdp, before["at"], way):
        page.evaluate("() => new Promise(requestAnimationFrame)")
        after = page.evaluate(PLACE, handle)
    if after["at"] == before["at"]:
        return f"{label}: nothing moved"
    for start, end, along, axis in zip(before["at"], after["at"], way, axes, strict=True):
        if axis is None or label in BOUND:
            continue
        low, high, step = axis
        if abs(min(high, max(low, start + along)) - end) > NEAR + step / 2:
            return f"{label}: from {before['at']} by {way} to {after['at']}"
    return None


def swipe_over_every_plot(page: Page, cdp: CDPSession, widget: ElementHandle) -> Iterator[str]:
    """Swipe up from each plot; yield where the page did not scroll, or more than the page moved."""
    for plot in widget.query_selector_all(".sw-plot"):
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
    page: Page, plain_url: str, name: str
) -> None:
    cdp = open_page(page, f"{plain_url}/{name}.html")
    problems = []
    for state in STATES[name]:
        widget = follow(page, state)
        problems += swipe_over_every_plot(page, cdp, widget)
        problems += drag_every_handle(page, cdp, widget)
    assert not problems, "\n".join(problems)
