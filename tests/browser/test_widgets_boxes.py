"""The box builder on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.controls import field

CHAPTER = "chapters/approximation.html"
WIDGET = "Box builder"


def row(widget, name):
    """One entry of the table."""
    text = widget.get_by_role("row", name=re.compile(f"^{re.escape(name)}")).inner_text()
    return text.split("\t")[1]


def test_everything_is_done_by_keyboard(page, widget):
    expect(widget.locator(".sw-sentence")).to_contain_text("One ridge of 2 ReLUs")
    middle = widget.get_by_role("slider", name="Middle", exact=True)
    middle.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(field(widget, "Middle x₁")).to_have_value("0.05")
    expect(field(widget, "Middle x₂")).to_have_value("0.05")

    stage = widget.get_by_role("combobox", name="Stage")
    stage.select_option("crossed")
    assert float(row(widget, "y at the middle")) == 2
    stage.select_option("box")
    assert float(row(widget, "y at the middle")) == 1
    assert row(widget, "ReLUs") == "5"
    expect(field(widget, "Angle (degrees)")).to_be_visible()

    stage.select_option("surface")
    expect(field(widget, "Angle (degrees)")).to_be_hidden()
    coarse = float(row(widget, "largest error on the tops"))
    field(widget, "Boxes along a side").fill("12")
    page.keyboard.press("Enter")
    assert row(widget, "ReLUs") == str(8 * 12 + 12**2)
    assert float(row(widget, "largest error on the tops")) < 0.7 * coarse


def test_a_link_builds_the_surface(page, widget):
    page.locator("a.widget-link[href*='tiles=16']").click()
    expect(widget).to_be_focused()
    expect(widget.locator(".sw-sentence")).to_contain_text("With 16 × 16 boxes")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_painted(page, open_page, scheme):
    page.emulate_media(color_scheme=scheme)
    canvas = open_page().locator("canvas.sw-under").first
    painted = canvas.evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    assert painted > 20
