"""The curve-fitting explorer from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import FitExplorer


def test_state_is_read_and_set():
    widget = FitExplorer(points=40)
    seen = []
    widget.observe(lambda change: seen.append((change.old, change.new)), "degree")
    widget.degree = 5
    assert seen == [(3, 5)]
    assert repr(widget) == "FitExplorer(degree=5, points=40)"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("degree", 14, "FitExplorer.degree must be a whole number from 0 to 13, not 14."),
        ("degree", 2.5, "a whole number from 0 to 13, not 2.5."),
        ("points", 14, "a whole number from 15 to 200, not 14."),
        ("noise", -0.1, "a number from 0 to 1, not -0.1."),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        FitExplorer(**{name: value})
