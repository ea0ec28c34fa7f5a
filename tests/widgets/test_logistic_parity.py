"""The logistic playground's model against scikit-learn, SciPy and NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import linprog
from scipy.special import expit, log_expit
from scipy.special import logit as scipy_logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss


@pytest.fixture
def problems(rng):
    """Sixty (X, y, θ, λ): one or two inputs, 4 to 40 observations, with and without a penalty."""
    cases = []
    for i in range(60):
        n, p = int(rng.integers(4, 41)), 1 + i % 2
        X, theta = rng.normal(0.3, 1.5, (n, p)), rng.normal(0, 1.5, p + 1)
        y = (rng.random(n) < expit(X.sum(axis=1))).astype(int)
        y[:2] = [0, 1]
        cases.append((X, y, theta, [0, 0.02, 0.5][i % 3]))
    return cases


def with_ones(X):
    return np.c_[X, np.ones(len(X))]


def mask(theta):
    """1 for a weight and 0 for the bias, which is not penalised."""
    return np.r_[np.ones(len(theta) - 1), 0]


def cost(X, y, theta, penalty):
    """The cost in NumPy; it takes a complex θ, for the complex step."""
    z = with_ones(X) @ theta
    return np.mean(np.log1p(np.exp(z)) - y * z) + penalty / 2 * np.sum(mask(theta) * theta**2)


def gradient(X, y, theta, penalty):
    """The gradient in NumPy; it takes a complex θ."""
    A = with_ones(X)
    return A.T @ (1 / (1 + np.exp(-A @ theta)) - y) / len(y) + penalty * mask(theta) * theta


def complex_step(f, theta, h=1e-30):
    """The derivative of f by each parameter; exact to rounding."""
    steps = 1j * h * np.eye(len(theta))
    return np.array([np.imag(f(theta + step)) / h for step in steps])


def is_separable(X, y):
    S = (2 * y - 1)[:, None] * with_ones(X)
    return linprog(
        np.zeros(S.shape[1]), A_ub=-S, b_ub=-np.ones(len(S)), bounds=(None, None)
    ).success


def test_logit(js, problems):
    cases = [(theta, x) for X, _, theta, _ in problems for x in X[:4]]
    assert_allclose(js("logistic.js", "logit", cases), [[*x, 1] @ theta for theta, x in cases])


def test_probability(js, problems):
    cases = [(theta * scale, x) for X, _, theta, _ in problems for x in X[:2] for scale in (1, 300)]
    want = [expit([*x, 1] @ theta) for theta, x in cases]
    assert_allclose(js("logistic.js", "probability", cases), want, rtol=1e-11, atol=1e-300)


def test_loss(js, rng):
    z = np.r_[rng.normal(0, 5, 200), -800, 800, 0]
    y = rng.integers(0, 2, z.size)
    want = -np.where(y == 1, log_expit(z), log_expit(-z))
    assert_allclose(js("logistic.js", "loss", list(zip(z, y, strict=True))), want, rtol=1e-13)


def test_cost(js, problems):
    want = [
        log_loss(y, expit(with_ones(X) @ theta)) + penalty / 2 * (theta[:-1] @ theta[:-1])
        for X, y, theta, penalty in problems
    ]
    assert_allclose(js("logistic.js", "cost", problems), want, rtol=1e-9)


def test_gradient_by_the_complex_step(js, problems):
    got = js("logistic.js", "gradient", problems)
    for (X, y, theta, penalty), g in zip(problems, got, strict=True):
        want = complex_step(lambda t, a=(X, y), c=penalty: cost(*a, t, c), theta)
        assert_allclose(g, want, rtol=1e-9, atol=1e-12)


def test_hessian_by_the_complex_step(js, problems):
    got = js("logistic.js", "hessian", [(X, theta, penalty) for X, _, theta, penalty in problems])
    for (X, y, theta, penalty), H in zip(problems, got, strict=True):
        want = complex_step(lambda t, a=(X, y), c=penalty: gradient(*a, t, c), theta)
        assert_allclose(H, want, rtol=1e-9, atol=1e-12)


def test_gradient_step(js, problems, rng):
    cases = [(*problem, rng.uniform(0.1, 5)) for problem in problems]
    want = [theta - rate * gradient(X, y, theta, c) for X, y, theta, c, rate in cases]
    for got, theta in zip(js("logistic.js", "gradientStep", cases), want, strict=True):
        assert_allclose(got, theta, atol=1e-12)


def test_newton_step_as_weighted_least_squares(js, problems):
    """Without a penalty Newton's step solves a weighted regression (IRLS), here by ``lstsq``."""
    plain = [(X, y, theta, 0) for X, y, theta, _ in problems]
    got = js("logistic.js", "newtonStep", plain)
    for (X, y, theta, _), new in zip(plain, got, strict=True):
        A, p = with_ones(X), expit(with_ones(X) @ theta)
        root = np.sqrt(p * (1 - p))
        working = A @ theta + (y - p) / (p * (1 - p))
        want = np.linalg.lstsq(root[:, None] * A, root * working)[0]
        assert_allclose(new, want, rtol=1e-5, atol=1e-6)


