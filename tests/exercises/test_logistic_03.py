"""The reference solutions of 03-logistic agree with SciPy and scikit-learn on random data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, special
from sklearn import metrics
from sklearn.linear_model import LinearRegression, LogisticRegression

ASSIGNMENT = "03-logistic"


@pytest.fixture(params=range(10))
def data(request):
    """Return inputs, labels of both classes, and parameters to look at."""
    rng = np.random.default_rng(request.param)
    n, d = rng.integers(10, 200), rng.integers(1, 6)
    X = rng.normal(0.5, 1, (n, d))
    y = (X[:, 0] + rng.logistic(0, 1, n) > 0.5).astype(int)
    y[:2] = 0, 1
    return X, y, rng.normal(0, 1, d), float(rng.normal())


@pytest.fixture
def minimum(data):
    """Return the penalised minimum of scikit-learn, and the strength of the penalty."""
    X, y, _, _ = data
    lam = 0.02
    model = LogisticRegression(C=1 / (len(y) * lam), solver="newton-cholesky", tol=1e-10)
    model.fit(X, y)
    return model.coef_[0], model.intercept_[0], lam


def test_sigmoid_and_loss(student):
    z = np.random.default_rng(0).normal(0, 200, (50, 8))
    assert_allclose(student["sigmoid"](z), special.expit(z), rtol=1e-12)
    y = np.random.default_rng(1).random(z.shape)
    expected = -y * special.log_expit(z) - (1 - y) * special.log_expit(-z)
    assert_allclose(student["loss_from_logits"](z, y), expected, rtol=1e-12)


def test_the_first_hidden_unit_of_the_lectures(student):
    z = 0.15 * 0.05 + 0.20 * 0.10 + 0.35
    assert_allclose(z, 0.3775)
    assert_allclose(student["sigmoid"](z), 0.593269992, atol=5e-10)


def test_cost_and_gradient(student, data):
    X, y, w, b = data
    cost, dw, db = student["penalised"](X, y, w, b, 0.0)
    assert_allclose(cost, metrics.log_loss(y, special.expit(X @ w + b)))
    assert_allclose(np.append(*student["gradient"](X, y, w, b)), np.append(dw, db))

    def penalised(theta):
        return student["penalised"](X, y, theta[:-1], theta[-1], 0.3)

    theta = np.append(w, b)
    slopes = optimize.approx_fprime(theta, lambda theta: penalised(theta)[0], 1e-7)
    assert_allclose(np.append(*penalised(theta)[1:]), slopes, atol=1e-5)


def test_gradient_descent_finds_the_minimum(student, data):
    X, y, _, _ = data
    w, b, costs = student["gradient_descent"](X, y, 1.0, 20_000, 1e-7)
    exact = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(X, y)
    assert len(costs) <= 20_000
    assert_allclose(w, exact.coef_[0], atol=1e-4)
    assert_allclose(b, exact.intercept_[0], atol=1e-4)
    assert_allclose(costs[-1], metrics.log_loss(y, exact.predict_proba(X)[:, 1]), atol=1e-9)


def test_gradient_vanishes_at_the_minimum(student, data, minimum):
    X, y, _, _ = data
    w, b, lam = minimum
    _, dw, db = student["penalised"](X, y, w, b, lam)
    assert_allclose(np.append(dw, db), 0, atol=1e-8)


def test_newton_step_is_a_weighted_regression(student, data):
    X, y, w, b = data
    z = X @ w + b
    p = special.expit(z)
    weight = p * (1 - p)
    line = LinearRegression().fit(X, z + (y - p) / weight, sample_weight=weight)
    new_w, new_b = student["newton_step"](X, y, w, b)
    assert_allclose(new_w, line.coef_, rtol=1e-6)
    assert_allclose(new_b, line.intercept_, rtol=1e-6)


def test_damped_newton_finds_the_minimum(student, data, minimum):
    X, y, w, _ = data
    best_w, best_b, lam = minimum
    got_w, got_b, costs = student["damped_newton"](X, y, lam, w, 9.0)
    assert_allclose(got_w, best_w, atol=1e-4)
    assert_allclose(got_b, best_b, atol=1e-4)
    assert len(costs) < 20


def test_a_newton_step_stays_at_the_minimum(student, data, minimum):
    X, y, _, _ = data
    w, b, lam = minimum
    new_w, new_b = student["newton_step"](X, y, w, b, lam)
    assert_allclose(new_w, w, atol=1e-7)
    assert_allclose(new_b, b, atol=1e-7)


def test_decisions_cost_least(student, data):
    X, _, w, b = data
    z = X @ w + b
    cost_fp, cost_fn = np.random.default_rng(2).uniform(0, 5, (2, len(z)))
    expected = np.stack([special.expit(z) * cost_fn, special.expit(-z) * cost_fp]).argmin(axis=0)
    assert_allclose(student["decide"](z, cost_fp, cost_fn), expected)
