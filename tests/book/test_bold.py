"""What the chapters say in bold holds: a fact has a check of its own here, all else is a label.

A bold span that states something of mathematics, alone or with the sentence that it begins, is
registered by `fact`; one that names, advises or heads a paragraph stands in `LABELS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, special, stats
from sklearn import metrics
from sklearn.linear_model import Perceptron

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGES = [
    page
    for page in sorted(CHAPTERS.glob("[!R]*.md"))
    if "```{code-cell}" in page.read_text(encoding="utf-8")
]
CODE = re.compile(r"^(`{3,})\{code-cell\}.*?^\1$", re.MULTILINE | re.DOTALL)
BOLD = re.compile(r"\*\*(.+?)\*\*")
STATES = re.compile(r"[$=]|\b(is|are|has|have|adds?|makes?|goes|costs?|equals?|never|every)\b")
FACTS: dict[tuple[str, str], Callable[[], None]] = {}
Z = np.linspace(-6, 6, 241)

LABELS = {
    "activations": {"Temperature."},
    "approximation": {
        "Steepness.", "Curvature.", "How many units.", "How to find them.", "Anything about data.",
        "Anything outside the set.",
    },
    "backprop": {
        "Back to $w_5$", "Back to the hidden layer.", "Forward", "The cost", "Backward.", "Update",
    },
    "logistic": {
        "Exponentiate only what is negative.", r"Compute the loss from $z$, not from $\hat y$.",
    },
    "losses": {"The loss"},
    "metrics": {
        "called positive", "called negative", "Among the truly positive, or the truly negative.",
        "Among those called positive, or called negative.", "Among all.",
    },
    "perceptron": {"In biology.", "On paper.", "Order dependence.", "Inseparable data."},
    "pitfalls": {"The slide says:", "What is true:"},
    "regularisation": {"Not too small, not too large.", "{term}`Early stopping`"},
    "start": {
        "{term}`Under-fitting <under-fitting>`", "{term}`Over-fitting <over-fitting>`",
        "Between them", "Accuracy", "Speed", "Discovery", "trees", "kernels", "gradient-based",
        "neural networks", "Read it.", "Take your time.", "Predict before you look.",
        "Move the widgets.", "Run it.", "Do the exercises.", "Order.",
    },
    "training": {
        "Design", "Initialise", "Forward:", "Cost:", "Backpropagate:", "Update",
        "Follow the trajectory.", "warm-up", "schedule", "{term}`Gradient clipping`",
    },
}  # fmt: skip
EVERYWHERE = {"Prerequisites:", "Reading time:", "Dictionary.", "Other names."}
ADVICE = LABELS["logistic"] | {"Back to $w_5$", "The cost", "What is true:"}


def spans(page: Path) -> list[str]:
    """Return what a page has in bold, outside its cells."""
    return BOLD.findall(CODE.sub("", page.read_text(encoding="utf-8")))


def fact(page: str, *bold: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the check of what a page says in bold."""

    def register(check: Callable[[], None]) -> Callable[[], None]:
        FACTS.update({(page, span): check for span in bold})
        return check

    return register


def relu(z):
    return np.maximum(0, z)


def sigmoid(z):
    return special.expit(z)


def by_complex_step(f, x, h=1e-30):
    """Gradient of f at x, by a method that knows no chain rule."""
    x = np.asarray(x, float)
    return np.array([f(x + 1j * h * e).imag / h for e in np.eye(x.size)])


def complex_sigmoid(z):
    return 1 / (1 + np.exp(-z))


# From units to layers


@fact("activations", "tanh")
def _() -> None:
    e = np.exp(2 * Z)
    for other in (2 * sigmoid(2 * Z) - 1, (e - 1) / (e + 1), 2 / (1 + np.exp(-2 * Z)) - 1):
        assert np.allclose(np.tanh(Z), other)


