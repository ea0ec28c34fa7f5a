"""The box builder of the chapter *Universal approximation*."""

from __future__ import annotations

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Number


class BoxBuilder(Widget):
    """What ReLUs build over a plane: a ridge, two crossed, a box, and a surface of boxes.

    The plane reaches from −2 to 2 along both inputs.

    Attributes
    ----------
    stage : {"ridge", "crossed", "box", "surface"}
        What is shown. The surface is a mosaic of flat boxes, as high as a round hill at their
        middles.
    x1, x2 : float
        Where the ridges cross, or the top of the hill, from −2 to 2.
    angle : float
        Direction in which the first ridge falls, in degrees from the axis of x1, from −90 to 90.
        The second is at right angles to it.
    width : float
        How far the sides of a ridge reach down to 0, from 0.2 to 2.
    tiles : int
        Boxes along each side of the surface, from 2 to 16.
    """

    stage = Choice(
        "ridge",
        options={
            "ridge": "One ridge",
            "crossed": "Two, crossed",
            "box": "Cut: a box",
            "surface": "A surface of boxes",
        },
        label="Stage",
    )
    x1 = Number(0.0, min=-2, max=2, step=0.05, label="Middle x₁")
    x2 = Number(0.0, min=-2, max=2, step=0.05, label="Middle x₂")
    angle = Number(30.0, min=-90, max=90, step=5, label="Angle (degrees)")
    width = Number(1.0, min=0.2, max=2, step=0.05, label="Width of a side")
    tiles = Integer(6, min=2, max=16, step=1, label="Boxes along a side")
