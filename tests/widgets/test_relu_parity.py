"""The ReLU builder's model against `numpy.interp` and dense sampling."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

TARGETS = {
    "sine": lambda x: np.sin(2 * np.pi * x),
    "parabola": np.square,
    "kink": lambda x: np.abs(2 * x - 1),
    "root": np.sqrt,
    "jump": lambda x: np.where(x < 0.5, 0.0, 1.0),
    "reciprocal": np.reciprocal,
}
GRID = np.arange(2049) / 2048


def corners(heights):
    return np.linspace(0, 1, len(heights))


def evaluate(goal, x):
    """The target from NumPy."""
    if goal["target"] == "drawn":
        return np.interp(x, corners(goal["heights"]), goal["heights"])
    return TARGETS[goal["target"]](x)


def grid(goal):
    return GRID[1:] if goal["target"] == "reciprocal" else GRID


@pytest.fixture
def cases(rng):
    """Targets with hinges, ascending, of every number from 1 to 16; half of them begin at 0."""
    made = []
    for i in range(210):
        name = [*TARGETS, "drawn"][i % 7]
        heights = np.round(rng.uniform(-1, 1, int(rng.integers(2, 12))), 2)
        goal = {"target": name, "heights": heights.tolist()}
        hinges = np.unique(np.round(rng.uniform(0.01, 0.99, int(rng.integers(1, 17))), 3))
        if i % 2 and name != "reciprocal":
            hinges[0] = 0
        made.append((goal, hinges.tolist()))
    return made


def interpolants(js, cases):
    return js("relu.js", "interpolate", [list(case) for case in cases])


def test_value(js, cases, rng):
    points = [(goal, rng.choice(grid(goal))) for goal, _ in cases for _ in range(3)]
    got = js("relu.js", "value", [list(point) for point in points])
    expected = [evaluate(goal, x) for goal, x in points]
    assert_allclose(got, expected, rtol=1e-14, atol=1e-14)


def test_the_interpolating_sum_is_numpy_interp(js, cases, rng):
    arguments, expected = [], []
    for (goal, hinges), found in zip(cases, interpolants(js, cases), strict=True):
        x, knots = rng.uniform(0, 1, 20), np.append(hinges, 1)
        arguments += [[v, hinges, found["weights"], found["bias"]] for v in x]
        expected.extend(np.interp(x, knots, evaluate(goal, knots)))
    assert_allclose(js("relu.js", "network", arguments), expected, rtol=1e-10, atol=1e-10)


def test_a_network_with_any_weights(js, rng):
    x, t, v = rng.uniform(0, 1, 50), rng.uniform(0, 1, 7), rng.normal(size=7)
    expected = 0.3 + np.maximum(0, x[:, None] - t) @ v
    assert_allclose(js("relu.js", "network", [[value, t, v, 0.3] for value in x]), expected)


def test_largest_error(js, cases):
    sums = interpolants(js, cases)
    arguments = [
        [goal, hinges, found["weights"], found["bias"]]
        for (goal, hinges), found in zip(cases, sums, strict=True)
    ]
    for (goal, hinges), got in zip(cases, js("relu.js", "largestError", arguments), strict=True):
        knots, x = np.append(hinges, 1), grid(goal)
        gap = np.abs(evaluate(goal, x) - np.interp(x, knots, evaluate(goal, knots)))
        assert_allclose(got["error"], gap.max(), rtol=1e-10, atol=1e-10)
        assert_allclose(gap[x == got["x"]], got["error"], rtol=1e-10, atol=1e-10)


def test_smoothness_is_the_steepest_slope_and_the_largest_curvature(js, cases):
    goals = [goal for goal, _ in cases]
    x = np.linspace(0, 1, 100_001)[1:-1]
    for goal, got in zip(
        goals, js("relu.js", "smoothness", [[goal] for goal in goals]), strict=True
    ):
        slope = np.diff(evaluate(goal, x)) / np.diff(x)
        steepest, bend = np.abs(slope).max(), np.abs(np.diff(slope) / np.diff(x)[1:]).max()
        if goal["target"] in {"root", "jump", "reciprocal"}:
            assert got["lipschitz"] == np.inf
            assert steepest > 100
        else:
            assert_allclose(got["lipschitz"], steepest, rtol=1e-4)
        if got["curvature"] == np.inf:
            assert bend > 100
        else:
            assert_allclose(got["curvature"], bend, rtol=1e-3, atol=1e-3)


def test_a_straight_drawing_has_no_curvature(js):
    goal = {"target": "drawn", "heights": [0.0, 0.25, 0.5, 0.75, 1.0]}
    assert js("relu.js", "smoothness", [[goal]]) == [{"lipschitz": 1, "curvature": 0}]


def test_bounds_hold_for_the_measured_error(js, cases):
    sums = interpolants(js, cases)
    errors = js(
        "relu.js",
        "largestError",
        [[g, t, s["weights"], s["bias"]] for (g, t), s in zip(cases, sums, strict=True)],
    )
    found = js("relu.js", "bounds", [list(case) for case in cases])
    finite = 0
    for (_, hinges), measured, bound in zip(cases, errors, found, strict=True):
        finite += np.isfinite(bound["slope"]) + np.isfinite(bound["curvature"])
        assert measured["error"] <= bound["slope"] + 1e-12
        assert measured["error"] <= bound["curvature"] + 1e-12
        assert hinges[0] == 0 or bound == {"slope": np.inf, "curvature": np.inf}
    assert finite >= 60, "many bounds apply"


def test_bounds_are_attained(js):
    """A kink in the middle of a gap, and any gap of a parabola."""
    kink, parabola = js(
        "relu.js", "bounds", [[{"target": "kink"}, [0]], [{"target": "parabola"}, [0, 0.5, 0.75]]]
    )
    assert kink["slope"] == 1  # |2x − 1| against the constant 1, at x = ½
    assert parabola == {"slope": 0.5, "curvature": 0.0625}  # (¼)² at x = ¼


def test_spacing(js, cases):
    got = js("relu.js", "spacing", [[hinges] for _, hinges in cases])
    assert_allclose(got, [np.diff([*hinges, 1]).max() for _, hinges in cases])


def test_equal_hinges(js):
    for n in (1, 2, 5, 16, 64):
        sine, reciprocal = js("relu.js", "equalHinges", [["sine", n], ["reciprocal", n]])
        assert_allclose(sine, np.linspace(0, 1, n + 1)[:-1], atol=1e-15)
        assert_allclose(reciprocal, np.linspace(0, 1, n + 2)[1:-1], atol=1e-15)


def test_order_sorts_pairs_drops_repeats_and_fills_with_zero(js):
    got = js("relu.js", "order", [[[0.5, 0.1, 0.5, 0.3], [1, 2, 3]], [[0.2], [4, 5]]])
    assert got[0] == {"hinges": [0.1, 0.3, 0.5], "weights": [2, 0, 1]}
    assert got[1] == {"hinges": [0.2], "weights": [4]}


@pytest.mark.parametrize("name", TARGETS)
def test_error_curve(js, name):
    counts, f = [1, 2, 3, 8, 64], TARGETS[name]
    (curve,) = js("relu.js", "errorCurve", [[{"target": name}, counts]])
    first = int(name == "reciprocal")
    x = GRID[first:]
    for n, got in zip(counts, curve, strict=True):
        knots = np.arange(first, n + 1 + first) / (n + first)
        assert got["n"] == n
        assert_allclose(
            got["error"], np.abs(f(x) - np.interp(x, knots, f(knots))).max(), atol=1e-12
        )
        assert got["error"] <= min(got["slope"], got["curvature"]) + 1e-12


def test_what_fails_goes_on_failing(js):
    counts = [4, 16, 64]
    jump, reciprocal, root = js(
        "relu.js",
        "errorCurve",
        [[{"target": name}, counts] for name in ("jump", "reciprocal", "root")],
    )
    assert min(point["error"] for point in jump) >= 0.5
    assert min(point["error"] for point in reciprocal) > 1900
    assert_allclose(
        [point["error"] for point in root], np.sqrt(1 / np.array(counts)) / 4, rtol=0.05
    )
