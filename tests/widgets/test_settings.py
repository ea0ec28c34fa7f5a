"""Settings: what they take, what they refuse and in which words."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import traitlets as t

from shallow.widgets._settings import Choice, Flag, Integer, Number, Numbers


class Example(t.HasTraits):
    rate = Number(0.5, min=0, max=2, step=0.1, label="Rate")
    units = Integer(3, min=1, max=8, step=1, label="Units")
    bias = Flag(default=True, label="Bias")
    shape = Choice("step", options={"step": "Step", "ramp": "Ramp"}, label="Shape")
    weights = Numbers([1, -1], min=-5, max=5, step=0.1, length=(2, 3), label="Weights")
    points = Numbers([[0, 0, 1]], min=-5, max=5, step=0.1, length=(0, 4), label="Points")


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("rate", 1, 1.0),
        ("rate", np.float32(0.25), 0.25),
        ("units", np.int64(8), 8),
        ("bias", False, False),
        ("shape", "ramp", "ramp"),
        ("weights", np.array([0.5, 1, 2]), [0.5, 1.0, 2.0]),
        ("points", ((1, 2, 0), (3, 4, 1)), [[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]]),
        ("points", [], []),
    ],
)
def test_a_good_value_is_kept_as_plain_python(name, given, kept):
    example = Example(**{name: given})
    value = getattr(example, name)
    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("rate", 2.5, "Example.rate must be a number from 0 to 2, not 2.5."),
        ("rate", math.nan, "Example.rate must be a number from 0 to 2, not nan."),
        ("rate", True, "Example.rate must be a number from 0 to 2, not True."),
        ("rate", "1", "Example.rate must be a number from 0 to 2, not '1'."),
        ("units", 3.0, "Example.units must be a whole number from 1 to 8, not 3.0."),
        ("units", 0, "Example.units must be a whole number from 1 to 8, not 0."),
        ("bias", 1, "Example.bias must be True or False, not 1."),
        ("shape", "sine", "Example.shape must be one of 'step', 'ramp', not 'sine'."),
        (
            "weights",
            [1.0],
            "Example.weights must be a list of 2 to 3 numbers from -5 to 5, not [1.0].",
        ),
        ("weights", 1, "Example.weights must be a list of 2 to 3 numbers from -5 to 5, not 1."),
        ("weights", [1, math.nan], "must be a list of 2 to 3 numbers from -5 to 5, not [1, nan]."),
        (
            "points",
            [[1, 2]],
            "must be a list of 0 to 4 rows of 3 numbers from -5 to 5, not [[1, 2]].",
        ),
        ("points", [[1, 2, 9]], "must be a list of 0 to 4 rows of 3 numbers from -5 to 5"),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence_and_nothing_changes(name, value, message):
    example = Example()
    before = getattr(example, name)
    with pytest.raises(t.TraitError, match=re.escape(message)):
        setattr(example, name, value)
    assert getattr(example, name) == before


def test_no_two_widgets_share_a_list():
    one, other = Example(), Example()
    one.weights.append(3.0)
    assert other.weights == [1.0, -1.0]


def test_a_description_is_all_that_a_control_needs():
    traits = Example.class_traits()
    assert traits["rate"].describe() == {
        "kind": "number",
        "label": "Rate",
        "default": 0.5,
        "min": 0,
        "max": 2,
        "step": 0.1,
        "scale": "linear",
    }
    assert traits["shape"].describe()["options"] == [["step", "Step"], ["ramp", "Ramp"]]
    assert traits["points"].describe()["width"] == 3
    assert traits["weights"].describe()["width"] is None
