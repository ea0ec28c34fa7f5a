"""The drawings of graphs of units: what stands in the circles and on the arrows."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
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


TWICE = [("q", "+", "x", "y"), ("f", "×", "q", "x")]
NODES = {"x": (0, 0), "y": (0, 2), "q": (2, 2), "f": (4, 1)}


def test_a_tape_has_values_above_gradients_below_and_local_gradients_between(axes):
    local = {("f", 0): -2, ("f", 1): 3.14159}
    value = {"x": -2, "y": 5, "q": 3, "f": -6}
    graph.draw_tape(axes, NODES, TWICE, value, ({"f": 1, "q": -2, "x": 3}, local))
    texts = [(text.get_text(), text.get_position()) for text in axes.texts if text.get_text()]
    for name, number in {"x": "−2", "y": "5", "q": "3", "f": "−6"}.items():
        x, y = NODES[name]
        assert any(t == number and at[0] == x and at[1] > y for t, at in texts)
    lows = [y - 0.44 for _, y in NODES.values()]
    below = [t for t, (_, y) in texts if np.isclose(y, lows).any()]
    assert sorted(below) == sorted(["1", "−2", "3"])
    assert ("−2", (3.0, 1.5)) in texts
    assert ("3.14", (2.0, 0.5)) in texts
    assert len(arrows(axes)) == 4


def test_two_edges_between_the_same_nodes_part(axes):
    graph.draw_tape(axes, NODES, [("f", "×", "x", "x")], {}, ({}, {("f", 0): 3, ("f", 1): 3}))
    places = [text.get_position() for text in axes.texts if text.get_text() == "3"]
    assert len(places) == 2
    assert np.hypot(*np.subtract(*places)) > 1


def test_a_tape_with_a_node_without_a_place_is_refused(axes):
    with pytest.raises(KeyError, match="node 'z' has no place; there are x, y, q, f"):
        graph.draw_tape(axes, NODES, [("f", "+", "x", "z")], {}, ({}, {}))
