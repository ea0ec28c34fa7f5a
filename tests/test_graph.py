"""The drawings of graphs of units: what stands in the circles and on the arrows."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.patches import Circle

from shallow import graph

PLACES = {"x": (0, 0), "h": (2, 1), "o": (4, 0)}
WEIGHTS = {("x", "h"): 1.5, ("h", "o"): -0.25}


@pytest.fixture
def axes():
    mpl.use("agg")
    _, axes = plt.subplots()
    yield axes
    plt.close("all")


def arrows(axes):
    return [text for text in axes.texts if getattr(text, "arrow_patch", None)]


def test_every_unit_and_every_weight_is_drawn(axes):
    graph.draw_units(axes, PLACES, WEIGHTS, {"x": 2, "h": -3.14159})
    circles = [patch for patch in axes.patches if isinstance(patch, Circle)]
    assert [circle.center for circle in circles] == list(PLACES.values())
    written = [text.get_text() for text in axes.texts if text.get_text()]
    assert sorted(written) == sorted(["x", "h", "o", "1.5", "−0.25", "2", "−3.14"])


def test_a_unit_that_nothing_has_reached_is_empty(axes):
    graph.draw_units(axes, PLACES, WEIGHTS, {"x": 2})
    faces = [patch.get_facecolor() for patch in axes.patches]
    assert faces[1] == faces[2] != faces[0]


def test_the_sign_of_a_weight_shows_in_colour_and_dash(axes):
    graph.draw_units(axes, PLACES, WEIGHTS, {})
    positive, negative = (arrow.arrow_patch for arrow in arrows(axes))
    assert positive.get_linestyle() != negative.get_linestyle()
    assert positive.get_edgecolor() != negative.get_edgecolor()


@pytest.mark.parametrize(
    ("weights", "activations"), [({("x", "q"): 1}, {}), ({("q", "o"): 1}, {}), ({}, {"q": 1})]
)
def test_a_unit_without_a_place_is_refused(axes, weights, activations):
    with pytest.raises(KeyError, match="unit 'q' has no place; there are x, h, o"):
        graph.draw_units(axes, PLACES, weights, activations)
