"""The tiny network's model against NumPy in matrix form, and against the complex step."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from shallow import networks

SIZES = [(2, 2, 2), (2, 3, 1), (1, 1), (3, 4, 2, 5), (4, 1, 3)]


@pytest.fixture
def cases(rng):
    """Sixty (θ, sizes, x, y): networks of one to three layers."""
    made = []
    for i in range(60):
        sizes = SIZES[i % len(SIZES)]
        count = sum(m * (n + 1) for n, m in itertools.pairwise(sizes))
        made.append(
            (rng.normal(0, 1.5, count), sizes, rng.normal(size=sizes[0]), rng.random(sizes[-1]))
        )
    return made


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def layers(theta, sizes):
    """W and b of each layer, cut from the list."""
    for inputs, outputs in itertools.pairwise(sizes):
        W, b, theta = np.split(theta, [outputs * inputs, outputs * (inputs + 1)])
        yield W.reshape(outputs, inputs), b


def output(theta, sizes, x):
    for W, b in layers(theta, sizes):
        x = sigmoid(W @ x + b)
    return x


def loss(theta, sizes, x, y):
    return np.sum((output(theta, sizes, x) - y) ** 2) / 2


def complex_step(f, at, h=1e-30):
    """The derivative of f by each number of `at`; exact to rounding."""
    return np.array([f(at + 1j * h * e).imag / h for e in np.eye(len(at))])


def flat(parameters):
    return np.concatenate([p.ravel() for p in parameters])


def gradient(theta, sizes, X, Y):
    """∂C/∂θ of a network with one hidden layer, in matrix form."""
    (W1, b1), (W2, b2) = layers(theta, sizes)
    A1 = sigmoid(X @ W1.T + b1)
    A2 = sigmoid(A1 @ W2.T + b2)
    D2 = (A2 - Y) * A2 * (1 - A2)
    D1 = D2 @ W2 * A1 * (1 - A1)
    return flat([D1.T @ X, D1.sum(axis=0), D2.T @ A1, D2.sum(axis=0)])


@pytest.fixture(params=[networks.two_two_two, networks.two_three_one], ids=["2-2-2", "2-3-1"])
def worked(request):
    """One of the two networks of the book: θ, sizes, X, Y."""
    parameters, X, Y = request.param()
    return flat(parameters), [X.shape[1], len(parameters.b1), Y.shape[1]], X, Y


def test_places(js):
    got = js("network.js", "places", [[s] for s in SIZES])
    for sizes, own in zip(SIZES, got, strict=True):
        numbers = np.arange(own[-1]["bias"] + own[-1]["outputs"], dtype=float)
        for place, (W, b) in zip(own, layers(numbers, sizes), strict=True):
            assert [place["outputs"], place["inputs"]] == list(W.shape)
            assert [place["weight"], place["bias"]] == [W[0, 0], b[0]]


def test_forward(js, cases):
    got = js("network.js", "forward", [(theta, sizes, x) for theta, sizes, x, _ in cases])
    for (theta, sizes, x, _), passed in zip(cases, got, strict=True):
        a = x
        assert passed["a"][0] == x.tolist()
        for k, (W, b) in enumerate(layers(theta, sizes), start=1):
            z = W @ a + b
            a = sigmoid(z)
            assert_allclose(passed["z"][k], z, rtol=1e-12, atol=1e-14)
            assert_allclose(passed["a"][k], a, rtol=1e-12)


def test_loss(js, rng):
    pairs = [rng.random((2, n)) for n in (1, 2, 5) for _ in range(30)]
    want = [((a - y) ** 2).sum() / 2 for a, y in pairs]
    assert_allclose(js("network.js", "loss", [list(pair) for pair in pairs]), want, rtol=1e-14)


def test_backward_by_the_complex_step(js, cases):
    for (theta, sizes, x, y), got in zip(cases, js("network.js", "backward", cases), strict=True):
        slopes = complex_step(lambda t, a=(sizes, x, y): loss(t, *a), theta)
        assert_allclose(got["gradient"], slopes, rtol=1e-10, atol=1e-15)
        by_input = complex_step(lambda v, a=(theta, sizes), y=y: loss(*a, v, y), x)
        assert_allclose(got["da"][0], by_input, rtol=1e-10, atol=1e-15)
        position = 0
        for k, (W, b) in enumerate(layers(theta, sizes), start=1):
            position += W.size
            assert_allclose(
                got["dz"][k], slopes[position : position + b.size], rtol=1e-10, atol=1e-15
            )
            position += b.size
            if k == len(sizes) - 1:
                assert_allclose(got["da"][k], output(theta, sizes, x) - y, rtol=1e-12, atol=1e-14)
            else:
                rest = theta[position:], sizes[k:]
                hidden = np.array(got["a"][k])
                by_hidden = complex_step(lambda v, a=rest, y=y: loss(*a, v, y), hidden)
                assert_allclose(got["da"][k], by_hidden, rtol=1e-10, atol=1e-15)


def test_cost(js, worked):
    theta, sizes, X, Y = worked
    want = sum(loss(theta, sizes, x, y) for x, y in zip(X, Y, strict=True))
    assert_allclose(js("network.js", "cost", [worked]), [want], rtol=1e-13)


def test_gradient_in_matrix_form_and_by_the_complex_step(js, worked):
    theta, sizes, X, Y = worked
    (got,) = js("network.js", "gradient", [worked])
    assert_allclose(got, gradient(*worked), rtol=1e-12, atol=1e-15)
    step = complex_step(
        lambda t: sum(loss(t, sizes, x, y) for x, y in zip(X, Y, strict=True)), theta
    )
    assert_allclose(got, step, rtol=1e-12, atol=1e-15)


def test_update(js, rng):
    steps = [(rng.normal(size=5), rng.normal(size=5), rng.random()) for _ in range(20)]
    want = [theta - rate * slopes for theta, slopes, rate in steps]
    assert_allclose(js("network.js", "update", steps), want, rtol=1e-14)


def test_train_the_whole_history(js, worked):
    theta, sizes, X, Y = worked
    epochs = 8000 if len(X) > 1 else 500
    want = [theta]
    while len(want) <= epochs:
        want.append(want[-1] - 0.5 * gradient(want[-1], sizes, X, Y))
    (path,) = js("network.js", "train", [([theta], sizes, X, Y, 0.5, epochs)])
    assert len(path) == epochs + 1
    assert_allclose(path, want, rtol=1e-10, atol=1e-11)
    if len(X) > 1:
        for epoch, printed in networks.printed_history().items():
            assert_allclose(path[epoch], flat(printed), atol=0.0015)


def test_train_goes_on_where_a_path_ends(js, worked):
    theta, sizes, X, Y = worked
    whole, start = js(
        "network.js", "train", [([theta], sizes, X, Y, 0.5, 9), ([theta], sizes, X, Y, 0.5, 4)]
    )
    (longer,) = js("network.js", "train", [(start, sizes, X, Y, 0.5, 9)])
    assert longer == whole


def test_difference(js, cases):
    wanted = [(*case, k, 1e-5) for case in cases for k in range(0, len(case[0]), 3)]
    want = [
        complex_step(lambda t, a=(sizes, x, y): loss(t, *a), theta)[k]
        for theta, sizes, x, y, k, _ in wanted
    ]
    assert_allclose(js("network.js", "difference", wanted), want, atol=1e-10)


def test_input_difference(js, cases):
    wanted = [(*case, len(case[2]) - 1, 1e-5) for case in cases]
    want = [
        complex_step(lambda v, a=(theta, sizes), y=y: loss(*a, v, y), x)[-1]
        for theta, sizes, x, y, *_ in wanted
    ]
    assert_allclose(js("network.js", "inputDifference", wanted), want, atol=1e-10)
