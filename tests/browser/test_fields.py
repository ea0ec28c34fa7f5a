"""The field for a number: what it reads, what it says of what it cannot read."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.controls import field

CHAPTER = "chapters/metrics.html"
WIDGET = "Threshold explorer"
STEM = "threshold"


def enter(page, target, text, key="Enter"):
    target.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press(key)


def test_what_is_typed_is_read_or_said_to_be_none(page, widget):
    threshold = field(widget, "Threshold")
    sentence = widget.locator(".sw-sentence")
    for text, value in {
        "0,75": "0.75",
        "−2.00": "-2",
        "-1,5": "-1.5",
        "3/4": "0.75",
        "−1/8": "-0.125",
        " +1.25 ": "1.25",
        "1e-1": "0.1",
    }.items():
        enter(page, threshold, text)
        expect(threshold).to_have_value(value)
        expect(widget.locator("g[role=slider]")).to_have_attribute("aria-valuenow", value)
    note = widget.locator(".sw-field-note").first
    for text in ("0.7.5", "eight", "1/0", "0x10", "--2", "1 or 2"):
        enter(page, threshold, text, "Tab")
        expect(note).to_contain_text("Type a number, such as")
        expect(threshold).to_have_attribute("aria-invalid", "true")
        expect(widget.locator("g[role=slider]")).to_have_attribute("aria-valuenow", "0.1")
    expect(sentence).to_contain_text("At threshold 0.10")
    enter(page, threshold, "99")
    expect(threshold).to_have_value("6")
    expect(note).to_have_text("At most 6.")
    enter(page, threshold, "1")
    expect(note).to_be_empty()
    enter(page, field(widget, "Sample size"), "1,000")
    expect(field(widget, "Sample size")).to_have_value("1000")


def test_a_digit_taken_back_leaves_the_field_alive(page, widget):
    threshold = field(widget, "Threshold")
    threshold.focus()
    page.keyboard.type("5")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    widget.locator("g[role=slider]").press("ArrowRight")
    expect(threshold).to_have_value("0.05")


def test_arrow_keys_count_from_what_is_shown(page, widget):
    threshold = field(widget, "Threshold")
    enter(page, threshold, "1,5", "ArrowUp")
    expect(threshold).to_have_value("1.55")
    expect(widget.locator("g[role=slider]")).to_have_attribute("aria-valuenow", "1.55")
