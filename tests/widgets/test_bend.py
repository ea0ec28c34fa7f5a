"""The bending network from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import Bend

POINTS = [[0.0, 1.0, 0.0], [2.0, 0.5, 1.0]]


def test_points_and_weights_are_kept():
    widget = Bend(points=POINTS, hidden=0, weights=[1, 2, -0.5])
    assert (widget.points, widget.weights) == (POINTS, [1.0, 2.0, -0.5])
    assert repr(eval(repr(widget))) == repr(widget)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"points": [[0, 0, -1]]}, "must have labels 0 or 1, not -1.0"),
        ({"points": [[0, 4, 1]]}, "a list of 0 to 60 rows of 3 numbers from -3 to 3"),
        ({"hidden": 9}, "a whole number from 0 to 8, not 9"),
        ({"weights": [1, 2, 3]}, "must hold 17 numbers for 4 hidden units, or none, not 3"),
    ],
)
def test_bad_values_are_refused(state, message):
    with pytest.raises(t.TraitError, match=message):
        Bend(**state)
