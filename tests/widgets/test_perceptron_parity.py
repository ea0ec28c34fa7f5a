"""The perceptron trainer's model against scikit-learn, SciPy and NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import linprog, minimize
from sklearn.linear_model import Perceptron, SGDClassifier

CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def cloud(rng, n, gap):
    """Points with labels ±1: separable if ``gap`` is positive, overlapping if it is None."""
    X = rng.uniform(-2, 2, (n, 2))
    if gap is None:
        y = np.where(rng.random(n) < 0.5, -1, 1)
    else:
        normal = rng.normal(size=2)
        normal /= np.linalg.norm(normal)
        y = np.where(X @ normal >= 0, 1, -1)
        X = X + gap * y[:, None] * normal + rng.normal(0, 0.5, 2)
    y[:2] = [-1, 1] if gap is None else y[:2]
    return np.c_[X, y]


@pytest.fixture
def clouds(rng):
    """Forty sets of 2 to 14 points of both classes, half of them separable."""
    sets = []
    while len(sets) < 40:
        points = cloud(rng, int(rng.integers(2, 15)), [None, 0.05, 0.4][len(sets) % 3])
        if len(set(points[:, 2])) == 2:
            sets.append(points)
    return sets


def signed(points):
    """Return the vectors y (x, 1)."""
    return points[:, 2:] * np.c_[points[:, :2], np.ones(len(points))]


def is_separable(points):
    S = signed(points)
    return linprog(np.zeros(3), A_ub=-S, b_ub=-np.ones(len(S)), bounds=(None, None)).success


def sklearn_updates(points, rate, visits):
    """Weights after each mistake, from scikit-learn's own rule fed with one point at a time."""
    unit = Perceptron(shuffle=False, tol=None, eta0=rate)
    now, updates = np.zeros(3), []
    for visit in range(visits):
        x1, x2, y = points[visit % len(points)]
        unit.partial_fit([[x1, x2]], [y], classes=[-1, 1])
        before, now = now, np.r_[unit.coef_[0], unit.intercept_]
        if (now != before).any():
            updates.append((visit + 1, visit % len(points), now))
    return updates


def test_score(js, rng):
    cases = rng.normal(size=(300, 2, 3))
    want = np.sum(cases[:, 0] * np.c_[cases[:, 1, :2], np.ones(300)], axis=1)
    assert_allclose(js("perceptron.js", "score", list(cases)), want)


def test_is_mistake(js, rng):
    weights = rng.integers(-2, 3, (300, 3))
    points = np.c_[rng.integers(-2, 3, (300, 2)), rng.choice([-1, 1], 300)]
    z = np.sum(weights * np.c_[points[:, :2], np.ones(300)], axis=1)
    assert (z == 0).sum() > 10, "points on the boundary"
    got = js("perceptron.js", "isMistake", list(zip(weights, points, strict=True)))
    assert_array_equal(got, np.sign(z) != points[:, 2])


def test_update(js, rng):
    cases = [(rng.normal(size=3), p, rng.uniform(0.1, 3)) for p in cloud(rng, 100, None)]
    want = [w + rate * y * np.array([x1, x2, 1]) for w, (x1, x2, y), rate in cases]
    assert_allclose(js("perceptron.js", "update", cases), want)


def test_train_updates_step_by_step_as_scikit_learn(js, clouds):
    visits = 60
    rates = [1, 0.25, 2, 0.5]  # powers of two, so that both round alike
    gates = [np.c_[CORNERS, y] for y in ([-1, -1, -1, 1], [-1, 1, 1, 1], [-1, 1, 1, -1])]
    cases = [(points, rates[i % 4]) for i, points in enumerate([*gates, *clouds[:18]])]
    got = js("perceptron.js", "train", [[p, [0, 0, 0], rate, visits] for p, rate in cases])
    assert sum(run["converged"] for run in got) > 5
    assert sum(not run["converged"] for run in got) > 3
    for (points, rate), run in zip(cases, got, strict=True):
        want = sklearn_updates(points, rate, visits)
        assert [(u["visit"], u["index"]) for u in run["updates"]] == [u[:2] for u in want]
        assert_allclose([u["weights"] for u in run["updates"]], [u[2] for u in want], atol=1e-12)
        assert_allclose(run["weights"], want[-1][2], atol=1e-12)


