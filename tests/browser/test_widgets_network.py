"""The tiny network on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shallow.widgets import TinyNetwork
from tests.browser.controls import field, widget_links

CHAPTER = "chapters/backprop.html"
WIDGET = "Tiny network"


def sentence(widget):
    return widget.locator(".sw-sentence")


def chain(widget):
    return widget.locator(".sw-chain")


def pressed(widget, name):
    """A button under its name; the loss of the graph has the name of one."""
    return widget.locator("button").and_(widget.get_by_role("button", name=name, exact=True))


def tab_to(page, target):
    """Reach an element with the Tab key, as a reader without a pointer does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {target}")


def test_a_round_by_keyboard_alone(page, open_page):
    widget = open_page()
    widget.focus()
    for phase, said in {
        "Forward": "output 0.751 and 0.773 for target 0.01 and 0.99.",
        "Loss": "loss 0.2984",
        "Backward": "For the weight from h1 to o1, ∂ℓ/∂w = 0.082167",
    }.items():
        tab_to(page, pressed(widget, phase))
        page.keyboard.press("Enter")
        expect(sentence(widget)).to_contain_text(said)
        expect(pressed(widget, phase)).to_have_attribute("aria-pressed", "true")
    expect(chain(widget)).to_contain_text("= (0.751365 − 0.01) · 0.186816 · 0.59327 = 0.082167")
    expect(chain(widget)).to_contain_text("Finite difference: (ℓ(+h) − ℓ(−h)) / 2h = 0.082167")

    widget.focus()
    tab_to(page, widget.get_by_role("button", name="Weight from x1 to h1"))
    page.keyboard.press("Enter")
    expect(chain(widget)).to_contain_text("(δ(o1)·w(h1 → o1) + δ(o2)·w(h1 → o2)) · σ′(z) · x1")
    expect(chain(widget)).to_contain_text("w ← 0.15 − 0.5·0.000438568 = 0.149781")

    pressed(widget, "Backward").focus()
    tab_to(page, pressed(widget, "Update"))
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("after 1 update: nothing is computed yet")
    expect(field(widget, "w, h1 → o1")).to_have_value("0.358916")

    tab_to(page, field(widget, "w, h1 → o1"))
    page.keyboard.press("Control+a")
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    expect(sentence(widget)).to_contain_text("after 0 updates: output 0.2")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    expect(field(widget, "w, h1 → o1")).to_have_value("-2.99")
    weight = widget.get_by_role("button", name="Weight from h1 to o1, −2.990")
    expect(weight).to_be_visible()


def test_units_connections_and_loss_are_chosen_by_pointer(page, open_page):
    widget = open_page("#network?network=2-3-1&phase=backward&observation=9")
    for name, said in {
        "Unit h2,": "δ = ∂ℓ/∂z = ∂ℓ/∂b",
        "Unit x1,": "An input is given",
        "Weight from x2 to h3": "Summed over the 10 observations",
        "Loss,": "Loss ℓ = ½ Σ (ŷ − y)",
    }.items():
        knob = widget.get_by_role("button", name=name)
        knob.scroll_into_view_if_needed()
        box = knob.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(knob).to_have_attribute("aria-pressed", "true")
        expect(chain(widget)).to_contain_text(said)


def test_the_chain_rule_agrees_with_the_finite_difference_everywhere(open_page):
    for network, updates in (("2-2-2", 3), ("2-3-1", 20)):
        widget = open_page(f"#network?network={network}&updates={updates}&phase=backward")
        names = widget.locator("g[role=button]").all()
        assert len(names) == {"2-2-2": 15, "2-3-1": 16}[network]
        for knob in names:
            knob.press("Enter")
            text = chain(widget).inner_text().replace("−", "-")
            if "Loss ℓ" in text:
                continue
            product = float(re.search(r"^=.*= (-?[\d.e-]+)$", text, re.MULTILINE)[1])
            difference = float(re.search(r"/ 2h = (-?[\d.e-]+),", text)[1])
            assert product == pytest.approx(difference, rel=1e-4, abs=1e-10), text


def test_playing_trains_and_stops(page, open_page):
    widget = open_page("#network?network=2-3-1&phase=loss")
    widget.get_by_role("button", name="Play").click()
    history = widget.get_by_role("img", name=re.compile("The cost against"))
    expect(history).to_have_attribute("aria-label", re.compile(r"after [1-9]\d*\.$"))
    widget.get_by_role("button", name="Pause").click()
    expect(sentence(widget)).to_contain_text(re.compile(r"after [1-9]\d* updates?"))
    before = sentence(widget).inner_text()
    pressed(widget, "100 updates").click()
    expect(sentence(widget)).not_to_have_text(before)


def test_every_link_of_the_chapter_sets_what_it_says(page, open_page):
    widget = open_page()
    links = widget_links(page, "a.widget-link[href^='#network?']")
    assert len(links) >= 6
    for link in links:
        link.click()
        _, _, query = link.get_attribute("href").partition("?")
        told = dict(pair.split("=") for pair in query.split("&"))
        updates = int(told.get("updates", 0))
        expect(sentence(widget)).to_contain_text(
            re.compile(f"^{told['network']} network after {updates} updates?")
        )
        if "selected" in told:
            expect(widget.locator("g[role=button][aria-pressed=true]")).to_have_count(1)


def test_the_lectures_last_table(open_page):
    widget = open_page("#network?network=2-3-1&updates=8000&phase=loss")
    for label, printed in {"w, x1 → h1": 3.843, "w, h2 → o1": -11.256, "b of o1": 8.680}.items():
        assert float(field(widget, label).input_value()) == pytest.approx(printed, abs=0.0015)
    expect(sentence(widget)).to_contain_text("cost of all 10 ")
    total = re.search(r"cost of all 10 (\d\.\d+)", sentence(widget).inner_text())
    assert float(total[1]) < 0.001


def test_python_and_link_give_the_state_back(page, open_page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget = open_page("#network?network=2-3-1&updates=10&phase=backward&rate=1&selected=h3")
    pressed(widget, "Copy as Python").click()
    expect(widget.get_by_text("Copied.")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    head, _, expression = code.partition("\n\n")
    assert head == "from shallow.widgets import TinyNetwork"
    made = eval(expression, {"TinyNetwork": TinyNetwork})
    assert repr(made) == expression
    assert (made.network, made.updates, made.selected) == ("2-3-1", 10, "h3")


def test_it_works_from_file_and_on_a_narrow_screen(page, open_page, site, watched):
    page.set_viewport_size({"width": 320, "height": 800})
    address = (site / CHAPTER).as_uri()
    widget = open_page("#network?network=2-3-1&phase=backward", address=address)
    expect(sentence(widget)).to_contain_text("output 0.175 for target 0")
    box = widget.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    for target in widget.locator("button, select, input, g[role=button]").all():
        if target.is_visible():
            size = target.bounding_box()
            assert min(size["width"], size["height"]) >= 24, target
    assert watched.problems == []
