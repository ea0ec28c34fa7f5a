"""The reference solutions of 05-losses agree with SciPy, scikit-learn and the lectures' figures."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special
from sklearn import metrics
from sklearn.preprocessing import label_binarize

from shallow import networks

ASSIGNMENT = "05-losses"


@pytest.fixture(params=range(10))
def rng(request):
    return np.random.default_rng(request.param)


def test_cost_of_the_two_three_one_network_is_the_printed_one(student):
    (W1, b1, W2, b2), X, Y = networks.two_three_one()
    y_hat = special.expit(special.expit(X @ W1.T + b1) @ W2.T + b2)
    squared_error = student["squared_error"]
    assert f"{squared_error(y_hat, Y, half=True, average=False):.2f}" == "1.55"
    assert f"{squared_error(y_hat, Y, half=True):.3f}" == "0.155"


def test_squared_and_absolute_error(student, rng):
    y_hat, y = rng.normal(size=(2, 40))
    assert_allclose(student["squared_error"](y_hat, y), metrics.mean_squared_error(y, y_hat))
    cost, gradient = student["absolute_error"](y_hat, y)
    assert_allclose(cost, metrics.mean_absolute_error(y, y_hat))
    assert_allclose(gradient, np.copysign(1 / 40, y_hat - y))


@pytest.mark.parametrize("delta", [0.3, 1, 5])
def test_huber(student, rng, delta):
    y_hat, y = rng.normal(0, 3, (2, 40))
    cost, gradient = student["huber_error"](y_hat, y, delta)
    assert_allclose(cost, special.huber(delta, y_hat - y).mean())
    ahead, behind = (special.huber(delta, y_hat - y + h) for h in (1e-6, -1e-6))
    assert_allclose(gradient, (ahead - behind) / 2e-6 / 40, atol=1e-6)


def test_one_hot(student, rng):
    classes = rng.permutation(["elliptical", "spiral", "merger", "irregular"])
    labels = rng.choice(classes, 30)
    expected = label_binarize(labels, classes=np.sort(classes))[:, classes.argsort().argsort()]
    assert_allclose(student["one_hot"](labels, classes), expected)


def test_binary_cross_entropy(student, rng):
    z, y = rng.normal(0, 100, 40), rng.random(40)
    cost, gradient = student["binary_cross_entropy"](z, y)
    assert_allclose(cost, -np.mean(y * special.log_expit(z) + (1 - y) * special.log_expit(-z)))
    assert_allclose(gradient, (special.expit(z) - y) / 40, atol=1e-15)


def test_cross_entropy_and_its_gradient(student, rng):
    Z, labels = rng.normal(0, 100, (30, 5)), rng.integers(0, 5, 30)
    losses = -special.log_softmax(Z, axis=1)[np.arange(30), labels]
    assert_allclose(student["cross_entropy"](Z, labels), losses, atol=1e-12)
    mild = Z / 100
    assert_allclose(
        student["cross_entropy"](mild, labels).mean(),
        metrics.log_loss(labels, special.softmax(mild, axis=1), labels=range(5)),
    )
    Y = np.eye(5)[labels]
    gradient = student["cross_entropy_gradient"](Z, Y, 3)
    assert_allclose(gradient, (special.softmax(Z / 3, axis=1) - Y) / 90, atol=1e-15)


def test_split_is_whole_complete_and_fair(student, rng):
    kinds = rng.integers(0, 3, 80)
    groups = rng.integers(0, 80, 300)
    parts = student["stratified_split"](kinds[groups], groups, (0.7, 0.2, 0.1), 0)
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(300))
    galaxies = [np.unique(groups[part]) for part in parts]
    assert sum(map(len, galaxies)) == len(np.unique(groups))
    present = np.bincount(kinds[np.unique(groups)])
    for share, found in zip((0.7, 0.2, 0.1), galaxies, strict=True):
        assert np.abs(np.bincount(kinds[found], minlength=3) - share * present).max() <= 1


@pytest.mark.parametrize("gamma", [0, 0.5, 2])
def test_focal_loss(student, rng, gamma):
    z, y = rng.normal(0, 5, 40), rng.integers(0, 2, 40)

    def focal(logits):
        margin = np.where(y, logits, -logits)
        return -(special.expit(-margin) ** gamma) * special.log_expit(margin)

    losses, slopes = student["focal_loss"](z, y, gamma)
    assert_allclose(losses, focal(z))
    assert_allclose(slopes, (focal(z + 1e-6) - focal(z - 1e-6)) / 2e-6, atol=1e-8, rtol=1e-6)
