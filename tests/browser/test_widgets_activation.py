"""The activation explorer on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.controls import field

CHAPTER = "chapters/activations.html"
WIDGET = "Activation explorer"


def row(widget, name):
    """One number of the table."""
    text = widget.get_by_role("row", name=re.compile(f"^{re.escape(name)}")).inner_text()
    return float(text.split("\t")[1].replace("−", "-"))


def test_everything_is_done_by_keyboard(page, widget):
    handle = widget.get_by_role("slider", name="z, moved by the input")
    handle.focus()
    page.keyboard.press("Home")
    expect(handle).to_have_attribute("aria-valuenow", "-8")
    expect(widget.locator(".sw-sentence")).to_contain_text("Saturated")
    page.keyboard.press("Shift+ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "-7")

    field(widget, "z = w x + b").fill("0")
    page.keyboard.press("Enter")
    assert row(widget, "g(z)") == 0.5
    assert row(widget, "slope g′(z)") == 0.25

    field(widget, "Weight w").fill("2")
    page.keyboard.press("Enter")
    assert row(widget, "slope over x") == 0.5

    widget.get_by_role("combobox", name="Activation g").select_option("relu")
    expect(widget.locator(".sw-sentence")).to_contain_text("At the kink")
    expect(widget.get_by_label("Leak ε", exact=True).first).to_be_hidden()
    widget.get_by_role("combobox", name="Activation g").select_option("leaky")
    expect(widget.get_by_label("Leak ε", exact=True).first).to_be_visible()


def test_without_a_weight_z_is_moved_by_the_bias(page, widget):
    field(widget, "Weight w").fill("0")
    page.keyboard.press("Enter")
    field(widget, "z = w x + b").fill("-3")
    page.keyboard.press("Enter")
    expect(field(widget, "Bias b")).to_have_value("-3")
    expect(field(widget, "Input x")).to_have_value("1")


def test_a_link_shows_the_dead_unit(page, widget):
    page.locator("a.widget-link[href*='b=-8']").click()
    expect(widget).to_be_focused()
    expect(widget.locator(".sw-sentence")).to_contain_text("no gradient passes")
    assert row(widget, "slope g′(z)") == 0


def test_dragging_either_point_moves_both(page, widget):
    point = widget.get_by_role("slider", name="Input x").and_(widget.locator("g"))
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"], steps=4)
    page.mouse.up()
    x = float(point.get_attribute("aria-valuenow"))
    assert x > 2
    other = widget.get_by_role("slider", name="z, moved by the input")
    assert float(other.get_attribute("aria-valuenow")) == pytest.approx(x)
