"""The tape explorer on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shallow.widgets import TapeExplorer
from tests.browser.clashes import CLASHES
from tests.browser.controls import SETTLED, UNTIL, button, field, widget_links

CHAPTER = "chapters/backprop.html"
WIDGET = "Tape explorer"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

SEVEN_TIMES = "node => { for (let k = 0; k < 7; k += 1) node.click(); }"
# What clashes at each step of each example.
STEPS = f"""
async (widget) => {{
  {UNTIL}
  const back = [...widget.querySelectorAll("button")]
    .find((node) => node.textContent === "One line back");
  const found = [];
  for (const example of widget.querySelectorAll(".sw-examples button")) {{
    example.click();
    for (let step = 0; step < 7; step += 1) {{
      await until({SETTLED}, `${{example.innerText}} is not drawn for its width`);
      found.push(...({CLASHES})().map((clash) => `${{example.innerText}}, ${{step}}: ${{clash}}`));
      back.click();
    }}
  }}
  return found;
}}
"""


def sentence(widget):
    return widget.locator(".sw-sentence")


def text_of(widget):
    return widget.get_by_role("textbox", name="f =", exact=True)


def told(widget):
    """What stands in the graph."""
    return widget.locator(".sw-plot text").all_text_contents()


def gradients(widget):
    """∂f by each variable: what came back, and its finite difference."""
    found = {}
    for row in widget.locator("tbody tr").all():
        name, _, slope, check = row.inner_text().replace("−", "-").split("\t")
        if check:
            found[name] = float(slope.rpartition("= ")[2]), float(check)
    return found


def test_a_node_that_is_used_twice_by_keyboard_alone(page, open_page):
    widget = open_page()
    expect(sentence(widget)).to_contain_text("Forward: f = (x + y) · x = −6.")
    button(widget, "One line back").focus()
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("begins with ∂f/∂f = 1")
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("1 · (−2) goes to x + y, 1 · 3 goes to x.")
    assert "3 + …" in told(widget)
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("Complete: ∂f/∂x = 1, ∂f/∂y = −2.")
    assert "3 − 2 = 1" in told(widget)
    page.keyboard.press("Enter")  # there is nothing left
    expect(sentence(widget)).to_contain_text("Complete")
    button(widget, "Undo").press("Enter")
    assert "3 + …" in told(widget)

    field(widget, "x").fill("2")
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("1 · 2 goes to x + y, 1 · 7 goes to x.")


def test_what_is_typed_is_drawn_or_said_to_be_none(page, open_page):
    widget = open_page("#tape?steps=3")
    typed, note = text_of(widget), widget.locator(".sw-typed .sw-field-note")
    typed.fill("x*x")
    typed.press_sequentially("*")
    expect(sentence(widget)).to_contain_text("Forward: f = x · x = 4.")  # the last whole one
    typed.press("Enter")
    expect(note).to_have_text("After “x*x*” a number, a variable or a bracket is missing.")
    expect(typed).to_have_attribute("aria-invalid", "true")
    expect(typed).to_have_value("x*x*")
    for text, problem in {
        "(x + y": "After “(x + y” a bracket ) or an operation is missing.",
        "2x + 1": "After “2” an operation is missing, such as *.",
        "x + q": "“q” is none of x, y, z, w, b, and no function. Between factors stands *.",
        "x^10": "A power is a whole number from 2 to 9.",
        "x": "An operation is missing, such as x*y.",
        "x; y": "“;” is no sign of an expression.",
    }.items():
        typed.fill(text)
        typed.press("Enter")
        expect(note).to_have_text(problem)
    typed.press("Escape")
    expect(note).to_be_empty()
    typed.fill("log(x)")
    expect(sentence(widget)).to_contain_text("lie outside what its functions take")
    typed.fill("σ(w·x + b)²")
    typed.press("Enter")
    expect(note).to_be_empty()
    expect(sentence(widget)).to_contain_text("Forward: f = σ(w · x + b)² =")


def test_every_example_and_link_agrees_with_its_differences(page, open_page):
    widget = open_page()
    starts = widget.locator(".sw-examples button").all()
    links = [link for link in widget_links(page) if "#tape" in link.get_attribute("href")]
    assert len([*starts, *links]) == 9
    for start in [*starts, *links]:
        start.click()
        if start in links:
            expect(widget).to_be_focused()
        button(widget, "One line back").evaluate(SEVEN_TIMES)
        expect(sentence(widget)).to_contain_text("Complete: ")
        found = gradients(widget)
        assert found
        for slope, difference in found.values():
            assert slope == pytest.approx(difference, rel=0.01, abs=2e-3), found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_number_lies_on_another_at_any_step(page, open_page, size):
    page.set_viewport_size(size)
    widget = open_page()
    problems = {clash for clash in widget.evaluate(STEPS) if WIDGET in clash}
    assert not problems, "\n".join(sorted(problems))


def test_playing_goes_to_the_end_and_python_gives_the_state_back(page, open_page, site, watched):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget = open_page("#tape?expression=tanh(w*x)&steps=2&w=2")
    widget.get_by_role("button", name="Play").click()
    expect(sentence(widget)).to_contain_text("Complete: ")
    expect(widget.get_by_role("button", name="Play")).to_be_visible()
    button(widget, "Copy as Python").click()
    expect(widget.get_by_text("Copied.")).to_be_visible()
    expression = page.evaluate("navigator.clipboard.readText()").partition("\n\n")[2]
    made = eval(expression, {"TapeExplorer": TapeExplorer})
    assert (made.expression, made.w, made.steps) == ("tanh(w*x)", 2, 3)

    page.set_viewport_size({"width": 320, "height": 800})
    widget = open_page(address=(site / CHAPTER).as_uri())
    expect(sentence(widget)).to_contain_text("Forward: ")
    assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    for target in widget.locator("button, input").all():
        if target.is_visible():
            box = target.bounding_box()
            assert min(box["width"], box["height"]) >= 24, target
    picture = widget.get_by_role("img", name=re.compile(r"x is −2; y is 5; x \+ y is 3"))
    expect(picture).to_be_visible()
    assert watched.problems == []
