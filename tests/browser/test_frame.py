"""Every widget opens on a moment, fits one screen, has a goal, and marks what the focus is on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.controls import SETTLED, region
from tests.browser.frame import (
    BY_HAND,
    CROWDED,
    HEIGHTS,
    IN_SIGHT,
    KINDS,
    MARKED,
    SCROLL_DOWN,
    UNFOLD,
    WIDGETS,
)
from tests.conftest import MOUNTED

LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
WIDE = {"width": 1400, "height": 850}  # the least in which a widget is wider than the text
# Between phone and laptop all widgets have one column or two: the heights at the ends of each.
SIZES = (LAPTOP, WIDE, PHONE, *({**PHONE, "width": width} for width in (320, 360, 640)))


on_each_page = pytest.mark.parametrize("name", WIDGETS, scope="module")


@pytest.fixture(scope="module")
def name() -> str:
    """The page that a test without a choice of its own looks at."""
    return "chapters/metrics"


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader who asks for less motion, and keeps what was loaded."""
    context = browser.new_context(viewport=LAPTOP, reduced_motion="reduce")
    yield context
    context.close()


def opened(context: BrowserContext, address: str) -> Iterator[Page]:
    """Open a page with all its widgets; forget at the end what it has stored."""
    page = context.new_page()
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_function(MOUNTED)
    yield page
    page.evaluate("localStorage.clear()")
    page.close()


@pytest.fixture
def page(context: BrowserContext, site_url: str, name: str) -> Iterator[Page]:
    """A page as a reader finds it."""
    yield from opened(context, f"{site_url}/{name}.html")


@pytest.fixture(scope="module")
def unfolded(context: BrowserContext, site_url: str, name: str) -> Iterator[Page]:
    """A page with all folds open, for the tests that change no widget's state."""
    for page in opened(context, f"{site_url}/{name}.html"):
        page.evaluate(UNFOLD)
        yield page


def act(widget: Locator, action: str | tuple[str, str | list[str]]) -> None:
    """Press a button, set what has a label, or press keys on it, as a reader does."""
    if isinstance(action, str):
        widget.get_by_role("button", name=action, exact=True).click()
        return
    label, value = action
    if isinstance(value, list):
        drawn = widget.locator("[role=slider], [role=application]")
        drawn.and_(widget.get_by_label(re.compile(rf"^{label}\b"))).focus()
        for key in value:
            widget.page.keyboard.press(key)
        return
    named = widget.page.get_by_text(label, exact=True)
    menu = widget.locator("label").filter(has=named).locator("select")
    if menu.count():
        menu.select_option(label=value)
    else:
        typed = widget.get_by_role("textbox", name=label, exact=True)
        typed.fill(value)
        typed.press("Enter")


def widgets(page: Page, name: str) -> Iterator[tuple[str, Locator]]:
    for title in WIDGETS[name]:
        yield title, region(page, title)


