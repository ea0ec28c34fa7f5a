"""The retina of the Mark I, of the chapter *The perceptron*."""

from __future__ import annotations

from typing import Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Numbers, check_label

SIDE = 20
ROW = 2**SIDE - 1  # a row of photocells that are all lit


def _square(column: int) -> list[float]:
    """Return the rows of a square of 6 × 6 lit photocells, from a column on."""
    lit = float(0b111111 << (SIDE - 6 - column))
    return [lit if 7 <= row < 13 else 0.0 for row in range(SIDE)]


class Retina(Widget):
    """One unit with a weight for each of 20 × 20 photocells, which learns from pictures.

    The unit is trained from zero by the perceptron rule with learning rate 1.
    Each attempt shows it one picture.
    A row of photocells is a whole number below 2²⁰: its highest bit is the
    photocell on the left.

    Attributes
    ----------
    task : {"squares", "letters", "own"}
        What it is to tell apart: squares on the left (−1) and on the right (+1), drawn at random;
        the letters L (−1) and T (+1), drawn at random; or the pictures `own`, in their order.
    seed : int
        Seed of the random pictures, from 0 to 9999.
    shift : int
        How many photocells a letter may be moved up, down, left or right, from 0 to 10.
        What leaves the retina on one side comes back on the other.
    attempts : int
        Attempts made, from 0 to 2000.
    picture : list of float
        The 20 rows of what is drawn on the retina; all 0 for nothing.
    own : list of [y, row 1, …, row 20]
        Up to 20 pictures with labels y = ±1.
        Given to the constructor they also set `task`.
    """

    task = Choice(
        "squares",
        options={"squares": "Squares", "letters": "Letters", "own": "Your own"},
        label="Pictures",
    )
    seed = Integer(2, min=0, max=9999, step=1, label="Seed")
    shift = Integer(0, min=0, max=10, step=1, label="Moved by up to")
    attempts = Integer(0, min=0, max=2000, step=1, label="Attempts")
    picture = Numbers(
        [0.0] * SIDE, min=0, max=ROW, step=1, length=(SIDE, SIDE), label="Drawn picture"
    )
    own = Numbers(
        [[-1.0, *_square(2)], [1.0, *_square(12)]],
        min=-1,
        max=ROW,
        step=1,
        length=(0, 20),
        label="Own pictures",
    )

    def __init__(self, **state: Any) -> None:
        if "own" in state:
            state.setdefault("task", "own")
        super().__init__(**state)

    @t.validate("picture", "own")
    def _check_rows(self, proposal: dict[str, Any]) -> object:
        name = f"{type(self).__name__}.{proposal['trait'].name}"
        own = proposal["trait"].name == "own"
        for label, *rows in proposal["value"] if own else [[1, *proposal["value"]]]:
            check_label(name, label, -1)
            for row in rows:
                if row < 0 or not row.is_integer():
                    expected = f"rows that are whole numbers from 0 to {ROW}"
                    raise t.TraitError(f"{name} must have {expected}, not {row!r}.")
        return proposal["value"]
