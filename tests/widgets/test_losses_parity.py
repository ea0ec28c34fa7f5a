"""The loss explorer's model against SciPy, scikit-learn and the complex step."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special
from sklearn.metrics import log_loss

H = 1e-30  # of the complex step


def columns(results, *names):
    """One array for each name of the results, which may be nested by dots."""

    def pick(result, name):
        for key in name.split("."):
            result = result[key]
        return result

    return [np.array([pick(result, name) for result in results]) for name in names]


def close_difference(got, want):
    """A central difference with a step of 1e-5: good to rounding of the loss over that step."""
    assert_allclose(got, want, rtol=2e-6, atol=2e-9)


@pytest.fixture
def residuals(rng):
    """Residuals small and large, none within a step of a kink, and Huber's δ for each."""
    r = np.r_[rng.normal(0, 3, 200), rng.normal(0, 0.1, 100), 0.5, -2]
    return r, np.r_[rng.uniform(0.1, 5, r.size - 2), 0.5001, 1.9999]


REAL = {
    "half": lambda r, _: r**2 / 2,
    "square": lambda r, _: r**2,
    "absolute": lambda r, _: np.abs(r),
    "huber": lambda r, delta: special.huber(delta, r),
}
# The same where r may be complex; the branch is that of the real part.
COMPLEX = {
    "half": REAL["half"],
    "square": REAL["square"],
    "absolute": lambda r, _: r * np.sign(r.real),
    "huber": lambda r, delta: np.where(
        np.abs(r.real) <= delta, r**2 / 2, delta * (r * np.sign(r.real) - delta / 2)
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_losses_of_a_residual(js, residuals, name):
    r, delta = residuals
    cases = [[name, *case] for case in zip(r, delta, strict=True)]
    loss, slope, difference = columns(
        js("losses.js", "regression", cases), "loss", "slope", "difference"
    )
    want = COMPLEX[name](r + 1j * H, delta).imag / H
    assert_allclose(loss, REAL[name](r, delta), rtol=1e-13)
    assert_allclose(slope, want, rtol=1e-13)
    close_difference(difference, want)


def test_at_the_kink_the_slope_is_zero(js):
    assert js("losses.js", "regression", [["absolute", 0, 1]]) == [
        {"loss": 0, "slope": 0, "difference": 0}
    ]


@pytest.fixture
def logits(rng):
    z = np.r_[rng.uniform(-10, 10, 200), 0, 10, -10]
    return z, rng.integers(0, 2, z.size)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))  # takes a complex z


LOGIT = {
    "entropy": lambda z, y: -y * np.log(sigmoid(z)) - (1 - y) * np.log(1 - sigmoid(z)),
    "square": lambda z, y: (sigmoid(z) - y) ** 2 / 2,
}
PROBABILITY = {
    "entropy": lambda p, y: -y * np.log(p) - (1 - y) * np.log(1 - p),
    "square": lambda p, y: (p - y) ** 2 / 2,
}


@pytest.mark.parametrize("name", LOGIT)
def test_losses_of_a_logit(js, logits, name):
    z, y = logits
    cases = [[name, *case] for case in zip(z, y, strict=True)]
    p, loss, by_z, z_difference, by_p, p_difference = columns(
        js("losses.js", "binary", cases),
        *("p", "loss", "logit.slope", "logit.difference"),
        *("probability.slope", "probability.difference"),
    )
    assert_allclose(p, special.expit(z), rtol=1e-14)
    assert_allclose(loss, LOGIT[name](z, y), rtol=1e-11)
    over_z = LOGIT[name](z + 1j * H, y).imag / H
    assert_allclose(by_z, over_z, rtol=1e-11)
    close_difference(z_difference, over_z)
    over_p = PROBABILITY[name](p + 1j * H, y).imag / H
    assert_allclose(by_p, over_p, rtol=1e-11)
    assert_allclose(p_difference, over_p, rtol=1e-5, atol=1e-5)


def test_cross_entropy_of_a_label_is_the_log_loss(js, logits):
    z, y = logits
    (loss,) = columns(
        js("losses.js", "binary", [["entropy", *c] for c in zip(z, y, strict=True)]), "loss"
    )
    want = [
        log_loss([label], [p], labels=[0, 1]) for label, p in zip(y, special.expit(z), strict=True)
    ]
    assert_allclose(loss, want, rtol=1e-10)


def test_nothing_overflows_far_out(js):
    z = np.array([-800.0, 800.0, -800.0, 800.0])
    y = np.array([0, 0, 1, 1])
    got = js("losses.js", "binary", [["entropy", *case] for case in zip(z, y, strict=True)])
    loss, slope = columns(got, "loss", "logit.slope")
    assert_allclose(loss, np.logaddexp(0, np.where(y == 1, -z, z)))
    assert_allclose(slope, special.expit(z) - y)


def test_logit(js, rng):
    p = rng.uniform(0.001, 0.999, 100)
    assert_allclose(js("losses.js", "logit", [[x] for x in p]), special.logit(p), atol=1e-12)


@pytest.fixture
def choices(rng):
    """Logits of 2 to 5 classes, the true class from 0, and a temperature; some far apart."""
    cases = []
    for i in range(200):
        z = rng.uniform(-10, 10, 2 + i % 4) * (100 if i % 10 == 0 else 1)
        cases.append((z, int(rng.integers(z.size)), float(np.exp(rng.uniform(-2.3, 2.3)))))
    return cases


def test_softmax(js, choices):
    got = js("losses.js", "softmax", [(z, T) for z, _, T in choices])
    for p, (z, _, T) in zip(got, choices, strict=True):
        assert_allclose(p, special.softmax(z / T), rtol=1e-12, atol=1e-300)


def test_relative_powers(js, choices):
    got = js("losses.js", "relativePowers", [(z, T) for z, _, T in choices])
    for powers, (z, _, T) in zip(got, choices, strict=True):
        assert_allclose(powers, np.exp((z - z.max()) / T), rtol=1e-12)


def test_cross_entropy(js, choices):
    got = js("losses.js", "crossEntropy", choices)
    for result, (z, k, T) in zip(got, choices, strict=True):
        want = -special.log_softmax(z / T)[k]
        assert_allclose(result["loss"], want, rtol=1e-11, atol=1e-14)
        assert_allclose(result["p"], special.softmax(z / T), rtol=1e-12, atol=1e-300)


def test_gradient_of_the_cross_entropy_by_the_complex_step(js, choices):
    moderate = [case for case in choices if np.ptp(case[0]) < 50]
    got = js("losses.js", "crossEntropy", moderate)
    for result, (z, k, T) in zip(got, moderate, strict=True):
        steps = z + 1j * H * np.eye(z.size)  # one row for each logit
        shifted = (steps - z.max()) / T
        loss = np.log(np.exp(shifted).sum(axis=1)) - shifted[:, k]
        assert_allclose(result["gradient"], loss.imag / H, rtol=1e-10, atol=1e-14)
        assert_allclose(result["differences"], loss.imag / H, rtol=1e-4, atol=1e-7)


def test_two_classes_are_the_binary_case(js, logits):
    z, y = logits
    two = js("losses.js", "crossEntropy", [([0, a], int(b), 1) for a, b in zip(z, y, strict=True)])
    one = js("losses.js", "binary", [["entropy", *case] for case in zip(z, y, strict=True)])
    (loss, slope), (loss2,) = columns(one, "loss", "logit.slope"), columns(two, "loss")
    assert_allclose(loss2, loss, rtol=1e-11)
    assert_allclose([result["gradient"][1] for result in two], slope, rtol=1e-9)
