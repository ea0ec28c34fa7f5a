"""The drawings that chapters share, in one style.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart;
each class also has its own marker and dash, so that nothing rests on colour alone.
Figures are SVG with a white card, and identical each time they are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from cycler import cycler
from matplotlib import pyplot as plt
from matplotlib_inline.backend_inline import set_matplotlib_formats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

BLUE, ORANGE, GREEN, PINK = "#0072b2", "#d55e00", "#00795a", "#aa4499"
GREY = "#595959"  # 7:1 on white

NEGATIVE: dict[str, Any] = {"color": BLUE, "marker": "o"}
POSITIVE: dict[str, Any] = {"color": ORANGE, "marker": "^"}

STYLE: dict[str, Any] = {
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, PINK], linestyle=["-", "--", "-.", ":"]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "white",
    "figure.figsize": (6.0, 3.8),
    "font.size": 11,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "savefig.facecolor": "white",
    "svg.hashsalt": "shallow",  # the same element ids in each build
}


def use_style() -> None:
    """Draw all later figures of a notebook in the book's style, as reproducible SVG."""
    plt.style.use(STYLE)
    set_matplotlib_formats("svg", metadata={"Date": None})  # type: ignore[no-untyped-call]  # matplotlib_inline has no types


def score_line(
    truth: ArrayLike, score: ArrayLike, threshold: float, names: tuple[str, str]
) -> Axes:
    """Draw every object at its score, the two classes on two rows, and the threshold.

    Parameters
    ----------
    truth
        Labels 0 and 1, shape (n,).
    score
        Scores, shape (n,).
    threshold
        Objects at or right of it are called positive.
    names
        What label 0 and label 1 mean.

    Returns
    -------
    axes

    """
    truth, score = np.asarray(truth), np.asarray(score)
    _, axes = plt.subplots(figsize=(6, 2.2))
    axes.axvspan(threshold, 1.05, color=GREY, alpha=0.12, lw=0)
    axes.axvline(threshold, color=GREY, ls="--")
    for label, look in enumerate((NEGATIVE, POSITIVE)):
        own = score[truth == label]
        axes.plot(own, np.full(own.shape, label), ls="", ms=10, **look)
    axes.text(threshold + 0.01, 0.5, f"called {names[1]} →", color=GREY, va="center")
    axes.set(xlim=(0, 1.05), ylim=(-0.6, 1.6), xlabel="score")
    axes.set_yticks([0, 1], names)
    return axes


def rate_axes(xlabel: str, ylabel: str) -> Axes:
    """Give square axes from 0 to 1, on which two rates can be compared.

    Parameters
    ----------
    xlabel, ylabel
        What the rates are.

    Returns
    -------
    axes

    """
    _, axes = plt.subplots(figsize=(4.6, 4.2))
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal", xlabel=xlabel, ylabel=ylabel)
    return axes


def count_matrix(counts: ArrayLike, names: list[str]) -> Axes:
    """Draw a confusion matrix, rows the truth and columns the prediction, with its counts.

    Parameters
    ----------
    counts
        Counts, shape (k, k).
    names
        The k classes, in order.

    Returns
    -------
    axes

    Raises
    ------
    ValueError
        If ``counts`` is not a square matrix with one row for each name.

    """
    counts = np.asarray(counts)
    k = len(names)
    if counts.shape != (k, k):
        raise ValueError(f"counts must have shape {(k, k)} for {k} names, got {counts.shape}")
    _, axes = plt.subplots(figsize=(4.6, 3.8))
    axes.imshow(counts, cmap="Blues", vmin=0)
    size = 14 if k < 6 else 9  # ten classes leave little room
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if count > counts.max() / 2 else "black"
        axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=size)
    axes.set(xlabel="predicted", ylabel="true")
    axes.set_xticks(range(k), names)
    axes.set_yticks(range(k), names)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return axes
