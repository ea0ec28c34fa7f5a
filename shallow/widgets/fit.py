"""The curve-fitting explorer of the chapter *Start here*."""

from __future__ import annotations

from shallow.widgets._base import Widget
from shallow.widgets._settings import Integer, Number


class FitExplorer(Widget):
    """Polynomials fitted to noisy points of sin πx: under-fitting, over-fitting, and the gap.

    The polynomial with the least mean squared error on the training points is drawn beside its
    errors on these points, on as many validation points, and over all x.

    Attributes
    ----------
    degree : int
        Degree of the polynomial, from 0 to 13.
    points : int
        Number of training points, and of validation points, from 15 to 200.
    noise : float
        Standard deviation of the noise, from 0 to 1.
    seed : int
        Seed of the points, from 0 to 9999.
    """

    degree = Integer(3, min=0, max=13, step=1, label="Degree")
    points = Integer(15, min=15, max=200, step=1, label="Training points")
    noise = Number(0.3, min=0, max=1, step=0.05, label="Noise")
    seed = Integer(32, min=0, max=9999, step=1, label="Seed")