def test_train_from_any_start_as_scikit_learn(js, clouds, rng):
    starts = rng.normal(0, 3, (len(clouds), 3))
    got = js(
        "perceptron.js",
        "train",
        [[p, w, 0.5, len(p)] for p, w in zip(clouds, starts, strict=True)],
    )
    for points, (w1, w2, b), run in zip(clouds, starts, got, strict=True):
        unit = SGDClassifier(
            loss="perceptron",
            penalty=None,
            learning_rate="constant",
            eta0=0.5,
            shuffle=False,
            max_iter=1,
            tol=None,
        )
        unit.fit(points[:, :2], points[:, 2], coef_init=[[w1, w2]], intercept_init=[b])
        assert_allclose(run["weights"], [*unit.coef_[0], *unit.intercept_], atol=1e-12)


def test_training_ends_after_a_round_without_a_mistake(js, clouds):
    runs = js("perceptron.js", "train", [[p, [0, 0, 0], 1, 100_000] for p in clouds[1::3]])
    for points, run in zip(clouds[1::3], runs, strict=True):
        assert run["converged"]
        assert (signed(points) @ run["weights"] > 0).all()
        assert run["visits"] == run["updates"][-1]["visit"] + len(points)
        assert run["last"]["mistake"] is False
        assert run["last"]["before"] == run["weights"]


def test_wrong(js, clouds, rng):
    weights = rng.normal(size=(len(clouds), 3))
    want = [(signed(p) @ w <= 0).sum() for p, w in zip(clouds, weights, strict=True)]
    assert js("perceptron.js", "wrong", list(zip(clouds, weights, strict=True))) == want


def test_pocket(js, clouds, rng):
    candidates = rng.normal(size=(len(clouds), 8, 3)).round(1)
    got = js("perceptron.js", "pocket", list(zip(clouds, candidates, strict=True)))
    for points, tried, kept in zip(clouds, candidates, got, strict=True):
        errors = (signed(points) @ tried.T <= 0).sum(axis=0)
        assert kept == {"weights": tried[errors.argmin()].tolist(), "wrong": errors.min()}


def test_norm(js, rng):
    cases = rng.normal(size=(100, 3))
    assert_allclose(
        js("perceptron.js", "norm", [[v] for v in cases]), np.linalg.norm(cases, axis=1)
    )


def test_radius(js, clouds):
    want = [np.linalg.norm(signed(p), axis=1).max() for p in clouds]
    assert_allclose(js("perceptron.js", "radius", [[p] for p in clouds]), want)


def test_margin_as_the_shortest_weights_of_a_general_optimiser(js, clouds):
    got = js("perceptron.js", "margin", [[p] for p in clouds])
    assert sum(m is None for m in got) > 5
    assert sum(m is not None for m in got) > 15
    for points, best in zip(clouds, got, strict=True):
        assert (best is not None) == is_separable(points)
        if best is None:
            continue
        S = signed(points)
        shortest = minimize(
            lambda w: w @ w / 2,
            np.array(best["direction"]) * 3,
            jac=lambda w: w,
            constraints={"type": "ineq", "fun": lambda w, S=S: S @ w - 1, "jac": lambda _, S=S: S},
            options={"ftol": 1e-14, "maxiter": 1000},
        ).x
        assert_allclose(best["gamma"], 1 / np.linalg.norm(shortest), rtol=1e-5)
        assert_allclose(best["direction"], shortest / np.linalg.norm(shortest), atol=1e-4)
        assert_allclose(np.linalg.norm(best["direction"]), 1)
        assert_allclose((S @ best["direction"]).min(), best["gamma"])


def test_margin_of_the_gates(js):
    AND, OR, XOR = (np.c_[CORNERS, y] for y in ([-1, -1, -1, 1], [-1, 1, 1, 1], [-1, 1, 1, -1]))
    on_top = np.array([[1, 1, -1], [1, 1, 1]])
    both, either, neither, same = js(
        "perceptron.js", "margin", [[p] for p in (AND, OR, XOR, on_top)]
    )
    assert_allclose(both["gamma"], 1 / np.sqrt(17))
    assert_allclose(either["gamma"], 1 / 3)
    assert neither is None
    assert same is None