def test_newton_step_with_a_penalty(js, problems):
    penalised = [(X, y, theta, c) for X, y, theta, c in problems if c]
    got = js("logistic.js", "newtonStep", penalised)
    for (X, y, theta, c), new in zip(penalised, got, strict=True):
        H = complex_step(lambda t, a=(X, y), c=c: gradient(*a, t, c), theta)
        assert_allclose(new, theta - np.linalg.solve(H, gradient(X, y, theta, c)), rtol=1e-7)


def test_newton_step_is_null_where_the_hessian_is_singular(js):
    X, y = (
        np.array([[2.0], [2.0], [2.0]]),
        [0, 1, 1],
    )  # one value of x: w and b cannot be told apart
    assert js(
        "logistic.js", "newtonStep", [[X, y, [0, 0], 0], [[[1], [2]], [0, 1], [0, 900], 0]]
    ) == [None, None]


def test_descend(js, problems):
    for method in ("gradient", "newton"):
        options = {"rate": 0.7, "steps": 6, "limit": 50}
        cases = [(X, y, t, {**options, "method": method, "lambda": c}) for X, y, t, c in problems]
        got = js("logistic.js", "descend", cases)
        short = 0
        for (X, y, theta, penalty), path in zip(problems, got, strict=True):
            want = [theta]
            while len(want) <= 6:
                now = want[-1]
                step = 0.7 * gradient(X, y, now, penalty)
                if method == "newton":
                    H = complex_step(lambda t, a=(X, y), c=penalty: gradient(*a, t, c), now)
                    step = np.linalg.solve(H, gradient(X, y, now, penalty))
                if np.abs(now - step).max() > 50:
                    break
                want.append(now - step)
            short += len(want) <= 6
            assert_allclose(path, want, rtol=1e-5, atol=1e-7)
        assert (short > 0) == (method == "newton"), "only Newton runs away from these starts"


def test_minimum_as_scikit_learn(js, problems):
    got = js("logistic.js", "minimum", [(X, y, c, 1000) for X, y, _, c in problems])
    assert sum(theta is None for theta in got) > 1, "some are separable"
    for (X, y, _, penalty), theta in zip(problems, got, strict=True):
        assert (theta is None) == (penalty == 0 and is_separable(X, y))
        if theta is None:
            continue
        C = 1 / (len(y) * penalty) if penalty else np.inf
        model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-10, max_iter=500).fit(X, y)
        assert_allclose(theta, [*model.coef_[0], *model.intercept_], rtol=1e-4, atol=1e-5)


def test_minimum_needs_both_labels(js):
    assert js("logistic.js", "minimum", [[[[0], [1]], [1, 1], 0.5, 1000]]) == [None]


def test_input_at(js, rng):
    cases = [(rng.normal(size=2), p) for p in rng.uniform(0.01, 0.99, 100)]
    x = js("logistic.js", "inputAt", cases)
    assert_allclose(
        [expit(w * v + b) for ((w, b), _), v in zip(cases, x, strict=True)], [p for _, p in cases]
    )


def test_curve_through(js, rng):
    cases = [[[x, p], [x + d, q]] for x, d, p, q in rng.uniform(0.05, 0.95, (100, 4))]
    for (first, second), (w, b) in zip(
        cases, js("logistic.js", "curveThrough", cases), strict=True
    ):
        for x, p in (first, second):
            assert_allclose(w * x + b, scipy_logit(p), atol=1e-12)


def test_solve(js, rng):
    cases = [(rng.normal(size=(n, n)), rng.normal(size=n)) for n in (1, 2, 3) for _ in range(40)]
    cases.append((np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([3.0, 4.0])))  # needs a pivot
    for (A, c), x in zip(cases, js("logistic.js", "solve", cases), strict=True):
        assert_allclose(x, np.linalg.solve(A, c), rtol=1e-7, atol=1e-9)
    singular = [[[1, 2], [2, 4]], [1, 1]], [[[0]], [1]]
    assert js("logistic.js", "solve", list(singular)) == [None, None]
