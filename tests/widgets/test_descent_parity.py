"""The descent widget's model against NumPy and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

SURFACES = {
    "line": lambda w, c: c * w[0] ** 2 / 2,
    "bowl": lambda w, c: (w[0] ** 2 + 2 * w[1] ** 2) / 2,
    "valley": lambda w, c: (w[0] ** 2 + 20 * w[1] ** 2) / 2,
    "saddle": lambda w, c: (w[0] ** 2 - w[1] ** 2) / 2,
    "wells": lambda w, c: w[0] ** 4 / 4 - w[0] ** 2 / 2 + w[1] ** 2 / 2,
    "banana": lambda w, c: (1 - w[0]) ** 2 / 2 + 5 * (w[1] - w[0] ** 2) ** 2,
}


@pytest.fixture
def cases(rng):
    """(surface, point, curvature)."""
    return [
        (name, rng.uniform(-2.5, 2.5, 1 if name == "line" else 2), rng.uniform(0.1, 10))
        for name in SURFACES
        for _ in range(25)
    ]


def slope(name, w, c):
    """The gradient, by the complex step."""
    h = 1e-30
    return np.array([np.imag(SURFACES[name](w + 1j * h * e, c)) / h for e in np.eye(len(w))])


def curvature(name, w, c):
    """The Hessian: central differences of the gradient, improved by Richardson's extrapolation."""

    def central(e, h):
        return (slope(name, w + h * e, c) - slope(name, w - h * e, c)) / (2 * h)

    return np.array([(4 * central(e, 5e-4) - central(e, 1e-3)) / 3 for e in np.eye(len(w))])


def test_cost(js, cases):
    want = [SURFACES[name](w, c) for name, w, c in cases]
    assert_allclose(js("descent.js", "cost", cases), want, rtol=1e-12)


def test_gradient(js, cases):
    for case, got in zip(cases, js("descent.js", "gradient", cases), strict=True):
        assert_allclose(got, slope(*case), rtol=1e-11, atol=1e-12)


def test_hessian(js, cases):
    for case, got in zip(cases, js("descent.js", "hessian", cases), strict=True):
        assert_allclose(got, curvature(*case), rtol=1e-8, atol=1e-8)


def test_eigenvalues(js, rng):
    matrices = [(M + M.T) / 2 for n in (1, 2) for M in rng.normal(size=(40, n, n))]
    for H, got in zip(
        matrices, js("descent.js", "eigenvalues", [[H] for H in matrices]), strict=True
    ):
        assert_allclose(got, np.linalg.eigvalsh(H)[::-1], atol=1e-13)


@pytest.mark.parametrize("method", ["gradient", "newton", "adam"])
@pytest.mark.parametrize("momentum", [0, 0.9])
def test_descend(js, cases, method, momentum):
    steps, rate, limit = 12, 0.04, 20
    options = {"method": method, "rate": rate, "momentum": momentum, "steps": steps, "limit": limit}
    args = [(name, w, {**options, "lambda": c}) for name, w, c in cases]
    for (name, w, c), path in zip(cases, js("descent.js", "descend", args), strict=True):
        v, s, want = 0, 0, [w]
        for t in range(1, steps + 1):
            g = slope(name, want[-1], c)
            if method == "newton":
                step = np.linalg.solve(curvature(name, want[-1], c), g)
            elif method == "adam":
                v, s = momentum * v + (1 - momentum) * g, 0.999 * s + 0.001 * g**2
                step = v / (1 - momentum**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
            else:
                step = v = momentum * v + g
            want.append(want[-1] - rate * step)
            if np.abs(want[-1]).max() > limit:
                want.pop()
                break
        assert_allclose(path, want, rtol=1e-5 if method == "newton" else 1e-9, atol=1e-9)


def test_descend_stops_at_a_singular_hessian(js):
    options = {"method": "newton", "rate": 1, "momentum": 0, "steps": 3, "limit": 9, "lambda": 1}
    flat = [1 / np.sqrt(3), 1.0]  # where the second derivative along x of the two wells is 0
    assert len(js("descent.js", "descend", [["wells", flat, options]])[0]) in {1, 2}


def test_limit_rate_is_where_the_largest_eigenvalue_reaches_one(js, rng):
    """Of the matrix that takes (w, v) of one direction to the next step."""
    cases = [(c, b) for c in rng.uniform(0.1, 20, 10) for b in (0, 0.5, 0.9)]
    for (c, b), limit in zip(cases, js("descent.js", "limitRate", cases), strict=True):

        def radius(rate, c=c, b=b):
            M = np.array([[1 - rate * c, -rate * b], [c, b]])
            return np.abs(np.linalg.eigvals(M)).max()

        assert radius(0.999 * limit) < 1 < radius(1.001 * limit)
