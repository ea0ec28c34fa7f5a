"""The sigmoid and its relatives against SciPy, far beyond where an exponential overflows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special


@pytest.fixture
def z(rng):
    """Numbers near 0, in the tails, and beyond ±709, where exp overflows."""
    return np.concatenate([rng.normal(0, 4, 300), [0, 30, -30, 700, -700, 1e4, -1e4]])


def test_sigmoid(js, z):
    got = js("sigmoid.js", "sigmoid", [[value] for value in z])
    assert_allclose(got, special.expit(z), rtol=1e-14)


def test_sigmoid_prime_is_the_complex_step(js, z):
    got = js("sigmoid.js", "sigmoidPrime", [[value] for value in z])
    assert_allclose(got, special.expit(z) * special.expit(-z), rtol=1e-14)
    near = np.abs(z) < 30
    step = (1 / (1 + np.exp(-z[near] - 1e-30j))).imag / 1e-30
    assert_allclose(np.array(got)[near], step, rtol=1e-12)


def test_softplus(js, z):
    got = js("sigmoid.js", "softplus", [[value] for value in z])
    assert_allclose(got, np.logaddexp(0, z), rtol=1e-14)
