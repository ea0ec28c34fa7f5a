"""The activation explorer from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import ActivationExplorer


def test_state_is_read_and_set():
    widget = ActivationExplorer(function="leaky", w=-2)
    assert (widget.function, widget.w, widget.b, widget.epsilon) == ("leaky", -2.0, 0.0, 0.1)
    seen = []
    widget.observe(lambda change: seen.append((change.old, change.new)), "x")
    widget.x = 3
    assert seen == [(1.0, 3.0)]


def test_repr_is_the_code_that_makes_it():
    assert repr(ActivationExplorer(b=-8, function="relu")) == (
        "ActivationExplorer(function='relu', b=-8.0)"
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("w", 5, "ActivationExplorer.w must be a number from -4 to 4, not 5."),
        ("epsilon", -0.1, "ActivationExplorer.epsilon must be a number from 0 to 1, not -0.1."),
        ("function", "cosine", "must be one of 'linear', 'step', 'sigmoid'"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        ActivationExplorer(**{name: value})