@fact("activations", "Leaky ReLU")
def _() -> None:
    assert np.allclose(0.01 * Z + 0.99 * relu(Z), np.where(Z > 0, Z, 0.01 * Z))


@fact("activations", "Soft ReLU")
def _() -> None:
    gap = np.logaddexp(0, Z) - relu(Z)
    assert np.isclose(gap.max(), np.log(2))
    assert Z[gap.argmax()] == pytest.approx(0)


@fact("activations", "Two classes are the sigmoid.")
def _() -> None:
    for z1, z0 in ((1.3, -0.4), (0, 5)):
        assert np.isclose(special.softmax([z1, z0])[0], sigmoid(z1 - z0))


# Universal approximation


@fact(
    "approximation",
    "On a closed, bounded interval every continuous function is uniformly continuous:",
)
def _() -> None:
    x = np.linspace(0, 1, 100_001)
    for f, eps, h in ((np.sqrt, 0.1, 0.01), (np.square, 0.1, 0.05)):  # one h for every place
        shifted = np.minimum(x + h, 1)
        assert np.abs(f(shifted) - f(x)).max() < eps + 1e-12
    y = np.geomspace(1e-9, 0.5, 1000)  # and on (0, 1] 1/x has none
    assert np.abs(1 / (y + 1e-6) - 1 / y).max() > 1e5


@fact("approximation", "√x", "A jump", "1/x on (0, 1]")
def _() -> None:
    x = np.linspace(0, 1, 100_001)

    def error(f, knots):
        return np.abs(f(x[1:]) - np.interp(x[1:], knots, f(knots))).max()

    few, many = (np.arange(n + 1) / n for n in (10, 1000))
    assert np.isclose(error(np.sqrt, few) / error(np.sqrt, many), 10, rtol=0.02)  # slowly, √100
    assert error(lambda v: (v >= 0.5) * 1.0, many) >= 0.5  # half the jump, at least
    assert error(np.reciprocal, many[1:]) > 9e4  # as far as the grid goes


@fact("approximation", "Two ReLUs make a ridge.")
def _() -> None:
    assert np.allclose(1 - relu(Z) - relu(-Z), 1 - np.abs(Z))


@fact("approximation", "Crossed and cut, ridges make a box.", "Boxes make a surface.")
def _() -> None:
    u1, u2 = np.meshgrid(Z, Z)
    box = relu((1 - np.abs(u1)) + (1 - np.abs(u2)) - 1)
    assert box.max() == pytest.approx(1)
    assert (box[np.abs(u1) + np.abs(u2) >= 1] < 1e-12).all()


@fact("approximation", "That the function is represented.")
def _() -> None:
    x = np.linspace(0, np.pi, 2001)
    bent = np.diff(np.sin(x), 2)
    assert (bent < 0).all()  # a sine bends everywhere, a sum of ReLUs at its hinges only


@fact("approximation", "That one hidden layer is a good idea.")
def _() -> None:
    x = y = np.linspace(0, 1, 2**12 + 1)
    for _ in range(5):  # ten units in five layers
        y = 2 * relu(y) - 4 * relu(y - 0.5)
    pieces = 1 + np.count_nonzero(np.abs(np.diff(np.diff(y) / np.diff(x))) > 1e-6)
    assert pieces == 32 > 10 + 1  # eleven is the most that ten units of one layer make


# Backpropagation


@fact("backprop", "sum", "product", "feeds several nodes")
def _() -> None:
    x, y, z = 1.5, -2.0, 0.7
    assert np.allclose(by_complex_step(lambda v: v[0] + v[1], [x, y]), [1, 1])
    assert np.allclose(by_complex_step(lambda v: v[0] * v[1], [x, y]), [y, x])
    both = by_complex_step(lambda v: v[0] * y + v[0] * z, [x])
    assert np.allclose(both, y + z)


