"""The ReLU builder from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import ReluBuilder


def test_state_is_read_and_set():
    widget = ReluBuilder(hinges=[0, 0.5], weights=[1, -2], fitted=False)
    assert (widget.hinges, widget.weights, widget.bias) == ([0.0, 0.5], [1.0, -2.0], 0.0)
    widget.hinges = [0.25]
    assert widget.hinges == [0.25]


def test_no_two_builders_share_a_list():
    first, second = ReluBuilder(), ReluBuilder()
    assert first.hinges == second.hinges
    assert first.hinges is not second.hinges


def test_repr_is_the_code_that_makes_it():
    widget = ReluBuilder(target="kink", hinges=[0, 0.5])
    assert repr(widget) == "ReluBuilder(target='kink', hinges=[0.0, 0.5])"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("target", "cosine", "one of 'sine', 'parabola'"),
        ("hinges", [], "must be a list of 1 to 16 numbers from 0 to 0.99"),
        ("hinges", [0.5, 1.0], "from 0 to 0.99"),
        ("hinges", [0.5] * 17, "1 to 16 numbers"),
        ("heights", [0, 1], "a list of 11 numbers from -1 to 1"),
        ("fitted", 1, "True or False"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        ReluBuilder(**{name: value})
