"""Links that arrive, pages that stay still, formulas that come when they are needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.spread

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LINKS = [
    "index.html#threshold?threshold=1",
    "chapters/backprop.html#network?phase=backward",
    "chapters/losses.html#losses?mode=binary",
    "chapters/metrics.html#paired?n=2000",  # which a question folds
    "chapters/training.html#playground?data=xor",
    "chapters/approximation.html#relu?target=drawn",
]
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# Wait until fonts are there and the page has had nothing to do for itself so many times in a row.
AT_REST = """
async (times) => {
  await document.fonts.ready;
  for (let calm = 0; calm < times;) {
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
    page.wait_for_function("document.activeElement.matches('.sw')")
    page.evaluate(AT_REST, 20)
    top = page.evaluate("() => document.activeElement.getBoundingClientRect().top")
    assert abs(top) < 100


@pytest.mark.parametrize(
    "link", ["chapters/metrics.html#paired?n=2000", LINKS[0]], ids=["far", "near"]
)
def test_an_address_that_is_changed_ends_at_its_widget(
    browser: Browser, site_url: str, link: str
) -> None:
    address, _, fragment = link.partition("#")
    with browser.new_context(viewport=DESK) as context:  # which moves, as most readers' do
        page = context.new_page()
        page.goto(f"{site_url}/{address}")
        page.evaluate("(hash) => { location.hash = hash }", fragment)
        page.wait_for_function("document.activeElement.matches('.sw')")
        page.wait_for_function("Math.abs(document.activeElement.getBoundingClientRect().top) < 100")
        page.evaluate(AT_REST, 20)
        assert abs(page.evaluate("() => document.activeElement.getBoundingClientRect().top")) < 100


def test_a_widget_that_a_link_leads_to_has_the_margin_of_a_wide_window(
    page: Page, site_url: str
) -> None:
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"{site_url}/chapters/training.html#playground?data=xor")
    contents = page.locator(".bd-sidebar-secondary")
    expect(contents).to_have_css("opacity", "0")
    contents.get_by_role("link").first.focus()
    expect(contents).to_have_css("opacity", "1")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_stays_still_while_it_loads(
    page: Page, site: Path, site_url: str, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)
    page.add_init_script(SHIFTS)
    moved = {}
    for path in sorted(site.glob("*.html")) + sorted(site.glob("chapters/*.html")):
        name = path.relative_to(site).as_posix()
        page.goto(f"{site_url}/{name}")
        page.evaluate(AT_REST, 5)
        moved[name] = page.evaluate("window.shifted")
    assert {name: shift for name, shift in moved.items() if shift >= 0.02} == {}
    page.evaluate("document.querySelector('main').prepend(document.createElement('hr'))")
    page.wait_for_function("window.shifted > 0")


def test_a_phone_draws_what_is_further_down_when_the_reader_moves(
    browser: Browser, site_url: str
) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        later = page.locator("#the-sigmoid > p").first
        shown = "node => node.checkVisibility({ contentVisibilityAuto: true })"
        page.route("**/predict.js*", lambda _: None)  # a script that never comes
        page.goto(f"{site_url}/chapters/logistic.html", wait_until="commit")
        page.wait_for_selector("footer", state="attached")
        expect(page.locator("html")).to_have_attribute("data-first", "all")
        assert not later.evaluate(shown)
        page.mouse.wheel(0, 10)
        expect(page.locator("html[data-first]")).to_have_count(0)
        later.scroll_into_view_if_needed()
        page.wait_for_function(shown, arg=later.element_handle())
        page.goto(f"{site_url}/chapters/notation.html#losses", wait_until="commit")
        page.wait_for_selector("footer", state="attached")
        expect(page.locator("html[data-first]")).to_have_count(0)


def test_widgets_come_near_the_window_and_all_of_them_once_the_reader_does_something(
    page: Page, site_url: str
) -> None:
    page.goto(f"{site_url}/chapters/training.html")
    waiting = page.locator(".static-widget:empty")
    expect(waiting).not_to_have_count(0)
    assert not page.evaluate("Object.keys(window.widgetCode ?? {}).length"), "code comes late"
    page.keyboard.press("Tab")
    expect(waiting).to_have_count(0)
    page.wait_for_selector("html[data-widgets=ready]", state="attached")


def test_without_a_script_formulas_are_set_and_widgets_are_pictures(browser, site_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}/chapters/training.html")
    assert page.locator("main .math").count() == page.locator("main .math mjx-math").count() > 20
    stills = page.locator("figure.static-widget-still")
    for still in stills.all():
        expect(still.get_by_role("img")).to_be_visible()
        expect(still.locator("p").first).to_contain_text(".")
    assert stills.count() == 2
    context.close()


def test_answers_and_code_without_a_picture_stand_open_on_paper(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}/chapters/metrics.html")
    shut = page.locator(".predict-reveal:not([open]), .code-on-paper details:not([open])")
    before = shut.count()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(shut).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(shut).to_have_count(before)
