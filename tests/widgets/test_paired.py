"""The comparison of two models from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import PairedComparison


def test_models_that_are_possible_together_are_taken_in_any_order():
    widget = PairedComparison(disagreement=0.03, difference=0.01, accuracy=0.99)
    assert eval(repr(widget)).accuracy == 0.99
    with widget.hold_trait_notifications():  # as when the page sends its settings
        widget.accuracy, widget.disagreement = 0.7, 0.5
    assert widget.disagreement == 0.5


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n": 99}, "PairedComparison.n must be a whole number from 100 to 10000, not 99."),
        ({"accuracy": 0.4}, "a number from 0.5 to 0.99, not 0.4"),
        ({"difference": -0.02}, "a number from 0 to 0.1, not -0.02"),
        ({"difference": 0.08}, "must be from 0.08 to 0.38, where accuracy=0.85 and .*, not 0.06"),
        ({"accuracy": 0.99}, "must be from 0.02 to 0.04, where accuracy=0.99 and .*, not 0.06"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        PairedComparison(**settings)
