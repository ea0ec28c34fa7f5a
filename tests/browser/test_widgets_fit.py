"""The curve-fitting explorer on its page of the built site."""

from __future__ import annotations

import re

from playwright.sync_api import expect

CHAPTER = "chapters/start.html"
WIDGET = "Curve-fitting explorer"


def errors(widget):
    """The errors that the table shows now."""
    rows = widget.locator("tbody tr").all_inner_texts()
    return [float(row.split("\t")[1]) for row in rows]


def test_the_keyboard_moves_the_degree_and_the_errors_follow(page, widget):
    handle = widget.locator("g[role=slider]")
    handle.focus()
    page.keyboard.press("Home")
    expect(handle).to_have_attribute("aria-valuetext", "0")
    training = []
    for degree in range(14):
        expect(handle).to_have_attribute("aria-valuetext", str(degree))
        training.append(errors(widget)[0])
        page.keyboard.press("ArrowRight")
    assert training == sorted(training, reverse=True)
    assert errors(widget)[1] > 1000 * errors(widget)[0], "degree 13 fits the noise"
    expect(widget.locator(".sw-sentence")).to_contain_text("this one is too supple")


def test_more_points_close_the_gap(page, widget):
    page.locator("a.widget-link[href*='points=200']").click()
    expect(widget).to_be_focused()
    expect(widget.get_by_role("button", name="More data")).to_have_attribute("aria-pressed", "true")
    training, validation, _ = errors(widget)
    assert validation < 2 * training


def test_a_press_on_the_plot_chooses_the_degree(page, widget):
    plot = widget.locator(".sw-hot")
    plot.last.scroll_into_view_if_needed()
    box = plot.last.bounding_box()
    page.mouse.click(box["x"] + 0.96 * box["width"], box["y"] + 60)
    expect(widget.get_by_role("img", name=re.compile("at degree 13"))).to_be_visible()
