"""The references against oracles that share nothing with them: exact fractions, wider floats,
SciPy, scikit-learn and the complex step, for data drawn from what the statements allow."""

import itertools
import math
import statistics
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special
from sklearn import metrics
from sklearn.preprocessing import label_binarize

from tests.exercises.references import INTEGERS, answer

WIDE = np.longdouble
pytestmark = [
    pytest.mark.parametrize("seed", range(8)),
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # collected here, left open elsewhere
    pytest.mark.filterwarnings("ignore:A single label"),  # scikit-learn's confusion_matrix
]


def drawn(rng, shape, low=-100, high=100):
    """Return numbers as floats of any scale or as whole numbers of any type that holds them."""
    kind = rng.choice([*INTEGERS, np.dtype("f2"), np.dtype("f4"), np.dtype("f8"), "scale"])
    if kind == "scale":
        return rng.normal(size=shape) * 10.0 ** rng.integers(-6, 7)
    low = 0 if np.dtype(kind).kind == "u" else low
    return rng.integers(low, high, shape).astype(kind)


def exactly(values):
    """Return nested lists of fractions."""
    if np.ndim(values):
        return [exactly(value) for value in values]
    return Fraction(np.asarray(values).item())


def slopes(cost, arrays):
    """Return the derivatives of a cost by the complex step."""
    found = []
    for k, array in enumerate(arrays):
        found.append(np.zeros(np.shape(array)))
        for place in np.ndindex(np.shape(array)):
            moved = [np.array(a, complex) for a in arrays]
            moved[k][place] += 1e-30j
            found[-1][place] = np.imag(cost(*moved)) / 1e-30
    return found


def test_metrics(seed):
    rng = np.random.default_rng(seed)
    n, classes = int(rng.integers(1, 60)), int(rng.integers(1, 9))
    truth, found = rng.integers(0, classes, (2, n), dtype=rng.choice(INTEGERS))
    got = answer("01-metrics", "confusion_matrix")(truth, found, classes)
    assert (got == metrics.confusion_matrix(truth, found, labels=range(classes))).all()

    labels = rng.integers(0, 2, n + 2)
    labels[:2] = 0, 1
    score = rng.integers(0, 9, n + 2) / 8
    precision, recall, _ = answer("01-metrics", "precision_recall_curve")(labels, score)
    area = answer("01-metrics", "average_precision")(precision, recall)
    assert area == pytest.approx(metrics.average_precision_score(labels, score), rel=1e-12)

    one, other = drawn(rng, n), drawn(rng, n)
    d = [b - a for a, b in zip(exactly(one), exactly(other), strict=True)]
    middle = statistics.median(d)
    nmad = Fraction("1.4826") * statistics.median(abs(v - middle) for v in d)
    got = answer("01-metrics", "residual_summary")(one, other)
    assert_allclose(got, [float(statistics.fmean(d)), statistics.pstdev(d), float(nmad)], rtol=1e-9)

    prices = [float(10.0 ** rng.integers(-9, 9)), int(rng.integers(0, 5))]
    levels = [math.inf, *sorted(set(score.tolist()), reverse=True)]
    costs = []
    for level in levels:
        false = int(np.sum((score >= level) & (labels == 0)))
        missed = int(np.sum((score < level) & (labels == 1)))
        costs.append((Fraction(prices[0]) * false + prices[1] * missed) / len(labels))
    got = answer("01-metrics", "best_threshold")(labels, score, *prices)
    assert got[0] == levels[costs.index(min(costs))]
    assert got[1] == pytest.approx(float(min(costs)), rel=1e-12)


