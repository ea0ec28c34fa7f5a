"""The two worked networks against the histories that their lectures print."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from shallow import networks
from shallow.networks import Parameters


def sigmoid(z):
    return 1 / (1 + np.exp(-z))  # unlike scipy.special.expit it takes complex numbers


def forward(parameters, X):
    W1, b1, W2, b2 = parameters
    return sigmoid(sigmoid(X @ W1.T + b1) @ W2.T + b2)


def cost(parameters, X, Y):
    return 0.5 * np.sum((forward(parameters, X) - Y) ** 2)


def gradient(parameters, X, Y, h=1e-30):
    """One parameter at a time by the complex step, so without a line of backpropagation."""
    slopes = []
    for k, values in enumerate(parameters):
        slope = np.empty_like(values)
        for index in np.ndindex(values.shape):
            shifted = values.astype(complex)
            shifted[index] += 1j * h
            slope[index] = (
                cost(Parameters(*parameters[:k], shifted, *parameters[k + 1 :]), X, Y).imag / h
            )
        slopes.append(slope)
    return Parameters(*slopes)


def descend(parameters, X, Y, epochs, rate=0.5):
    for _ in range(epochs):
        slopes = gradient(parameters, X, Y)
        parameters = Parameters(*(p - rate * s for p, s in zip(parameters, slopes, strict=True)))
    return parameters


@pytest.mark.parametrize(
    ("make", "sizes"), [(networks.two_two_two, (2, 2, 2)), (networks.two_three_one, (2, 3, 1))]
)
def test_shapes_are_those_of_the_notation(make, sizes):
    (W1, b1, W2, b2), X, Y = make()
    inputs, hidden, outputs = sizes
    assert W1.shape == (hidden, inputs)
    assert b1.shape == (hidden,)
    assert W2.shape == (outputs, hidden)
    assert b2.shape == (outputs,)
    assert X.shape[1] == inputs
    assert Y.shape == (len(X), outputs)


@pytest.mark.parametrize("make", [networks.two_two_two, networks.two_three_one])
def test_each_call_gives_fresh_arrays(make):
    before = make()
    changed = make()
    for array in (*changed[0], *changed[1:]):
        array.fill(np.nan)
    for old, new in zip((*before[0], *before[1:]), (*make()[0], *make()[1:]), strict=True):
        assert np.array_equal(old, new)


def test_two_two_two_gives_the_printed_outputs_and_error():
    parameters, X, Y = networks.two_two_two()
    assert_allclose(forward(parameters, X), [[0.75136507, 0.772928465]], atol=5e-9)
    assert cost(parameters, X, Y) == pytest.approx(0.298371109, abs=5e-10)
    slopes = gradient(parameters, X, Y)
    assert slopes.W2[0, 0] == pytest.approx(0.082167041, abs=5e-10)


def test_ten_customers_holds_the_printed_rows():
    X, y, printed = networks.ten_customers()
    rows = [
        [0, -0.97, -0.8],
        [0, -0.69, -0.97],
        [0, -1.14, -1.09],
        [1, -0.79, -0.52],
        [0, 1.04, 0.34],
    ]
    assert np.c_[y, X][printed].tolist() == rows
    assert X.shape == (10, 2)
    assert set(y) == {0, 1}
    assert abs(X.mean(axis=0)).max() < 0.01  # standardised, to the two decimals that are printed
    assert_allclose(X.std(axis=0), 1, atol=0.06)


@pytest.mark.parametrize("epochs", [1, 10, 100])
def test_two_three_one_reaches_the_printed_parameters(epochs):
    reached = descend(*networks.two_three_one(), epochs=epochs)
    for ours, printed in zip(reached, networks.printed_history()[epochs], strict=True):
        assert_allclose(ours, printed, atol=0.0015)


def test_wheel_contains_the_customers(tmp_path):
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert "shallow/ten_customers.csv" in zipfile.ZipFile(wheel).namelist()
