"""Drawings of two classes in the plane, and of the lines that separate them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shallow.plots import GREY, NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


def draw_points(axes: Axes, X: ArrayLike, y: ArrayLike, **look: object) -> None:
    """Draw each point with the marker and the colour of its class.

    Parameters
    ----------
    axes
        Where to draw.
    X
        Points, shape (n, 2).
    y
        Labels, shape (n,): positive where y > 0, so that both {0, 1} and {-1, +1} serve.
    **look
        Further properties of the markers, such as ``ms``.

    """
    X, positive = np.asarray(X), np.asarray(y) > 0
    for own, style in ((~positive, NEGATIVE), (positive, POSITIVE)):
        properties: dict[str, Any] = {"ls": "", "ms": 8, **style, **look}
        axes.plot(*X[own].T, **properties)


def draw_boundary(axes: Axes, w: ArrayLike, b: float, **look: object) -> None:
    """Draw the line w·x + b = 0 across the axes, whose limits stay.

    Parameters
    ----------
    axes
        Where to draw; its limits must be set before.
    w
        Weights, shape (2,), not both zero.
    b
        Bias.
    **look
        Further properties of the line, such as ``ls``.

    Raises
    ------
    ValueError
        If both weights are zero: then there is no line.

    """
    w1, w2 = np.asarray(w, float)
    if w1 == 0 and w2 == 0:
        raise ValueError("w = (0, 0) has no boundary: every point has the same z = b")
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    if abs(w2) >= abs(w1):
        xs = np.array([left, right])
        ys = -(w1 * xs + b) / w2
    else:
        ys = np.array([low, high])
        xs = -(w2 * ys + b) / w1
    properties: dict[str, Any] = {"color": GREY, "ls": "-", **look}
    axes.plot(xs, ys, **properties)
    axes.set(xlim=(left, right), ylim=(low, high))
