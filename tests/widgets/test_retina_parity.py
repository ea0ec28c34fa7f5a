"""The retina's model against NumPy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.linear_model import Perceptron

SIDE = 20
TASKS = [("squares", []), *(("letters", [shift]) for shift in (0, 3, 10))]


def pictures(examples):
    """Return examples as arrays: pictures, shape (n, 400), and labels."""
    X = np.zeros((len(examples), SIDE**2), int)
    for row, example in zip(X, examples, strict=True):
        assert len(set(example["cells"])) == len(example["cells"])
        row[example["cells"]] = 1
    return X, np.array([example["y"] for example in examples])


def z_of(weights, X):
    return X @ np.array(weights[:-1]) + weights[-1]


@pytest.fixture
def sets(js):
    """The examples of each task."""
    return [js("retina.js", name, [args])[0] for name, args in TASKS]


def test_squares(js):
    (examples,) = js("retina.js", "squares", [[]])
    want = []
    for y, first in ((-1, 0), (1, 10)):
        for column in range(first, first + 5):
            for row in range(15):
                picture = np.zeros((SIDE, SIDE), int)
                picture[row : row + 6, column : column + 6] = 1
                want.append((*picture.ravel(), y))
    X, y = pictures(examples)
    assert_array_equal(np.c_[X, y], want)


def test_letters(js):
    """Each place once, moved as ``numpy.roll`` moves; both letters light as many photocells."""
    T, L = np.zeros((2, SIDE, SIDE), int)
    T[6:8, 6:14] = T[8:14, 9:11] = 1
    L[6:14, 6:8] = L[12:14, 8:14] = 1
    for shift, examples in enumerate(js("retina.js", "letters", [[s] for s in range(11)])):
        X, y = pictures(examples)
        moves = range(-shift, shift + 1) if shift < 10 else range(SIDE)
        for label, letter in ((-1, L), (1, T)):
            want = {np.roll(letter, (d, a), (0, 1)).tobytes() for d in moves for a in moves}
            assert {x.tobytes() for x in X[y == label]} == want
            assert len(want) == (y == label).sum() == len(moves) ** 2
        assert len(set(X.sum(axis=1))) == 1


def test_draws(js, rng):
    cases = [[n, int(rng.integers(9999)), 4000] for n in (2, 18, 150, 800)]
    for (count, _, n), drawn in zip(cases, js("retina.js", "draws", cases), strict=True):
        found = np.bincount(drawn, minlength=count)
        assert len(found) == count
        assert len(drawn) == n
        expected = n / count
        assert ((found - expected) ** 2 / expected).sum() < count + 6 * np.sqrt(2 * count)
    (first,) = js("retina.js", "draws", [[150, 2, 7]])
    assert js("retina.js", "draws", [[150, 2, 50]])[0][:7] == first, "a longer run begins alike"


def test_train_as_scikit_learn_and_as_numpy(js, sets, rng):
    cases = [(s, rng.integers(len(s), size=300)) for s in sets]
    for (examples, order), run in zip(cases, js("retina.js", "train", cases), strict=True):
        X, y = pictures(examples)
        unit = Perceptron(shuffle=False, tol=None, max_iter=1).fit(X[order], y[order])
        assert_array_equal(run["weights"], np.r_[unit.coef_[0], unit.intercept_])
        w, mistakes = np.zeros(SIDE**2 + 1, int), []
        for k, i in enumerate(order, 1):
            z = z_of(w, X[i])
            if y[i] * z <= 0:
                w += y[i] * np.r_[X[i], 1]
                mistakes.append(k)
        assert_array_equal(run["weights"], w)
        assert run["mistakes"] == mistakes
        assert run["last"] == {"index": order[-1], "z": z, "mistake": mistakes[-1:] == [len(order)]}
    assert js("retina.js", "train", [[[], []]])[0]["last"] is None


def test_score_wrong_seen_and_total(js, sets, rng):
    weights = rng.integers(-9, 10, (len(sets), SIDE**2 + 1))
    both = list(zip(sets, weights, strict=True))
    found = {
        "wrong": js("retina.js", "wrong", both),
        "low": js("retina.js", "total", [[s, w, -1] for s, w in both]),
        "high": js("retina.js", "total", [[s, w, 1] for s, w in both]),
        "seen": js("retina.js", "seen", [[s, 1] for s in sets]),
        "score": js("retina.js", "score", [[w, s[0]["cells"]] for s, w in both]),
    }
    for k, (examples, w) in enumerate(both):
        X, y = pictures(examples)
        z = z_of(w, X)
        assert found["wrong"][k] == (y * z <= 0).sum()
        assert (found["low"][k], found["high"][k]) == (z[y < 0].sum(), z[y > 0].sum())
        assert_array_equal(found["seen"][k], X[y > 0].sum(axis=0))
        assert found["score"][k] == z[0]


def test_letters_anywhere_add_up_to_the_same_whatever_the_weights(js, sets, rng):
    """Why it fails: both letters light each photocell equally often."""
    anywhere = sets[-1]
    low, high = js("retina.js", "seen", [[anywhere, -1], [anywhere, 1]])
    assert low == high == [28] * SIDE**2
    weights = rng.integers(-99, 100, SIDE**2 + 1)
    low, high = js("retina.js", "total", [[anywhere, weights, -1], [anywhere, weights, 1]])
    assert low == high


def test_pack_and_unpack(js, rng):
    grids = rng.random((50, SIDE, SIDE)) < rng.random((50, 1, 1))
    cells = [np.flatnonzero(grid) for grid in grids]
    rows = [
        [int("".join("01"[lit] for lit in row), 2) for row in grid.astype(int)] for grid in grids
    ]
    assert js("retina.js", "pack", [[c] for c in cells]) == rows
    assert js("retina.js", "unpack", [[r] for r in rows]) == [c.tolist() for c in cells]


def test_stroke(js, rng):
    """What the brush touches, sampled as finely as the model does, from the way's real points."""
    ways = rng.uniform(-2, 22, (80, 2, 2))
    for (start, end), touched in zip(ways, js("retina.js", "stroke", list(ways)), strict=True):
        steps = max(1, int(np.ceil(2 * np.linalg.norm(end - start))))
        want = np.zeros((SIDE + 8, SIDE + 8), bool)  # four more on each side
        for column, row in np.linspace(start, end, steps + 1):
            i, j = int(np.floor(row + 0.5)) + 4, int(np.floor(column + 0.5)) + 4
            want[i - 1 : i + 1, j - 1 : j + 1] = True
        assert touched == np.flatnonzero(want[4:-4, 4:-4]).tolist()
    assert js("retina.js", "stroke", [[[5, 5], [5, 5]]]) == [[84, 85, 104, 105]]
