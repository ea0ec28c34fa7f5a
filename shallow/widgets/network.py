"""The tiny network of the chapter *Backpropagation*."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as t

from shallow import networks
from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Number, Numbers


def _plain(worked: tuple[networks.Parameters, networks.Floats, networks.Floats]) -> dict[str, Any]:
    """Return a worked network as plain data: sizes, parameters in one list, inputs, targets."""
    parameters, X, Y = worked
    return {
        "sizes": [X.shape[1], len(parameters.b1), Y.shape[1]],
        "parameters": np.concatenate([values.ravel() for values in parameters]).tolist(),
        "X": X.tolist(),
        "Y": Y.tolist(),
    }


NETWORKS = {
    "2-2-2": _plain(networks.two_two_two()),
    "2-3-1": _plain(networks.two_three_one()),
}
_UNITS = ["x1", "x2", "h1", "h2", "h3", "o1", "o2"]
_EDGES = [f"{x}-{h}" for x in _UNITS[:2] for h in _UNITS[2:5]] + [
    f"{h}-{o}" for h in _UNITS[2:5] for o in _UNITS[5:]
]


class TinyNetwork(Widget):
    """One of the book's two worked networks, passed forwards and backwards step by step.

    Training starts from `parameters` and has made `updates` updates, so the same state always shows
    the same moment. Each update descends the cost summed over all observations.

    Attributes
    ----------
    network : {"2-2-2", "2-3-1"}
        The network, with its data (`shallow.networks`).
    parameters : list of float
        Weights and biases at the start: the rows of W1, then b1, W2 and b2, from −20 to 20.
        Empty stands for those of the worked example.
    updates : int
        Updates made, from 0 to 10000.
    phase : {"start", "forward", "loss", "backward"}
        How far the present round has come.
    observation : int
        The observation that is shown, from 1; the 2-2-2 network has only one.
    rate : float
        Learning rate η, from 0.001 to 10.
    selected : str
        The unit ("h1"), connection ("h1-o1") or loss ("loss") whose chain rule is shown.
    """

    network = Choice(
        "2-2-2", options={"2-2-2": "2–2–2", "2-3-1": "2–3–1, ten customers"}, label="Network"
    )
    parameters = Numbers([], min=-20, max=20, step=0.01, length=(0, 13), label="Parameters")
    updates = Integer(0, min=0, max=10_000, step=1, label="Updates")
    phase = Choice(
        "start",
        options={"start": "Start", "forward": "Forward", "loss": "Loss", "backward": "Backward"},
        label="Phase",
    )
    observation = Integer(1, min=1, max=10, step=1, label="Observation")
    rate = Number(0.5, min=0.001, max=10, step=0.001, scale="log", label="Learning rate η")
    selected = Choice(
        "h1-o1", options={name: name for name in [*_UNITS, *_EDGES, "loss"]}, label="Selected"
    )

    # What the browser needs to know of the worked examples; it is no setting, and never changes.
    _networks = t.Dict(NETWORKS, read_only=True).tag(sync=True)

    @t.validate("parameters", "network")
    def _check_sizes(self, proposal: dict[str, Any]) -> object:
        here = {"parameters": self.parameters, "network": self.network}
        here[proposal["trait"].name] = proposal["value"]
        needed = len(NETWORKS[here["network"]]["parameters"])
        if len(here["parameters"]) not in {0, needed}:
            raise t.TraitError(
                f"{type(self).__name__}.parameters must hold {needed} numbers for the "
                f"{here['network']} network, or none, not {len(here['parameters'])}."
            )
        return proposal["value"]
