"""The playground from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import Playground


def test_state_is_read_and_set():
    widget = Playground(data="spirals", hidden=[8, 8], epochs=50)
    assert (widget.data, widget.hidden, widget.epochs) == ("spirals", [8.0, 8.0], 50)
    widget.activation = "relu"
    assert widget.activation == "relu"


def test_own_weights_fit_the_network():
    weights = [0.1] * 9  # 2-2-1
    widget = Playground(hidden=[2], weights=weights)
    assert widget.weights == weights
    with pytest.raises(
        t.TraitError, match="must hold 13 numbers for a 2-3-1 network, or none, not 9"
    ):
        widget.hidden = [3]
    with widget.hold_trait_notifications():
        widget.hidden, widget.weights = [3], []
    assert widget.hidden == [3.0]


def test_repr_is_the_code_that_makes_it():
    widget = Playground(hidden=[], product=True, weights=[1, -1, 0, 2])
    assert repr(widget) == "Playground(product=True, hidden=[], weights=[1.0, -1.0, 0.0, 2.0])"
    assert repr(eval(repr(widget))) == repr(widget)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"data": "mouse"}, "one of 'moons', 'circles', 'xor', 'spirals', 'blobs'"),
        ({"hidden": [4, 2.5]}, "must hold whole numbers, not 2.5"),
        ({"hidden": [9]}, "from 1 to 8"),
        ({"hidden": [1] * 5}, "a list of 0 to 4 numbers"),
        ({"x1": False, "x2": False}, "needs a feature: set one of x1, x2, x1_squared"),
        ({"weights": [1.0]}, "must hold 25 numbers for a 2-4-2-1 network, or none, not 1"),
        ({"rate": 0}, "a number from 0.001 to 10, not 0"),
    ],
)
def test_bad_values_are_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        Playground(**settings)