@fact(
    "backprop", "A single weight.", "All weights.", "A single activation.", "All activations.",
    "Through the activation function.", "A minibatch.",
)  # fmt: skip
def _() -> None:
    rng = np.random.default_rng(0)
    W, b, V, X = (rng.normal(size=s) for s in ((3, 2), 3, (1, 3), (4, 2)))

    def cost(theta, X=X):
        hidden = complex_sigmoid(X @ theta[:6].reshape(3, 2).T + theta[6:])
        return ((hidden @ V.T) ** 2).sum() / 2

    slopes = by_complex_step(cost, np.r_[W.ravel(), b])
    A = sigmoid(X @ W.T + b)
    D = (A @ V.T) @ V * A * (1 - A)  # back through Vᵀ, then σ′
    assert np.allclose(slopes[:6].reshape(3, 2), D.T @ X)
    assert np.allclose(D.T @ X, sum(np.outer(d, x) for d, x in zip(D, X, strict=True)))
    assert np.allclose(slopes[6:], D.sum(axis=0))


@fact("backprop", "Finite differences", "The complex step")
def _() -> None:
    x, slope = 0.3, np.cos(0.3)
    one = [(np.sin(x + h) - np.sin(x)) / h - slope for h in (1e-2, 1e-3)]
    two = [(np.sin(x + h) - np.sin(x - h)) / (2 * h) - slope for h in (1e-2, 1e-3)]
    side = [np.sin(x + 1j * h).imag / h - slope for h in (1e-2, 1e-3)]
    assert np.isclose(one[0] / one[1], 10, rtol=0.05)
    assert np.isclose(two[0] / two[1], 100, rtol=0.01)
    assert np.isclose(side[0] / side[1], 100, rtol=0.01)
    assert np.isclose(side[0], 1e-4 * np.cos(x) / 6, rtol=1e-3)  # −h²C‴/6


# Logistic regression


@fact("logistic", "Limits.", "Symmetry.", "Slope.")
def _() -> None:
    assert sigmoid(40.0) > 1 - 1e-15
    assert 0 < sigmoid(-40.0) < 1e-15
    assert sigmoid(0.0) == 0.5
    assert np.allclose(sigmoid(-Z), 1 - sigmoid(Z))
    slope = sigmoid(Z) * (1 - sigmoid(Z))
    assert np.allclose((complex_sigmoid(Z + 1e-30j)).imag / 1e-30, slope)
    assert Z[slope.argmax()] == pytest.approx(0)


X_3 = np.array([[1.0, 2.0, 1.0], [0.5, -1.0, 1.0], [-2.0, 0.3, 1.0]])
Y_3 = np.array([1.0, 0.0, 1.0])
W_3 = np.array([0.2, -0.4, 0.1])


def logistic_cost(w):
    return np.mean(np.log(1 + np.exp(X_3 @ w)) - Y_3 * (X_3 @ w))


@fact(
    "logistic", "The first derivative,", "How the prediction moves:", "The second derivative",
    "All of them in a matrix.", "The curvature",
)  # fmt: skip
def _() -> None:
    p = sigmoid(X_3 @ W_3)
    assert np.allclose(by_complex_step(logistic_cost, W_3), X_3.T @ (p - Y_3) / 3)
    H = (X_3.T * (p * (1 - p))) @ X_3 / 3
    h = 1e-6
    ahead, behind = (
        [by_complex_step(logistic_cost, W_3 + s * h * e) for e in np.eye(3)] for s in (1, -1)
    )
    assert np.allclose(H, np.subtract(ahead, behind) / (2 * h), atol=1e-8)
    assert np.linalg.eigvalsh(H).min() >= 0


@fact("logistic", "Newton's step", "Multiply by", "Insert", "Take", "out")
def _() -> None:
    p = sigmoid(X_3 @ W_3)
    r = p * (1 - p)
    H, g = (X_3.T * r) @ X_3 / 3, X_3.T @ (p - Y_3) / 3
    newton = W_3 - np.linalg.solve(H, g)
    response = X_3 @ W_3 + (Y_3 - p) / r
    root = np.sqrt(r)
    fitted = np.linalg.lstsq(root[:, None] * X_3, root * response, rcond=None)[0]
    assert np.allclose(newton, fitted)


