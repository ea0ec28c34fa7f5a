"""The box builder from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import BoxBuilder


def test_state_is_read_and_set():
    widget = BoxBuilder(stage="box", x1=-1)
    assert (widget.stage, widget.x1, widget.x2, widget.tiles) == ("box", -1.0, 0.0, 6)
    widget.tiles = 12
    assert repr(widget) == "BoxBuilder(stage='box', x1=-1.0, tiles=12)"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("stage", "pyramid", "must be one of 'ridge', 'crossed', 'box', 'surface'"),
        ("width", 0, "BoxBuilder.width must be a number from 0.2 to 2, not 0."),
        ("tiles", 17, "BoxBuilder.tiles must be a whole number from 2 to 16, not 17."),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        BoxBuilder(**{name: value})
