"""The logistic playground of the chapter *Logistic regression*."""

from __future__ import annotations

from typing import Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Number, Numbers, check_label


class LogisticPlayground(Widget):
    """Logistic regression with one or two inputs: the curve, the cost surface, and the way down.

    Training starts from the weights `w1`, `w2`, `b` and has made `steps` steps of `method`, so the
    same state always shows the same place. The cost is the mean binary cross-entropy plus
    `l2` / 2 · ‖w‖².

    Attributes
    ----------
    inputs : {"one", "two"}
        With one input, `w2` and the second coordinate of the points play no part.
    data : {"overlapping", "separable", "own"}
        Where the points come from; "own" stands for `points`.
    seed : int
        Seed of the points, from 0 to 9999.
    points : list of [x1, x2, y]
        Own points with labels y = 0 or 1: 2 to 40, coordinates from −3 to 4.
        Given to the constructor they also set `data`.
    w1, w2, b : float
        Weights and bias at the start, from −8 to 8.
    method : {"gradient", "newton"}
        Gradient descent or Newton's method.
    rate : float
        Learning rate η of gradient descent, from 0.01 to 100.
    l2 : float
        Strength λ of the penalty, from 0 to 1.
    steps : int
        Steps made, from 0 to 1000.
    threshold : float
        Probability from which a point is called positive, from 0.01 to 0.99.
    """

    inputs = Choice("one", options={"one": "One", "two": "Two"}, label="Inputs")
    data = Choice(
        "overlapping",
        options={"overlapping": "Overlapping", "separable": "Separable", "own": "Your own"},
        label="Points",
    )
    seed = Integer(1, min=0, max=9999, step=1, label="Seed")
    points = Numbers(
        [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]],
        min=-3,
        max=4,
        step=0.05,
        length=(2, 40),
        label="Own points",
    )
    w1 = Number(0.0, min=-8, max=8, step=0.1, label="Weight w₁")
    w2 = Number(0.0, min=-8, max=8, step=0.1, label="Weight w₂")
    b = Number(0.0, min=-8, max=8, step=0.1, label="Bias b")
    method = Choice(
        "gradient", options={"gradient": "Gradient descent", "newton": "Newton"}, label="Method"
    )
    rate = Number(1.0, min=0.01, max=100, step=0.01, scale="log", label="Learning rate η")
    l2 = Number(0.0, min=0, max=1, step=0.01, label="L2 penalty λ")
    steps = Integer(0, min=0, max=1000, step=1, label="Steps")
    threshold = Number(0.5, min=0.01, max=0.99, step=0.01, label="Threshold")

    def __init__(self, **state: Any) -> None:
        if "points" in state:
            state.setdefault("data", "own")
        super().__init__(**state)

    @t.validate("points")
    def _check_labels(self, proposal: dict[str, Any]) -> object:
        for *_, label in proposal["value"]:
            check_label(f"{type(self).__name__}.points", label, 0)
        return proposal["value"]
