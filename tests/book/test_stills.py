"""A reader without JavaScript is told what stands in a widget's place."""

from __future__ import annotations

from shallow.book.fallback import describe
from shallow.widgets import ThresholdExplorer

SUMMARY = "Two score distributions and one threshold: what a classifier's decision costs."


def test_each_place_of_a_widget_is_followed_by_what_it_is(everything) -> None:
    page = everything.page("everything")
    text = SUMMARY.replace("'", "&#x27;")
    assert page.count(f"</script><noscript><p>Here JavaScript shows an interactive widget. {text}")


def test_a_control_of_ipywidgets_is_named_too() -> None:
    assert describe({"value": 1}) == "Here a running notebook shows a control."
    assert describe(ThresholdExplorer().get_state()).endswith(SUMMARY)