def test_perceptron(seed):
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(1, 9)), int(rng.integers(1, 4))
    X, w, b = drawn(rng, (n, d)), drawn(rng, d), int(rng.integers(-9, 9))
    y, eta = rng.choice([-1, 1], n), 2.0 ** rng.integers(-3, 3)
    rows, weights = [[*row, Fraction(1)] for row in exactly(X)], [*exactly(w), Fraction(b)]
    z = [sum(u * v for u, v in zip(weights, row, strict=True)) for row in rows]
    got = answer("02-perceptron", "predict")(X, w, b)
    clear = [abs(v) > 1e-9 for v in z]  # closer ones are for the notebook's exact cases
    assert (got == [1 if v >= 0 else -1 for v in z])[clear].all()

    length = math.sqrt(sum(v * v for v in weights))
    got = answer("02-perceptron", "margin")(X, y, w, b)
    expected = float(min(int(s) * v for s, v in zip(y, z, strict=True))) / length if length else 0
    assert np.isnan(got) if not length else got == pytest.approx(expected, rel=1e-9, abs=1e-9)

    longest = float(max(sum(v * v for v in row) for row in rows))
    got = answer("02-perceptron", "mistake_bound")(X, 0.25, start=[*w, b], eta=eta)
    assert got == pytest.approx(16 * longest + 8 * length / eta, rel=1e-9)

    X = rng.integers(-9, 10, (n, d))
    rows = [[*row, Fraction(1)] for row in exactly(X)]
    order, v, path, visits = rng.integers(0, n, n + 1), [Fraction(0)] * (d + 1), [], []
    for i in [*order, *order]:
        right = int(y[i]) * sum(a * c for a, c in zip(v, rows[i], strict=True)) > 0
        step = 0 if right else Fraction(eta) * int(y[i])
        after = [a + step * c for a, c in zip(v, rows[i], strict=True)]
        if not right:
            x, label = X[i], int(y[i])
            new = answer("02-perceptron", "update")(v[:-1], float(v[-1]), x, label, eta=eta)
            assert [*new[0], new[1]] == after
            path.append(after)
        v = after
        visits.append(v)
    mean = [float(sum(column) / len(visits)) for column in zip(*visits, strict=True)]
    got = answer("02-perceptron", "averaged_fit")(X, y, order, epochs=2, eta=eta)
    assert_allclose([*got[0], got[1]], mean, rtol=1e-12)
    history, mistakes = answer("02-perceptron", "fit")(X, y, order, epochs=2, eta=eta)
    assert history[1:].tolist() == path[: sum(mistakes)]
    assert sum(mistakes) == len(path) if mistakes[0] else mistakes == [0]


def test_logistic_regression(seed):
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(2, 20)), int(rng.integers(1, 4))
    X, y, w = rng.normal(size=(n, d)), rng.integers(0, 2, n), rng.normal(size=d)
    b, lam = float(rng.normal()), float(10.0 ** rng.integers(-3, 2))

    def cost(w, b, lam=0.0):
        z = np.array(X, complex) @ w + b
        return np.mean(np.log1p(np.exp(z)) - y * z) + lam / 2 * np.sum(w**2)

    got = answer("03-logistic", "gradient")(X, y, w, b)
    assert_allclose(np.append(*got), np.append(*slopes(cost, [w, b])), rtol=1e-9, atol=1e-14)
    penalised = [w, b], lambda w, b: cost(w, b, lam)
    got = answer("03-logistic", "penalised")(X, y, w, b, lam)
    assert got[0] == pytest.approx(cost(w, b, lam).real, rel=1e-12)
    expected = np.append(*slopes(penalised[1], penalised[0]))
    assert_allclose(np.append(*got[1:]), expected, rtol=1e-9, atol=1e-14)

    A, theta = np.column_stack([X, np.ones(n)]), np.append(w, b)
    p = special.expit(A @ theta)
    root = np.sqrt(np.append(np.full(d, lam), 0)) * np.eye(d + 1)
    rows = np.vstack([A * np.sqrt(p * (1 - p) / n)[:, np.newaxis], root])
    goals = np.append((A @ theta + (y - p) / (p * (1 - p))) * np.sqrt(p * (1 - p) / n), 0 * theta)
    new = np.linalg.lstsq(rows, goals)[0]  # the step as a weighted regression
    got = answer("03-logistic", "newton_step")(X, y, w, b, lam)
    assert_allclose(np.append(*got), new, rtol=1e-6, atol=1e-8)

    theta, costs = np.zeros(d + 1, WIDE), []
    for step in range(6):
        z = A.astype(WIDE) @ theta
        costs.append(np.mean(np.logaddexp(WIDE(0), z) - y * z))
        theta -= (step < 5) * WIDE(0.5) * ((1 / (1 + np.exp(-z)) - y) @ A) / n
    got = answer("03-logistic", "gradient_descent")(X, y, 0.5, 5)
    assert_allclose(np.append(*got[:2]), theta.astype(float), rtol=1e-9, atol=1e-12)
    assert_allclose(got[2], np.array(costs, float), rtol=1e-12)


