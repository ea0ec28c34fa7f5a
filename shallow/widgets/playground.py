"""The playground of the chapter *Training*."""

from __future__ import annotations

import itertools
from typing import Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Flag, Integer, Number, Numbers

FEATURES = ("x1", "x2", "x1_squared", "x2_squared", "product", "sin_x1", "sin_x2")


class Playground(Widget):
    """A small network that learns two classes of points in the page.

    Training starts from `weights`, or from weights that `seed` decides, and has passed `epochs`
    times through the training points, so the same state always shows the same moment.

    Attributes
    ----------
    data : {"moons", "circles", "xor", "spirals", "blobs"}
        Where the points come from; the validation points come from the same place.
    noise : float
        Standard deviation of the points about their place, from 0 to 1.
    points : int
        Number of training points, from 4 to 200; there are 100 validation points.
    show_validation : bool
        Whether the validation points are shown too, hollow.
    x1, x2, x1_squared, x2_squared, product, sin_x1, sin_x2 : bool
        Which features of a point the network is given; at least one.
        `product` is x1 x2, and the sines are those of 2 x1 and 2 x2.
    hidden : list of int
        Units of each hidden layer: none to four layers of one to eight units.
    activation : {"tanh", "relu", "sigmoid", "linear"}
        Activation of the hidden units; the output is a sigmoid.
    rate : float
        Learning rate η, from 0.001 to 10.
    batch : int
        Observations in a minibatch, from 1 to 200.
    l2 : float
        Strength λ of the penalty λ / 2 · Σ w², from 0 to 1.
    seed : int
        Seed of the points, the first weights and the order of the points, from 0 to 9999.
    weights : list of float
        Own weights and biases at the start, layer by layer: the rows of W, then b; from −1000 to
        1000. Empty stands for the random ones.
    epochs : int
        Epochs of training made, from 0 to 10000.
    speed : int
        Epochs for each picture while it plays, from 1 to 100.
    unit : int
        The unit whose weights are shown, counted from 1 through the hidden layers to the output.
    """

    data = Choice(
        "moons",
        options={
            "moons": "Moons",
            "circles": "Circles",
            "xor": "XOR",
            "spirals": "Spirals",
            "blobs": "Blobs",
        },
        label="Points",
    )
    noise = Number(0.2, min=0, max=1, step=0.05, label="Noise")
    points = Integer(100, min=4, max=200, step=1, label="Training points")
    show_validation = Flag(False, label="Show validation points")
    x1 = Flag(True, label="x₁")
    x2 = Flag(True, label="x₂")
    x1_squared = Flag(False, label="x₁²")
    x2_squared = Flag(False, label="x₂²")
    product = Flag(False, label="x₁x₂")
    sin_x1 = Flag(False, label="sin 2x₁")
    sin_x2 = Flag(False, label="sin 2x₂")
    hidden = Numbers([4.0, 2.0], min=1, max=8, step=1, length=(0, 4), label="Hidden units")
    activation = Choice(
        "tanh",
        options={"tanh": "tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "linear": "Linear"},
        label="Activation",
    )
    rate = Number(0.1, min=0.001, max=10, step=0.001, scale="log", label="Learning rate η")
    batch = Integer(10, min=1, max=200, step=1, label="Batch size")
    l2 = Number(0.0, min=0, max=1, step=0.001, label="L2 penalty λ")
    seed = Integer(1, min=0, max=9999, step=1, label="Seed")
    weights = Numbers([], min=-1000, max=1000, step=0.05, length=(0, 289), label="Weights")
    epochs = Integer(0, min=0, max=10_000, step=1, label="Epochs")
    speed = Integer(1, min=1, max=100, step=1, label="Epochs a picture")
    unit = Integer(1, min=1, max=33, step=1, label="Unit")

    @t.validate("weights", "hidden", *FEATURES)
    def _check_count(self, proposal: dict[str, Any]) -> object:
        here = {name: getattr(self, name) for name in ("weights", "hidden", *FEATURES)}
        here[proposal["trait"].name] = proposal["value"]
        for units in here["hidden"]:
            if units != int(units):
                raise t.TraitError(
                    f"{type(self).__name__}.hidden must hold whole numbers, not {units!r}."
                )
        sizes = [sum(here[name] for name in FEATURES), *map(int, here["hidden"]), 1]
        if sizes[0] == 0:
            raise t.TraitError(
                f"{type(self).__name__} needs a feature: set one of {', '.join(FEATURES)} to True."
            )
        needed = sum(b * (a + 1) for a, b in itertools.pairwise(sizes))
        if len(here["weights"]) not in {0, needed}:
            network = "-".join(map(str, sizes))
            raise t.TraitError(
                f"{type(self).__name__}.weights must hold {needed} numbers for a {network} "
                f"network, or none, not {len(here['weights'])}."
            )
        return proposal["value"]
