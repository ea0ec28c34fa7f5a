"""The comparison of two models on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from scipy.stats import binom, binomtest

from shallow.widgets import PairedComparison
from tests.browser.controls import button, field, press, sentences, widget_links

CHAPTER = "chapters/metrics.html"
WIDGET = "Paired comparison"


def says(widget, text):
    expect(widget.locator(".sw-sentence")).to_contain_text(text)


def handle(widget):
    return widget.get_by_role("slider", name="Test objects n").and_(widget.locator("g"))


def set_field(page, widget, label, value):
    field(widget, label).fill(value)
    page.keyboard.press("Enter")


def power(n, difference, disagreement):
    """The power of McNemar's test, from SciPy's own test for each number of disagreements."""
    total = 0
    for m in range(1, int(n * disagreement + 8 * (n * disagreement) ** 0.5)):
        few = max((k for k in range(m) if 2 * binom.cdf(k, m, 0.5) <= 0.05), default=-1)
        first = (1 + difference / disagreement) / 2
        sees = binom.cdf(few, m, first) + binom.sf(m - few - 1, m, first)
        total += binom.pmf(m, n, disagreement) * sees
    return total


def test_test_sets_are_drawn_and_judged_by_keyboard_alone(page, open_page):
    widget = open_page()
    sentence = widget.locator(".sw-sentence")
    picture = widget.get_by_role("img", name=re.compile("^The difference is"))
    said = set()
    for seed in range(2, 6):
        press(page, button(widget, "Draw another test set"))
        expect(field(widget, "Test set")).to_have_value(str(seed))
        expect(sentence).not_to_have_text("")
        text = sentence.inner_text()
        first, n, second = map(int, re.findall(r"\d+", text)[:3])
        p = binomtest(first, first + second).pvalue
        assert n == 1000
        assert f"(p = {p:.3f})" in text or (p < 0.001 and "(p < 0.001)" in text)
        assert (p <= 0.05) == ("sees a difference" in text)
        assert f"The difference is {(first - second) / 10:.1f} points" in (
            picture.get_attribute("aria-label").replace("−", "-")
        )
        said.add(text)
    assert len(said) == 4
    assert f"Its power is {power(1000, 0.02, 0.06):.0%}" in said.pop()


def test_the_handle_chooses_n_and_the_smallest_that_suffices_is_noticed(page, open_page):
    widget = open_page()
    press(page, handle(widget), "Home")
    expect(handle(widget)).to_have_attribute("aria-valuetext", "100")
    for _ in range(11):
        page.keyboard.press("ArrowRight")
    expect(handle(widget)).to_have_attribute("aria-valuetext", "1200")
    expect(widget.locator(".sw-goal")).to_contain_text("Goal: ")
    page.keyboard.press("ArrowRight")
    says(widget, f"Its power is {power(1300, 0.02, 0.06):.0%}")
    expect(widget.locator(".sw-goal")).to_contain_text("Reached: ")
    page.keyboard.press("ArrowRight")
    expect(widget.locator(".sw-goal")).to_contain_text("Goal: ")


def test_only_disagreements_count_on_the_same_objects(page, open_page):
    widget = open_page("#paired?n=1000")
    curves = widget.locator("path[data-q=disagreement][stroke-linejoin]")
    paired, said = curves.last.get_attribute("d"), widget.locator(".sw-sentence").inner_text()
    set_field(page, widget, "Accuracy", "0.9")
    expect(widget.locator(".sw-sentence")).not_to_have_text(said)
    assert curves.last.get_attribute("d") == paired
    set_field(page, widget, "Disagreement", "0.4")
    expect(field(widget, "Disagreement")).to_have_value("0.22")  # no more is possible
    assert curves.last.get_attribute("d") != paired
    set_field(page, widget, "Accuracy", "0.98")
    expect(field(widget, "Disagreement")).to_have_value("0.06")
    set_field(page, widget, "Difference", "0")
    says(widget, "It errs in ")


def test_a_press_on_the_curve_chooses_n(page, open_page):
    widget = open_page()
    area = widget.locator(".sw-hot").last
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"])
    says(widget, "of 3200 objects")


def test_every_link_of_the_chapter_sets_what_it_says(page, open_page):
    widget = open_page()
    links = widget_links(page, "a.widget-link[href^='#paired?']")
    assert len(links) >= 3
    assert len(sentences(widget, links)) == len(links)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_state_travels_and_nothing_is_too_wide_or_too_small(page, open_page, width):
    page.set_viewport_size({"width": width, "height": 800})
    # The disagreement of this link is impossible, and moved to what is possible.
    widget = open_page("#paired?n=700&accuracy=0.95&difference=0.03&disagreement=0.3")
    expect(field(widget, "Disagreement")).to_have_value("0.13")
    set_field(page, widget, "Accuracy", "0.96")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, button(widget, "Copy as Python"))
    expect(widget.get_by_text("Copied.")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    made = eval(code.partition("\n\n")[2], {"PairedComparison": PairedComparison})
    assert (made.n, made.accuracy, made.difference) == (700, 0.96, 0.03)
    assert made.disagreement == pytest.approx(0.11)
    assert widget.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    for target in widget.locator("button, input, g[role=slider]").all():
        if target.is_visible():
            size = target.bounding_box()
            assert min(size["width"], size["height"]) >= 24, target
