"""The activation explorer of the chapter *Activations*."""

from __future__ import annotations

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Number


class ActivationExplorer(Widget):
    """One neuron, a = g(w x + b): its activation g, the slope g′, and where learning stops.

    Attributes
    ----------
    function : str
        The activation g: ``"linear"``, ``"step"``, ``"sigmoid"``, ``"tanh"``, ``"relu"``,
        ``"leaky"``, ``"softplus"``, ``"gelu"`` or ``"silu"``.
    x : float
        Input, from −8 to 8.
    w : float
        Weight, from −4 to 4.
    b : float
        Bias, from −8 to 8.
    epsilon : float
        Slope of the leaky ReLU for negative z, from 0 to 1.
    beta : float
        Sharpness of softplus and SiLU, from 0.2 to 10.
    """

    function = Choice(
        "sigmoid",
        options={
            "linear": "linear",
            "step": "step",
            "sigmoid": "sigmoid σ",
            "tanh": "tanh",
            "relu": "ReLU",
            "leaky": "leaky ReLU",
            "softplus": "softplus (soft ReLU)",
            "gelu": "GELU",
            "silu": "SiLU",
        },
        label="Activation g",
    )
    x = Number(1.0, min=-8, max=8, step=0.1, label="Input x")
    w = Number(1.0, min=-4, max=4, step=0.1, label="Weight w")
    b = Number(0.0, min=-8, max=8, step=0.1, label="Bias b")
    epsilon = Number(0.1, min=0, max=1, step=0.01, label="Leak ε")
    beta = Number(1.0, min=0.2, max=10, step=0.1, scale="log", label="Sharpness β")
