"""The threshold explorer on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shallow.widgets import ThresholdExplorer
from tests.browser.controls import SETTLED, field, widget_links

CHAPTER = "chapters/metrics.html"
WIDGET = "Threshold explorer"


def handle(widget):
    return widget.locator("g[role=slider]")


def counts(widget):
    """The confusion matrix as the table shows it."""
    text = widget.locator("table").first.inner_text()
    return {name: int(re.search(rf"(\d+) {name}", text)[1]) for name in ("TP", "FP", "FN", "TN")}


def copied(page, widget, label):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = widget.get_by_role("button", name=label)
    button.focus()
    page.keyboard.press("Enter")
    expect(widget.get_by_text("Copied.")).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def tab_to(page, target):
    """Reach an element with the Tab key, as a reader without a pointer does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {target}")


def test_everything_is_reached_and_done_by_keyboard_alone(page, open_page):
    widget = open_page()
    widget.focus()  # where a link of the prose leaves the reader
    tab_to(page, widget.get_by_role("button", name="Rare positives"))
    page.keyboard.press("Enter")
    assert counts(widget)["TP"] + counts(widget)["FN"] == 15

    tab_to(page, handle(widget))
    for key, value in {
        "ArrowRight": "0.05",
        "Shift+ArrowUp": "0.55",
        "Alt+ArrowLeft": "0.545",
        "PageDown": "0.045",
    }.items():
        page.keyboard.press(key)
        expect(handle(widget)).to_have_attribute("aria-valuenow", value)
    page.keyboard.press("End")
    expect(handle(widget)).to_have_attribute("aria-valuetext", "6.00")
    assert counts(widget) == {"TP": 0, "FP": 0, "FN": 15, "TN": 285}
    expect(widget.locator(".sw-sentence")).to_contain_text(
        "0 of 15 positives are found (recall 0.000)"
    )
    expect(widget.locator(".sw-sentence")).to_contain_text("(precision undefined)")
    page.keyboard.press("Home")
    assert counts(widget) == {"TP": 15, "FP": 285, "FN": 0, "TN": 0}

    tab_to(page, field(widget, "Prevalence"))
    page.keyboard.press("Control+a")
    page.keyboard.type("0.3")
    page.keyboard.press("Enter")
    assert counts(widget)["TP"] + counts(widget)["FN"] == 90

    tab_to(page, widget.get_by_role("slider", name="Cost FN : FP"))
    page.keyboard.press("End")
    expect(field(widget, "Cost FN : FP")).to_have_value("20")

    tab_to(page, widget.get_by_role("button", name="Go to the minimum"))
    page.keyboard.press("Enter")
    expect(widget.locator(".sw-sentence")).to_have_text(
        re.compile(r"cost is ([\d.]+) per item, at least \1 at")
    )

    tab_to(page, widget.get_by_role("combobox", name="Shape"))
    page.keyboard.type("Uni")
    expect(widget.get_by_role("combobox", name="Shape")).to_have_value("uniform")

    tab_to(page, field(widget, "Seed"))
    page.keyboard.press("ArrowUp")
    expect(field(widget, "Seed")).to_have_value("2")

    tab_to(page, widget.get_by_role("button", name="Reset"))
    page.keyboard.press("Enter")
    expect(handle(widget)).to_have_attribute("aria-valuenow", "0")
    expect(field(widget, "Seed")).to_have_value("1")


def test_dragging_moves_the_threshold_and_everything_with_it(page, open_page):
    widget = open_page()
    widget.scroll_into_view_if_needed()
    knob = handle(widget)
    knob.scroll_into_view_if_needed()
    before = counts(widget)
    box = knob.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    value = float(knob.get_attribute("aria-valuenow"))
    assert 1 < value < 3
    assert knob.bounding_box()["x"] > box["x"] + 80, "the handle is where the pointer left it"
    after = counts(widget)
    assert after["TP"] < before["TP"]
    assert after["FP"] < before["FP"]
    expect(widget.get_by_role("img", name=re.compile("ROC curve"))).to_have_attribute(
        "aria-label", re.compile(f"true positive rate {after['TP'] / 150:.3f}")
    )


def test_a_press_on_the_plot_brings_the_threshold_there(page, open_page):
    widget = open_page()
    plot = widget.locator(".sw-hot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 20)
    assert float(handle(widget).get_attribute("aria-valuenow")) == pytest.approx(3, abs=0.1)


def test_a_link_in_the_prose_sets_the_state_and_goes_there(page, open_page):
    widget = open_page()
    link = page.locator("a.widget-link[href*='distance=0']").first
    link.click()
    expect(widget).to_be_focused()
    expect(widget).to_be_in_viewport()
    expect(field(widget, "Distance")).to_have_value("0")
    expect(widget.get_by_role("img", name=re.compile("ROC curve"))).to_be_visible()


def test_every_link_of_the_chapter_sets_what_it_says(page, open_page):
    widget = open_page()
    links = widget_links(page, "a.widget-link[href^='#threshold?']")
    assert len(links) >= 3
    for link in links:
        link.click()
        query = link.get_attribute("href").partition("?")[2]
        for setting, value in (pair.split("=") for pair in query.split("&")):
            label = ThresholdExplorer.settings()[setting].label
            expect(field(widget, label)).to_have_value(value)


def test_the_address_sets_the_state_and_python_and_link_give_it_back(page, open_page):
    widget = open_page("#threshold?threshold=0.8&cost_ratio=10&shape=uniform&samples=500&seed=7")
    expect(handle(widget)).to_have_attribute("aria-valuenow", "0.8")
    expect(widget.get_by_role("combobox")).to_have_value("uniform")
    expect(widget.locator(".sw-sentence")).to_contain_text("At threshold 0.80")
    before = counts(widget)
    assert sum(before.values()) == 500

    head, _, expression = copied(page, widget, "Copy as Python").partition("\n\n")
    assert head == "from shallow.widgets import ThresholdExplorer"
    made = eval(expression, {"ThresholdExplorer": ThresholdExplorer})
    assert repr(made) == expression
    assert (made.threshold, made.cost_ratio, made.shape, made.samples) == (0.8, 10, "uniform", 500)

    address = copied(page, widget, "Copy link")
    page.goto("about:blank")
    widget = open_page(address=address)
    expect(handle(widget)).to_have_attribute("aria-valuenow", "0.8")
    assert counts(widget) == before


def test_it_works_from_file(open_page, site, watched):
    widget = open_page("#threshold?threshold=1", address=(site / CHAPTER).as_uri())
    handle(widget).press("ArrowLeft")
    expect(handle(widget)).to_have_attribute("aria-valuenow", "0.95")
    expect(widget.locator(".sw-sentence")).to_contain_text("At threshold 0.95")
    assert watched.problems == []


def test_nothing_is_wider_than_the_screen_nor_too_small_to_hit(page, open_page):
    widget = open_page()
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(SETTLED)  # plots are drawn again for the new width
        box = widget.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        for target in widget.locator("button, select, input, g[role=slider]").all():
            size = target.bounding_box()
            assert min(size["width"], size["height"]) >= 24, target
