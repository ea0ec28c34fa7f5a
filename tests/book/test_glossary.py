"""Every formula and number of the glossary holds: each such entry has a check of its own."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats
from scipy.optimize import check_grad
from sklearn import metrics
from sklearn.linear_model import LinearRegression, SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPRegressor
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

GLOSSARY = Path(__file__).parents[2] / "chapters" / "glossary.md"
CHECKS: dict[str, Callable[[], None]] = {}
TRUTH = np.array([1, 1, 0, 1, 0, 1, 0, 0, 0, 0])
SCORE = np.array([95, 90, 80, 70, 60, 40, 40, 30, 20, 10]) / 100
CALLED = SCORE >= 0.5
TN, FP, FN, TP = metrics.confusion_matrix(TRUTH, CALLED).ravel()
Z = np.linspace(-6, 6, 241)


def entries() -> dict[str, str]:
    """Return each entry's first term and its text."""
    body = GLOSSARY.read_text(encoding="utf-8").split("```{glossary}\n")[1].split("\n```")[0]
    found = {}
    for block in body.split("\n\n"):
        lines = block.splitlines()
        found[lines[0]] = "\n".join(line for line in lines if line.startswith("  "))
    return found


def states(term: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the check of a term."""

    def register(check: Callable[[], None]) -> Callable[[], None]:
        CHECKS[term] = check
        return check

    return register


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@states("accuracy")
def _() -> None:
    assert metrics.accuracy_score(TRUTH, CALLED) == (TP + TN) / 10


@states("activation function")
def _() -> None:
    W, V, x = np.ones((3, 2)), np.ones((1, 3)), np.array([1.0, 2.0])
    assert np.allclose(V @ (W @ x), (V @ W) @ x)  # without g two layers are one


@states("average precision")
def _() -> None:
    precision, recall, _ = metrics.precision_recall_curve(TRUTH, SCORE)
    area = sum((r - s) * p for (r, s), p in zip(pairwise(recall), precision, strict=False))
    assert np.isclose(area, metrics.average_precision_score(TRUTH, SCORE))


@states("balanced accuracy")
def _() -> None:
    rates = TP / (TP + FN), TN / (TN + FP)
    assert np.isclose(np.mean(rates), metrics.balanced_accuracy_score(TRUTH, CALLED))
    assert metrics.balanced_accuracy_score(TRUTH, np.zeros(10)) == 0.5


@states("backpropagated error")
def _() -> None:
    h, z, y = 1e-30, 0.7, 1.0
    delta = (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z))
    assert np.isclose(delta, ((sigmoid(z + 1j * h) - y) ** 2 / 2).imag / h)


@states("Bernoulli distribution")
def _() -> None:
    assert np.allclose(stats.bernoulli(0.3).pmf([1, 0]), [0.3, 0.7])


@states("binary cross-entropy")
def _() -> None:
    y, p = np.array([1, 0]), np.array([0.8, 0.3])
    assert np.isclose(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)), metrics.log_loss(y, p))


@states("Brier score")
def _() -> None:
    assert np.isclose(metrics.brier_score_loss(TRUTH, SCORE), np.mean((SCORE - TRUTH) ** 2))


@states("calibration")
def _() -> None:
    rng = np.random.default_rng(0)
    assert abs((rng.random(100_000) < 0.7).mean() - 0.7) < 0.01


@states("complex step")
def _() -> None:
    assert np.isclose(np.exp(1 + 1e-20j).imag / 1e-20, np.e, rtol=1e-15)


@states("condition number")
def _() -> None:
    curvatures = np.array([1.0, 25.0])  # of λ₁x²/2 + λ₂y²/2 = 1
    length, width = np.sqrt(2 / curvatures)
    assert np.linalg.cond(np.diag([1.0, 0.0])) == np.inf
    assert np.isclose(length / width, np.sqrt(np.linalg.cond(np.diag(curvatures))))


@states("confidence interval")
def _() -> None:
    samples = np.random.default_rng(0).normal(5, 1, (4000, 16))
    holds = np.abs(samples.mean(axis=1) - 5) <= stats.norm.ppf(0.975) / 4
    assert abs(holds.mean() - 0.95) < 0.015


@states("contamination")
def _() -> None:
    assert np.isclose(FP / (TP + FP), 1 - metrics.precision_score(TRUTH, CALLED))


@states("convexity")
def _() -> None:
    curve = np.logaddexp(0, -Z)
    assert (np.diff(curve, 2) > 0).all()  # convex
    assert (np.diff(curve) < 0).all()  # and no minimum


@states("cross-entropy")
def _() -> None:
    y, p = np.eye(3)[[2]], np.array([[0.2, 0.3, 0.5]])
    assert np.isclose(-(y * np.log(p)).sum(), metrics.log_loss([2], p, labels=[0, 1, 2]))


@states("decision boundary")
def _() -> None:
    assert (sigmoid(Z[Z >= 0]) >= 0.5).all()
    assert (sigmoid(Z[Z < 0]) < 0.5).all()


@states("diagnostic odds ratio")
def _() -> None:
    plus, minus = metrics.class_likelihood_ratios(TRUTH, CALLED)
    assert np.isclose(plus / minus, TP * TN / (FP * FN))


@states("dropout")
def _() -> None:
    keep, a = 0.75, 3.0
    assert keep * (a / keep) + (1 - keep) * 0 == a


@states("empirical risk")
def _() -> None:
    assert metrics.zero_one_loss(TRUTH, CALLED) == pytest.approx(np.mean(TRUTH != CALLED))


@states("false negative rate")
def _() -> None:
    assert np.isclose(FN / (TP + FN), 1 - metrics.recall_score(TRUTH, CALLED))


@states("false positive rate")
def _() -> None:
    assert np.isclose(FP / (FP + TN), 1 - TN / (TN + FP))


@states("GELU")
def _() -> None:
    assert np.allclose(Z * stats.norm.cdf(Z), Z * (1 + special.erf(Z / np.sqrt(2))) / 2)


def passed_on(variance: float, n: int = 2000) -> float:
    """Mean square of a layer of ReLUs over that of the layer before."""
    rng = np.random.default_rng(0)
    a = np.maximum(0, rng.normal(size=n))
    z = rng.normal(0, np.sqrt(variance), (n, n)) @ a
    return np.mean(np.maximum(0, z) ** 2) / np.mean(a**2)


@states("Glorot initialisation")
def _() -> None:
    n_in, n_out = 300, 500
    assert 1 / n_out < 2 / (n_in + n_out) < 1 / n_in  # between the two passes' demands


@states("He initialisation")
def _() -> None:
    assert abs(passed_on(2 / 2000) - 1) < 0.15
    assert passed_on(1 / 2000) < 0.6


@states("eigenvalue")
def _() -> None:
    H = np.array([[13.0, 12.0], [12.0, 13.0]])
    values, vectors = np.linalg.eigh(H)
    assert np.allclose(H @ vectors, vectors * values)
    assert np.allclose(np.einsum("ik,ij,jk->k", vectors, H, vectors), values)  # curvatures


@states("gradient descent")
def _() -> None:
    w = 1.0
    for _ in range(50):
        w -= 0.1 * w
    assert w < 0.01


@states("hinge")
def _() -> None:
    assert np.allclose(np.diff(np.maximum(0, Z - 1.0), 2)[[100, 200]], 0)
    assert np.argmax(np.diff(np.maximum(0, Z - 1.0), 2)) == np.searchsorted(Z, 1.0 - 1e-9) - 1


@states("Huber loss")
def _() -> None:
    delta = 1.5
    slope = np.clip(Z, -delta, delta)
    assert np.allclose(np.gradient(special.huber(delta, Z), Z), slope, atol=0.03)


@states("layer")
def _() -> None:
    W, b, x = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0.5, 1.0]), np.array([1.0, -1.0])
    one_by_one = [
        sigmoid(sum(w * v for w, v in zip(row, x, strict=True)) + c)
        for row, c in zip(W, b, strict=True)
    ]
    assert np.allclose(sigmoid(W @ x + b), one_by_one)


@states("leaky ReLU")
def _() -> None:
    e = 0.01
    assert np.allclose(e * Z + (1 - e) * np.maximum(0, Z), np.where(Z > 0, Z, e * Z))


@states("likelihood ratio")
def _() -> None:
    plus, minus = metrics.class_likelihood_ratios(TRUTH, CALLED)
    tpr, fpr = TP / (TP + FN), FP / (FP + TN)
    assert np.allclose([plus, minus], [tpr / fpr, (1 - tpr) / (1 - fpr)])
    odds, precision = 4 / 6 * plus, metrics.precision_score(TRUTH, CALLED)
    assert np.isclose(odds / (1 + odds), precision)


@states("linear regression")
def _() -> None:
    X = np.random.default_rng(0).normal(size=(30, 2))
    y = X @ [2.0, -1.0] + 0.5 + X[:, 0] ** 2
    w = np.linalg.lstsq(np.c_[X, np.ones(30)], y, rcond=None)[0]
    line = LinearRegression().fit(X, y)
    assert np.allclose(w, [*line.coef_, line.intercept_])
    least = np.sum((X @ w[:2] + w[2] - y) ** 2)
    for nudge in 0.01 * np.eye(3):
        assert np.sum((X @ (w + nudge)[:2] + (w + nudge)[2] - y) ** 2) > least


@states("Lipschitz")
def _() -> None:
    climbs = np.abs(np.subtract.outer(sigmoid(Z), sigmoid(Z)))
    assert (climbs <= 0.25 * np.abs(np.subtract.outer(Z, Z)) + 1e-12).all()


@states("loss")
def _() -> None:
    assert metrics.log_loss([1], [0.5], labels=[0, 1]) == pytest.approx(np.log(2))


@states("L2 penalty")
def _() -> None:
    w = np.array([1.0, -2.0])
    assert check_grad(lambda v: 0.3 / 2 * v @ v, lambda v: 0.3 * v, w) < 1e-6


@states("log-odds")
def _() -> None:
    assert np.allclose(np.log(sigmoid(Z) / (1 - sigmoid(Z))), Z)


@states("margin")
def _() -> None:
    signed = np.array([[1.0, 1.0], [1.0, -1.0]])  # y (x, 1) of x = 1, y = 1 and x = −1, y = −1
    angles = np.linspace(0, 2 * np.pi, 3601)
    gammas = (signed @ [np.cos(angles), np.sin(angles)]).min(axis=0)
    assert np.isclose(gammas.max(), 1)


@states("MCC")
def _() -> None:
    assert np.isclose(metrics.matthews_corrcoef(TRUTH, CALLED), np.corrcoef(TRUTH, CALLED)[0, 1])
    assert metrics.matthews_corrcoef(TRUTH, 1 - TRUTH) == -1


@states("momentum")
def _() -> None:
    v = 0.0
    for _ in range(500):
        v = 0.9 * v + 1.0
    assert np.isclose(v, 1 / (1 - 0.9))


@states("MSE")
def _() -> None:
    r = np.array([1.0, -2.0])
    assert metrics.mean_squared_error([0, 0], r) == (r**2).sum() / 2


@states("network function")
def _() -> None:
    net = MLPRegressor(hidden_layer_sizes=(3, 2), activation="tanh", max_iter=1, random_state=0)
    x = np.random.default_rng(0).normal(size=(5, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one step of training only
        net.fit(x, x[:, 0])
    a = x.T
    for W, b in zip(net.coefs_, net.intercepts_, strict=True):
        z = W.T @ a + b[:, None]
        a = np.tanh(z)
    assert np.allclose(z[0], net.predict(x))  # the last layer is linear


@states("Newton's method")
def _() -> None:
    H, w = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([4.0, -5.0])
    assert np.allclose(w - np.linalg.solve(H, H @ w), 0)  # the bottom of a bowl, in one step


@states("NMAD")
def _() -> None:
    assert np.isclose(1 / stats.norm.ppf(0.75), 1.4826, atol=5e-5)


@states("odds")
def _() -> None:
    assert 0.75 / (1 - 0.75) == 3


@states("odds ratio")
def _() -> None:
    w, z = 0.7, 0.2
    odds = [p / (1 - p) for p in (sigmoid(z), sigmoid(z + w))]
    assert np.isclose(odds[1] / odds[0], np.exp(w))


@states("one-hot target")
def _() -> None:
    assert (np.eye(3).sum(axis=1) == 1).all()


@states("outlier fraction")
def _() -> None:
    assert (np.abs([0.1, 0.2]) > 0.15).mean() == 0.5


@states("perceptron criterion")
def _() -> None:
    assert np.maximum(0, -1 * -2.0) == 2
    assert np.maximum(0, -1 * 2.0) == 0


@states("perceptron rule")
def _() -> None:
    w, b, x, y = np.array([-1.2, 0]), -5.0, np.array([1.0, 0]), 1
    assert np.isclose((w + y * x) @ x + b + y - (w @ x + b), x @ x + 1)


@states("precision")
def _() -> None:
    assert np.isclose(TP / (TP + FP), metrics.precision_score(TRUTH, CALLED))


@states("R²")
def _() -> None:
    y, said = np.array([1.0, 2, 4]), np.array([1.5, 2, 3])
    by_hand = 1 - ((y - said) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    assert np.isclose(by_hand, metrics.r2_score(y, said))
    assert metrics.r2_score(y, np.full(3, y.mean())) == 0
    with np.errstate(all="ignore"):
        assert np.isnan(metrics.r2_score([2, 2], [2, 2], force_finite=False))
        assert metrics.r2_score([2, 2], [2, 3], force_finite=False) == -np.inf


@states("recall")
def _() -> None:
    assert np.isclose(TP / (TP + FN), metrics.recall_score(TRUTH, CALLED))


@states("RMSE")
def _() -> None:
    r = np.array([1.0, -2.0, 4.0])
    assert np.isclose(np.mean(r**2), r.mean() ** 2 + r.std() ** 2)


@states("ReLU")
def _() -> None:
    assert np.allclose(np.maximum(0, Z), Z * (Z > 0))


@states("sigmoid")
def _() -> None:
    assert np.allclose(sigmoid(Z), special.expit(Z))
    slope = sigmoid(Z) * (1 - sigmoid(Z))
    assert np.allclose(np.gradient(sigmoid(Z), Z)[1:-1], slope[1:-1], atol=1e-3)


@states("SiLU")
def _() -> None:
    assert np.isclose((Z * sigmoid(Z)).min(), -0.278, atol=1e-3)


@states("softmax")
def _() -> None:
    z = np.array([2.0, 1.0, 0.1])
    assert np.allclose(np.exp(z) / np.exp(z).sum(), special.softmax(z))


@states("softplus")
def _() -> None:
    assert np.allclose(np.log(1 + np.exp(Z)), np.logaddexp(0, Z))


@states("specificity")
def _() -> None:
    assert np.isclose(TN / (TN + FP), metrics.recall_score(TRUTH, CALLED, pos_label=0))


@states("step function")
def _() -> None:
    assert np.heaviside(0.0, 1.0) == 1
    assert np.heaviside(-1.0, 1.0) == 0


@states("tanh")
def _() -> None:
    assert np.allclose(2 * sigmoid(2 * Z) - 1, np.tanh(Z))


@states("weight decay")
def _() -> None:
    w, slope, eta, penalty = 2.0, 0.3, 0.1, 0.5
    assert np.isclose(w - eta * (slope + penalty * w), (1 - eta * penalty) * w - eta * slope)
    assert not np.isclose(w - eta * np.sign(slope + penalty * w), (1 - eta * penalty) * w - eta)


@states("Adam")
def _() -> None:
    # Scikit-learn's optimiser, which folds both corrections into its rate, over three steps.
    ours, theirs, m, s, eta = np.array([1.0, -2.0]), np.array([1.0, -2.0]), 0.0, 0.0, 0.1
    optimiser = AdamOptimizer([theirs], learning_rate_init=eta, epsilon=1e-16)
    for t in range(1, 4):
        g = np.array([0.3, -50.0]) * t
        optimiser.update_params([theirs], [g])
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        ours -= eta * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-16)
    assert np.allclose(theirs, ours)


@states("AUC")
def _() -> None:
    pairs = np.subtract.outer(SCORE[TRUTH == 1], SCORE[TRUTH == 0])
    share = np.mean((pairs > 0) + (pairs == 0) / 2)
    assert np.isclose(share, metrics.roc_auc_score(TRUTH, SCORE))
    with pytest.warns(UserWarning, match="Only one class"):
        assert np.isnan(metrics.roc_auc_score([1, 1], [0.2, 0.8]))


@states("averaged perceptron")
def _() -> None:
    rng = np.random.default_rng(1)
    y = np.repeat([-1, 1], 100)
    x = rng.normal(0.7 * y[:, None], 1, (200, 2))
    spread = {}
    for average in (False, True):
        unit = SGDClassifier(
            loss="perceptron", penalty=None, learning_rate="constant", eta0=1, average=average,
            random_state=0,
        )  # fmt: skip
        wrong = [np.mean(unit.partial_fit(x, y, [-1, 1]).predict(x) != y) for _ in range(20)]
        spread[average] = np.ptp(wrong[5:])
    assert spread[True] < spread[False]


@states("bias (of predictions)")
def _() -> None:
    y, said = np.array([1.0, 2, 4]), np.array([1.5, 2, 3])
    assert np.isclose((said - y).mean(), said.mean() - y.mean())


@states("chain rule")
def _() -> None:
    x, h = 0.7, 1e-30
    one = np.sin(3 * (x + 1j * h)).imag / h
    two = ((2 * (x + 1j * h)) * (x + 1j * h + 1)).imag / h
    assert np.isclose(one, np.cos(3 * x) * 3)  # along a path
    assert np.isclose(two, (x + 1) * 2 + 2 * x * 1)  # over two paths


@states("cost")
def _() -> None:
    p = np.array([0.8, 0.3])
    each = [metrics.log_loss([y], [q], labels=[0, 1]) for y, q in zip([1, 0], p, strict=True)]
    assert np.isclose(np.mean(each), metrics.log_loss([1, 0], p))


@states("expected cost")
def _() -> None:
    fp, fn, pi = 1.0, 9.0, TRUTH.mean()
    rates = FP / (FP + TN), FN / (TP + FN)
    by_rates = fp * (1 - pi) * rates[0] + fn * pi * rates[1]
    assert np.isclose(by_rates, (fp * FP + fn * FN) / TRUTH.size)


@states("finite difference")
def _() -> None:
    errors = [abs((np.exp(1 + h) - np.exp(1)) / h - np.e) for h in (1e-2, 1e-8, 1e-15)]
    assert errors[1] < min(errors[0], errors[2])
    h = 1e-5
    assert np.isclose((np.exp(1 + h) - np.exp(1 - h)) / (2 * h), np.e, rtol=1e-9)


@states("forward mode")
def _() -> None:
    # One input's rate, carried along with (x + y) z: dual numbers.
    x, y, z = -2.0, 5.0, -4.0
    q, dq = x + y, 1.0
    assert dq * z + q * 0.0 == ((x + 1j + y) * z).imag


@states("reverse mode")
def _() -> None:
    x, y, z = -2.0, 5.0, -4.0
    back = {"q": z, "z": x + y}
    back |= {"x": back["q"], "y": back["q"]}
    for name, at in (("x", (1j, 0, 0)), ("y", (0, 1j, 0)), ("z", (0, 0, 1j))):
        assert back[name] == ((x + at[0] + y + at[1]) * (z + at[2])).imag


@states("F₁ score")
def _() -> None:
    precision, recall = TP / (TP + FP), TP / (TP + FN)
    for value in (2 * TP / (2 * TP + FP + FN), stats.hmean([precision, recall])):
        assert np.isclose(value, metrics.f1_score(TRUTH, CALLED))
    weighted = stats.hmean([precision, recall], weights=[1, 2**2])
    assert np.isclose(weighted, metrics.fbeta_score(TRUTH, CALLED, beta=2))


@states("false omission rate")
def _() -> None:
    turned = metrics.precision_score(1 - TRUTH, 1 - CALLED)
    assert np.isclose(FN / (TN + FN), 1 - turned)


@states("negative predictive value")
def _() -> None:
    assert np.isclose(TN / (TN + FN), metrics.precision_score(1 - TRUTH, 1 - CALLED))


@states("prevalence")
def _() -> None:
    assert TRUTH.mean() == (TP + FN) / (TP + FP + FN + TN)


@states("gradient")
def _() -> None:
    def f(x):
        return x[0] ** 2 / 2 + 2 * x[1] ** 2

    at, slope = np.array([1.5, 0.8]), np.array([1.5, 3.2])
    assert check_grad(f, lambda _: slope, at) < 1e-6
    angles = np.linspace(0, 2 * np.pi, 721)
    rise = [f(at + 1e-6 * np.array([np.cos(a), np.sin(a)])) for a in angles]
    assert np.isclose(angles[np.argmax(rise)], np.arctan2(3.2, 1.5), atol=0.01)


@states("partial derivative")
def _() -> None:
    assert np.isclose(((2**2 + 3 * 2 * (5 + 1e-30j)).imag) / 1e-30, 3 * 2)


@states("Hessian")
def _() -> None:
    H, v, h = np.array([[13.0, 12.0], [12.0, 13.0]]), np.array([0.6, 0.8]), 1e-3
    along = [(s * v) @ H @ (s * v) / 2 for s in (-h, 0, h)]
    assert np.isclose(np.diff(along, 2)[0] / h**2, v @ H @ v)


@states("Jacobian")
def _() -> None:
    W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    columns = [(W @ (np.ones(2) + 1e-30j * e)).imag / 1e-30 for e in np.eye(2)]
    assert np.allclose(np.array(columns).T, W)  # three outputs, three rows


@states("knot")
def _() -> None:
    slopes = np.diff(np.interp(Z, [-6, 0, 6], [0, 3, -1])) / np.diff(Z)
    assert np.allclose(slopes[:120], 0.5)
    assert np.allclose(slopes[120:], -4 / 6)


@states("least squares")
def _() -> None:
    y = np.array([1.0, 2.0, 6.0])
    sums = [((y - c) ** 2).sum() for c in np.linspace(0, 6, 61)]
    assert np.isclose(np.linspace(0, 6, 61)[np.argmin(sums)], y.mean())


@states("likelihood")
def _() -> None:
    tosses, p = np.array([1, 0, 1]), 0.3
    assert np.isclose(np.prod(stats.bernoulli(p).pmf(tosses)), p**2 * (1 - p))


@states("MAE")
def _() -> None:
    assert metrics.mean_absolute_error([0, 0], [1, -2]) == 1.5


CLASSES, SAID = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2])


@states("macro average")
def _() -> None:
    each = metrics.recall_score(CLASSES, SAID, average=None)
    assert np.isclose(each.mean(), metrics.recall_score(CLASSES, SAID, average="macro"))


@states("weighted average")
def _() -> None:
    each = metrics.precision_score(CLASSES, SAID, average=None)
    mean = np.average(each, weights=np.bincount(CLASSES))
    assert np.isclose(mean, metrics.precision_score(CLASSES, SAID, average="weighted"))


@states("residual")
def _() -> None:
    y, said = np.array([1.0, 2, 4]), np.array([1.5, 2, 3])
    assert np.isclose(((said - y) ** 2).mean(), metrics.mean_squared_error(y, said))


@states("risk")
def _() -> None:
    # Of a guess of 0 for a standard normal quantity, with the squared loss: its variance, 1.
    sample = np.random.default_rng(0).normal(size=200_000)
    assert np.isclose(np.mean(sample**2), 1, atol=0.02)


@states("saddle point")
def _() -> None:
    def f(x, y):
        return x**2 - y**2

    assert f(0.1, 0) > f(0, 0) > f(0, 0.1)
    assert f(1e-8, 0) == pytest.approx(0)


@states("saturation")
def _() -> None:
    assert sigmoid(10.0) * (1 - sigmoid(10.0)) < 1e-4 < sigmoid(0.0) * (1 - sigmoid(0.0))


@states("stratified split")
def _() -> None:
    kind = np.repeat([0, 1], [180, 20])
    parts = train_test_split(kind, test_size=0.1, stratify=kind, random_state=0)
    assert {part.mean() for part in parts} == {0.1}


@states("subgradient")
def _() -> None:
    for slope in (0, 0.5, 1):  # lines through the kink of a ReLU
        assert (slope * Z <= np.maximum(0, Z)).all()
    assert abs(0 - 0.1 * 0.5) > abs(0)  # a step against ½ at the minimum of |z| climbs


@states("symmetry breaking")
def _() -> None:
    def slopes(out):
        W = np.full((2, 2), 0.5)
        hidden = sigmoid(W @ [0.3, -0.7])
        return np.outer((out @ hidden - 1) * np.array(out) * hidden * (1 - hidden), [0.3, -0.7])

    alike, unlike = slopes(np.array([0.5, 0.5])), slopes(np.array([0.5, 0.1]))
    assert np.allclose(alike[0], alike[1])
    assert not np.allclose(unlike[0], unlike[1])


@states("whitening")
def _() -> None:
    x = np.random.default_rng(0).normal(size=(300, 2)) @ [[1.0, 0.8], [0.0, 0.4]]
    variances, directions = np.linalg.eigh(np.cov(x.T, bias=True))
    white = (x - x.mean(axis=0)) @ directions / np.sqrt(variances)
    assert np.allclose(np.cov(white.T, bias=True), np.eye(2))


@states("Wilson interval")
def _() -> None:
    found = stats.binomtest(7, 10).proportion_ci(method="wilson")
    for a in (found.low, found.high):  # as far as 1.96 of their own standard deviations
        assert np.isclose(abs(0.7 - a), stats.norm.ppf(0.975) * np.sqrt(a * (1 - a) / 10))


@states("z-score")
def _() -> None:
    x = np.array([2.0, 4.0, 6.0])
    assert np.allclose((x - x.mean()) / x.std(), stats.zscore(x))


# A formula in words.
IN_WORDS = re.compile(
    r"\b(mean|harmonic|share|shares|probability|half|½|multiply|slopes?|derivatives?|equal|minus"
    r"|steeply|minimum|touches|geometric|correlation|squared)\b",
    re.IGNORECASE,
)


def states_something(text: str) -> bool:
    """Tell whether an entry has a number, a formula of more than a symbol, or one in words."""
    plain = re.sub(r"\{term\}`[^`]*`|[A-Z]2\b", "", text)
    if IN_WORDS.search(plain):
        return True
    formulas = re.findall(r"\$([^$]+)\$", plain)
    rest = re.sub(r"\$[^$]+\$", "", plain)
    return bool(re.search(r"\d|[/·−]", rest)) or any(
        re.search(r"[=/\d]|\\frac|\\max|\\ge|\\log|-| \+ ", formula) for formula in formulas
    )


STATING = [term for term, text in entries().items() if states_something(text)]


@pytest.mark.parametrize("term", STATING)
def test_what_the_glossary_states_holds(term: str) -> None:
    assert term in CHECKS, f"write a check of the glossary's entry {term!r}, in this file"
    CHECKS[term]()


def test_no_check_is_left_over() -> None:
    assert set(CHECKS) <= set(entries())
