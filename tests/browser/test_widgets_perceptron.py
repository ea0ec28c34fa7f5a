"""The perceptron trainer on its page of the built site."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from shallow.widgets import PerceptronTrainer
from tests.browser.controls import button, field, press, widget_links

CHAPTER = "chapters/perceptron.html"
WIDGET = "Perceptron trainer"


def handle(widget, name):
    return widget.locator(f"g[role=slider][aria-label^='{name}']")


def says(widget, text):
    expect(widget.locator(".sw-sentence")).to_contain_text(text)


def test_training_on_and_by_keyboard_alone(page, open_page):
    widget = open_page()
    says(widget, "After 0 visits and 0 mistakes")
    for _ in range(4):
        press(page, button(widget, "Step"))
    says(widget, "After 4 visits and 2 mistakes the weights are 1 and 1, the bias 0; ")
    expect(widget.locator(".sw-visit")).to_contain_text("y z = −1 ≤ 0: a mistake")
    press(page, button(widget, "Next mistake"))
    says(widget, "After 5 visits and 3 mistakes the weights are 1 and 1, the bias −1; ")
    press(page, button(widget, "Back"))
    says(widget, "After 4 visits and 2 mistakes")
    press(page, button(widget, "Run"))
    says(
        widget,
        "After 34 visits and 18 mistakes the weights are 3 and 2, the bias −4; "
        "training has ended; at most 51 mistakes are possible.",
    )
    press(page, button(widget, "Untrain"))
    says(widget, "After 0 visits and 0 mistakes")


def test_play_makes_steps_until_training_has_ended(page, open_page):
    widget = open_page("#perceptron?data=or&visits=19")
    press(page, button(widget, "Play"))
    says(widget, "training has ended")
    expect(button(widget, "Play")).to_be_visible()


def test_every_weight_can_be_typed_and_slid(page, open_page):
    widget = open_page("#perceptron?visits=34")
    says(widget, "the weights are 3 and 2, the bias −4")
    field(widget, "Weight w₁").fill("2.5")
    page.keyboard.press("Enter")
    says(widget, "After 0 visits and 0 mistakes the weights are 2.50 and 2, the bias −4")
    press(
        page, widget.locator("input[type=range]").and_(widget.get_by_label("Bias b")), "ArrowRight"
    )
    says(widget, "the bias −3.90")
    press(page, handle(widget, "Weights"), "ArrowUp")
    says(widget, "the weights are 2.50 and 2.10")


def test_the_boundary_moves_and_turns(page, open_page):
    widget = open_page("#perceptron?w1=1&w2=1&b=-1.5")
    says(widget, "0 of 4 points are wrong")
    for _ in range(12):
        press(page, handle(widget, "Move the boundary"), "ArrowLeft")
    says(widget, "the weights are 1 and 1, the bias −0.90")
    says(widget, "2 of 4 points are wrong")
    for _ in range(30):
        press(page, handle(widget, "Turn the boundary"), "ArrowDown")
    expect(field(widget, "Weight w₂")).to_have_value(re.compile("^-"))


def test_points_are_dragged_added_turned_and_removed(page, open_page):
    widget = open_page("#perceptron?w1=1&w2=1&b=-1.5")
    knob = handle(widget, "Point 4")
    knob.scroll_into_view_if_needed()
    box = knob.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 45, y + 45, steps=4)
    page.mouse.up()
    expect(widget.get_by_role("combobox", name="Points")).to_have_value("own")
    says(widget, "1 of 4 points are wrong")
    expect(widget).to_contain_text(re.compile(r"Point 4: \(0\.\d+, 0\.\d+\), class \+1"))
    press(page, knob, "Enter")
    says(widget, "0 of 4 points are wrong")
    press(page, button(widget, "Add +1"))
    expect(handle(widget, "Point 5, class +1")).to_be_visible()
    press(page, handle(widget, "Point 5"), "Delete")
    expect(handle(widget, "Point 5")).to_have_count(0)


def test_xor_has_no_bound_and_never_ends(page, open_page):
    widget = open_page("#perceptron?data=xor")
    press(page, button(widget, "Run"))
    says(widget, "After 2000 visits and 2000 mistakes")
    says(widget, "no line separates these points, so there is no bound")


def test_every_link_of_the_chapter_sets_what_it_says(page, open_page):
    widget = open_page()
    links = widget_links(page, "a.widget-link[href^='#perceptron?']")
    assert len(links) >= 4
    for link in links:
        link.click()
        expect(widget).to_be_focused()
        query = dict(
            pair.split("=") for pair in link.get_attribute("href").split("?")[1].split("&")
        )
        expect(widget.get_by_role("combobox", name="Points")).to_have_value(query["data"])


def test_the_state_travels_as_python_and_as_a_link(page, open_page):
    widget = open_page("#perceptron?data=separable&seed=4&visits=20&order=reversed")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, button(widget, "Copy as Python"))
    expect(widget.get_by_text("Copied.")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    made = eval(code.partition("\n\n")[2], {"PerceptronTrainer": PerceptronTrainer})
    assert (made.data, made.seed, made.visits, made.order) == ("separable", 4, 20, "reversed")


def test_nothing_is_wider_than_the_screen_nor_too_small_to_hit(page, open_page):
    widget = open_page("#perceptron?data=inseparable&visits=300&pocket=true&w1=2")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(
            "([...svgs]) => svgs.every((e) => e.clientWidth === e.parentElement.clientWidth)",
            arg=widget.locator("svg.sw-svg").element_handles(),
        )
        box = widget.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        for target in widget.locator("button, select, input, g[role=slider]").all():
            size = target.bounding_box()
            assert min(size["width"], size["height"]) >= 24, target
