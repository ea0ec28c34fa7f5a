"""The descent explorer on its page of the built site."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from shallow.widgets import Descent
from tests.browser.controls import button, field, press

CHAPTER = "chapters/training.html"
WIDGET = "Descent explorer"


def sentence(widget):
    return widget.locator(".sw-sentence")


def test_steps_start_and_rate_by_keyboard_alone(page, open_page):
    widget = open_page()
    expect(sentence(widget)).to_contain_text("After 0 gradient steps: w₁ = −2.000, w₂ = 1.000")
    press(page, button(widget, "Step"))
    expect(sentence(widget)).to_contain_text("After 1 gradient step: w₁ = −1.900, w₂ = 0.000")
    press(page, button(widget, "Newton step"))
    expect(sentence(widget)).to_contain_text(
        "After 1 Newton step: w₁ = 0.000, w₂ = 0.000, cost 0.000. "
        "The gradient is almost 0: this is a minimum."
    )
    press(page, button(widget, "Back to the start"))
    start = widget.locator("g[role=slider][aria-label='Start']").filter(visible=True)
    press(page, start, "Shift+ArrowRight")
    expect(field(widget, "Start w₁")).to_have_value("-1.4")
    widget.get_by_role("combobox").first.select_option("gradient")
    field(widget, "Learning rate η").fill("0.3")
    page.keyboard.press("Enter")
    expect(widget).to_contain_text("η = 0.3 is")


def test_the_three_fates_of_one_parameter(open_page):
    base = "#descent?surface=line&curvature=2&w1=-2&steps=20&rate="
    widget = open_page(f"{base}0.05")
    expect(sentence(widget)).to_contain_text("it keeps to its side, for η is at most 1/λ = 0.5.")
    expect(field(widget, "Start w₂")).to_be_hidden()
    widget = open_page(f"{base}0.9")
    expect(sentence(widget)).to_contain_text("it oscillates and settles, for η is below 2/λ = 1.")
    widget = open_page(f"{base}1.1")
    expect(sentence(widget)).to_contain_text("η is not below 2/λ = 1, so it does not settle.")
    expect(widget).to_contain_text("limit of η: 2 / λ = 1; η = 1.1 is not below it")


def test_newton_climbs_to_a_saddle_and_the_example_says_so(page, open_page):
    widget = open_page()
    press(page, button(widget, "Newton at a saddle"))
    expect(sentence(widget)).to_contain_text(
        re.compile(r"After 5 Newton steps: .*this is a saddle, not a minimum")
    )
    expect(widget).to_contain_text("its eigenvalues: 1.000 and −1.000, so it is a saddle here")


def test_playing_ends_and_copies_as_python(page, open_page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget = open_page("#descent?surface=bowl&rate=0.5&steps=495")
    press(page, button(widget, "Play"))
    expect(sentence(widget)).to_contain_text("After 500 gradient steps", timeout=30_000)
    expect(button(widget, "Play")).to_be_visible()
    press(page, button(widget, "Copy as Python"))
    expect(widget.locator(".sw-said")).to_have_text("Copied.")
    code = page.evaluate("navigator.clipboard.readText()").split("\n\n")[1]
    assert repr(eval(code, {"Descent": Descent})) == "Descent(surface='bowl', rate=0.5, steps=500)"
