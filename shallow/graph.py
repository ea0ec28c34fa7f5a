"""Drawings of small graphs of units: who feeds whom, with which weight, and what flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Circle

from shallow.plots import BLUE, GREY, ORANGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

RADIUS = 0.36


def draw_units(
    axes: Axes,
    places: Mapping[str, tuple[float, float]],
    weights: Mapping[tuple[str, str], float],
    activations: Mapping[str, float],
) -> None:
    """Draw units as circles with their activations, and connections as arrows with their weights.

    A positive weight is a solid blue arrow, a negative one a dashed orange arrow.
    A unit without an activation, to which nothing has flowed yet, is drawn empty.

    Parameters
    ----------
    axes
        Where to draw; its frame and ticks are removed.
    places
        Centre of each unit, by its name; neighbours one unit of length or more apart.
    weights
        Weight of each connection, by the names of its source and its target.
    activations
        Activation of each unit that has one, by its name.

    Raises
    ------
    KeyError
        If a connection or an activation names a unit that has no place.

    """
    for name in [*(name for pair in weights for name in pair), *activations]:
        if name not in places:
            raise KeyError(f"unit {name!r} has no place; there are {', '.join(places)}")
    for (source, target), weight in weights.items():
        start, end = np.array(places[source], float), np.array(places[target], float)
        along = (end - start) / np.linalg.norm(end - start)
        style = {"color": BLUE, "ls": "-"} if weight >= 0 else {"color": ORANGE, "ls": "--"}
        axes.annotate(
            "",
            end - RADIUS * along,
            start + RADIUS * along,
            arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **style},
        )
        # Nearer to the source, so that the labels of crossing arrows stay apart.
        x, y = start + 0.38 * (end - start)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        label = f"{weight:g}".replace("-", "−")
        axes.text(x, y, label, color=style["color"], ha="center", va="center", bbox=box)
    for name, (x, y) in places.items():
        active = name in activations
        axes.add_patch(
            Circle((x, y), RADIUS, facecolor="#e8eef4" if active else "white", edgecolor=GREY)
        )
        axes.text(x, y + RADIUS + 0.06, name, ha="center", va="bottom", color=GREY)
        if active:
            value = f"{activations[name]:.3g}".replace("-", "−")
            axes.text(x, y, value, ha="center", va="center", fontsize=9)
    xs, ys = np.transpose(list(places.values()))
    axes.set(xlim=(xs.min() - 0.5, xs.max() + 0.5), ylim=(ys.min() - 0.5, ys.max() + 0.8))
    axes.set_aspect("equal")
    axes.axis("off")
