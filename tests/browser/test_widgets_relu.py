"""The ReLU builder on its page of the built site."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from shallow.widgets import ReluBuilder
from tests.browser.controls import field

CHAPTER = "chapters/approximation.html"
WIDGET = "ReLU builder"


def hinges(widget):
    handles = widget.get_by_role("slider", name=re.compile(r"^Hinge \d+$")).all()
    return [float(handle.get_attribute("aria-valuenow")) for handle in handles]


def error(widget):
    text = widget.get_by_role("row", name=re.compile("^measured")).inner_text()
    return float(text.split("\t")[1].split()[0])


def measured(knots):
    """The error on the sine, from NumPy."""
    x = np.arange(2049) / 2048
    knots = np.append(knots, 1)
    sine = lambda t: np.sin(2 * np.pi * t)  # noqa: E731 - one formula, twice
    return np.abs(sine(x) - np.interp(x, knots, sine(knots))).max()


def test_hinges_are_moved_added_and_removed_by_keyboard(page, widget):
    assert hinges(widget) == [0, 0.25, 0.5, 0.75]
    second = widget.get_by_role("slider", name="Hinge 2", exact=True)
    second.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    assert hinges(widget) == [0, 0.14, 0.5, 0.75]
    assert error(widget) == pytest.approx(measured(hinges(widget)), rel=0.005)
    page.keyboard.press("End")  # no further than its neighbour
    assert hinges(widget)[1] == 0.49

    add = widget.get_by_role("button", name="Add a hinge at the largest error")
    add.focus()
    before = error(widget)
    for _ in range(4):
        page.keyboard.press("Enter")
    assert len(hinges(widget)) == 8
    assert error(widget) < before

    widget.get_by_role("slider", name="Hinge 3", exact=True).press("Delete")
    assert len(hinges(widget)) == 7
    widget.get_by_role("button", name="Remove unit 7").press("Enter")
    assert len(hinges(widget)) == 6
    field(widget, "Equal hinges").fill("16")
    page.keyboard.press("Enter")
    assert hinges(widget) == pytest.approx(np.arange(16) / 16)
    assert error(widget) == pytest.approx(measured(np.arange(16) / 16), rel=0.005)


def test_a_weight_typed_by_hand_frees_all_of_them(page, widget):
    field(widget, "Weight v₂").fill("-6")
    page.keyboard.press("Enter")
    expect(widget.get_by_role("checkbox")).not_to_be_checked()
    expect(field(widget, "Weight v₁")).to_have_value("4")
    expect(widget.locator(".sw-sentence")).to_contain_text("weights set by hand")
    field(widget, "Bias b₂ = −t").fill("-0.3")
    page.keyboard.press("Enter")
    assert hinges(widget)[1] == 0.3
    widget.get_by_role("checkbox").check()
    assert error(widget) == pytest.approx(measured(hinges(widget)), rel=0.005)


def test_a_click_adds_a_hinge_and_a_drag_moves_one(page, widget):
    plot = widget.locator(".sw-hot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 40)
    assert hinges(widget)[3] == pytest.approx(0.6, abs=0.005)
    knob = widget.get_by_role("slider", name="Hinge 4", exact=True).bounding_box()
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.65 * box["width"], knob["y"], steps=3)
    page.mouse.up()
    assert hinges(widget)[3] == pytest.approx(0.65, abs=0.01)


def test_a_target_is_drawn_by_keyboard_and_by_pointer(page, widget):
    widget.get_by_role("combobox", name="Target f").select_option("drawn")
    height = widget.get_by_role("slider", name="Height of the target at 0.5")
    height.focus()
    page.keyboard.press("Home")
    expect(height).to_have_attribute("aria-valuetext", "−1.00")
    plot = widget.locator(".sw-hot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + 0.81 * box["width"], box["y"] + box["height"] / 2)
    eighth = widget.get_by_role("slider", name="Height of the target at 0.8")
    assert float(eighth.get_attribute("aria-valuenow")) == pytest.approx(0, abs=0.02)
    field(widget, "Equal hinges").fill("10")
    page.keyboard.press("Enter")
    assert error(widget) < 1e-9, "a broken line is a sum of ReLUs"


@pytest.mark.parametrize(("target", "words"), [("jump", "½ or more"), ("reciprocal", "infinite")])
def test_what_fails_says_so(page, widget, target, words):
    page.locator(f"a.widget-link[href*='target={target}']").click()
    expect(widget).to_be_focused()
    expect(widget.locator(".sw-sentence")).to_contain_text(words)
    expect(widget.get_by_role("row", name=re.compile("^bound L"))).to_contain_text("does not apply")


def test_the_state_comes_back_as_python(page, widget):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("a.widget-link[href*='fitted=false']").click()
    widget.get_by_role("button", name="Copy as Python").click()
    expect(widget.get_by_text("Copied.")).to_be_visible()
    expression = page.evaluate("navigator.clipboard.readText()").rpartition("\n")[2]
    made = eval(expression, {"ReluBuilder": ReluBuilder})
    assert (made.target, made.hinges) == ("parabola", [0.2, 0.4, 0.6, 0.8])
    assert (made.weights, made.bias, made.fitted) == ([5.0, -5.0, -5.0, 5.0], 0.0, False)
