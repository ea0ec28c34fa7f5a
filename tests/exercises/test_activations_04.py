"""The reference solutions of 04-activations agree with SciPy, scikit-learn and printed networks."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import differentiate, integrate, interpolate, optimize, special
from sklearn.datasets import make_regression
from sklearn.neural_network import MLPRegressor

ASSIGNMENT = "04-activations"

SMOOTH = {
    "sigmoid": special.expit,
    "tanh": np.tanh,
    "softplus": lambda z: special.log1p(np.exp(z)),
    "silu": lambda z: z * special.expit(z),
}


@pytest.fixture(params=range(10))
def rng(request):
    """Return a generator of random numbers."""
    return np.random.default_rng(request.param)


def test_parameters_and_collapse_of_a_linear_network(student):
    X, y = make_regression(40, 3, n_targets=2, random_state=0)
    model = MLPRegressor(hidden_layer_sizes=(4, 5), activation="identity", solver="lbfgs").fit(X, y)
    arrays = sum(W.size for W in model.coefs_), sum(b.size for b in model.intercepts_)
    assert student["parameter_count"]([3, 4, 5, 2]) == arrays
    layers = [(W.T, b) for W, b in zip(model.coefs_, model.intercepts_, strict=True)]
    W, b = student["collapse"](layers)
    assert_allclose(X @ W.T + b, model.predict(X), rtol=1e-9, atol=1e-9)


def test_the_printed_networks(student):
    """The lectures' 2-2-2 and 2-3-1 networks, with the decimals that they print."""
    assert student["parameter_count"]([2, 3, 1]) == (9, 4)
    hidden = student["activation"]("sigmoid", [0.3775, 0.3925])
    assert_allclose(hidden, [0.593269992, 0.596884378], atol=5e-10)
    output = student["activation"]("sigmoid", 1.105905967)
    assert_allclose(output, 0.75136507, atol=5e-9)
    slope = student["derivative"]("sigmoid", 1.105905967)
    assert_allclose(slope, 0.186815602, atol=5e-10)
    first_customer = student["activation"]("sigmoid", [0.614, -0.028, 2.01])
    assert_allclose(first_customer, [0.65, 0.49, 0.88], atol=0.005)


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_activations_and_their_slopes(student, rng, name):
    z = rng.normal(0, 4, 20)
    assert_allclose(student["activation"](name, z), SMOOTH[name](z), rtol=1e-12)
    slopes = differentiate.derivative(SMOOTH[name], z, initial_step=0.1).df
    assert_allclose(student["derivative"](name, z), slopes, rtol=1e-7, atol=1e-9)


def test_relu_and_leaky_relu_are_integrals_of_their_slopes(student):
    z = np.linspace(-3, 3, 60_001)
    for name in ("relu", "leaky_relu"):
        slopes = student["derivative"](name, z, 0.3)
        area = integrate.cumulative_trapezoid(slopes, z, initial=0)
        values = student["activation"](name, z, 0.3)
        assert_allclose(area - area[30_000], values, atol=1e-4)


def test_softmax_and_its_jacobian(student, rng):
    z = rng.normal(0, 500, (4, 5))
    assert_allclose(student["softmax"](z, 3), special.softmax(z / 3, axis=-1), atol=1e-300)
    for row in rng.normal(0, 2, (3, 5)):
        result = differentiate.jacobian(lambda z: special.softmax(z / 2, axis=0), row)
        got = student["softmax_jacobian"](special.softmax(row / 2), 2)
        assert_allclose(got, result.df, rtol=1e-7, atol=1e-9)


def test_interpolant_is_the_linear_spline(student, rng):
    knots = rng.permutation(np.cumsum(rng.uniform(0.1, 2, 12)))
    heights = rng.normal(size=12)
    w, b, v, c = student["relu_interpolant"](knots, heights)
    order = np.argsort(knots)
    spline = interpolate.make_interp_spline(knots[order], heights[order], k=1)
    x = np.linspace(knots.min(), knots.max() + 3, 500)
    assert_allclose(c + np.maximum(0, np.outer(x, w) + b) @ v, spline(x), atol=1e-10)


def test_knots_needed_keep_the_error_of_a_parabola_exactly(student, rng):
    """For a parabola the bound by curvature is the error, so one knot less is too few."""
    a, width, error = rng.normal(), rng.uniform(1, 3), rng.uniform(0.001, 0.02)
    n = student["knots_needed"](a, a + width, error, curvature=2)

    def largest_gap(knots):
        t = np.linspace(a, a + width, knots)
        middle = (t[1:] + t[:-1]) / 2
        return np.abs(interpolate.make_interp_spline(t, t**2, k=1)(middle) - middle**2).max()

    assert largest_gap(n) <= error < largest_gap(n - 1)


def test_knots_needed_keep_the_error_of_a_zigzag_exactly(student):
    """Half of L h is reached by a zigzag that turns half-way between the knots."""
    for pieces in range(1, 30):
        h = 1 / pieces
        assert student["knots_needed"](0, 1, 3 * h / 2, steepness=3) == pieces + 1


def test_placed_knots_divide_the_area(student):
    def density(x):
        return np.sqrt(np.abs(6 * x - 2))

    x = np.linspace(-1, 2, 20_001)
    knots = student["place_knots"](x, 6 * x - 2, 7)

    def area(right):
        return integrate.quad(density, -1, right, points=[1 / 3])[0]

    for k in range(1, 7):
        exact = optimize.brentq(lambda right, k=k: area(right) - area(2) * k / 7, -1, 2)
        assert_allclose(knots[k], exact, atol=1e-4)
