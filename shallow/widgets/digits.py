"""The digit pad of the chapter *Initialisation and regularisation*."""

from __future__ import annotations

import traitlets as t

from shallow import networks
from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Numbers

NETWORK = {name: values.tolist() for name, values in networks.digit_reader()._asdict().items()}


class DigitPad(Widget):
    """A pad to draw a digit on, and the network that reads it: what flows from pixels to answer.

    The network is the chapter's own (`shallow.networks.digit_reader`).

    Attributes
    ----------
    pixels : list of float
        The 8 × 8 pixels, row by row, from 0 (paper) to 16: a row of scikit-learn's
        ``load_digits().data``.
    unit : int
        The hidden unit that is looked into, from 1 to 32.
    digit : {"answer", "0", …, "9"}
        The digit for and against which the hidden units speak: the network's answer, or this one.
    """

    pixels = Numbers([0] * 64, min=0, max=16, step=1, length=(64, 64), label="Pixels")
    unit = Integer(1, min=1, max=32, step=1, label="Hidden unit")
    digit = Choice(
        "answer",
        options={"answer": "the answer", **{str(k): str(k) for k in range(10)}},
        label="Evidence for",
    )

    # What the browser needs to know of the network; it is no setting, and never changes.
    _network = t.Dict(NETWORK, read_only=True).tag(sync=True)
