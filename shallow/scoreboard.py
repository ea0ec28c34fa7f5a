"""One case and one table through the book: quiescent and star-forming galaxies told apart.

Each model was trained in a chapter on the same 400 galaxies; that chapter checks that what it
trains has the weights that are kept here, rounded to three decimals, so that every later table is
the same on every machine.
All are judged on the same hundred thousand galaxies that none has seen, beside the best that is
possible, which the densities behind the galaxies give.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it has no types
from matplotlib import pyplot as plt
from numpy.typing import NDArray

from shallow import plots
from shallow.data import Floats, Labels, galaxy_colours, galaxy_posterior
from shallow.networks import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

Flags = NDArray[np.bool_]


class Line(NamedTuple):
    """A unit without hidden ones before it: z = w·x + b."""

    w: Floats
    b: float


ONE_COLOUR = 1.519
PERCEPTRON = Line(w=np.array([-15.266, 22.542]), b=-18.225)
LOGISTIC = Line(w=np.array([-11.285, 17.246]), b=-14.460)
HIDDEN = Parameters(
    W1=np.array([[2.019, -2.329], [2.498, -1.464], [-0.115, -4.231]]),
    b1=np.array([2.694, -1.210, 5.422]),
    W2=np.array([[-4.155, -6.044, -5.839]]),
    b2=np.array([-3.374]),
)
HINGES = np.array([0.5, 1.0, 1.5])  # of V - J, at equal distances
BROKEN_LINE = Line(w=np.array([-2.655, 17.211, -0.939, -12.075, -2.970]), b=-20.720)
BROKEN_LINE_SQUARES = Line(w=np.array([-0.555, 19.265, -4.196, -10.988, -7.522]), b=-24.094)
SIGMOIDS = Parameters(
    W1=np.array([[-6.753, 3.470], [1.121, 8.517], [3.377, -3.987]]),
    b1=np.array([3.722, -11.780, 3.621]),
    W2=np.array([[6.892, 8.896, -9.310]]),
    b2=np.array([-5.432]),
)
with resources.files("shallow").joinpath("scoreboard.json").open(encoding="utf-8") as file:
    _sixteen = json.load(file)
STOPPED = Parameters(**{name: np.array(values) for name, values in _sixteen["stopped"].items()})
PENALISED = Parameters(**{name: np.array(values) for name, values in _sixteen["penalised"].items()})


def _sigmoid(z: Floats) -> Floats:
    probability: Floats = 1 / (1 + np.exp(-z))
    return probability


def _network(g: Callable[[Floats], Floats], net: Parameters, X: Floats) -> Floats:
    return _sigmoid(g(X @ net.W1.T + net.b1) @ net.W2[0] + net.b2[0])


def _count(net: Parameters) -> int:
    return sum(p.size for p in net)


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


def one_colour(X: Floats) -> Flags:
    """Call quiescent, shape (n,), what is redder than a threshold in U - V."""
    red: Flags = X[:, 1] >= ONE_COLOUR
    return red


def perceptron(X: Floats) -> Flags:
    """Call quiescent, shape (n,), what lies on the positive side of the averaged perceptron."""
    sides: Flags = X @ PERCEPTRON.w + PERCEPTRON.b >= 0
    return sides


def logistic(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of the logistic regression."""
    return _sigmoid(X @ LOGISTIC.w + LOGISTIC.b)


