"""The networks that the book ships: two small ones that run through it, and one that reads digits.

Each has one hidden layer; the two small ones have sigmoids everywhere.
Parameters are in the course's notation, W[l] of shape (n_out, n_in) and b[l] of shape (n_out,);
data hold one observation in each row.
Each call gives fresh arrays, so that nothing a chapter changes can reach another cell.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Parameters(NamedTuple):
    """Weights and biases of a network with one hidden layer."""

    W1: Floats
    b1: Floats
    W2: Floats
    b2: Floats


def two_two_two() -> tuple[Parameters, Floats, Floats]:
    """Give the 2-2-2 network of Mazur (2015), before training, and its one observation.

    Each layer's two units share the value of their bias.

    Returns
    -------
    parameters : W1 (2, 2), b1 (2,), W2 (2, 2), b2 (2,)
    X : shape (1, 2)
    Y : shape (1, 2), the targets of the two outputs

    """
    parameters = Parameters(
        W1=np.array([[0.15, 0.20], [0.25, 0.30]]),
        b1=np.array([0.35, 0.35]),
        W2=np.array([[0.40, 0.45], [0.50, 0.55]]),
        b2=np.array([0.60, 0.60]),
    )
    return parameters, np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])


def two_three_one() -> tuple[Parameters, Floats, Floats]:
    """Give the 2-3-1 network of a lecture, before training, and its ten customers.

    Returns
    -------
    parameters : W1 (3, 2), b1 (3,), W2 (1, 3), b2 (1,)
    X : shape (10, 2), standardised
    Y : shape (10, 1), labels 0 and 1

    See Also
    --------
    ten_customers : where the data come from, and which rows the lecture prints

    """
    parameters = _from_tables(
        [[-0.2, 0.4, -1.0], [-0.4, -0.7, -0.8], [-0.6, -0.6, -0.3]], [0.1, -0.2, 0.4, -0.6]
    )
    X, y, _ = ten_customers()
    return parameters, X, y[:, None]


def ten_customers() -> tuple[Floats, Floats, Flags]:
    """Give the ten customers on which the 2-3-1 network is trained.

    The lecture prints five of the ten rows.
    The other five were recovered by solving the inverse problem: with gradient descent on all ten
    (η = 0.5, the cost the sum of ½(ŷ - y)²), from the lecture's initial weights, these rows lead
    to all 13 parameters that it prints after 1, 10, 100, 1 000 and 8 000 epochs, within 0.0015.
    So they are *a* data set with the printed history, not necessarily the author's own five rows.

    Returns
    -------
    X : shape (10, 2), standardised
    y : shape (10,), labels 0 and 1
    printed : shape (10,), whether the lecture prints the row

    """
    with resources.files("shallow").joinpath("ten_customers.csv").open() as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    return table[:, 1:3], table[:, 0], table[:, 3] == 1


def digit_reader() -> Parameters:
    """Give the 64-32-10 network that reads scikit-learn's digits, after training.

    Its hidden units are ReLUs, and a softmax follows its ten outputs.
    The weights are those of the chapter *Initialisation and regularisation*, to three decimals;
    ``python -m tools.digits`` writes them.

    Returns
    -------
    parameters : W1 (32, 64), b1 (32,), W2 (10, 32), b2 (10,); pixels are divided by 16

    """
    with resources.files("shallow").joinpath("digits.json").open(encoding="utf-8") as file:
        return Parameters(**{name: np.array(values) for name, values in json.load(file).items()})


def printed_history() -> dict[int, Parameters]:
    """Give the parameters of the 2-3-1 network that the lecture prints, by number of epochs.

    Two values are not the printed ones. After 1 epoch a table repeats the bias of H3, 0.386,
    for the output's, which a later one gives as -0.327. After 1 000 epochs the bias of H3 is
    printed as 0.992, without its minus sign.
    """
    return {
        1: _from_tables(
            [[-0.230, 0.370, -1.008], [-0.441, -0.741, -0.813], [-0.496, -0.506, -0.233]],
            [0.061, -0.238, 0.386, -0.327],
        ),
        10: _from_tables(
            [[-0.415, 0.166, -1.071], [-0.725, -1.048, -0.933], [-0.571, -0.582, -0.598]],
            [-0.034, -0.309, 0.320, 0.676],
        ),
        100: _from_tables(
            [[0.622, 1.600, -0.092], [-1.726, -2.469, -1.534], [-1.791, -2.797, -1.326]],
            [-0.283, -0.302, -0.089, 2.634],
        ),
        1000: _from_tables(
            [[2.835, 4.381, 1.734], [-4.631, -7.457, -2.956], [-4.650, -8.052, -2.644]],
            [-0.963, -1.314, -0.992, 6.326],
        ),
        8000: _from_tables(
            [[3.843, 6.009, 2.383], [-6.497, -10.508, -3.908], [-6.364, -11.256, -3.401]],
            [-1.317, -1.905, -1.171, 8.680],
        ),
    }


def _from_tables(weights: list[list[float]], biases: list[float]) -> Parameters:
    """Turn the lecture's tables (rows IN1 → H, IN2 → H, H → ON; biases H1 … ON) into W and b."""
    return Parameters(
        W1=np.array(weights[:2]).T,
        b1=np.array(biases[:3]),
        W2=np.array(weights[2:]),
        b2=np.array(biases[3:]),
    )