def resize(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.wait_for_function(SETTLED)


@on_each_page
def test_it_fits_one_screen_and_no_example_makes_it_jump(page: Page, name: str) -> None:
    problems = []
    for size in SIZES:
        resize(page, size)
        if size == PHONE:  # what is unfolded is decided once
            page.reload(wait_until="domcontentloaded")
            page.wait_for_function(MOUNTED)
            page.wait_for_function(SETTLED)
        for title, widget in widgets(page, name):
            if (in_sight := widget.evaluate(IN_SIGHT)) > 3:
                problems.append(f"{title}: {in_sight} controls")
            heights = widget.evaluate(HEIGHTS)
            if size in (LAPTOP, WIDE, PHONE) and max(heights.values()) > size["height"]:
                problems.append(f"{title} at {size['width']} px is higher than a screen: {heights}")
            if size == WIDE and (crowded := widget.evaluate(CROWDED)):
                problems.append(f"{title} in a wide window: {crowded}")
            if max(heights.values()) - min(heights.values()) > 1:
                problems.append(f"{title} at {size['width']} px jumps: {heights}")
    assert not problems, "\n".join(problems)


@on_each_page
def test_its_goal_is_open_at_first_and_can_be_reached(page: Page, name: str) -> None:
    for title, widget in widgets(page, name):
        goal = widget.locator(".sw-goal")
        examples = widget.locator(".sw-examples button")
        # The goal of the loss explorer depends on what is predicted.
        for start in (None, 2, 4) if title == "Loss explorer" else (None,):
            if start is not None:
                examples.nth(start).click()
            expect(goal).to_contain_text("Goal: ")
            goal.get_by_role("button", name="Show how").click()
            expect(goal).to_contain_text("Reached: ", timeout=30_000)
            expect(goal).to_have_attribute("data-met", "")
            expect(goal.get_by_role("status")).to_have_text(re.compile("^Goal reached: ."))


@on_each_page
def test_its_goal_is_reached_by_hand(page: Page, name: str) -> None:
    page.evaluate(UNFOLD)
    for title, widget in widgets(page, name):
        goal = widget.locator(".sw-goal")
        expect(goal, title).to_contain_text("Goal: ")
        for action in BY_HAND[title]:
            act(widget, action)
        expect(goal, title).to_contain_text("Reached: ", timeout=60_000)


@on_each_page
def test_what_has_the_focus_is_marked_where_else_it_shows(unfolded: Page, name: str) -> None:
    page = unfolded
    resize(page, LAPTOP)
    for title, widget in widgets(page, name):
        places = widget.evaluate(MARKED)
        assert places, f"{title}: no control says which quantity it moves"
        assert any(places.values()), f"{title}: {places}"
        page.evaluate("document.activeElement.blur()")
        expect(widget.locator(".sw-marked")).to_have_count(0)


def test_a_number_under_the_pointer_is_marked_in_plot_table_and_formula(page: Page) -> None:
    widget = region(page, "Threshold explorer")
    cell = widget.locator("td .sw-q[data-q=fn]")
    cell.hover()
    marked = widget.locator(".sw-marked")
    assert {"svg", "TABLE", "DIV"} <= set(marked.evaluate_all(KINDS))
    page.mouse.move(0, 0)
    expect(marked).to_have_count(0)


def test_what_the_reader_opens_is_open_on_the_next_page(page: Page, site_url: str) -> None:
    def fold(title: str) -> Locator:
        widget = region(page, "Threshold explorer")
        return widget.locator("details").filter(has=page.locator("summary", has_text=title))

    fold("Curves").locator("summary").click()
    fold("Counts and rates").locator("summary").click()
    page.reload(wait_until="domcontentloaded")
    page.wait_for_function(MOUNTED)
    expect(fold("Curves")).to_have_attribute("open", "")
    expect(fold("Counts and rates")).not_to_have_attribute("open", "")


@pytest.mark.parametrize("name", ["chapters/perceptron"])
def test_the_picture_moves_to_an_example_unless_motion_is_reduced(page: Page) -> None:
    seen = """
    ([widget, button]) => new Promise((resolve) => {
      let busy = false;
      const watch = new MutationObserver(() => { busy ||= widget.ariaBusy === "true"; });
      watch.observe(widget, { attributes: true });
      button.click();
      setTimeout(() => resolve(busy), 100);
    })
    """
    widget = region(page, "Perceptron trainer")
    buttons = widget.locator(".sw-examples button")
    moves = {}
    for motion, number in (("reduce", 0), ("no-preference", 3)):
        page.emulate_media(reduced_motion=motion)
        moves[motion] = page.evaluate(
            seen, [widget.element_handle(), buttons.nth(number).element_handle()]
        )
        expect(widget).not_to_have_attribute("aria-busy", "true")
        expect(widget.locator(".sw-sentence")).to_contain_text("After 0 visits")
    assert moves == {"reduce": False, "no-preference": True}


@on_each_page
def test_on_a_phone_the_picture_stays_while_controls_go_by(unfolded: Page, name: str) -> None:
    page = unfolded
    resize(page, PHONE)
    for title, widget in widgets(page, name):
        widget.locator(".sw-fold summary").filter(visible=True).last.evaluate(SCROLL_DOWN)
        top = widget.locator(".sw-picture").evaluate("node => node.getBoundingClientRect().top")
        assert abs(top) < 60, f"{title}: its picture is at {top} px"
