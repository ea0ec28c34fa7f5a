"""The logistic playground on its page of the built site."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from shallow.widgets import LogisticPlayground
from tests.browser.controls import button, field, press, widget_links

CHAPTER = "chapters/logistic.html"
WIDGET = "Logistic playground"


def handle(widget, name):
    return widget.locator(f"g[role=slider][aria-label^='{name}']").filter(visible=True)


def sentence(widget):
    return widget.locator(".sw-sentence")


def test_steps_of_both_kinds_by_keyboard_alone(page, open_page):
    widget = open_page()
    press(page, button(widget, "1 gradient step"))
    expect(sentence(widget)).to_contain_text("After 1 gradient step:")
    press(page, button(widget, "5 gradient steps"))
    press(page, button(widget, "25 gradient steps"))
    expect(sentence(widget)).to_contain_text("After 31 gradient steps:")
    press(page, button(widget, "Newton step"))
    expect(sentence(widget)).to_contain_text("After 1 Newton step:")
    for _ in range(4):
        press(page, button(widget, "Newton step"))
    expect(sentence(widget)).to_contain_text(
        re.compile(r"After 5 Newton steps: .* The cost is (0\.\d+), the least possible is \1;")
    )
    press(page, button(widget, "Back"))
    expect(sentence(widget)).to_contain_text("After 4 Newton steps:")
    press(page, button(widget, "To zero"))
    expect(sentence(widget)).to_contain_text("w₁ = 0.00, b = 0.00. The cost is 0.693,")


def test_every_weight_can_be_typed_and_slid_and_dragged(page, open_page):
    widget = open_page("#logistic?steps=20")
    field(widget, "Weight w₁").fill("2")
    page.keyboard.press("Enter")
    field(widget, "Bias b").fill("-1")
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("After 0 gradient steps: w₁ = 2.00, b = −1.00.")
    expect(handle(widget, "Middle of the curve")).to_have_attribute("aria-valuenow", "0.5")
    press(page, handle(widget, "Middle of the curve"), "Shift+ArrowRight")
    expect(sentence(widget)).to_contain_text("w₁ = 2.00, b = −2.00.")
    press(page, handle(widget, "Slope of the curve"), "ArrowRight")
    expect(field(widget, "Weight w₁")).to_have_value(re.compile(r"^1\.8"))
    press(page, handle(widget, "Weight w₁ and bias b"), "ArrowUp")
    expect(field(widget, "Weight w₂")).to_be_hidden()


def test_two_inputs_have_a_plane_and_three_weights(page, open_page):
    widget = open_page("#logistic?inputs=two&method=newton&steps=6")
    expect(field(widget, "Weight w₂")).to_be_visible()
    expect(sentence(widget)).to_contain_text(
        re.compile(r"w₁ = .*, w₂ = .*, b = .*cost is (.*), the least possible is \1;")
    )
    before = field(widget, "Weight w₂").input_value()
    press(page, handle(widget, "Turn the boundary"), "ArrowUp")
    expect(field(widget, "Weight w₂")).not_to_have_value(before)
    expect(sentence(widget)).to_contain_text("After 0 Newton steps")


def test_separable_classes_have_no_minimum_without_a_penalty(page, open_page):
    widget = open_page("#logistic?data=separable&method=newton&steps=100")
    expect(sentence(widget)).to_contain_text("there is no least one")
    expect(sentence(widget)).to_contain_text("it stops after")
    field(widget, "L2 penalty λ").fill("0.05")
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text(
        re.compile(r"The cost is (0\.\d+), the least possible is \1;")
    )


def test_a_point_is_moved_and_relabelled(page, open_page):
    widget = open_page("#logistic?method=newton&steps=6")
    before = sentence(widget).inner_text()
    press(page, handle(widget, "Point 1, label 0"), "Shift+ArrowRight")
    expect(widget.get_by_role("combobox", name="Points")).to_have_value("own")
    press(page, handle(widget, "Point 1, label 0"), "Enter")
    expect(handle(widget, "Point 1, label 1")).to_be_focused()
    expect(sentence(widget)).not_to_have_text(before)


def test_the_threshold_gives_precision_and_recall(page, open_page):
    widget = open_page("#logistic?method=newton&steps=6")
    field(widget, "Threshold").fill("0.8")
    page.keyboard.press("Enter")
    expect(widget).to_contain_text(
        re.compile(r"Threshold 0\.80 on ŷ is z ≥ 1\.39: precision [01]\.\d\d, recall 0\.\d\d")
    )


def test_every_link_of_the_chapter_sets_what_it_says(page, open_page):
    widget = open_page()
    links = widget_links(page, "a.widget-link[href^='#logistic?']")
    assert len(links) >= 5
    for link in links:
        link.click()
        expect(widget).to_be_focused()
        query = dict(
            pair.split("=") for pair in link.get_attribute("href").split("?")[1].split("&")
        )
        expect(field(widget, "Steps")).to_have_value(query["steps"])


def test_the_state_travels_as_python(page, open_page):
    widget = open_page("#logistic?inputs=two&seed=3&steps=25&rate=2&l2=0.1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, button(widget, "Copy as Python"))
    expect(widget.get_by_text("Copied.")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    made = eval(code.partition("\n\n")[2], {"LogisticPlayground": LogisticPlayground})
    assert (made.inputs, made.seed, made.steps, made.rate, made.l2) == ("two", 3, 25, 2, 0.1)


def test_nothing_is_wider_than_the_screen_nor_too_small_to_hit(page, open_page):
    widget = open_page("#logistic?inputs=two&w1=8&w2=8&steps=40&rate=50")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(
            "([...svgs]) => svgs.every((e) => e.clientWidth === e.parentElement.clientWidth)",
            arg=widget.locator("svg.sw-svg").filter(visible=True).element_handles(),
        )
        box = widget.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        targets = widget.locator("button, select, input, g[role=slider]").filter(visible=True)
        for target in targets.all():
            size = target.bounding_box()
            assert min(size["width"], size["height"]) >= 24, target
