"""The logistic playground from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import LogisticPlayground

POINTS = [[0.0, 1.0, 0.0], [2.0, 0.5, 1.0], [1.0, 1.0, 0.0]]


def test_state_is_read_and_set():
    widget = LogisticPlayground(inputs="two", steps=5)
    assert (widget.inputs, widget.steps, widget.method, widget.l2) == ("two", 5, "gradient", 0.0)
    widget.method = "newton"
    assert widget.method == "newton"


def test_given_points_are_shown():
    widget = LogisticPlayground(points=POINTS)
    assert widget.data == "own"
    assert widget.points == POINTS


def test_repr_is_the_code_that_makes_it():
    widget = LogisticPlayground(points=POINTS, l2=0.1)
    assert repr(widget) == f"LogisticPlayground(data='own', points={POINTS}, l2=0.1)"
    assert repr(eval(repr(widget))) == repr(widget)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("inputs", "three", "one of 'one', 'two'"),
        ("l2", -0.1, "a number from 0 to 1, not -0.1"),
        ("steps", 1001, "a whole number from 0 to 1000, not 1001"),
        ("points", [[0, 0, 1], [1, 1, -1]], "must have labels 0 or 1, not -1.0"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        LogisticPlayground(**{name: value})
