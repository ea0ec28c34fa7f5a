"""The activation explorer's model against SciPy and the complex step."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special

EPSILON, BETA = 0.07, 2.5
PARAMETERS = {"epsilon": EPSILON, "beta": BETA}


def gelu(z):
    return z * (1 + special.erf(z / np.sqrt(2))) / 2


# Each activation from its definition, for real and for complex z.
SMOOTH = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.log(1 + np.exp(BETA * z)) / BETA,
    "gelu": gelu,
    "silu": lambda z: z / (1 + np.exp(-BETA * z)),
}
KINKED = {
    "step": (lambda z: np.heaviside(z, 1), lambda z: 0 * z),
    "relu": (lambda z: np.maximum(0, z), lambda z: np.heaviside(z, 0)),
    "leaky": (
        lambda z: np.where(z > 0, z, EPSILON * z),
        lambda z: np.where(z > 0, 1.0, EPSILON),
    ),
}


def neurons(js, name, x, w, b):
    """The results for all inputs, as arrays by name."""
    cases = [[name, *case, PARAMETERS] for case in zip(x, w, b, strict=True)]
    got = js("activations.js", "neuron", cases)
    return {key: np.array([result[key] for result in got]) for key in got[0]}


@pytest.fixture
def inputs(rng):
    """Inputs, weights and biases; z is spread from −40 to 40 and dense around 0."""
    x = np.concatenate([rng.uniform(-8, 8, 200), rng.normal(0, 0.1, 100)])
    return x, rng.uniform(-4, 4, x.size), rng.uniform(-8, 8, x.size) * (np.arange(x.size) < 200)


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_activations_and_their_slopes(js, inputs, name):
    x, w, b = inputs
    got = neurons(js, name, x, w, b)
    z = w * x + b
    slope = SMOOTH[name](z + 1e-30j).imag / 1e-30
    assert_allclose(got["z"], z, rtol=1e-15)
    assert_allclose(got["a"], SMOOTH[name](z), rtol=1e-12, atol=1e-14)
    assert_allclose(got["steepness"], slope, rtol=1e-12, atol=1e-14)
    assert_allclose(got["gain"], w * slope, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", KINKED)
def test_kinked_activations_and_their_one_sided_slopes(js, inputs, name):
    x, w, b = (np.append(values, 0.0) for values in inputs)  # the last one at the kink
    got = neurons(js, name, x, w, b)
    function, slope = KINKED[name]
    z = w * x + b
    assert_allclose(got["a"], function(z), rtol=1e-14)
    assert_allclose(got["steepness"], slope(z), rtol=1e-14)


@pytest.mark.parametrize("name", [*SMOOTH, *KINKED])
def test_nothing_overflows_far_out(js, name):
    z = np.array([-1e4, -800.0, 800.0, 1e4])
    got = neurons(js, name, z, np.ones(4), np.zeros(4))
    assert np.isfinite([got["a"], got["steepness"]]).all()
    assert_allclose(got["a"], neurons(js, name, z / 2, 2 * np.ones(4), np.zeros(4))["a"])


def test_normal_cdf(js, rng):
    z = np.concatenate([rng.normal(0, 3, 300), [0, 9, -9, 9.1, -9.1, 40, -40]])
    got = js("activations.js", "normalCdf", [[value] for value in z])
    assert_allclose(got, special.ndtr(z), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(
    ("name", "z", "expected"),
    [
        ("sigmoid", 0, "live"),
        ("sigmoid", 4.3, "live"),  # σ′ = 0.0133, more than a twentieth of ¼
        ("sigmoid", 4.4, "saturated"),  # σ′ = 0.0120, less
        ("tanh", 2.1, "live"),
        ("tanh", -2.3, "saturated"),
        ("softplus", -2, "saturated"),
        ("relu", 0, "kink"),
        ("relu", -1e-9, "dead"),
        ("relu", 1e-9, "live"),
        ("leaky", -5, "live"),
        ("leaky", 0, "kink"),
        ("step", 3, "dead"),
        ("linear", -100, "live"),
    ],
)
def test_condition(js, name, z, expected):
    assert js("activations.js", "condition", [[name, z, PARAMETERS]]) == [expected]
