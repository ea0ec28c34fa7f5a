"""The box builder's model against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

FLANK = 0.04


def settings(rng):
    names = ("x1", "x2", "angle", "width")
    low, high = [-2, -2, -90, 0.2], [2, 2, 90, 2]
    return [dict(zip(names, row, strict=True)) for row in rng.uniform(low, high, (200, 4)).tolist()]


def flat_ridge(u, middle, size):
    """A trapezium: np.interp knows no ReLU."""
    half, flank = size / 2, FLANK * size
    corners = [-half - flank, -half + flank, half - flank, half + flank]
    return np.interp(u - middle, corners, [0, 1, 1, 0])


def full_mosaic(place, s):
    """Every box, near or not; without a cut two crossed flat tops would be min(…)."""
    size = 4 / s["tiles"]
    middles = (np.arange(s["tiles"]) + 0.5) * size - 2
    first, second = (flat_ridge(u, middles, size) for u in place)
    heights = np.exp(-((middles[:, None] - s["x1"]) ** 2 + (middles - s["x2"]) ** 2))
    return np.sum(heights * np.maximum(0, np.add.outer(first, second) - 1))


def surfaces(rng, count):
    return [
        {"tiles": int(rng.integers(2, 17)), "x1": rng.uniform(-2, 2), "x2": rng.uniform(-2, 2)}
        for _ in range(count)
    ]


def test_ridge(js, rng):
    u = rng.normal(scale=2, size=200)
    assert_allclose(js("boxes.js", "ridge", [[v] for v in u.tolist()]), 1 - np.abs(u), atol=1e-15)


@pytest.mark.parametrize("stage", ["ridge", "crossed", "box"])
def test_height(js, rng, stage):
    states = settings(rng)
    places = rng.uniform(-2, 2, (len(states), 2))
    got = js(
        "boxes.js", "height", [[stage, p, s] for p, s in zip(places.tolist(), states, strict=True)]
    )
    expected = []
    for place, s in zip(places, states, strict=True):
        turn = np.exp(-1j * np.radians(s["angle"]))  # complex numbers turn the plane
        u = turn * complex(*(place - [s["x1"], s["x2"]])) / s["width"]
        crossed = 2 - abs(u.real) - abs(u.imag)
        expected.append(
            {"ridge": 1 - abs(u.real), "crossed": crossed, "box": max(0.0, crossed - 1)}[stage]
        )
    assert_allclose(got, expected, atol=1e-12)


def test_hill(js, rng):
    states, places = surfaces(rng, 100), rng.uniform(-2, 2, (100, 2))
    got = js("boxes.js", "hill", [[p, s] for p, s in zip(places.tolist(), states, strict=True)])
    middles = np.array([[s["x1"], s["x2"]] for s in states])
    assert_allclose(got, np.exp(-np.sum((places - middles) ** 2, axis=1)), rtol=1e-12)


def test_flat_ridge(js, rng):
    cases = rng.uniform([-2, -2, 0.25], [2, 2, 2], (300, 3))
    expected = [flat_ridge(*case) for case in cases]
    assert_allclose(js("boxes.js", "flatRidge", cases.tolist()), expected, atol=1e-12)


def test_mosaic_leaves_out_no_box_that_counts(js, rng):
    states, places = surfaces(rng, 400), rng.uniform(-2, 2, (400, 2))
    got = js("boxes.js", "mosaic", [[p, s] for p, s in zip(places.tolist(), states, strict=True)])
    expected = [full_mosaic(p, s) for p, s in zip(places, states, strict=True)]
    assert_allclose(got, expected, atol=1e-12)


def test_largest_gap(js, rng):
    states = surfaces(rng, 3)
    for s, got in zip(states, js("boxes.js", "largestGap", [[s] for s in states]), strict=True):
        size = 4 / s["tiles"]
        tops = np.linspace(-(0.5 - FLANK), 0.5 - FLANK, 7) * size
        line = np.add.outer((np.arange(s["tiles"]) + 0.5) * size - 2, tops).ravel()
        gaps = [
            abs(full_mosaic((a, b), s) - np.exp(-((a - s["x1"]) ** 2) - (b - s["x2"]) ** 2))
            for a in line
            for b in line
        ]
        assert_allclose(got, max(gaps), atol=1e-12)


def test_units(js):
    stages = ["ridge", "crossed", "box", "surface"]
    counted = [2, 2 + 2, 2 + 2 + 1, 2 * 4 * 5 + 5 * 5]
    assert js("boxes.js", "units", [[stage, 5] for stage in stages]) == counted
