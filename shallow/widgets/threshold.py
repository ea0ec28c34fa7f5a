"""The threshold explorer of the chapter *Metrics*."""

from __future__ import annotations

from shallow.widgets._base import Widget
from shallow.widgets._settings import Choice, Integer, Number


class ThresholdExplorer(Widget):
    """Two score distributions and one threshold: what a classifier's decision costs.

    Negatives are centred at -distance/2 with standard deviation 1, positives at +distance/2 with
    standard deviation `spread`; an item is called positive if its score ≥ `threshold`.
    Scores beyond ±5.5 are moved to ±5.5, so a threshold of 6 calls nothing positive.

    Attributes
    ----------
    threshold : float
        From -6 to 6.
    prevalence : float
        Share of positives in the sample, from 0 to 1.
    cost_ratio : float
        Cost of a false negative, in units of the cost of a false positive, from 0.05 to 20.
    shape : {"normal", "logistic", "uniform", "exponential"}
        Shape of both distributions.
    distance : float
        Distance between the means, in standard deviations of the negatives, from 0 to 4.
    spread : float
        Standard deviation of the positives, from 0.4 to 2.5.
    samples : int
        Number of items, from 20 to 2000.
    seed : int
        Seed of the sample, from 0 to 9999.
    """

    threshold = Number(0.0, min=-6, max=6, step=0.05, label="Threshold")
    prevalence = Number(0.5, min=0, max=1, step=0.01, label="Prevalence")
    cost_ratio = Number(1.0, min=0.05, max=20, step=0.05, scale="log", label="Cost FN : FP")
    shape = Choice(
        "normal",
        options={
            "normal": "Normal",
            "logistic": "Logistic (heavier tails)",
            "uniform": "Uniform",
            "exponential": "Exponential (skewed)",
        },
        label="Shape",
    )
    distance = Number(2.0, min=0, max=4, step=0.1, label="Distance")
    spread = Number(1.0, min=0.4, max=2.5, step=0.1, label="Spread of +")
    samples = Integer(300, min=20, max=2000, step=10, label="Sample size")
    seed = Integer(1, min=0, max=9999, step=1, label="Seed")
