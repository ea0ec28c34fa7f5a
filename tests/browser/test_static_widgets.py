"""Widgets on pages without a kernel: mounting, sharing, links, failures, on small pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from shallow.widgets import ThresholdExplorer

LOADER = Path(__file__).parents[2] / "assets" / "static-widgets.js"
WIDGET = "application/vnd.jupyter.widget"

COUNTER = """
export default () => ({
  initialize({ model }) { model.set("started", model.get("started") + 1); },
  render({ model, el }) {
    const button = document.createElement("button");
    const show = () => { button.textContent = `${model.get("count")} of ${model.get("started")}`; };
    button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
    model.on("change:count", show);
    show();
    el.append(button);
    return () => model.off("change:count", show);
  },
});
"""


def anywidget(esm, stem="counter", **state):
    return {"_esm": esm, "_anywidget_id": f"any.{stem}.Thing", **state}


def explorer(**state):
    widget = ThresholdExplorer(**state)
    return {name: value for name, value in widget.get_state().items() if name != "layout"}


@pytest.fixture
def show(tmp_path, page):
    """Open a page, from file://, that shows these models in this order."""

    def show(models, views, before="", fragment=""):
        state = {"state": {name: {"state": model} for name, model in models.items()}}
        view = '<script type="{}-view+json">{}</script><p>after</p>'
        places = "".join(view.format(WIDGET, json.dumps({"model_id": name})) for name in views)
        text = json.dumps(state).replace("</", r"<\/")
        (tmp_path / "static-widgets.js").write_bytes(LOADER.read_bytes())
        (tmp_path / "page.html").write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title>'
            f'<script type="{WIDGET}-state+json">{text}</script>'
            f'<script defer src="static-widgets.js"></script>'
            f"<body>{before}{places}</body></html>",
            encoding="utf-8",
        )
        page.goto((tmp_path / "page.html").as_uri() + fragment)
        page.wait_for_selector("html[data-widgets=ready]", state="attached")
        return page

    return show


def test_any_anywidget_is_mounted_and_its_views_share_one_model(show):
    page = show({"a": anywidget(COUNTER, count=1, started=0)}, ["a", "a"])
    first, second = page.get_by_role("button").all()
    first.click()
    second.click()
    expect(first).to_have_text("3 of 1")
    expect(second).to_have_text("3 of 1")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (anywidget("export default { render() { throw new Error('no data') } }"), "no data"),
        (anywidget("export default {"), "Unexpected end of input"),
        (None, "needs a running kernel"),
    ],
)
def test_a_widget_that_fails_says_so_in_its_place_and_the_others_work(
    show, watched, model, message
):
    page = show(
        {"bad": model or {"value": 1}, "good": anywidget(COUNTER, count=0, started=0)},
        ["bad", "good"],
    )
    expect(page.get_by_role("alert")).to_contain_text(message)
    page.get_by_role("button").click()
    expect(page.get_by_role("button")).to_have_text("1 of 1")
    assert watched.problems == []


def test_a_link_speaks_of_the_second_widget_by_number(show):
    link = '<a class="widget-link" href="#threshold-2?threshold=2">two</a>'
    page = show({"a": explorer(), "b": explorer()}, ["a", "a", "b"], before=link)
    page.get_by_role("link", name="two").click()
    values = page.get_by_role("slider", name="Threshold").and_(page.locator("g"))
    expect(values.nth(2)).to_have_attribute("aria-valuenow", "2")
    expect(values.nth(0)).to_have_attribute("aria-valuenow", "0.9")  # the moment it opens on
    expect(page.locator(".sw").nth(2)).to_be_focused()


def test_a_link_clicked_again_sets_the_state_again(show):
    link = '<a class="widget-link" href="#threshold?threshold=2">two</a>'
    page = show({"a": explorer()}, ["a"], before=link)
    handle = page.locator("g[role=slider]")
    page.get_by_role("link", name="two").click()
    expect(handle).to_have_attribute("aria-valuenow", "2")
    handle.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "2.05")
    page.get_by_role("link", name="two").press("Enter")
    expect(handle).to_have_attribute("aria-valuenow", "2")


def test_the_reader_is_led_back_to_the_link(show):
    link = '<p><a class="widget-link" href="#threshold?threshold=2">two</a></p>'
    page = show({"a": explorer()}, ["a"], before=link)
    expect(page.get_by_role("button", name="Back to the text")).to_have_count(0)
    page.get_by_role("link", name="two").press("Enter")
    expect(page.get_by_role("region", name="Threshold explorer")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Back to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="two")).to_be_focused()
    expect(page.get_by_role("button", name="Back to the text")).to_have_count(0)


def test_a_link_leaves_what_it_does_not_name_as_the_page_has_it(show):
    page = show({"a": explorer(prevalence=0.2)}, ["a"], fragment="#threshold?threshold=1")
    handle = page.locator("g[role=slider]")
    expect(handle).to_have_attribute("aria-valuenow", "1")
    expect(page.locator("input.sw-number").nth(2)).to_have_value("0.2")


@pytest.mark.parametrize(
    "query", ["threshold=nonsense&shape=cauchy&unknown=1", "threshold=1e999", "%E0%A4%A=1", ""]
)
def test_a_broken_link_changes_nothing(show, watched, query):
    page = show({"a": explorer()}, ["a"], fragment=f"#threshold?{query}")
    expect(page.locator("g[role=slider]")).to_have_attribute("aria-valuenow", "0")
    assert watched.problems == []


def test_a_value_beyond_its_limits_is_moved_inside(show):
    page = show({"a": explorer()}, ["a"], fragment="#threshold?threshold=99&samples=40.4")
    expect(page.locator("g[role=slider]")).to_have_attribute("aria-valuenow", "6")
    page.get_by_text("Shape and sample").click()
    expect(page.get_by_label("Sample size").and_(page.locator(".sw-number"))).to_have_value("40")
