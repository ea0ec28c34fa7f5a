"""The reference solutions of 06-backprop agree with SciPy, scikit-learn, and the lectures."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.differentiate import jacobian
from scipy.special import expit
from sklearn.neural_network import MLPRegressor

from shallow import networks

ASSIGNMENT = "06-backprop"

# scikit-learn's names, and ours
ACTIVATIONS = {"logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "identity": "identity"}


@pytest.fixture(params=[(name, seed) for name in ACTIVATIONS for seed in range(3)])
def regressor(request):
    """Return a network of scikit-learn with two hidden layers, and a minibatch for it."""
    name, seed = request.param
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    model = MLPRegressor(
        hidden_layer_sizes=(4, 5),
        activation=name,
        solver="sgd",
        learning_rate_init=1,
        momentum=0,
        alpha=0,
        batch_size=len(X),
        random_state=seed,
    )
    return model.partial_fit(X, Y), X, Y


def layers_of(model):
    hidden = ACTIVATIONS[model.activation]
    biases = [b.copy() for b in model.intercepts_]
    return [W.T.copy() for W in model.coefs_], biases, [hidden, hidden, "identity"]


def test_forward_is_the_prediction(student, regressor):
    model, X, _ = regressor
    assert_allclose(student["forward"](X, *layers_of(model))[-1], model.predict(X))


def test_gradients(student, regressor):
    model, X, Y = regressor
    weights, biases, names = layers_of(model)
    cache = student["forward"](X, weights, biases, names)
    dW, db = student["backward"](cache[-1] - Y, cache, weights, names)

    model.partial_fit(X, Y)  # one step of size 1 down the mean cost
    for layer, (W, b) in enumerate(zip(*layers_of(model)[:2], strict=True)):
        assert_allclose(dW[layer], (weights[layer] - W) * len(X), atol=1e-12)
        assert_allclose(db[layer], (biases[layer] - b) * len(X), atol=1e-12)

    G = cache[-1] - Y
    for layer in reversed(range(3)):
        one_W, one_b, G = student["layer_backward"](
            G, cache[layer + 1], cache[layer], weights[layer], names[layer]
        )
        assert_allclose(one_W, dW[layer])
        assert_allclose(one_b, db[layer])


def test_complex_step(student):
    rng = np.random.default_rng(0)
    matrix, w = rng.normal(size=(4, 4)), rng.normal(size=4)

    def cost(w):
        return np.exp(np.sin(np.tensordot(matrix, w, 1))).sum(axis=0)

    (gradient,) = student["complex_step"](lambda p: cost(p[0]), [w])
    assert_allclose(gradient, jacobian(cost, w).df, rtol=1e-8)
    error, k, index = student["worst_entry"]([gradient * [1, 1, 1.5, 1]], [gradient])
    assert (round(error, 12), k, index) == (round(1 / 3, 12), 0, (2,))


def test_training_steps_of_the_two_two_two_network(student):
    (W1, b1, W2, b2), X, Y = networks.two_two_two()
    cost, (new_1, new_2), (new_b1, new_b2) = student["train_step"](X, Y, [W1, W2], [b1, b2], 0.5)
    assert_allclose(cost, 0.298371109, atol=1e-9)
    assert_allclose(new_1.ravel(), [0.149780716, 0.19956143, 0.24975114, 0.29950229], atol=1e-8)
    assert_allclose(new_2.ravel(), [0.35891648, 0.408666186, 0.51130127, 0.561370121], atol=1e-8)
    delta = (b2 - new_b2) / 0.5
    assert_allclose(delta[0], 0.741365069 * 0.186815602, atol=1e-8)  # its printed factors
    assert_allclose(np.outer(delta, expit(X[0] @ W1.T + b1)), (W2 - new_2) / 0.5)
    assert_allclose(np.outer((b1 - new_b1) / 0.5, X[0]), (W1 - new_1) / 0.5)


def test_history_of_the_two_three_one_network(student):
    (W1, b1, W2, b2), X, Y = networks.two_three_one()
    weights, biases = [W1, W2], [b1, b2]
    for epoch in range(1, 101):
        _, weights, biases = student["train_step"](X, Y, weights, biases, 0.5)
        if epoch in (1, 10, 100):
            printed = networks.printed_history()[epoch]
            for got, right in zip(weights + biases, printed[::2] + printed[1::2], strict=True):
                assert_allclose(got, right, atol=0.0015)


@pytest.mark.parametrize("steps", [1, 4])
def test_through_time(student, steps):
    rng = np.random.default_rng(steps)
    X, G = rng.normal(size=(steps, 2, 3)), rng.normal(size=(2, 2))
    shapes = ((2, 3), (2, 2), (2,))
    theta = rng.normal(size=12)

    def parameters(theta):
        parts = np.split(theta, [6, 10])
        return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]

    def cost(theta):
        U, W, b = parameters(theta)
        A = np.zeros((2, 2))
        for x in X:
            A = np.tanh(x @ U.T + A @ W.T + b)
        return np.sum(G * A)

    def many(thetas):
        return np.apply_along_axis(cost, 0, thetas)

    expected = parameters(jacobian(many, theta).df)
    for got, right in zip(student["through_time"](X, *parameters(theta), G), expected, strict=True):
        assert_allclose(got, right, rtol=1e-6, atol=1e-9)


def test_nodes_of_a_unit(student):
    w, x, b = 0.7, -1.2, 0.4
    nodes = [student["Node"](value) for value in (w, x, b)]
    unit = (nodes[0] * nodes[1] + nodes[2]).tanh() * (2 * nodes[0]).exp() + nodes[0]
    unit.backward()

    def cost(theta):
        w, x, b = theta
        return np.tanh(w * x + b) * np.exp(2 * w) + w

    assert_allclose(unit.value, cost([w, x, b]))
    slopes = jacobian(cost, np.array([w, x, b])).df
    assert_allclose([node.grad for node in nodes], slopes, rtol=1e-8)