@fact(
    "logistic", "The logarithm of a quotient", "The other one", "Both into the loss", "Collect",
)  # fmt: skip
def _() -> None:
    assert np.allclose(np.log(sigmoid(Z)), Z - np.log(1 + np.exp(Z)))
    assert np.allclose(np.log(1 - sigmoid(Z)), -np.log(1 + np.exp(Z)))
    for y in (0, 1):
        loss = -y * np.log(sigmoid(Z)) - (1 - y) * np.log(1 - sigmoid(Z))
        assert np.allclose(loss, np.log(1 + np.exp(Z)) - y * Z)


@fact("logistic", "Gradient descent", "{term}`Newton's method`")
def _() -> None:
    b = 0.0  # one Newton step on the bias alone goes to the bottom of the fitted parabola
    slope, curvature = sigmoid(b) - 0.1, sigmoid(b) * (1 - sigmoid(b))
    step = optimize.minimize_scalar(lambda s: slope * s + curvature * s**2 / 2).x
    assert np.isclose(step, -slope / curvature)


# Losses


@fact(
    "losses", "The slope of an output by its own logit.", "By another logit,",
    "Insert steps 1 and 2,", "The targets add up to 1,",
)  # fmt: skip
def _() -> None:
    z, y = np.array([2.0, 1.0, 0.1]), np.array([0.0, 0.3, 0.7])
    p = special.softmax(z)
    for j in range(3):
        slopes = by_complex_step(lambda v, j=j: np.exp(v[j]) / np.exp(v).sum(), z)
        assert np.allclose(slopes, p[j] * (np.eye(3)[j] - p))
    loss = by_complex_step(lambda v: -y @ np.log(np.exp(v) / np.exp(v).sum()), z)
    assert y.sum() == 1
    assert np.allclose(loss, p - y)


@fact("losses", "Two classes are a special case.")
def _() -> None:
    for z1, z0, y in ((1.3, -0.4, 1), (0.2, 2.0, 0)):
        two = -np.log(special.softmax([z1, z0])[1 - y])
        assert np.isclose(two, np.logaddexp(0, z1 - z0) - y * (z1 - z0))


@fact("losses", "every local minimum is global")
def _() -> None:
    for start in (-5, 0, 7):  # of a convex cost, from anywhere
        found = optimize.minimize(lambda w: np.logaddexp(0, w[0]) - 0.3 * w[0], [start])
        assert np.isclose(found.x[0], special.logit(0.3), atol=1e-3)


# Metrics


@fact("metrics", "On the right", "On the left")
def _() -> None:
    truth, score = np.array([1, 1, 0, 1, 0, 0]), np.array([9, 8, 7, 6, 5, 4])
    P, R, thresholds = metrics.precision_recall_curve(truth, score)
    assert (P[0], R[0]) == (truth.mean(), 1)
    assert (P[-1], R[-1]) == (1, 0)
    assert len(P) == len(thresholds) + 1


@fact(
    "metrics",
    "{term}`Macro average <macro average>`",
    "{term}`Weighted average <weighted average>`",
    "{term}`Micro average <micro average>`",
)
def _() -> None:
    true, said = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2])
    each = metrics.f1_score(true, said, average=None)
    assert np.isclose(each.mean(), metrics.f1_score(true, said, average="macro"))
    weighted = np.average(each, weights=np.bincount(true))
    assert np.isclose(weighted, metrics.f1_score(true, said, average="weighted"))
    for score in (metrics.precision_score, metrics.recall_score, metrics.f1_score):
        assert np.isclose(score(true, said, average="micro"), np.mean(true == said))


# The perceptron


