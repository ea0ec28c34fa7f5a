"""The ReLU builder of the chapter *Universal approximation*."""

from __future__ import annotations

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Flag, Number, Numbers


class ReluBuilder(Widget):
    """A sum of ReLUs, y(x) = c + Σ v_k max(0, x − t_k), against a target on [0, 1].

    Unit k has the input weight 1, the bias −t_k and the output weight v_k; c is the output bias.

    Attributes
    ----------
    target : str
        ``"sine"``, ``"parabola"``, ``"kink"``, ``"root"``, ``"jump"``, ``"reciprocal"`` or
        ``"drawn"``.
    hinges : list of float
        The t_k, 1 to 16 of them, from 0 to 0.99. They are sorted, and each counts once.
    fitted : bool
        Whether c and the v_k follow the target, so that y meets it at every hinge and at 1.
    weights : list of float
        The v_k if not `fitted`, in the order of `hinges`; those that are missing are 0.
    bias : float
        The c if not `fitted`.
    heights : list of float
        Eleven heights from −1 to 1 at x = 0, 0.1, …, 1: the target ``"drawn"`` joins them.
    """

    target = Choice(
        "sine",
        options={
            "sine": "sin 2πx",
            "parabola": "x²",
            "kink": "|2x − 1|",
            "root": "√x",
            "jump": "a jump at ½",
            "reciprocal": "1/x on (0, 1]",
            "drawn": "drawn by hand",
        },
        label="Target f",
    )
    hinges = Numbers(
        [0.0, 0.25, 0.5, 0.75], min=0, max=0.99, step=0.01, length=(1, 16), label="Hinges"
    )
    fitted = Flag(True, label="Weights follow the target")
    weights = Numbers([0.0], min=-1000, max=1000, step=0.1, length=(1, 16), label="Weights")
    bias = Number(0.0, min=-1000, max=1000, step=0.05, label="Output bias c")
    heights = Numbers(
        [0.0, 0.4, 0.7, 0.5, 0.1, -0.3, -0.2, 0.2, 0.6, 0.8, 0.3],
        min=-1,
        max=1,
        step=0.05,
        length=(11, 11),
        label="Heights of the drawn target",
    )