def hidden(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of the network with three hidden units."""
    return _network(np.tanh, HIDDEN, X)


def hinged(X: Floats) -> Floats:
    """Give both colours and max(0, V - J - t) for each hinge t, shape (n, 5)."""
    return np.c_[X, np.maximum(0, X[:, :1] - HINGES)]


def broken_line(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of a logistic regression with hinges."""
    return _sigmoid(hinged(X) @ BROKEN_LINE.w + BROKEN_LINE.b)


def broken_line_squares(X: Floats) -> Floats:
    """Give the same, trained on the squared error."""
    return _sigmoid(hinged(X) @ BROKEN_LINE_SQUARES.w + BROKEN_LINE_SQUARES.b)


def sigmoids(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of three sigmoid units."""
    return _network(_sigmoid, SIGMOIDS, X)


def stopped(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of sixteen units stopped early."""
    return _network(np.tanh, STOPPED, X)


def penalised(X: Floats) -> Floats:
    """Give the probability of *quiescent*, shape (n,), of sixteen units with an L2 penalty."""
    return _network(np.tanh, PENALISED, X)


# By the name of its row: the model, and its numbers that were drawn or learnt.
ROWS: dict[str, tuple[Callable[[Floats], Floats | Flags], int | None]] = {
    "wedge, by hand": (wedge, 4),
    "one colour": (one_colour, 1),
    "perceptron": (perceptron, 3),
    "logistic regression": (logistic, 3),
    "three hidden units": (hidden, _count(HIDDEN)),
    "broken line": (broken_line, len(HINGES) + 6),
    "broken line, squares": (broken_line_squares, len(HINGES) + 6),
    "three sigmoids": (sigmoids, _count(SIGMOIDS)),
    "sixteen units, stopped": (stopped, _count(STOPPED)),
    "sixteen units, L2": (penalised, _count(PENALISED)),
    "best possible": (galaxy_posterior, None),
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
        number of parameters. What needs probabilities is a dash for a model without, and the
        parameters of what is no model but the truth.

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
            plus_minus(100 * accuracy, 100 * error),
            f"{calibration_error(y, probability):.3f}" if sure else "–",
            f"{_cross_entropy(y, probability):.3f}" if sure else "–",
            "–" if parameters is None else parameters,
        )
    columns = ["accuracy, %", "calibration", "cost", "parameters"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def ahead(first: str, second: str) -> tuple[float, float]:
    """Say by how much one row is more often right than another, galaxy by galaxy.

    Parameters
    ----------
    first, second
        Two of `ROWS`.

    Returns
    -------
    points : difference of their accuracies, in percentage points
    error : its standard error, from the galaxies on which only one of the two is right

    """
    X, y = new_galaxies()
    one, other = ((ROWS[name][0](X) >= 0.5) == y for name in (first, second))
    each = 100.0 * (one.astype(int) - other)
    return float(each.mean()), float(each.std() / np.sqrt(len(y)))


def plus_minus(value: float, error: float) -> str:
    """Write a value with its error, to two decimals, as one word that no table breaks."""
    return f"{value:.2f}\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{error:.2f}"


def diagram(models: dict[Callable[[Floats], Floats], str]) -> Axes:
    """Draw the 400 galaxies, the wedge (dotted), and where each model says ½.

    Parameters
    ----------
    models
        Functions such as `logistic`, each with the dash of its boundary.

    Returns
    -------
    axes

    """
    X, y = training_galaxies()
    _, axes = plt.subplots(figsize=(5, 3.8))
    for label, look in enumerate((plots.NEGATIVE, plots.POSITIVE)):
        axes.plot(*X[y == label].T, ls="", ms=3, alpha=0.6, **look)
    corner = (1.3 - 0.59) / 0.88
    axes.plot([0, corner, 1.6, 1.6], [1.3, 1.3, 0.88 * 1.6 + 0.59, 2.6], ls=":", color="black")
    vj, uv = np.meshgrid(np.linspace(0, 2.1, 211), np.linspace(0.2, 2.6, 241))
    for model, dash in models.items():
        height = model(np.c_[vj.ravel(), uv.ravel()]).reshape(vj.shape)
        axes.contour(vj, uv, height, levels=[0.5], colors="black", linestyles=dash)
    axes.set(xlabel="V − J", ylabel="U − V", xlim=(0, 2.1), ylim=(0.2, 2.6))
    return axes


def edge(model: Callable[[Floats], Floats], vj: float) -> float:
    """Give the least U - V, to a hundredth, at which a model calls a galaxy quiescent.

    Parameters
    ----------
    model
        A function such as `logistic`.
    vj
        V - J of the galaxy.

    Returns
    -------
    uv : from 0.2 on; infinite if there is none up to 2.6

    """
    uv = np.linspace(0.2, 2.6, 241)
    quiescent = model(np.c_[np.full_like(uv, vj), uv]) >= 0.5
    return float(uv[quiescent].min(initial=np.inf))


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


def _cross_entropy(y: Labels, probability: Floats) -> float:
    return float(-np.mean(np.log(np.where(y == 1, probability, 1 - probability))))
