"""The playground's model against NumPy, SciPy and scikit-learn: data, gradients, whole runs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit, log_expit
from scipy.stats import norm
from sklearn.metrics import accuracy_score

KEYS = ["x1", "x2", "x1_squared", "x2_squared", "product", "sin_x1", "sin_x2"]
ACTIVATIONS = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(0, z), lambda z: (z > 0).astype(float)),
    "sigmoid": (expit, lambda z: expit(z) * expit(-z)),
    "linear": (lambda z: z, np.ones_like),
}
HIDDEN = [[], [3], [4, 2], [8, 8, 8, 8], [1, 7, 5]]


def unpack(theta, sizes):
    """Split flat parameters into (W, b) of each layer."""
    layers, at, theta = [], 0, np.asarray(theta, float)
    for n_in, n_out in itertools.pairwise(sizes):
        W = theta[at : at + n_in * n_out].reshape(n_out, n_in)
        layers.append((W, theta[at + n_in * n_out : (at := at + n_out * (n_in + 1))]))
    return layers


def pack(layers):
    return np.concatenate([np.r_[W.ravel(), b] for W, b in layers])


def forward(layers, activation, X):
    """Sums and activations of every layer, one observation in each row."""
    g = ACTIVATIONS[activation][0]
    A, Z = [X], [None]
    for depth, (W, b) in enumerate(layers, 1):
        Z.append(A[-1] @ W.T + b)
        A.append(Z[-1] if depth == len(layers) else g(Z[-1]))
    return Z, A


def slopes(layers, activation, X, y):
    """The gradient of the mean loss, by backpropagation in matrix form."""
    Z, A = forward(layers, activation, X)
    D = (expit(A[-1]) - y[:, None]) / len(y)
    found = []
    for depth in range(len(layers), 0, -1):
        found.insert(0, (D.T @ A[depth - 1], D.sum(axis=0)))
        if depth > 1:
            D = D @ layers[depth - 1][0] * ACTIVATIONS[activation][1](Z[depth - 1])
    return found


@pytest.fixture
def networks(rng):
    """Every activation with every architecture: (sizes, activation, theta, X, y)."""
    cases = []
    for activation in ACTIVATIONS:
        for hidden in HIDDEN:
            n, inputs = int(rng.integers(1, 31)), int(rng.integers(1, 8))
            sizes = [inputs, *hidden, 1]
            count = sum(b * (a + 1) for a, b in itertools.pairwise(sizes))
            cases.append(
                (
                    sizes,
                    activation,
                    rng.normal(0, 0.7, count),
                    rng.normal(size=(n, inputs)),
                    rng.integers(0, 2, n),
                )
            )
    return cases


def test_shape(js):
    names = ["moons", "circles", "xor", "spirals", "blobs"]
    cases = [(name, n, noise, 7) for name in names for n, noise in ((9, 0), (40, 0.3))]
    draws = js("random.js", "uniforms", [[seed, 4 * n] for _, n, _, seed in cases])
    for (name, n, noise, _), u, got in zip(
        cases, draws, js("shapes.js", "shape", cases), strict=True
    ):
        a, b, e1, e2 = np.reshape(u, (n, 4)).T
        y = np.arange(n) % 2
        side = np.where(y == 1, -1, 1)
        if name == "moons":
            w = side * (1.5 * np.exp(1j * np.pi * a) - 0.75 - 0.4j)
        elif name == "circles":
            w = np.where(y, 1.1 * np.sqrt(b), 1.8 + 0.6 * b) * np.exp(2j * np.pi * a)
        elif name == "xor":
            s, p, q = np.sign(2 * b - 1), 0.2 + 2.2 * a, 0.2 + 2.2 * np.abs(2 * b - 1)
            w = np.where(y, s * q - 1j * s * p, s * p + 1j * s * q)
        elif name == "spirals":
            w = side * (0.1 + 2.4 * a) * np.exp(3j * np.pi * a)
        else:
            w = -side * (1 + 1j)
        want = np.c_[w.real + noise * norm.ppf(e1), w.imag + noise * norm.ppf(e2), y]
        assert_allclose(got, want, atol=1e-12)


def test_features(js, rng):
    points = np.c_[rng.normal(size=(30, 2)), np.zeros(30)]
    x1, x2 = points[:, 0], points[:, 1]
    table = dict(
        zip(KEYS, [x1, x2, x1**2, x2**2, x1 * x2, np.sin(2 * x1), np.sin(2 * x2)], strict=True)
    )
    for keys in (KEYS, ["x2"], ["sin_x2", "x1"]):
        want = np.column_stack([table[key] for key in KEYS if key in keys])
        assert_allclose(js("playground.js", "features", [[points, keys]])[0], want, rtol=1e-14)


def test_parameter_count(js, networks):
    cases = [[sizes] for sizes, *_ in networks]
    assert js("playground.js", "parameterCount", cases) == [
        len(theta) for _, _, theta, *_ in networks
    ]


def test_initial(js, networks):
    cases = [(sizes, activation, 5) for sizes, activation, *_ in networks]
    draws = js("random.js", "uniforms", [[5, len(theta)] for _, _, theta, *_ in networks])
    got = js("playground.js", "initial", cases)
    for (sizes, activation, _), u, theta in zip(cases, draws, got, strict=True):
        z = unpack(norm.ppf(u), sizes)
        layers = []
        for depth, (W, b) in enumerate(z, 1):
            he = activation == "relu" and depth < len(z)
            scale = np.sqrt(2 / (W.shape[1] if he else sum(W.shape)))
            layers.append((scale * W, 0 * b))
        assert_allclose(theta, pack(layers), atol=1e-13)


def test_shuffled(js):
    cases = [[n, seed] for n in (1, 2, 50) for seed in (0, 3)]
    draws = js("random.js", "uniforms", [[seed, n] for n, seed in cases])
    for (n, _), u, got in zip(cases, draws, js("playground.js", "shuffled", cases), strict=True):
        rows = np.arange(n)
        for i, j in enumerate((np.arange(1, n + 1) * u).astype(int)):
            rows[[i, j]] = rows[[j, i]]
        assert got == rows.tolist()
    assert sorted(got) == list(range(50)), "each index once"


def test_gradient(js, networks):
    cases = networks
    for (sizes, activation, theta, X, y), got in zip(
        cases, js("playground.js", "gradient", cases), strict=True
    ):
        want = slopes(unpack(theta, sizes), activation, X, y)
        assert_allclose(got, pack(want), atol=1e-13)


def test_gradient_by_the_complex_step(js, networks):
    """The chain rule itself, checked by a method that knows nothing of it."""
    smooth = [case for case in networks if case[1] != "relu"][:8]
    for (sizes, activation, theta, X, y), got in zip(
        smooth, js("playground.js", "gradient", smooth), strict=True
    ):

        def cost(t, sizes=sizes, activation=activation, X=X, y=y):
            A, at = X.astype(complex), 0
            for depth, (n_in, n_out) in enumerate(itertools.pairwise(sizes), 1):
                W = t[at : at + n_in * n_out].reshape(n_out, n_in)
                A = A @ W.T + t[at + n_in * n_out : (at := at + n_out * (n_in + 1))]
                if depth < len(sizes) - 1:
                    bend = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
                    A = bend.get(activation, lambda z: z)(A)
            return np.mean(np.log(1 + np.exp(A[:, 0])) - y * A[:, 0])

        h = 1e-30
        want = [np.imag(cost(theta + 1j * h * e)) / h for e in np.eye(len(theta))]
        assert_allclose(got, want, atol=1e-12)


def test_judge(js, rng):
    cases = [(rng.normal(0, 9, n), rng.integers(0, 2, n)) for n in (1, 7, 100)]
    for (z, y), got in zip(cases, js("playground.js", "judge", cases), strict=True):
        losses = -np.where(y == 1, log_expit(z), log_expit(-z))
        assert_allclose(got["loss"], losses.mean(), rtol=1e-12)
        assert_allclose(got["accuracy"], accuracy_score(y, z >= 0), rtol=1e-15)


def test_responses(js, networks):
    cases = [(sizes, activation, theta, X) for sizes, activation, theta, X, _ in networks]
    for (sizes, activation, theta, X), got in zip(
        cases, js("playground.js", "responses", cases), strict=True
    ):
        A = forward(unpack(theta, sizes), activation, X)[1]
        A[-1] = expit(A[-1])
        for layer, want in zip(got, A, strict=True):
            assert_allclose(np.array(layer).T, want, atol=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(
    ("hidden", "batch", "l2", "rate"),
    [
        ([], 7, 0, 0.5),
        ([4, 2], 10, 0, 0.1),
        ([8, 8, 8, 8], 12, 0.01, 0.05),
        ([3, 5, 1], 1, 0.1, 0.02),
    ],
)
def test_a_whole_run_of_200_steps(js, activation, hidden, batch, l2, rate):
    """From the same seed: data, first weights, order of the minibatches, 200 updates or more."""
    n, seed = 100, 11
    points = np.array(js("shapes.js", "shape", [["moons", n, 0.2, seed]])[0])
    X, y = points[:, :2], points[:, 2].astype(int)
    sizes = [2, *hidden, 1]
    (theta,) = js("playground.js", "initial", [[sizes, activation, seed]])
    updates_each = -(-n // batch)
    epochs = -(-200 // updates_each)
    orders = js(
        "playground.js", "shuffled", [[n, seed + 10_000 * epoch] for epoch in range(epochs)]
    )
    setup = {
        "sizes": sizes,
        "activation": activation,
        "theta": theta,
        "X": X,
        "y": y,
        "rate": rate,
        "l2": l2,
        "batch": batch,
        "seed": seed,
    }
    (got,) = js("playground.js", "train", [[setup, epochs]])

    layers, updates = unpack(theta, sizes), 0
    for rows in orders:
        for start in range(0, n, batch):
            part = rows[start : start + batch]
            found = slopes(layers, activation, X[part], y[part])
            layers = [
                (W - rate * (dW + l2 * W), b - rate * db)
                for (W, b), (dW, db) in zip(layers, found, strict=True)
            ]
            updates += 1
    assert updates >= 200
    assert_allclose(got, pack(layers), rtol=0, atol=1e-9)
    assert np.abs(np.array(got) - theta).max() > 0.01, "it has learnt something"
