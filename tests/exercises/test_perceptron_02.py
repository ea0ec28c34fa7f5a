"""The reference solutions of 02-perceptron agree with scikit-learn, SciPy and the theorem."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import approx_fprime, minimize
from sklearn.linear_model import Perceptron, SGDClassifier

ASSIGNMENT = "02-perceptron"


@pytest.fixture(params=range(10))
def points(request):
    """Return points and their labels, separable for even seeds."""
    rng = np.random.default_rng(request.param)
    n, d = rng.integers(20, 60), rng.integers(1, 5)
    y = rng.permutation(np.where(np.arange(n) % 3, 1, -1))
    X = rng.normal(0, 1, (n, d)) + 0.7 * y[:, np.newaxis]
    if request.param % 2 == 0:
        normal = rng.normal(0, 1, d)
        lacking = (2 - y * (X @ normal)).clip(0)
        X += np.outer(y * lacking, normal) / (normal @ normal)
    return X, y


def learner(**options):
    """Return scikit-learn's perceptron rule without its shuffling, penalty and tolerance."""
    rule = {"loss": "perceptron", "penalty": None, "learning_rate": "constant", "eta0": 1}
    return SGDClassifier(**rule | {"shuffle": False, "tol": None} | options)


def test_predict(student, points):
    X, y = points
    unit = Perceptron().fit(X, y)
    got = student["predict"](X, unit.coef_[0], unit.intercept_[0])
    assert_array_equal(got, unit.predict(X))


def test_update_is_a_step_down_the_perceptron_criterion(student, points):
    def criterion(weights, x, y):
        return max(0, -y * (weights[:-1] @ x + weights[-1]))

    weights = np.random.default_rng(1).normal(0, 1, points[0].shape[1] + 1)
    for x, y in zip(*points, strict=True):
        w, b = student["update"](weights[:-1], weights[-1], x, y, eta=0.3)
        slopes = approx_fprime(weights, criterion, 1e-7, x, y)
        assert_allclose([*w, b], weights - 0.3 * slopes, atol=1e-5)


def test_history_is_that_of_scikit_learn(student, points):
    X, y = points
    order = np.random.default_rng(2).permutation(len(y))
    history, mistakes = student["fit"](X, y, order, epochs=7, eta=0.5)
    unit = learner(eta0=0.5)
    rows = [np.zeros(X.shape[1] + 1)]
    for i in np.tile(order, len(mistakes)):
        unit.partial_fit(X[[i]], y[[i]], classes=[-1, 1])
        now = np.append(unit.coef_[0], unit.intercept_)
        if (now != rows[-1]).any():
            rows.append(now)
    assert_allclose(history, rows, atol=1e-12)
    assert sum(mistakes) == len(rows) - 1
    assert mistakes[-1] == 0 or len(mistakes) == 7


def test_margin_is_largest_for_the_shortest_weights(student):
    corners = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
    signed = np.column_stack([corners, np.ones(4)]) * [[-1], [1], [1], [1]]
    enough = {"type": "ineq", "fun": lambda weights: signed @ weights - 1}
    best = minimize(lambda weights: weights @ weights, np.zeros(3), constraints=enough).x
    largest = student["margin"](corners, [-1, 1, 1, 1], best[:2], best[2])
    assert_allclose(largest, 1 / np.linalg.norm(best), rtol=1e-6)
    for weights in np.random.default_rng(3).normal(best, 1, (200, 3)):
        assert student["margin"](corners, [-1, 1, 1, 1], weights[:2], weights[2]) <= largest + 1e-9


@pytest.mark.parametrize("points", [0, 2, 4, 6, 8], indirect=True)
def test_mistakes_stay_below_the_bound(student, points):
    X, y = points
    history, mistakes = student["fit"](X, y, epochs=10_000)
    assert mistakes[-1] == 0
    margin = student["margin"](X, y, history[-1, :-1], history[-1, -1])
    assert 0 < len(history) - 1 <= student["mistake_bound"](X, margin)


@pytest.mark.parametrize("points", [0, 2, 4, 6, 8], indirect=True)
def test_mistakes_from_a_start_stay_below_the_bound(student, points):
    X, y = points
    start, eta = -np.append(y @ X, y.sum()), 0.25  # points the wrong way
    w, b, steps = start[:-1], start[-1], 0
    for i in np.tile(np.arange(len(y)), 300):
        new_w, new_b = student["update"](w, b, X[i], y[i], eta)
        steps += new_b != b
        w, b = new_w, new_b
    margin = student["margin"](X, y, w, b)
    assert margin > 0
    assert 0 < steps <= student["mistake_bound"](X, margin, start, eta)


def test_average_is_that_of_scikit_learn(student, points):
    X, y = points
    for epochs in (1, 6):
        unit = learner(average=True, max_iter=epochs).fit(X, y)
        w, b = student["averaged_fit"](X, y, epochs=epochs)
        assert_allclose([*w, b], [*unit.coef_[0], *unit.intercept_], atol=1e-12)


def test_xor_and_every_table_of_four_inputs(student):
    W1, b1, w2, b2 = student["xor_network"]()
    for x in itertools.product((-1, 1), repeat=2):
        hidden = np.where(W1 @ x + b1 >= 0, 1, -1)
        assert (w2 @ hidden + b2 >= 0) == (x[0] != x[1])
    inputs = np.array(list(itertools.product((0, 1), repeat=4)))
    for table in np.array(list(itertools.product((0, 1), repeat=16)))[::97]:
        W1, b1, w2, b2 = student["table_network"](table)
        assert_array_equal(((inputs @ W1.T + b1 >= 0) @ w2 + b2 >= 0).astype(int), table)
