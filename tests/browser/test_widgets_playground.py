"""The playground on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.controls import button, field, press

CHAPTER = "chapters/training.html"
WIDGET = "Playground"


def sentence(widget):
    return widget.locator(".sw-sentence")


def epochs(widget):
    return int(field(widget, "Epochs").input_value())


def wait_for_more(page, widget, made):
    """Wait until the widget has passed an epoch."""
    page.wait_for_function(
        "([field, made]) => Number(field.value) > made",
        arg=[field(widget, "Epochs").element_handle(), made],
    )


# Milliseconds from a press to the next picture of what plays, a few times.
GAPS_AFTER_A_PRESS = """
async (sentence) => {
  const gaps = [];
  const next = () => new Promise((resolve) => {
    new MutationObserver((_, watch) => {
      watch.disconnect();
      resolve(performance.now());
    }).observe(sentence, { childList: true });
  });
  for (let k = 0; k < 5; k += 1) {
    await next();
    const pressed = performance.now();
    sentence.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    gaps.push(await next() - pressed);
  }
  return gaps;
}
"""
# Whether, at the moment at which the sentence changes, the same is read out.
SPOKEN_AT_A_CHANGE = """
([sentence, status]) => new Promise((resolve) => {
  const watch = new MutationObserver(() => {
    watch.disconnect();
    resolve(sentence.textContent === status.textContent);
  });
  watch.observe(sentence, { childList: true });
})
"""


def test_it_trains_by_keyboard_alone(page, open_page):
    widget = open_page()
    expect(sentence(widget)).to_contain_text("2–4–2–1 network, tanh, after 0 epochs")
    press(page, button(widget, "Step"))
    expect(sentence(widget)).to_contain_text("after 1 epoch:")
    press(page, button(widget, "Play"))
    wait_for_more(page, widget, 3)
    parts = [sentence(widget), widget.get_by_role("status").first]
    spoken = page.evaluate(SPOKEN_AT_A_CHANGE, [part.element_handle() for part in parts])
    assert not spoken, "what is read out waits for the pause"
    press(page, button(widget, "Pause"))
    made = epochs(widget)
    expect(sentence(widget)).to_contain_text(f"after {made} epochs")
    expect(widget.get_by_role("status").first).to_have_text(sentence(widget).inner_text())
    press(page, button(widget, "Restart"))
    expect(sentence(widget)).to_contain_text("after 0 epochs")
    press(page, button(widget, "New seed"))
    expect(field(widget, "Seed")).to_have_value("2")


def test_a_link_trains_to_its_epoch_and_always_to_the_same_place(open_page):
    link = "#playground?data=xor&hidden=[3]&epochs=300"
    said = []
    for _ in range(2):
        widget = open_page(link)
        expect(sentence(widget)).to_contain_text("2–3–1 network, tanh, after 300 epochs")
        said.append(sentence(widget).inner_text())
    assert said[0] == said[1]


def test_every_weight_of_a_unit_is_typed_and_slid(page, open_page):
    widget = open_page("#playground?hidden=[3]&epochs=5")
    expect(sentence(widget)).to_contain_text("after 5 epochs")
    press(page, button(widget, "Unit 2 of hidden layer 1"))
    expect(button(widget, "Unit 2 of hidden layer 1")).to_have_attribute("aria-pressed", "true")
    weight = field(widget, "w, x₁ → h₂")
    weight.fill("-3.5")
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("after 0 epochs")
    expect(weight).to_have_value("-3.5")
    press(page, weight, "ArrowUp")
    expect(weight).to_have_value("-3.45")
    slider = widget.locator("input[type=range]").and_(widget.get_by_label("b of h₂", exact=True))
    before = sentence(widget).inner_text()
    press(page, slider, "End")
    expect(field(widget, "b of h₂")).to_have_value("8")
    expect(sentence(widget)).not_to_have_text(before)
    field(widget, "b of h₂").fill("many")
    page.keyboard.press("Enter")
    expect(widget.locator(".sw-unit-weights .sw-field-note:not(:empty)")).to_have_count(1)
    press(page, button(widget, "Output ŷ"))
    expect(field(widget, "w, h₃ → ŷ")).to_be_visible()
    assert widget.locator(".sw-unit-weights .sw-slider").count() == 4
    expect(field(widget, "w, x₁ → h₂")).to_have_count(0)
    expect(widget.locator(".sw-unit-weights .sw-field-note:not(:empty)")).to_have_count(0)
    weight = field(widget, "w, h₃ → ŷ")
    weight.fill("2")
    page.keyboard.press("Enter")
    press(page, button(widget, "Unit 2 of hidden layer 1"))
    expect(field(widget, "b of h₂")).to_have_value("8")
    assert widget.locator(".sw-unit-weights .sw-slider").count() == 3


def test_the_network_is_rebuilt(page, open_page):
    widget = open_page()
    press(page, button(widget, "Add a layer"))
    expect(sentence(widget)).to_contain_text("2–4–2–2–1 network")
    units = widget.get_by_label("Units of hidden layer 3")
    units.fill("8")
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("2–4–2–8–1 network")
    widget.get_by_role("group", name="Features").get_by_label("x₁x₂").check()
    expect(sentence(widget)).to_contain_text("3–4–2–8–1 network")
    for _ in range(3):
        press(page, button(widget, "Remove a layer"))
    expect(sentence(widget)).to_contain_text("3–1 network")
    expect(button(widget, "Remove a layer")).to_be_disabled()


def test_it_says_when_it_diverges(open_page):
    widget = open_page(
        "#playground?activation=linear&rate=10&hidden=[8,8,8]&x1_squared=true&epochs=200"
    )
    expect(sentence(widget)).to_contain_text("the learning rate 10 is too large")


def test_the_curve_of_the_loss_ends_at_its_dot(open_page):
    widget = open_page("#playground?epochs=60")
    expect(sentence(widget)).to_contain_text("after 60 epochs")
    plot = widget.locator(".sw-plot").filter(
        has=widget.page.get_by_role("img", name=re.compile("^Loss"))
    )
    start, end = plot.locator("path[stroke-linejoin]").first.evaluate(
        """path => [0, path.getTotalLength()].map((at) => {
            const { x, y } = path.getPointAtLength(at);
            return [x, y];
        })"""
    )
    dot = plot.locator("path[transform]").get_attribute("transform")
    assert end == pytest.approx([float(x) for x in re.findall(r"[\d.]+", dot)], abs=0.1)
    left, width = (plot.locator(".sw-hot").get_attribute(name) for name in ("x", "width"))
    assert start[0] == pytest.approx(float(left), abs=0.1)
    assert end[0] - start[0] == pytest.approx(float(width), abs=0.1)


def test_it_rests_while_nobody_sees_it(page, open_page):
    widget = open_page()
    widget.scroll_into_view_if_needed()
    press(page, button(widget, "Play"))
    wait_for_more(page, widget, 1)
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_function(  # two looks that see the same epoch
        """async (field) => {
            const seen = field.value;
            await new Promise((done) => setTimeout(done, 500));
            return field.value === seen;
        }""",
        arg=field(widget, "Epochs").element_handle(),
    )
    made = epochs(widget)
    widget.scroll_into_view_if_needed()
    wait_for_more(page, widget, made)


# A busy browser tells of several changes at once: what was so before comes first.
BUSY = """
window.IntersectionObserver = class extends IntersectionObserver {
  constructor(callback) {
    super((entries) => callback([{ isIntersecting: !entries[0].isIntersecting }, ...entries]));
  }
};
"""


def test_it_trains_when_it_has_just_come_into_sight(page, open_page):
    page.add_init_script(BUSY)
    widget = open_page()
    widget.scroll_into_view_if_needed()
    press(page, button(widget, "Play"))
    wait_for_more(page, widget, 1)


def test_what_is_pressed_comes_before_the_next_picture(page, open_page):
    widget = open_page("#playground?epochs=0")
    button(widget, "Play").click()
    gaps = page.evaluate(GAPS_AFTER_A_PRESS, sentence(widget).element_handle())
    assert min(gaps) >= 100, "ms"


def test_a_click_on_a_connection_leads_to_its_weight(open_page):
    widget = open_page("#playground?hidden=[2]&data=blobs")
    lines = widget.locator(".sw-net line")
    expect(lines).to_have_count(6)
    line = lines.nth(3)  # from x₂ to h₂
    x1, y1, x2, y2 = (float(line.get_attribute(name)) for name in ("x1", "y1", "x2", "y2"))
    drawing = line.locator("xpath=ancestor::*[name()='svg'][1]")
    drawing.click(position={"x": 0.7 * x1 + 0.3 * x2, "y": 0.7 * y1 + 0.3 * y2})
    expect(field(widget, "w, x₂ → h₂")).to_be_focused()
