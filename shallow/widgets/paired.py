"""The comparison of two models on the same test objects, of the chapter *Metrics*."""

from __future__ import annotations

from typing import Any

import traitlets as t

from shallow.widgets._base import Widget
from shallow.widgets._settings import Integer, Number


class PairedComparison(Widget):
    """Two models on the same test objects: how many it takes until a test sees them differ.

    Test sets are drawn at random; beside the accuracies of both models with their intervals stand
    the interval of their difference, McNemar's exact test at the level of 5%, and in which share
    of all test sets of each size it sees a difference.

    Attributes
    ----------
    n : int
        Number of test objects, from 100 to 10000.
    accuracy : float
        True accuracy of the first model, the better one, from 0.5 to 0.99.
    difference : float
        By how much it is better than the second, from 0 to 0.1.
    disagreement : float
        Share of all objects that only one of them gets right, from 0.005 to 0.5.
        It is at least `difference`, and at most the sum of what each gets wrong.
    seed : int
        Seed of the latest test set, from 0 to 9999; those before it have the seeds before.
    """

    n = Integer(1000, min=100, max=10_000, step=100, label="Test objects n")
    accuracy = Number(0.85, min=0.5, max=0.99, step=0.01, label="Accuracy")
    difference = Number(0.02, min=0, max=0.1, step=0.005, label="Difference")
    disagreement = Number(0.06, min=0.005, max=0.5, step=0.005, label="Disagreement")
    seed = Integer(1, min=0, max=9999, step=1, label="Test set")

    @t.validate("accuracy", "difference", "disagreement")
    def _check_possible(self, proposal: dict[str, Any]) -> object:
        names = ("accuracy", "difference", "disagreement")
        here = {name: getattr(self, name) for name in names}
        here[proposal["trait"].name] = proposal["value"]
        accuracy, difference, disagreement = here.values()
        most = 2 * (1 - accuracy) + difference
        if not difference <= disagreement <= most + 1e-9:
            raise t.TraitError(
                f"{type(self).__name__}.disagreement must be from {difference:g} to {most:g}, "
                f"where accuracy={accuracy:g} and difference={difference:g}, not {disagreement:g}."
            )
        return proposal["value"]