@fact(
    "perceptron",
    r"$\mathbf{w}$ is normal to the boundary",
    r"$|b| / \lVert\mathbf{w}\rVert$ is its distance from the origin.",
    r"$z / \lVert\mathbf{w}\rVert$ is the signed distance",
)
def _() -> None:
    w, b = np.array([3.0, 4.0]), -10.0
    line = np.array([[0, 2.5], [10 / 3, 0]])  # two points with z = 0
    assert np.allclose(line @ w + b, 0)
    assert np.isclose(w @ (line[0] - line[1]), 0)
    for point in (np.zeros(2), np.array([3.0, 2.0])):
        nearest = optimize.minimize(
            lambda x, p=point: np.sum((x - p) ** 2),
            np.zeros(2),
            constraints={"type": "eq", "fun": lambda x: w @ x + b},
        ).x
        distance = np.linalg.norm(nearest - point)
        assert np.isclose(distance, abs(w @ point + b) / np.linalg.norm(w), atol=1e-6)


@fact("perceptron", "added", "subtracted")
def _() -> None:
    w, b = np.array([0.5, -1.0]), 0.2
    for y, x in ((1, np.array([-2.0, 1.0])), (-1, np.array([3.0, 0.5]))):
        assert y * (w @ x + b) <= 0
        change = (w + y * x) @ x + b + y - (w @ x + b)
        assert np.isclose(change, y * (x @ x + 1))


