"""A link in the prose reaches a widget of its page, with a state that the widget takes."""

from __future__ import annotations

import pytest

from shallow.book.links import LinkError, check_link
from tests.book.conftest import EVERYTHING

SHOWN = ["shallow.widgets.threshold.ThresholdExplorer"]


def test_link_reads_as_a_link(everything) -> None:
    link = '<a class="widget-link" href="#threshold?threshold=0.5&amp;shape=uniform">up</a>'
    assert link in everything.page("everything")


def test_each_bad_link_is_told_with_its_line(everything) -> None:
    line = EVERYTHING.splitlines().index(
        next(line for line in EVERYTHING.splitlines() if line.startswith("Move it"))
    )
    told = [warning for warning in everything.warnings if "widget link" in warning]
    assert all(warning.startswith(f"everything.md:{line + 1}: WARNING:") for warning in told), told
    for message in (
        "from -6 to 6, not 50",
        "did you mean 'threshold'",
        "shows 1 widgets",
        "must read",
    ):
        assert sum(message in warning for warning in told) == 1, (message, told)
    assert len(told) == len(everything.warnings) == 4


def test_a_choice_may_look_like_a_number() -> None:
    check_link("digits", "digit=3&unit=2", ["shallow.widgets.digits.DigitPad"])


def test_second_widget_of_a_module_has_a_number() -> None:
    check_link("threshold-2", "seed=3", SHOWN * 2)


@pytest.mark.parametrize(
    ("widget", "state", "message"),
    [
        ("threshold", "shape=square", "one of 'normal'"),
        ("threshold", "seed=0.5", "whole number"),
        ("threshold", "seed", "bad query field"),
        ("nothing", "seed=1", "shows 0 widgets of shallow.widgets.nothing"),
    ],
)
def test_what_no_widget_can_follow_is_refused(widget: str, state: str, message: str) -> None:
    with pytest.raises(LinkError, match=message):
        check_link(widget, state, SHOWN)
