"""Drawings of small graphs: units and their weights, and tapes with what flows both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Circle

from shallow.plots import BLUE, GREY, ORANGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        axes.text(x, y, _written(weight), color=style["color"], ha="center", va="center", bbox=box)
    for name, (x, y) in places.items():
        active = name in activations
        axes.add_patch(
            Circle((x, y), RADIUS, facecolor="#e8eef4" if active else "white", edgecolor=GREY)
        )
        axes.text(x, y + RADIUS + 0.06, name, ha="center", va="bottom", color=GREY)
        if active:
            axes.text(x, y, _written(activations[name]), ha="center", va="center", fontsize=9)
    _frame(axes, places)


def draw_tape(
    axes: Axes,
    places: Mapping[str, tuple[float, float]],
    tape: Sequence[tuple[str, ...]],
    value: Mapping[str, float],
    back: tuple[Mapping[str, float], Mapping[tuple[str, int], float]],
) -> None:
    """Draw a tape as a graph: values above the nodes, gradients below, local gradients on edges.

    An edge along which a gradient has come back is drawn thick and carries its local gradient;
    a node that is used twice has an edge for each use, bent apart where both go to the same line.

    Parameters
    ----------
    axes
        Where to draw; its frame and ticks are removed.
    places
        Centre of each node, by its name; neighbours two units of length or more apart.
    tape
        Lines of the form (name, operation, input, …).
    value
        Value of each node that has one, by its name.
    back
        What the backward pass has found so far: the derivative of the last line by each node that
        it has reached, and the local gradient of each edge, by its line and position among inputs.

    Raises
    ------
    KeyError
        If the tape, a value or a gradient names a node that has no place.

    """
    slope, local = back
    named = [name for line in tape for name in (line[0], *line[2:])]
    for name in [*named, *value, *slope]:
        if name not in places:
            raise KeyError(f"node {name!r} has no place; there are {', '.join(places)}")
    operation = {line[0]: line[1] for line in tape}
    for target, _, *sources in tape:
        for k, source in enumerate(sources):
            bend = 0.0 if sources.count(source) == 1 else (-0.35, 0.35)[k]
            taken = (target, k) in local
            start, end = np.array(places[source], float), np.array(places[target], float)
            along = (end - start) / np.linalg.norm(end - start)
            tail, head = start + RADIUS * along, end - RADIUS * along
            axes.annotate(
                "",
                head,
                tail,
                arrowprops={
                    "arrowstyle": "-|>",
                    "shrinkA": 0,
                    "shrinkB": 0,
                    "connectionstyle": f"arc3,rad={bend}",
                    "color": ORANGE if taken else GREY,
                    "lw": 2.2 if taken else 1,
                },
            )
            if taken:
                # The middle of a quadratic arc lies half of its bend beside the straight line.
                x, y = (tail + head) / 2 + bend / 2 * np.array([1, -1]) * (head - tail)[::-1]
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
                text = _written(local[target, k])
                axes.text(x, y, text, color=ORANGE, ha="center", va="center", bbox=box)
    for name, (x, y) in places.items():
        axes.add_patch(Circle((x, y), RADIUS, facecolor="white", edgecolor=GREY))
        sign = f"{name} {operation[name]}" if name in operation else name
        axes.text(x, y, sign, ha="center", va="center")
        if name in value:
            axes.text(x, y + RADIUS + 0.08, _written(value[name]), ha="center", va="bottom")
        if name in slope:
            text = _written(slope[name])
            axes.text(
                x, y - RADIUS - 0.08, text, ha="center", va="top", color=ORANGE, weight="bold"
            )
    _frame(axes, places, below=0.9)


def _written(number: float) -> str:
    """Write a number in three digits, with a minus sign."""
    return f"{number:.3g}".replace("-", "−")


def _frame(axes: Axes, places: Mapping[str, tuple[float, float]], below: float = 0.5) -> None:
    """Make room around the nodes, and take frame and ticks away."""
    xs, ys = np.transpose(list(places.values()))
    axes.set(xlim=(xs.min() - 0.5, xs.max() + 0.5), ylim=(ys.min() - below, ys.max() + 0.8))
    axes.set_aspect("equal")
    axes.axis("off")
