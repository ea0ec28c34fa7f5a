"""The bending network on the landing page of the built site."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from shallow.widgets import Bend
from tests.browser.controls import button, field, press

CHAPTER = "index.html"
WIDGET = "Bending network"


def says(widget, text):
    expect(widget.locator(".sw-sentence")).to_contain_text(text)


def boundary(widget):
    return widget.locator(".sw-plot").first.locator("path[data-q=hidden]").get_attribute("d")


def middle_of(widget):
    plane = widget.locator(".sw-hot").first
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_it_is_taught_by_keyboard_alone(page, open_page):
    widget = open_page("#bend?points=[]&hidden=0")
    says(widget, "A 2–1 network with 3 weights and biases, without a point to learn from")
    for kind, way in (("▲ triangle", "ArrowRight"), ("● dot", "ArrowLeft")):
        press(page, button(widget, kind))
        expect(button(widget, kind)).to_have_attribute("aria-pressed", "true")
        press(page, button(widget, "Set it in the middle"))
        point = widget.get_by_role("slider", name=re.compile(f"{kind[2:]};"))
        press(page, point, f"Shift+{way}")
    field(widget, "Epochs").fill("400")
    page.keyboard.press("Enter")
    says(widget, "after 400 epochs: all 2 points are right")
    says(widget, "its boundary is straight")
    point = widget.get_by_role("slider", name=re.compile("triangle;"))
    press(page, point, "Delete")
    says(widget, "A 2–1 network")
    expect(widget.get_by_role("slider", name=re.compile("^Point"))).to_have_count(1)


def test_a_point_that_is_set_goes_on_from_the_weights_as_they_are(page, open_page):
    widget = open_page("#bend?epochs=200")
    says(widget, "all 16 points are right")
    before = boundary(widget)
    x, y = middle_of(widget)
    page.mouse.click(x + 110, y - 110)
    says(widget, "after 0 epochs")
    expect(widget.get_by_role("slider", name=re.compile("^Point 17, triangle"))).to_be_attached()
    assert boundary(widget) == before


def test_setting_a_point_starts_training_unless_less_motion_is_asked_for(page, open_page):
    widget = open_page("#bend")
    x, y = middle_of(widget)
    page.mouse.click(x + 110, y - 110)
    says(widget, "after 0 epochs")
    expect(button(widget, "Play")).to_be_visible()
    page.emulate_media(reduced_motion="no-preference")
    page.mouse.click(x - 110, y - 110)
    expect(widget.get_by_role("slider", name=re.compile("^Point 18"))).to_be_attached()
    says(widget, "all 18 points are right")
    expect(button(widget, "Play")).to_be_visible(timeout=60_000)  # it has ended


def test_two_units_leave_the_ring_open_and_three_close_it(page, open_page):
    widget = open_page("#bend?hidden=2&epochs=1000")
    expect(widget.locator(".sw-sentence")).not_to_contain_text("all 16")
    field(widget, "Hidden units").fill("3")
    page.keyboard.press("Enter")
    says(widget, "A 2–3–1 network with 13 weights and biases, after 1000 epochs: all 16 points")
    expect(widget.locator(".sw-goal")).to_contain_text("Reached: ")


def test_the_state_travels_as_python(page, open_page):
    widget = open_page("#bend?hidden=5&seed=3&epochs=12&points=[[0,1,1],[0,-1,0]]")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, button(widget, "Copy as Python"))
    expect(widget.get_by_text("Copied.")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    made = eval(code.partition("\n\n")[2], {"Bend": Bend})
    assert (made.hidden, made.seed, made.epochs, len(made.points)) == (5, 3, 12, 2)
