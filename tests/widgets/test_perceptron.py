"""The perceptron trainer from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import PerceptronTrainer

POINTS = [[0.0, 1.0, -1.0], [2.0, 0.5, 1.0], [1.0, 1.0, 1.0]]


def test_state_is_read_and_set():
    widget = PerceptronTrainer(data="xor", visits=8)
    assert (widget.data, widget.visits, widget.w1, widget.rate) == ("xor", 8, 0.0, 1.0)
    widget.w1 = -3
    assert widget.w1 == -3.0


def test_given_points_are_shown():
    widget = PerceptronTrainer(points=POINTS)
    assert widget.data == "own"
    assert widget.points == POINTS
    assert PerceptronTrainer(points=POINTS, data="and").data == "and"


def test_repr_is_the_code_that_makes_it():
    widget = PerceptronTrainer(points=POINTS, visits=3)
    assert repr(widget) == f"PerceptronTrainer(data='own', points={POINTS}, visits=3)"
    assert repr(eval(repr(widget))) == repr(widget)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("data", "nand", "one of 'and', 'or', 'xor', 'separable', 'inseparable', 'own'"),
        ("rate", 0, "a number from 0.01 to 10, not 0"),
        ("visits", 2.5, "a whole number from 0 to 2000, not 2.5"),
        ("points", POINTS[:1], "a list of 2 to 30 rows of 3 numbers from -10 to 10"),
        ("points", [[0, 0, 1], [1, 1, 0]], "must have labels -1 or 1, not 0.0"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        PerceptronTrainer(**{name: value})