@fact("perceptron", "one example at a time", "no gradient", "useless minimum")
def _() -> None:
    x = np.array([[0.0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y, unit, sums = np.array([-1, -1, -1, 1]), Perceptron(fit_intercept=False, tol=None), []
    for i in range(4):
        unit.partial_fit(x[[i]], y[[i]], classes=[-1, 1])
        sums.append(relu(-y * (x @ unit.coef_[0])).sum())
    assert max(np.diff(sums)) > 0  # the sum over all may rise
    h = 1e-9
    assert (relu(h) - relu(0)) / h == 1 != (relu(0) - relu(-h)) / h  # a kink
    assert relu(-y * (x @ np.zeros(3))).sum() == 0 <= min(sums)


# Training


@fact("training", "crawl", "oscillation", "divergence")
def _() -> None:
    curvature = 4.0
    for eta, sign, shrinks in ((0.01, 1, True), (0.4, -1, True), (0.6, -1, False)):
        w = 1.0 - eta * curvature * 1.0
        assert np.sign(w) == sign
        assert (abs(w) < 1) == shrinks


@fact("training", "It costs too much.")
def _() -> None:
    n = 13
    assert len(np.triu_indices(n)[0]) == n * (n + 1) // 2 == 91


@fact("training", "It goes to the nearest flat place, of whatever kind.")
def _() -> None:
    def newton(w):
        return w - (w**3 - w) / (3 * w**2 - 1)

    w = 0.4  # near the maximum of w⁴/4 − w²/2 at 0
    for _ in range(6):
        w = newton(w)
    assert abs(w) < 1e-9


@fact("training", "{term}`Stochastic gradient descent`")
def _() -> None:
    rng = np.random.default_rng(0)
    slopes = rng.normal(size=1000)
    batches = slopes[rng.integers(0, 1000, (4000, 16))].mean(axis=1)
    assert np.isclose(batches.std(), slopes.std() / 4, rtol=0.05)


@fact("training", "{term}`Momentum`")
def _() -> None:
    v = 0.0
    for _ in range(500):
        v = 0.9 * v + 1.0
    assert np.isclose(v, 10)
    for eta, stable in ((3.7, True), (3.9, False)):  # of curvature 1: up to 2(1 + β)
        M = np.array([[0.9, 1.0], [-eta * 0.9, 1 - eta]])  # (v, w) to the next
        assert (np.abs(np.linalg.eigvals(M)).max() < 1) == stable


@fact(
    "training", "{term}`Adam`", "A mean that forgets.", "The same written out.",
    "Weights that add up to less than 1.", "The correction.", "The squares likewise,",
    "The step,", r"The guard $\epsilon$",
)  # fmt: skip
def _() -> None:
    rng = np.random.default_rng(0)
    g, beta = rng.normal(size=40), 0.9
    m = 0.0
    for t, slope in enumerate(g, start=1):
        m = beta * m + (1 - beta) * slope
        weights = (1 - beta) * beta ** np.arange(t)[::-1]
        assert np.isclose(m, weights @ g[:t])
        assert np.isclose(weights.sum(), 1 - beta**t)
        assert np.isclose(m / (1 - beta**t), np.average(g[:t], weights=weights))
    first = 0.1 * 100 / (1 - 0.9) / np.sqrt(0.001 * 100**2 / (1 - 0.999))
    assert np.isclose(first, 1)  # the first step is η times the sign
    assert np.isclose(1e-8 / (1e-8 + 1e-8), 0.5)  # a slope of the size of ε moves half as far


# Initialisation and regularisation


@fact("regularisation", "Not all alike.")
def _() -> None:
    def cost(theta):
        return (complex_sigmoid(theta[:4].reshape(2, 2) @ [0.3, -0.7]) @ theta[4:] - 1) ** 2

    alike, unlike = (by_complex_step(cost, t) for t in (np.full(6, 0.5), [0.5] * 5 + [0.1]))
    assert np.allclose(alike[:2], alike[2:4])
    assert not np.allclose(unlike[:2], unlike[2:4])


@fact("regularisation", "{term}`L2 penalty`")
def _() -> None:
    w, slope, eta, penalty = 2.0, 0.3, 0.1, 0.5
    assert np.isclose(w - eta * (slope + penalty * w), (1 - eta * penalty) * w - eta * slope)
    r, s = np.array([0.3, -0.2]), 0.7  # a normal prior of width s adds w²/2s², up to a constant
    gap = [-stats.norm.logpdf(v, scale=s) - v**2 / (2 * s**2) for v in r]
    assert np.isclose(gap[0], gap[1])


@fact("regularisation", "{term}`Dropout`")
def _() -> None:
    keep = 0.75
    masks = np.array([[i >> k & 1 for k in range(4)] for i in range(16)])
    chances = keep ** masks.sum(axis=1) * (1 - keep) ** (4 - masks.sum(axis=1))
    assert np.allclose(chances @ (masks * [1, 2, 3, 4] / keep), [1, 2, 3, 4])


@fact("regularisation", "{term}`Batch normalisation`")
def _() -> None:
    z, gamma, beta = np.array([1.0, 2.0, 3.0, 6.0]), 2.0, 0.5
    out = gamma * (z - z.mean()) / z.std() + beta
    assert np.isclose(out.mean(), beta)
    assert np.isclose(out.std(), gamma)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_bold_span_is_a_fact_or_a_label(page: Path) -> None:
    known = LABELS.get(page.stem, set()) | EVERYWHERE
    unknown = [s for s in spans(page) if s not in known and (page.stem, s) not in FACTS]
    assert not unknown, f"check in tests/book/test_bold.py, or list as a label: {unknown}"


def test_no_label_states_something() -> None:
    labels = set().union(*LABELS.values()) - ADVICE
    assert not [label for label in labels if STATES.search(label)]


@pytest.mark.parametrize("check", dict.fromkeys(FACTS.values()), ids=lambda check: next(
    f"{page}: {span}" for (page, span), c in FACTS.items() if c is check
))  # fmt: skip
def test_a_fact_holds(check: Callable[[], None]) -> None:
    check()


def test_nothing_is_left_over() -> None:
    said = {(page.stem, span) for page in PAGES for span in spans(page)}
    listed = set(FACTS) | {(page, span) for page, all_of in LABELS.items() for span in all_of}
    assert listed <= said, f"no longer in bold: {sorted(listed - said)}"
