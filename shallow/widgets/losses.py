"""The loss explorer of the chapter *Losses*."""

from __future__ import annotations

from typing import Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Number, Numbers


class LossExplorer(Widget):
    """One prediction, its loss and the gradient that the loss sends back.

    Attributes
    ----------
    mode : {"regression", "binary", "classes"}
        What is predicted: a number, one of two classes, or one of K classes.
    loss : {"half", "square", "absolute", "huber"}
        For a number: ½r², r², |r| or the Huber loss of the residual r = prediction − target.
    prediction : float
        The predicted number, from −5 to 5.
    target : float
        The true number, from −5 to 5.
    delta : float
        Where the Huber loss turns from a parabola into a line, from 0.1 to 5.
    label : int
        The true one of two classes, 0 or 1.
    logit : float
        The logit of class 1, from −10 to 10.
    axis : {"logit", "probability"}
        Over which of the two the loss is drawn and differentiated.
    logits : list of float
        The K = 2 to 5 logits, each from −10 to 10.
    truth : int
        The true one of the K classes, counted from 1.
    temperature : float
        What the logits are divided by before the softmax, from 0.1 to 10.
    """

    mode = Choice(
        "regression",
        options={"regression": "a number", "binary": "one of two classes", "classes": "one of K"},
        label="Predict",
    )
    loss = Choice(
        "half",
        options={
            "half": "½ squared",
            "square": "squared",
            "absolute": "absolute",
            "huber": "Huber",
        },
        label="Loss",
    )
    prediction = Number(2.0, min=-5, max=5, step=0.1, label="Prediction ŷ")
    target = Number(0.0, min=-5, max=5, step=0.1, label="Target y")
    delta = Number(1.0, min=0.1, max=5, step=0.1, label="Huber's δ")
    label = Integer(1, min=0, max=1, step=1, label="Label y")
    logit = Number(-2.0, min=-10, max=10, step=0.1, label="Logit z")
    axis = Choice(
        "logit", options={"logit": "logit z", "probability": "probability ŷ"}, label="Over the"
    )
    logits = Numbers([2.0, 1.0, 0.1], min=-10, max=10, step=0.1, length=(2, 5), label="Logits")
    truth = Integer(1, min=1, max=5, step=1, label="True class")
    temperature = Number(1.0, min=0.1, max=10, step=0.1, scale="log", label="Temperature T")

    @t.validate("truth", "logits")
    def _check_truth(self, proposal: dict[str, Any]) -> object:
        state = {"truth": self.truth, "logits": self.logits}
        state[proposal["trait"].name] = proposal["value"]
        truth, classes = state["truth"], len(state["logits"])
        if truth > classes:
            raise t.TraitError(
                f"{type(self).__name__}.truth must be one of the {classes} classes, not {truth}."
            )
        return proposal["value"]
