"""Each widget leaves a picture of how it opens, for paper and for a reader without JavaScript."""

from __future__ import annotations

import pytest

from shallow.book.browser import BrowserError, chromium_path
from shallow.book.stills import describe, draw
from shallow.widgets import ThresholdExplorer

SUMMARY = "Two score distributions and one threshold: what a classifier's decision costs."
needs_chromium = pytest.mark.skipif(not chromium_path(), reason="no Chromium: run `make system`")


def test_a_control_of_ipywidgets_is_named_too() -> None:
    assert describe({"value": 1}) == "Here a running notebook shows a control."
    assert describe(ThresholdExplorer().get_state()).endswith(SUMMARY)


def test_without_chromium_a_sentence_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(BrowserError, match="/nowhere/chromium failed"):
        draw([])


@needs_chromium
def test_each_place_of_a_widget_is_followed_by_its_picture(everything) -> None:
    page = everything.page("everything")
    figure = page.partition('<figure class="static-widget-still">')[2].partition("</figure>")[0]
    assert "<figcaption><p>At threshold " in figure
    source = figure.partition('src="')[2].partition('"')[0]
    picture = (everything.html / source).read_text(encoding="utf-8")
    assert picture.startswith("<svg ")
    assert all(f">{word}" in picture for word in ("Items", "Score", "29 missed (FN)"))
    assert "<button" not in picture