def test_activations(seed):
    rng = np.random.default_rng(seed)
    z = drawn(rng, (2, 3, 4))
    exact = np.clip(z.astype(WIDE), -600, 600)
    z = exact.astype(float)
    expected = {
        "sigmoid": 1 / (1 + np.exp(-exact)),
        "tanh": np.tanh(exact),
        "softplus": np.logaddexp(WIDE(0), exact),
        "silu": exact / (1 + np.exp(-exact)),
    }
    for name, values in expected.items():
        got = answer("04-activations", "activation")(name, z)
        assert_allclose(got, values.astype(float), rtol=1e-9)
    near = np.clip(exact, -300, 300)
    p, q = 1 / (1 + np.exp(-near)), 1 / (1 + np.exp(near))
    for name, values in (
        ("sigmoid", p * q),
        ("tanh", 4 / (np.exp(near) + np.exp(-near)) ** 2),
        ("softplus", p),
        ("silu", p * (1 + near * q)),
    ):
        got = answer("04-activations", "derivative")(name, near.astype(float))
        assert_allclose(got, values.astype(float), rtol=1e-8)

    t, logits = float(10.0 ** rng.uniform(-2, 2)), rng.normal(0, 50, (3, 2, 5))
    p = special.softmax(logits.astype(WIDE) / WIDE(t), axis=-1)
    assert_allclose(
        answer("04-activations", "softmax")(logits, t), p.astype(float), rtol=1e-9, atol=1e-300
    )
    p = rng.dirichlet(np.ones(4))

    def given_logits(*moved, k):
        e = np.exp(np.array(moved) / t)
        return e[k] / np.sum(e)

    z = [np.array(v) for v in t * np.log(p)]
    rows = [slopes(lambda *m, k=k: given_logits(*m, k=k), z) for k in range(4)]
    got = answer("04-activations", "softmax_jacobian")(p, t)
    assert_allclose(got, np.array(rows, float), rtol=1e-7, atol=1e-12 / t)

    sizes = rng.integers(1, 100, 4).tolist()
    total = sum(a * c + c for a, c in itertools.pairwise(sizes))
    assert sum(answer("04-activations", "parameter_count")(sizes)) == total
    layers = [(drawn(rng, (m, k)), drawn(rng, m)) for k, m in ((2, 3), (3, 1), (1, 2))]
    W, c = answer("04-activations", "collapse")(layers)
    for x in ([0, 0], [1, 0], [0, 1], [3, -2]):
        out = [Fraction(v) for v in x]
        for V, shift in layers:
            out = [
                sum(a * u for a, u in zip(row, out, strict=True)) + s
                for row, s in zip(exactly(V), exactly(shift), strict=True)
            ]
        size = float(np.max(np.abs(W)) * 5 + np.max(np.abs(c)))
        assert_allclose(W @ x + c, [float(v) for v in out], rtol=1e-9, atol=1e-12 * size)


