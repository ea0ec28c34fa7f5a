"""A small network that bends its boundary, of the landing page."""

from __future__ import annotations

from typing import Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Integer, Numbers, check_label

RING = [
    *([0.1, 0.05, 1.0], [0.6, 0.1, 1.0], [-0.35, 0.5, 1.0], [-0.3, -0.5, 1.0]),
    *([1.6, 0.25, 0.0], [1.35, 1.1, 0.0], [0.65, 1.75, 0.0], [-0.25, 1.6, 0.0]),
    *([-1.1, 1.35, 0.0], [-1.75, 0.65, 0.0], [-1.6, -0.25, 0.0], [-1.35, -1.1, 0.0]),
    *([-0.65, -1.75, 0.0], [0.25, -1.6, 0.0], [1.1, -1.35, 0.0], [1.75, -0.65, 0.0]),
]


class Bend(Widget):
    """A network of one hidden layer that learns two classes of points, which the reader sets.

    Training starts from `weights`, or from weights that `seed` decides, and has passed `epochs`
    times through the points, so the same state always shows the same moment.

    Attributes
    ----------
    points : list of [x1, x2, y]
        Up to 60 points with labels y = 0 or 1, coordinates from −3 to 3.
    hidden : int
        Hidden units, from 0 to 8; they are tanh units, and the output is a sigmoid.
    seed : int
        Seed of the first weights and of the order of the points, from 0 to 9999.
    weights : list of float
        Own weights and biases at the start, layer by layer: the rows of W, then b; from −1000 to
        1000. Empty stands for the random ones.
    epochs : int
        Epochs of training made, from 0 to 3000.
    """

    points = Numbers(RING, min=-3, max=3, step=0.05, length=(0, 60), label="Points")
    hidden = Integer(4, min=0, max=8, step=1, label="Hidden units")
    seed = Integer(1, min=0, max=9999, step=1, label="Seed")
    weights = Numbers([], min=-1000, max=1000, step=0.05, length=(0, 33), label="Weights")
    epochs = Integer(0, min=0, max=3000, step=1, label="Epochs")

    @t.validate("points")
    def _check_labels(self, proposal: dict[str, Any]) -> object:
        for *_, label in proposal["value"]:
            check_label(f"{type(self).__name__}.points", label, 0)
        return proposal["value"]

    @t.validate("weights", "hidden")
    def _check_count(self, proposal: dict[str, Any]) -> object:
        here = {name: getattr(self, name) for name in ("weights", "hidden")}
        here[proposal["trait"].name] = proposal["value"]
        needed = 4 * here["hidden"] + 1 if here["hidden"] else 3
        if len(here["weights"]) not in {0, needed}:
            raise t.TraitError(
                f"{type(self).__name__}.weights must hold {needed} numbers for "
                f"{here['hidden']} hidden units, or none, not {len(here['weights'])}."
            )
        return proposal["value"]
