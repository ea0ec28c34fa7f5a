"""One case and one table through the book: quiescent and star-forming galaxies told apart.

Each model was trained in a chapter on the same 400 galaxies; that chapter checks that what it
trains has the weights that are kept here, rounded to three decimals, so that every later table is
the same on every machine.
All are judged on the same hundred thousand galaxies that none has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it has no types
from numpy.typing import NDArray

from shallow.data import Floats, Labels, galaxy_colours
from shallow.networks import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable

Flags = NDArray[np.bool_]


class Line(NamedTuple):
    """A unit that draws a line in the plane: z = w·x + b."""

    w: Floats
    b: float


PERCEPTRON = Line(w=np.array([-15.266, 22.542]), b=-18.225)
LOGISTIC = Line(w=np.array([-11.285, 17.246]), b=-14.460)
HIDDEN = Parameters(
    W1=np.array([[2.019, -2.329], [2.498, -1.464], [-0.115, -4.231]]),
    b1=np.array([2.694, -1.210, 5.422]),
    W2=np.array([[-4.155, -6.044, -5.839]]),
    b2=np.array([-3.374]),
)


def training_galaxies() -> tuple[Floats, Labels]:
    """Give the colours, shape (400, 2), and the labels, shape (400,), on which all are trained."""
    return galaxy_colours(400, seed=0)


def new_galaxies() -> tuple[Floats, Labels]:
    """Give the colours, shape (100000, 2), and the labels, shape (100000,), that judge them."""
    return galaxy_colours(100_000, seed=99)


def wedge(X: Floats) -> Flags:
    """Call quiescent, shape (n,), what lies in the wedge that astronomers drew by hand."""
    vj, uv = X.T
    inside: Flags = (uv > 1.3) & (vj < 1.6) & (uv > 0.88 * vj + 0.59)
    return inside


def perceptron(X: Floats) -> Flags:
    """Call quiescent, shape (n,), what lies on the positive side of the averaged perceptron."""
    sides: Flags = X @ PERCEPTRON.w + PERCEPTRON.b >= 0
    return sides


def logistic(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of the logistic regression."""
    return _sigmoid(X @ LOGISTIC.w + LOGISTIC.b)


def hidden(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of the network with three hidden units."""
    return _sigmoid(np.tanh(X @ HIDDEN.W1.T + HIDDEN.b1) @ HIDDEN.W2[0] + HIDDEN.b2[0])


# By the name of its row: the model, and its numbers that were drawn or learnt.
ROWS: dict[str, tuple[Callable[[Floats], Floats | Flags], int]] = {
    "wedge, by hand": (wedge, 4),
    "perceptron": (perceptron, 3),
    "logistic regression": (logistic, 3),
    "three hidden units": (hidden, sum(p.size for p in HIDDEN)),
}


def table(last: str) -> pd.DataFrame:
    """Make the scoreboard as it stands after a chapter.

    Parameters
    ----------
    last
        The row that the chapter adds, one of `ROWS`; those before it are on the board already.

    Returns
    -------
    board
        A row for each model: accuracy and its standard error in per cent; calibration, the mean
        distance of predicted and found shares in ten bins; cost, the mean cross-entropy; and the
        number of parameters. What needs probabilities is a dash for a model without.

    Raises
    ------
    ValueError
        If there is no such row.

    """
    names = list(ROWS)
    if last not in names:
        raise ValueError(f"no row is named {last!r}; there are {', '.join(names)}")
    X, y = new_galaxies()
    rows = {}
    for name in names[: names.index(last) + 1]:
        model, parameters = ROWS[name]
        answer = model(X)
        accuracy = np.mean((answer >= 0.5) == y)
        error = np.sqrt(accuracy * (1 - accuracy) / len(y))
        sure = answer.dtype != bool
        probability = answer.astype(float)
        rows[name] = (
            f"{100 * accuracy:.2f} ± {100 * error:.2f}",
            f"{calibration_error(y, probability):.3f}" if sure else "–",
            f"{_cross_entropy(y, probability):.3f}" if sure else "–",
            parameters,
        )
    columns = ["accuracy, %", "calibration", "cost", "parameters"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def calibration_error(y: Labels, probability: Floats) -> float:
    """Give the mean distance of predicted and found share of positives in ten equal bins.

    Each bin counts by its objects.

    Parameters
    ----------
    y
        Labels 0 and 1, shape (n,).
    probability
        Predicted probabilities of 1, shape (n,).

    Returns
    -------
    error : from 0, honest, to 1

    """
    bins = np.minimum((10 * probability).astype(int), 9)
    return float(np.abs(np.bincount(bins, probability - y, 10)).sum() / len(y))


def _sigmoid(z: Floats) -> Floats:
    probability: Floats = 1 / (1 + np.exp(-z))
    return probability


def _cross_entropy(y: Labels, probability: Floats) -> float:
    return float(-np.mean(np.log(np.where(y == 1, probability, 1 - probability))))
