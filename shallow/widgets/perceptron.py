"""The perceptron trainer of the chapter *The perceptron*."""

from __future__ import annotations

from typing import Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Flag, Integer, Number, Numbers, check_label


class PerceptronTrainer(Widget):
    """A perceptron that visits points of the plane one by one, against the bound on its mistakes.

    Training starts from the weights `w1`, `w2`, `b` and has made `visits` visits, so the same state
    always shows the same moment. It ends once a whole round was free of mistakes.

    Attributes
    ----------
    data : {"and", "or", "xor", "separable", "inseparable", "own"}
        Where the points come from; "own" stands for `points`.
    seed : int
        Seed of the separable and inseparable points, and of a shuffled order, from 0 to 9999.
    points : list of [x1, x2, y]
        Own points with labels y = ±1: 2 to 30, coordinates from −10 to 10.
        Given to the constructor they also set `data`.
    w1, w2, b : float
        Weights and bias at the start of training, from −20 to 20.
    rate : float
        Learning rate η, from 0.01 to 10.
    visits : int
        Visits made, from 0 to 2000.
    order : {"listed", "reversed", "shuffled"}
        Order of the points in every round.
    pocket : bool
        Show the best weights so far, too.
    """

    data = Choice(
        "and",
        options={
            "and": "AND",
            "or": "OR",
            "xor": "XOR",
            "separable": "Separable",
            "inseparable": "Inseparable",
            "own": "Your own",
        },
        label="Points",
    )
    seed = Integer(1, min=0, max=9999, step=1, label="Seed")
    points = Numbers(
        [[0.0, 0.0, -1.0], [1.0, 1.0, 1.0]],
        min=-10,
        max=10,
        step=0.05,
        length=(2, 30),
        label="Own points",
    )
    w1 = Number(0.0, min=-20, max=20, step=0.1, label="Weight w₁")
    w2 = Number(0.0, min=-20, max=20, step=0.1, label="Weight w₂")
    b = Number(0.0, min=-20, max=20, step=0.1, label="Bias b")
    rate = Number(1.0, min=0.01, max=10, step=0.01, scale="log", label="Learning rate η")
    visits = Integer(0, min=0, max=2000, step=1, label="Visits")
    order = Choice(
        "listed",
        options={"listed": "As listed", "reversed": "Reversed", "shuffled": "Shuffled by the seed"},
        label="Order",
    )
    pocket = Flag(default=False, label="Show the best line so far (pocket)")

    def __init__(self, **state: Any) -> None:
        if "points" in state:
            state.setdefault("data", "own")
        super().__init__(**state)

    @t.validate("points")
    def _check_labels(self, proposal: dict[str, Any]) -> object:
        for *_, label in proposal["value"]:
            check_label(f"{type(self).__name__}.points", label, -1)
        return proposal["value"]
