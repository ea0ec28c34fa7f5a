"""The retina of the Mark I on its page of the built site."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shallow.widgets import Retina
from tests.browser.controls import button, field, press, sentences, widget_links

CHAPTER = "chapters/perceptron.html"
WIDGET = "Mark I retina"


def says(widget, text):
    expect(widget.locator(".sw-sentence")).to_contain_text(text)


def photocell(widget):
    return widget.get_by_role("slider", name="Photocell")


def middle_of(pad):
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_fifty_attempts_by_keyboard_alone(page, open_page):
    widget = open_page()
    says(widget, "After 0 attempts and 0 mistakes it answers 0 of 150 squares correctly")
    press(page, button(widget, "Next attempt"))
    says(widget, "After 1 attempt and 1 mistake it answers ")
    expect(widget.locator(".sw-attempt").first).to_contain_text("a mistake: w ← w")
    field(widget, "Attempts").fill("49")
    page.keyboard.press("Enter")
    press(page, button(widget, "Play"))
    says(widget, "After 50 attempts and 4 mistakes it answers 150 of 150 squares correctly")
    expect(button(widget, "Play")).to_be_visible()  # it has ended


def test_photocells_are_turned_and_read_by_keyboard(page, open_page):
    widget = open_page()
    cell = photocell(widget)
    cell.focus()
    expect(cell).to_have_attribute("aria-valuetext", "row 10, column 10, dark, weight 0")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    expect(cell).to_have_attribute("aria-valuetext", "row 9, column 20, dark, weight 0")
    page.keyboard.press("Space")
    expect(cell).to_have_attribute("aria-valuetext", "row 9, column 20, lit, weight 0")
    says(widget, "Your picture gave z = ")
    page.keyboard.press("Enter")
    expect(cell).to_have_attribute("aria-valuetext", "row 9, column 20, dark, weight 0")


def test_two_halves_teach_it_all_squares(page, open_page):
    widget = open_page("#retina?task=own&own=[]")
    for name, teach in (("Left half", "Teach left"), ("Right half", "Teach right")):
        expect(widget.locator(".sw-goal")).to_contain_text("Goal: ")
        press(page, button(widget, name))
        press(page, button(widget, teach))
    says(widget, "2 of 2 pictures of yours and 150 of 150 squares correctly")
    expect(widget.locator(".sw-goal")).to_contain_text("Reached: ")
    press(page, button(widget, "Square right"))
    says(widget, "Your picture gave z = 36: right.")
    press(page, button(widget, "Forget"))
    says(widget, "After 0 attempts and 0 mistakes")


def test_the_mouse_draws_and_wipes(page, open_page):
    widget = open_page("#retina?task=own&own=[]")
    x, y = middle_of(widget.locator(".sw-drawn .sw-hot"))
    for lights in (True, False):
        page.mouse.move(x - 40, y)
        page.mouse.down()
        page.mouse.move(x + 40, y, steps=8)
        page.mouse.up()
        if lights:
            expect(widget.locator(".sw-attempt").first).to_contain_text("Your picture: ")
    says(widget, "Nothing is lit.")


def test_letters_are_learnt_in_place_and_never_anywhere(page, open_page):
    widget = open_page("#retina?task=letters&attempts=50")
    says(widget, "After 50 attempts and 2 mistakes it answers 2 of 2 letters correctly.")
    field(widget, "Moved by up to").fill("10")
    page.keyboard.press("Enter")
    for attempts in (50, 2000):
        field(widget, "Attempts").fill(str(attempts))
        page.keyboard.press("Enter")
        says(widget, f"After {attempts} attempts")
        expect(widget.locator(".sw-sentence")).not_to_contain_text("800 of 800")
    sums = widget.locator(".sw-attempt").last.locator(".sw-formula")
    low, high = (text.partition(": ")[2] for text in sums.all_inner_texts())
    assert low == high


def test_every_link_of_the_chapter_sets_what_it_says(page, open_page):
    widget = open_page()
    links = widget_links(page, "a.widget-link[href^='#retina?']")
    assert len(links) >= 5
    assert len(sentences(widget, links)) == len(links)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_state_travels_and_nothing_is_too_wide_or_too_small(page, open_page, width):
    page.set_viewport_size({"width": width, "height": 800})
    widget = open_page("#retina?task=letters&shift=3&attempts=70&seed=5")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, button(widget, "Copy as Python"))
    expect(widget.get_by_text("Copied.")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    made = eval(code.partition("\n\n")[2], {"Retina": Retina})
    assert (made.task, made.shift, made.attempts, made.seed) == ("letters", 3, 70, 5)
    assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    for target in widget.locator("button, input, g[role=slider]").all():
        if target.is_visible():
            size = target.bounding_box()
            assert min(size["width"], size["height"]) >= 24, target
