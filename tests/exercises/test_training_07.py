"""The reference solutions of 07-training agree with scikit-learn, SciPy and the lecture."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.optimize import approx_fprime
from scipy.signal import lfilter
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer
from sklearn.preprocessing import StandardScaler

from shallow import networks
from tests.exercises.grading import read_notebook, sources

ASSIGNMENT = "07-training"


@pytest.fixture(params=range(10))
def rng(request):
    return np.random.default_rng(request.param)


def test_z_scores(student, rng):
    train, other = rng.normal(3, 7, (30, 4)), rng.normal(0, 5, (8, 4))
    train[:, 2] = 0.1
    scaler = StandardScaler().fit(train)
    z_train, z_other, mean, std = student["standardise"](train, other)
    assert_allclose(z_train, scaler.transform(train), atol=1e-12)
    assert_allclose(z_other, scaler.transform(other))
    assert_allclose(mean, scaler.mean_)
    assert_allclose(std, scaler.scale_)


@pytest.mark.parametrize(("rule", "total"), [("glorot", 160), ("he", 120)])
def test_initial_weights(student, rng, rule, total):
    sizes, std = [120, 40], np.sqrt(2 / total)
    [(W, b)] = student["initialise"](sizes, rule, rng)
    assert stats.kstest(W.ravel(), stats.norm(0, std).cdf).pvalue > 1e-6
    [(W, b)] = student["initialise"](sizes, rule, rng, uniform=True)
    interval = stats.uniform(-np.sqrt(3) * std, 2 * np.sqrt(3) * std)
    assert_allclose(interval.std(), std)
    assert stats.kstest(W.ravel(), interval.cdf).pvalue > 1e-6
    assert_allclose(b, np.zeros(40))


def test_minibatches(student, rng):
    batches = student["minibatches"](11, 4, 600, rng)
    orders = np.concatenate(batches).reshape(600, 11)
    assert_allclose(np.sort(orders), np.tile(np.arange(11), (600, 1)))
    counts = [np.bincount(column, minlength=11) for column in orders.T]
    assert stats.chi2_contingency(counts).pvalue > 1e-6


@pytest.mark.parametrize("beta", [0, 0.5, 0.9])
def test_momentum(student, rng, beta):
    slopes = rng.normal(size=(25, 3))
    path = student["sgd"](
        lambda w, batch: slopes[batch].mean(axis=0),
        np.zeros(3),
        [[k] for k in range(25)],
        0.1,
        beta,
    )
    velocity = lfilter([1], [1, -beta], slopes, axis=0)
    assert_allclose(path[1:], -0.1 * np.cumsum(velocity, axis=0), atol=1e-12)

    weights = [np.zeros(3)]  # scikit-learn's optimizer changes them in place
    library = SGDOptimizer(weights, 0.1, momentum=beta, nesterov=False)
    for k, slope in enumerate(slopes):
        library.update_params(weights, [slope])
        assert_allclose(path[k + 1], weights[0], atol=1e-12)


def test_adam(student, rng):
    weights = [np.zeros((2, 3))]
    library = AdamOptimizer(weights, 0.01, epsilon=1e-12)
    w, state = np.zeros((2, 3)), (np.zeros((2, 3)), np.zeros((2, 3)), 0)
    for _ in range(40):
        slope = rng.normal(0.5, 1, (2, 3))
        w, state = student["adam_update"](w, slope, state, 0.01, epsilon=1e-12)
        library.update_params(weights, [slope])
        assert_allclose(w, weights[0], atol=1e-10)  # scikit-learn's epsilon is not corrected


def test_early_stopping(student, rng):
    validation = rng.random(30)
    for patience in range(1, 12):
        weights, best, losses = student["early_stopping"](
            lambda epoch: (validation[epoch], epoch), patience, 30
        )
        assert weights == best == np.argmin(losses)
        records = np.flatnonzero(losses == np.minimum.accumulate(losses))
        assert (np.diff(records) <= patience).all()
        assert len(losses) in (records[-1] + 1 + patience, 30)


def test_dropout(student, rng):
    keep = rng.uniform(0.1, 0.9)
    A = rng.normal(size=(60, 40))
    out, factor = student["dropout"](A, keep, rng)
    assert_allclose(out, A * factor)
    kept = int(np.count_nonzero(factor))
    assert stats.binomtest(kept, factor.size, keep).pvalue > 1e-6
    assert_allclose(factor[factor > 0], 1 / keep)
    assert_allclose(student["dropout"](A, keep, None, training=False)[0], A)


def test_history_of_the_lecture(student):
    (W1, b1, W2, b2), X, Y = networks.two_three_one()
    for epochs, printed in networks.printed_history().items():
        layers, costs = student["train_network"]([(W1, b1), (W2, b2)], X, Y, 0.5, epochs)
        for got, right in zip((*layers[0], *layers[1]), printed, strict=True):
            assert_allclose(got, right, atol=0.0015)
        assert f"{costs[0]:.2f}" == "1.55"
    assert costs[-1] < 0.001 < costs[7000]


def test_customers_of_the_exercise_are_those_of_the_book(student):
    calls = []

    def train_network(layers, X, Y, eta, epochs):
        calls.append((layers, X, Y))
        return student["train_network"](layers, X, Y, eta, epochs)

    notebook = sources(read_notebook("solutions", "07-training"))
    names = student | {"train_network": train_network}
    for cell in ("grading", "train-example"):
        exec(notebook[cell], names)
    layers, X, Y = calls[-1]
    parameters, customers, labels = networks.two_three_one()
    assert_allclose(X, customers)
    assert_allclose(Y, labels)
    for got, right in zip(sum(layers, ()), parameters, strict=True):
        assert_allclose(got, right)


def test_batch_normalisation(student, rng):
    Z, G = rng.normal(size=(2, 5, 3))
    gamma, beta = rng.normal(size=(2, 3))
    out, dZ, dgamma, dbeta = student["batch_norm"](Z, gamma, beta, G)
    assert_allclose(out, gamma * stats.zscore(Z) + beta, atol=1e-3)

    def cost(z, gamma, beta):
        return np.sum(G * student["batch_norm"](z.reshape(5, 3), gamma, beta, G)[0])

    for got, place, at in (
        (dZ.ravel(), Z.ravel(), lambda z: cost(z, gamma, beta)),
        (dgamma, gamma, lambda g: cost(Z, g, beta)),
        (dbeta, beta, lambda b: cost(Z, gamma, b)),
    ):
        assert_allclose(got, approx_fprime(place, at), atol=1e-5)


def test_what_the_figure_shows(student):
    """The model answer of the last question says what the curves do."""
    curvatures, start = np.array([1, 20]), np.array([-2, 0.001])
    costs = {}
    for name, eta, beta in (("a", 0.05, 0), ("b", 0.09, 0), ("c", 0.101, 0), ("d", 0.09, 0.6)):
        path = student["sgd"](lambda w, _: curvatures * w, start, [[]] * 300, eta, beta)
        costs[name] = (curvatures * path**2).sum(axis=1) / 2
    assert 0.45 < costs["c"][30] / costs["b"][30] < 0.55
    assert costs["c"][300] > 1
    assert costs["b"][300] < 1e-20
    assert 50 < np.argmin(costs["c"]) < 60
    assert_allclose(costs["c"][300] / costs["c"][299], 1.02**2)
    for name, eta in (("a", 0.05), ("b", 0.09)):
        assert_allclose(costs[name][101] / costs[name][100], (1 - eta) ** 2)
    matrices = [np.array([[1 - 0.09 * k, -0.09 * 0.6], [k, 0.6]]) for k in curvatures]
    assert_allclose(np.abs(np.linalg.eigvals(matrices)), np.sqrt(0.6))
