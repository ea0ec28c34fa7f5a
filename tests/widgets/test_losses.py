"""The loss explorer from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import LossExplorer


def test_state_is_read_and_set():
    widget = LossExplorer(mode="binary", logit=-6)
    assert (widget.mode, widget.logit, widget.label, widget.truth) == ("binary", -6.0, 1, 1)
    seen = []
    widget.observe(lambda change: seen.append((change.old, change.new)), "logit")
    widget.logit = 3
    assert seen == [(-6.0, 3.0)]


def test_repr_is_the_code_that_makes_it():
    widget = LossExplorer(mode="classes", logits=[1, 2, 3, 4, 5], truth=5, temperature=2)
    code = (
        "LossExplorer(mode='classes', logits=[1.0, 2.0, 3.0, 4.0, 5.0], truth=5, temperature=2.0)"
    )
    assert repr(widget) == code
    assert repr(eval(code)) == code


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("mode", "ranking", "one of 'regression', 'binary', 'classes', not 'ranking'"),
        ("delta", 0, "LossExplorer.delta must be a number from 0.1 to 5, not 0."),
        ("logits", [1.0], "a list of 2 to 5 numbers from -10 to 10"),
        ("truth", 4, "LossExplorer.truth must be one of the 3 classes, not 4."),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        LossExplorer(**{name: value})


def test_the_true_class_is_one_of_the_logits():
    widget = LossExplorer(truth=3)
    with pytest.raises(t.TraitError, match="one of the 2 classes, not 3"):
        widget.logits = [0, 1]
    assert widget.logits == [2.0, 1.0, 0.1]
    with widget.hold_trait_notifications():  # both at once
        widget.logits = [0, 1]
        widget.truth = 2
    assert (widget.logits, widget.truth) == ([0.0, 1.0], 2)
