"""The descent explorer from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import Descent


def test_state_is_read_and_set():
    widget = Descent(surface="line", curvature=2, rate=1.1)
    assert (widget.surface, widget.curvature, widget.rate, widget.steps) == ("line", 2.0, 1.1, 0)
    widget.method = "newton"
    assert repr(widget) == "Descent(surface='line', curvature=2.0, method='newton', rate=1.1)"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("surface", "hill", "one of 'line', 'bowl', 'valley', 'saddle', 'wells', 'banana'"),
        ("momentum", 1, "a number from 0 to 0.99, not 1"),
        ("w1", float("nan"), "a number from -2.5 to 2.5, not nan"),
        ("steps", 2.5, "a whole number from 0 to 500, not 2.5"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        Descent(**{name: value})