def test_broken_lines(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    knots, heights = rng.permutation(np.cumsum(rng.integers(1, 9, n)) / 4), rng.normal(size=n)
    w, b, v, c = answer("04-activations", "relu_interpolant")(knots, heights)
    order = np.argsort(knots)
    x = np.linspace(knots.min() - 1, knots.max(), 50)
    y = c + np.maximum(0, x[:, np.newaxis] * w + b) @ v
    assert_allclose(y, np.interp(x, knots[order], heights[order]), atol=1e-9)

    a, width, error = rng.normal(), rng.uniform(0.5, 4), rng.uniform(0.005, 0.1)
    M = rng.uniform(0.1, 10)
    n = answer("04-activations", "knots_needed")(a, a + width, error, curvature=M)
    assert M / 8 * (width / (n - 1)) ** 2 <= error * (1 + 1e-8)
    assert n == 2 or M / 8 * (width / (n - 2)) ** 2 > error

    x, bend = np.cumsum(rng.uniform(0.1, 2, 12)), rng.normal(size=12)
    found = answer("04-activations", "place_knots")(x, bend, 5)
    area = np.append(
        0, np.cumsum(np.diff(x) * np.convolve(np.sqrt(np.abs(bend)), [0.5, 0.5], "valid"))
    )
    assert_allclose(np.interp(found, x, area), np.linspace(0, area[-1], 6), atol=1e-12)


def test_losses(seed):
    rng = np.random.default_rng(seed)
    classes = rng.permutation(20)[: int(rng.integers(3, 9))]
    labels = rng.choice(classes, 15)
    got = answer("05-losses", "one_hot")(labels, classes)
    assert (got == label_binarize(labels, classes=classes)).all()

    z, y = rng.normal(0, 10, 12), rng.integers(0, 2, 12)
    gamma = float(rng.uniform(0.05, 6))
    m = (z * (2 * y - 1)).astype(WIDE)
    q, nll = 1 / (1 + np.exp(m)), np.logaddexp(WIDE(0), -m)
    slope = q**gamma * -(q + gamma * (1 - q) * nll) * (2 * y - 1)
    got = answer("05-losses", "focal_loss")(z, y, gamma)
    assert_allclose(got[0], (q**gamma * nll).astype(float), rtol=1e-9)
    assert_allclose(got[1], slope.astype(float), rtol=1e-9)

    kinds = rng.integers(0, 3, 40)
    groups = rng.integers(0, 40, 200)
    shares = rng.dirichlet(np.ones(3))
    parts = answer("05-losses", "stratified_split")(kinds[groups], groups, shares, seed)
    assert sorted(np.concatenate(parts).tolist()) == list(range(200))
    for part, share in zip(parts, shares, strict=True):
        inside = set(groups[part].tolist())
        assert not inside & set(np.delete(groups, part).tolist())
        for kind in range(3):
            all_of_kind = [g for g in set(groups.tolist()) if kinds[g] == kind]
            here = len(inside.intersection(all_of_kind))
            assert abs(here - share * len(all_of_kind)) <= 1 + 1e-9


FUNCTIONS = {
    "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)),
    "tanh": np.tanh,
    "relu": lambda Z: Z * (Z.real > 0),
    "identity": lambda Z: Z,
}


def test_backpropagation(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, int(rng.integers(2, 5))).tolist()
    n, depth = int(rng.integers(1, 6)), len(sizes) - 1
    names = rng.choice(list(FUNCTIONS), depth).tolist()
    weights = [rng.normal(size=(m, k)) for k, m in itertools.pairwise(sizes)]
    biases = [rng.normal(size=m) for m in sizes[1:]]
    X, G = rng.normal(size=(n, sizes[0])), rng.normal(size=(n, sizes[-1]))

    def run(*parameters, names=names):
        A = [X]
        for W, b, name in zip(parameters[:depth], parameters[depth:], names, strict=True):
            A.append(FUNCTIONS[name](np.einsum("ij,kj->ik", A[-1], W) + b))
        return A

    cache = answer("06-backprop", "forward")(X, weights, biases, names)
    for got, expected in zip(cache, run(*weights, *biases), strict=True):
        assert_allclose(got, expected, rtol=1e-9, atol=1e-12)
    expected = slopes(lambda *p: np.sum(G * run(*p)[-1]), [*weights, *biases])
    dW, db = answer("06-backprop", "backward")(G, cache, weights, names)
    for got, right in zip([*dW, *db], expected, strict=True):
        assert_allclose(got, right, rtol=1e-8, atol=1e-11)
    got = answer("06-backprop", "layer_backward")(G, cache[-1], cache[-2], weights[-1], names[-1])
    assert_allclose(got[0], expected[depth - 1], rtol=1e-8, atol=1e-11)
    assert_allclose(got[1], expected[-1], rtol=1e-8, atol=1e-11)
    got = answer("06-backprop", "complex_step")(
        lambda p: np.sum(G * run(*p)[-1]), [*weights, *biases]
    )
    for one, right in zip(got, expected, strict=True):
        assert_allclose(one, right, rtol=1e-9, atol=1e-12)

    Y, names = rng.random((n, sizes[-1])), ["sigmoid"] * depth

    def cost(*parameters):
        return np.sum((run(*parameters, names=names)[-1] - Y) ** 2) / 2

    old = [*weights, *biases]
    new = [a - 0.3 * g for a, g in zip(old, slopes(cost, old), strict=True)]
    value, W, b = answer("06-backprop", "train_step")(X, Y, weights, biases, 0.3)
    assert value == pytest.approx(cost(*old), rel=1e-12)
    layers, costs = answer("07-training", "train_network")(
        list(zip(weights, biases, strict=True)), X, Y, 0.3, 1
    )
    flat = [array for kind in zip(*layers, strict=True) for array in kind]
    for got in ([*W, *b], flat):
        for one, right in zip(got, new, strict=True):
            assert_allclose(one, right, rtol=1e-9, atol=1e-12)
    assert_allclose(costs, [cost(*old), cost(*new)], rtol=1e-9)


def test_recurrence_and_worst_entry(seed):
    rng = np.random.default_rng(seed)
    T, n, d, units = rng.integers(1, 5, 4).tolist()
    X, G = rng.normal(size=(T, n, d)), rng.normal(size=(n, units))
    arrays = [rng.normal(size=shape) for shape in ((units, d), (units, units), (units,))]

    def cost(U, W, b):
        A = np.zeros((n, units))
        for step in X:
            A = np.tanh(step @ U.T + A @ W.T + b)
        return np.sum(G * A)

    got = answer("06-backprop", "through_time")(X, *arrays, G)
    for one, right in zip(got, slopes(cost, arrays), strict=True):
        assert_allclose(one, right, rtol=1e-8, atol=1e-11)

    one, two = ([rng.integers(-3, 4, s) / 8 for s in ((2, 3), (), (2,))] for _ in range(2))
    errors = []
    for k, (g, r) in enumerate(zip(one, two, strict=True)):
        for place in np.ndindex(np.shape(g)):
            a, b = Fraction(float(g[place])), Fraction(float(r[place]))
            errors.append((abs(a - b) / max(abs(a), abs(b)) if a != b else 0, k, place))
    first = max(errors, key=lambda entry: entry[0])
    got = answer("06-backprop", "worst_entry")(one, two)
    assert (got[1], got[2]) == first[1:]
    assert got[0] == pytest.approx(float(first[0]), rel=1e-12)


def test_training(seed):
    rng = np.random.default_rng(seed)
    H, w = np.diag(rng.uniform(0.1, 1, 3)), rng.normal(size=3)
    eta, beta = rng.uniform(0.05, 0.95, 2)
    v, path = np.zeros(3, WIDE), [w.astype(WIDE)]
    for _ in range(9):
        v = WIDE(beta) * v + H @ path[-1]
        path.append(path[-1] - WIDE(eta) * v)
    got = answer("07-training", "sgd")(lambda w, batch: H @ w, w, [[0]] * 9, eta, beta)
    assert_allclose(got, np.array(path, float), rtol=1e-9, atol=1e-12)

    slope, m = rng.normal(size=(2, 3, 2)) * 10.0 ** rng.integers(-6, 6)
    s, t, w = rng.random((3, 2)) * np.max(slope**2), int(rng.integers(0, 900)), rng.random((3, 2))
    a, b = WIDE(0.9), WIDE(0.999)
    new_m, new_s = a * m + (1 - a) * slope, b * s + (1 - b) * slope.astype(WIDE) ** 2
    size = np.sqrt(new_s / (1 - b ** (t + 1))) + WIDE(1e-8)
    moved = w - WIDE(0.001) * new_m / (1 - a ** (t + 1)) / size
    got, state = answer("07-training", "adam_update")(w, slope, (m, s, t))
    assert_allclose(got, moved.astype(float), rtol=1e-10)
    assert_allclose(state[0], new_m.astype(float), rtol=1e-9, atol=1e-12 * np.max(np.abs(slope)))
    assert_allclose(state[1], new_s.astype(float), rtol=1e-9)

    n, units = rng.integers(1, 7, 2).tolist()
    Z, G = rng.normal(3, 2, (n, units)), rng.normal(size=(n, units))
    gamma, shift = rng.normal(size=(2, units))

    def normed(Z, gamma, shift):
        centred = Z - np.sum(Z, axis=0) / n
        return gamma * centred * (np.sum(centred**2, axis=0) / n + 1e-3) ** -0.5 + shift

    got = answer("07-training", "batch_norm")(Z, gamma, shift, G, 1e-3)
    assert_allclose(got[0], normed(Z, gamma, shift), rtol=1e-9, atol=1e-12)
    expected = slopes(lambda *p: np.sum(G * normed(*p)), [Z, gamma, shift])
    for one, right in zip(got[1:], expected, strict=True):
        assert_allclose(one, right, rtol=1e-7, atol=1e-9)


def test_chance(seed):
    rng = np.random.default_rng(seed)
    n, size, epochs = rng.integers(1, 9, 3).tolist()
    batches = answer("07-training", "minibatches")(n, size, epochs, rng)
    flat = np.concatenate(batches).reshape(epochs, n)
    assert (np.sort(flat, axis=1) == np.arange(n)).all()
    full, rest = divmod(n, size)
    assert [len(b) for b in batches] == ([size] * full + [rest] * (rest > 0)) * epochs

    keep = float(rng.uniform(0.2, 1))
    A = drawn(rng, (60, 50))
    out, factor = answer("07-training", "dropout")(A, keep, rng)
    assert set(np.round(np.unique(factor) * keep, 12)) <= {0.0, 1.0}
    assert abs(np.mean(factor > 0) - keep) < 6 * math.sqrt(keep * (1 - keep) / 3000) + 1e-12
    assert_allclose(out, A.astype(float) * factor)

    sizes = [200, 100]
    for rule, variance in (("he", 2 / 200), ("glorot", 2 / 300)):
        ((W, b),) = answer("07-training", "initialise")(sizes, rule, rng, bool(seed % 2))
        assert W.shape == (100, 200)
        assert not b.any()
        assert np.var(W) == pytest.approx(variance, rel=6 * math.sqrt(2 / W.size))


def test_networks_by_hand(seed):
    """XOR on the whole box of noise around a corner, and a truth table, without rounding."""
    W1, b1, w2, b2 = (exactly(v) for v in answer("02-perceptron", "xor_network")())
    corner = (-1, 1)[seed % 2], (-1, 1)[seed // 2 % 2]
    z = b2
    for weights, bias, weight in zip(W1, b1, w2, strict=True):
        middle = sum(w * x for w, x in zip(weights, corner, strict=True)) + bias
        assert abs(middle) > sum(map(abs, weights)) * Fraction(2, 5), "the noise turns a unit over"
        z += weight * (1 if middle > 0 else -1)
    assert (z >= 0) == (corner[0] != corner[1])

    rng = np.random.default_rng(seed)
    inputs, kind = seed % 6 + 1, rng.choice(INTEGERS)
    table = rng.integers(0, 2, 2**inputs).astype(kind)
    W1, b1, w2, b2 = (exactly(v) for v in answer("02-perceptron", "table_network")(table))
    assert 1 <= len(w2) <= 2**inputs
    for number, expected in enumerate(table.tolist()):
        digits = [int(digit) for digit in f"{number:0{inputs}b}"]
        fires = [
            sum(w for w, digit in zip(weights, digits, strict=True) if digit) + bias >= 0
            for weights, bias in zip(W1, b1, strict=True)
        ]
        assert (sum(w for w, on in zip(w2, fires, strict=True) if on) + b2 >= 0) == expected


def test_least_number_of_knots(seed):
    """Try one number after the other, in fractions."""
    rng = np.random.default_rng(seed)
    for _ in range(20):
        a, width, steepness, curvature = rng.integers(1, 9, 4).tolist()
        error = Fraction(1, 2 ** int(rng.integers(0, 8)))
        known = [{"steepness": steepness}, {"curvature": curvature}]
        known.append(known[0] | known[1])
        for bounds in known:
            for knots in itertools.count(2):
                h = Fraction(width, knots - 1)
                least = [Fraction(steepness) * h / 2] * ("steepness" in bounds)
                least += [Fraction(curvature) * h**2 / 8] * ("curvature" in bounds)
                if min(least) <= error:
                    break
            got = answer("04-activations", "knots_needed")(a, a + width, float(error), **bounds)
            assert got == knots, (a, width, error, bounds)


def test_node(seed):
    """A random graph, its slopes by the complex step through the same operations."""
    rng = np.random.default_rng(seed)
    start = rng.normal(size=3).tolist()
    steps = [
        (rng.choice(["sum", "product", "scaled", "moved", "tanh", "exp"]), *rng.integers(0, 99, 2))
        for _ in range(25)
    ]

    def run(values, tanh, exp):
        values = list(values)
        for name, i, j in steps:
            first, second = values[-1 - i % min(len(values), 4)], values[j % len(values)]
            values.append(
                {
                    "sum": lambda u, v: u + v,
                    "product": lambda u, v: tanh(u) * v,
                    "scaled": lambda u, _: 0.5 * u,
                    "moved": lambda u, _: u + 2,
                    "tanh": lambda u, _: tanh(u),
                    "exp": lambda u, _: exp(tanh(u)),
                }[name](first, second)
            )
        return sum(values[3:], 0 * values[0])

    Node = answer("06-backprop", "Node")
    nodes = [Node(value) for value in start]
    f = run(nodes, Node.tanh, Node.exp)
    for _ in range(2):  # once more gives the same
        f.backward()
    assert f.value == pytest.approx(run(start, np.tanh, np.exp), rel=1e-12)
    (expected,) = slopes(lambda x: run(x, np.tanh, np.exp), [start])
    assert_allclose([node.grad for node in nodes], expected, rtol=1e-9, atol=1e-12)
