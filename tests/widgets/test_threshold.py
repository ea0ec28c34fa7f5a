"""The threshold explorer from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import ThresholdExplorer


def test_state_is_read_and_set():
    widget = ThresholdExplorer(threshold=0.8, prevalence=0.1)
    assert (widget.threshold, widget.prevalence, widget.samples) == (0.8, 0.1, 300)
    seen = []
    widget.observe(lambda change: seen.append((change.old, change.new)), "threshold")
    widget.threshold = -1
    assert seen == [(0.8, -1.0)]


def test_repr_is_the_code_that_makes_it():
    widget = ThresholdExplorer(shape="uniform", threshold=0.8, prevalence=0.5)
    assert repr(widget) == "ThresholdExplorer(threshold=0.8, shape='uniform')"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("prevalence", 1.5, "ThresholdExplorer.prevalence must be a number from 0 to 1, not 1.5."),
        ("cost_ratio", 0, "ThresholdExplorer.cost_ratio must be a number from 0.05 to 20, not 0."),
        ("samples", 3, "ThresholdExplorer.samples must be a whole number from 20 to 2000, not 3."),
        ("shape", "cauchy", "one of 'normal', 'logistic', 'uniform', 'exponential', not 'cauchy'."),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        ThresholdExplorer(**{name: value})