def test_mistake_bound(js, clouds, rng):
    """It is the formula, and no run breaks it, from any start and at any rate."""
    sets = [p for p in clouds if is_separable(p)]
    best = js("perceptron.js", "margin", [[p] for p in sets])
    starts = rng.normal(0, 2, (len(sets), 3)) * (np.arange(len(sets)) % 2)[:, None]
    rates = rng.uniform(0.1, 3, len(sets))
    R = [np.linalg.norm(signed(p), axis=1).max() for p in sets]
    cases = [[r, m["gamma"], w, rate] for r, m, w, rate in zip(R, best, starts, rates, strict=True)]
    bounds = js("perceptron.js", "mistakeBound", cases)
    want = [(r / g) ** 2 + 2 * np.linalg.norm(w) / (rate * g) for r, g, w, rate in cases]
    assert_allclose(bounds, want)
    runs = js(
        "perceptron.js",
        "train",
        [[p, w, rate, 10**6] for p, w, rate in zip(sets, starts, rates, strict=True)],
    )
    for run, bound in zip(runs, bounds, strict=True):
        assert run["converged"]
        assert len(run["updates"]) <= bound


def test_lengths_stay_between_their_limits(js, clouds, rng):
    """The formulas of ``shortest`` and ``longest``, and the proof: every run keeps between them."""
    sets = [p for p in clouds if is_separable(p)]
    for points in sets[:8]:
        start, rate = rng.normal(0, 1, 3), rng.uniform(0.2, 2)
        (best,) = js("perceptron.js", "margin", [[points]])
        R = np.linalg.norm(signed(points), axis=1).max()
        (run,) = js("perceptron.js", "train", [[points, start, rate, 5000]])
        lengths = np.linalg.norm([start, *(u["weights"] for u in run["updates"])], axis=1)
        M = np.arange(len(lengths))
        low = js("perceptron.js", "shortest", [[m, best, start, rate] for m in M])
        high = js("perceptron.js", "longest", [[m, R, start, rate] for m in M])
        assert_allclose(low, start @ best["direction"] + rate * best["gamma"] * M)
        assert_allclose(high, np.sqrt(start @ start + rate**2 * R**2 * M))
        assert (low <= lengths + 1e-9).all()
        assert (lengths <= np.array(high) + 1e-9).all()


def test_nearest(js, rng):
    lines, points = rng.normal(size=(100, 3)), rng.normal(size=(100, 2))
    got = np.array(js("line.js", "nearest", list(zip(lines, points, strict=True))))
    w, b = lines[:, :2], lines[:, 2]
    assert_allclose(np.sum(w * got, axis=1) + b, 0, atol=1e-12)  # on the line
    way = points - got
    assert_allclose(w[:, 0] * way[:, 1], w[:, 1] * way[:, 0], atol=1e-9)  # at right angles


def test_moved(js, rng):
    lines, points = rng.normal(size=(100, 3)), rng.normal(size=(100, 2))
    got = np.array(js("line.js", "moved", list(zip(lines, points, strict=True))))
    assert_allclose(got[:, :2], lines[:, :2])
    assert_allclose(np.sum(got * np.c_[points, np.ones(100)], axis=1), 0, atol=1e-12)


def test_turned(js, rng):
    lines, pivots, targets = (rng.normal(size=(100, k)) for k in (3, 2, 2))
    got = np.array(js("line.js", "turned", list(zip(lines, pivots, targets, strict=True))))
    assert_allclose(np.hypot(*got[:, :2].T), np.hypot(*lines[:, :2].T))
    assert_allclose(np.sum(got * np.c_[pivots, np.ones(100)], axis=1), 0, atol=1e-12)
    way = targets - pivots
    assert_allclose(np.arctan2(*got[:, :2].T), np.arctan2(*way.T))


def test_distance_from_origin(js, rng):
    lines = rng.normal(size=(100, 3))
    nearest = js("line.js", "nearest", [[line, [0, 0]] for line in lines])
    got = js("line.js", "distanceFromOrigin", [[line] for line in lines])
    assert_allclose(got, np.linalg.norm(nearest, axis=1))
