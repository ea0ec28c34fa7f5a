"""The descent explorer of the chapter *Training*."""

from __future__ import annotations

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Number


class Descent(Widget):
    """Steps down a surface: gradient descent with momentum, Newton's method, Adam.

    The path starts at (`w1`, `w2`) and has made `steps` steps, so the same state always shows the
    same path.

    Attributes
    ----------
    surface : {"line", "bowl", "valley", "saddle", "wells", "banana"}
        What is descended. "line" is ½ λ w1² with one parameter only; the others have two.
    curvature : float
        The curvature λ of the line, from 0.1 to 10.
    w1, w2 : float
        Parameters at the start, from −2.5 to 2.5.
    method : {"gradient", "newton", "adam"}
        Gradient descent, Newton's method or Adam.
    rate : float
        Learning rate η, from 0.001 to 10; with 1, Newton's step is the whole one.
    momentum : float
        Momentum β, from 0 to 0.99: v ← β v + ∇C, w ← w − η v. For Adam it is β₁.
    steps : int
        Steps made, from 0 to 500.
    """

    surface = Choice(
        "valley",
        options={
            "line": "One parameter",
            "bowl": "Bowl",
            "valley": "Valley",
            "saddle": "Saddle",
            "wells": "Two wells",
            "banana": "Bent valley",
        },
        label="Surface",
    )
    curvature = Number(1.0, min=0.1, max=10, step=0.1, label="Curvature λ")
    w1 = Number(-2.0, min=-2.5, max=2.5, step=0.05, label="Start w₁")
    w2 = Number(1.0, min=-2.5, max=2.5, step=0.05, label="Start w₂")
    method = Choice(
        "gradient",
        options={"gradient": "Gradient descent", "newton": "Newton", "adam": "Adam"},
        label="Method",
    )
    rate = Number(0.05, min=0.001, max=10, step=0.001, scale="log", label="Learning rate η")
    momentum = Number(0.0, min=0, max=0.99, step=0.01, label="Momentum β")
    steps = Integer(0, min=0, max=500, step=1, label="Steps")
