"""The loss explorer on its page of the built site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.controls import field, region
from tests.conftest import MOUNTED

CHAPTER = "chapters/losses.html"
WIDGET = "Loss explorer"


def row(widget, name):
    """The numbers of a row of the table that is shown."""
    cells = widget.get_by_role("row", name=re.compile(f"^{re.escape(name)}")).first.inner_text()
    return [float(x.replace("−", "-")) for x in cells.split("\t")[1:] if x]


def choose(widget, label, value):
    widget.get_by_role("combobox", name=label).select_option(value)


def test_a_number_by_keyboard(page, widget):
    handle = widget.get_by_role("slider", name="Prediction ŷ").and_(widget.locator("g"))
    handle.focus()
    page.keyboard.press("End")
    expect(handle).to_have_attribute("aria-valuenow", "5")
    page.keyboard.press("Shift+ArrowLeft")
    expect(handle).to_have_attribute("aria-valuenow", "4")
    choose(widget, "Loss", "huber")
    expect(widget.locator(".sw-sentence")).to_contain_text(
        "Huber loss is 3.500 and its slope 1.000"
    )
    assert row(widget, "½ squared") == [8, 4, 4]
    assert row(widget, "absolute") == [4, 1, 1]
    field(widget, "Target y").fill("4")
    page.keyboard.press("Enter")
    assert row(widget, "squared") == [0, 0, 0]


def test_two_classes_by_logit_and_by_probability(page, widget):
    choose(widget, "Predict", "binary")
    field(widget, "Logit z").fill("0")
    page.keyboard.press("Enter")
    assert row(widget, "· over z") == [-0.5, -0.5]
    field(widget, "Probability ŷ").fill("0.25")
    page.keyboard.press("Enter")
    expect(field(widget, "Logit z")).to_have_value("-1.0986")
    choose(widget, "Over the", "probability")
    assert row(widget, "· over ŷ") == pytest.approx([-4, -4], abs=1e-3)
    field(widget, "Label y").fill("0")
    page.keyboard.press("Enter")
    expect(widget.locator(".sw-sentence")).to_contain_text("for a label of 0")
    assert row(widget, "· over z") == [0.25, 0.25]


def test_classes_come_and_go(page, widget):
    choose(widget, "Predict", "classes")
    expect(field(widget, "Logit z of 4")).to_be_hidden()
    field(widget, "Classes K").fill("5")
    page.keyboard.press("Enter")
    expect(field(widget, "Logit z of 4")).to_be_visible()
    field(widget, "True class").fill("5")
    page.keyboard.press("Enter")
    expect(widget.locator(".sw-sentence")).to_contain_text("Class 5 of 5 is true")
    field(widget, "Classes K").fill("2")
    page.keyboard.press("Enter")
    expect(widget.locator(".sw-sentence")).to_contain_text("Class 2 of 2 is true")
    handle = widget.get_by_role("slider", name="Logit of class 2")
    handle.focus()
    page.keyboard.press("Home")
    expect(handle).to_have_attribute("aria-valuenow", "-10")
    assert row(widget, "sum") == pytest.approx([1, 1, 0, 0], abs=1e-4)


def test_a_link_shows_sure_and_wrong(page, widget):
    page.locator("a.widget-link[href*='logit=-6&axis=logit']").first.click()
    expect(widget).to_be_focused()
    expect(widget.locator(".sw-sentence")).to_contain_text("slope of −0.998 over z")
    expect(widget.locator(".sw-sentence")).to_contain_text("slope of −0.002")


def test_a_state_with_a_class_too_many_is_shown_as_far_as_it_goes(page, site_url):
    page.goto(f"{site_url}/chapters/losses.html#losses?mode=classes&logits=[1,2]&truth=5")
    page.wait_for_function(MOUNTED)
    widget = region(page, "Loss explorer")
    expect(widget.locator(".sw-sentence")).to_contain_text("Class 2 of 2 is true")
