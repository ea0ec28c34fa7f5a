"""The curve-fitting explorer's model against NumPy and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial import legendre
from numpy.testing import assert_allclose
from scipy import integrate, stats


def points(rng, n):
    x = np.sort(rng.uniform(-1, 1, n))
    return x, np.sin(np.pi * x) + rng.normal(0, 0.3, n)


def as_points(x, y):
    return {"x": x, "y": y}


def test_legendre(js, rng):
    x = np.concatenate([rng.uniform(-1, 1, 50), [-1, 0, 1]])
    for degree in (0, 1, 2, 13):
        got = js("polynomial.js", "legendre", [[value, degree] for value in x])
        assert_allclose(got, legendre.legvander(x, degree), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("degree", [0, 1, 3, 7, 13])
def test_fit_is_least_squares(js, rng, degree):
    cases = [points(rng, int(rng.integers(degree + 1, 200))) for _ in range(30)]
    got = js("polynomial.js", "fit", [[x, y, degree] for x, y in cases])
    for (x, y), weights in zip(cases, got, strict=True):
        design = legendre.legvander(x, degree)
        expected = np.linalg.lstsq(design, y, rcond=None)[0]
        tolerance = 1e-13 * np.linalg.cond(design)
        scale = np.abs(expected).max()
        assert_allclose(weights, expected, atol=tolerance * max(scale, 1))


def test_predict_and_mean_squared_error(js, rng):
    weights = rng.normal(size=8)
    x, y = points(rng, 40)
    expected = legendre.legval(x, weights)
    assert_allclose(js("polynomial.js", "predict", [[weights, v] for v in x]), expected, rtol=1e-12)
    got = js("polynomial.js", "meanSquaredError", [[weights, x, y]])
    assert_allclose(got, [np.mean((expected - y) ** 2)])


def test_truth(js):
    x = np.linspace(-1, 1, 21)
    assert_allclose(js("curve.js", "truth", [[v] for v in x]), np.sin(np.pi * x), atol=1e-15)


def test_sample(js, rng):
    cases = [
        [int(rng.integers(15, 200)), rng.uniform(0, 1), int(rng.integers(0, 9999)), stream]
        for stream in (0, 1)
        for _ in range(20)
    ]
    uniform = js("random.js", "uniforms", [[2 * s + k, 2 * n] for n, _, s, k in cases])
    for (n, noise, *_), u, got in zip(cases, uniform, js("curve.js", "sample", cases), strict=True):
        x = -1 + 2 * (np.arange(n) + u[:n]) / n
        assert_allclose(got["x"], x, atol=1e-14)
        assert_allclose(got["y"], np.sin(np.pi * x) + noise * stats.norm.ppf(u[n:]), atol=1e-12)


def test_errors_are_means_and_the_risk_is_an_integral(js, rng):
    training, validation = points(rng, 20), points(rng, 30)
    for degree in (0, 3, 9):
        weights = legendre.legfit(*training, degree)
        (got,) = js(
            "curve.js", "errors", [[weights, as_points(*training), as_points(*validation), 0.3]]
        )
        for name, (x, y) in {"training": training, "validation": validation}.items():
            assert_allclose(got[name], np.mean((legendre.legval(x, weights) - y) ** 2))
        gap = integrate.quad(
            lambda x, w=weights: (legendre.legval(x, w) - np.sin(np.pi * x)) ** 2, -1, 1
        )[0]
        assert_allclose(got["risk"], gap / 2 + 0.09, rtol=1e-3)


def test_the_training_error_never_rises_with_the_degree(js):
    (data,) = js("curve.js", "sample", [[15, 0.3, 32, 0]])
    fits = js("polynomial.js", "fit", [[data["x"], data["y"], degree] for degree in range(14)])
    errors = js("polynomial.js", "meanSquaredError", [[w, data["x"], data["y"]] for w in fits])
    assert (np.diff(errors) <= 0).all()
