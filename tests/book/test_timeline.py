"""The line of time has a row for each year, and its years unfold without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from shallow.book.timeline import names
from shallow.history import EVENTS, WINTERS
from tests.book.conftest import build

TABLE = "\n".join(
    ["# History", "", "| Year | What |", "|---|---|"]
    + [f"| {year} | Told of *{name}*. |" for year, name in names().items()]
)
LINE = "# Line\n\n```{timeline} history\n```\n"


def test_each_year_unfolds_its_row(tmp_path) -> None:
    book = build(tmp_path, {"history": TABLE, "line": LINE})
    page = book.page("line")
    assert not book.warnings
    assert page.count("<summary>") == len(EVENTS) + len(WINTERS) == page.count("Told of <em>")
    assert page.count("<li class=winter ") == sum(b <= y <= e for y in names() for b, e in WINTERS)
    assert "timeline.css" in page
    assert "timeline.css" not in book.page("history")


def test_a_year_without_a_row_is_an_error_that_names_it(tmp_path) -> None:
    book = build(tmp_path, {"history": TABLE.replace("| 1969 |", "| 1970 |"), "line": LINE})
    assert any("look at 1969, 1970" in warning for warning in book.warnings)


@pytest.mark.parametrize("scripts", [True, False])
def test_winters_are_read_by_keyboard_with_and_without_scripts(
    browser: Browser, site_url: str, *, scripts: bool
) -> None:
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{site_url}/index.html")
    line = page.locator(".timeline")
    for ordinal, word in (("first", "report"), ("second", "expert rules")):
        year = page.locator("summary", has_text=f"the {ordinal} winter")
        assert year.bounding_box()["height"] >= 24
        told = line.locator("li", has=year).locator("p")
        expect(told).to_be_hidden()
        year.focus()
        page.keyboard.press("Enter")
        expect(told).to_be_visible()
        expect(told).to_contain_text(word)
    context.close()
