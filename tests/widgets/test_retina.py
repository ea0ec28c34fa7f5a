"""The retina from Python."""

from __future__ import annotations

import pytest
import traitlets as t

from shallow.widgets import Retina

LEFT, RIGHT = [-1.0, *[1023.0 * 1024] * 20], [1.0, *[1023.0] * 20]


def test_given_pictures_are_taught():
    widget = Retina(own=[LEFT, RIGHT], attempts=2)
    assert widget.task == "own"
    assert Retina(own=[LEFT], task="squares", attempts=9).task == "squares"
    assert eval(repr(widget)).own == [LEFT, RIGHT]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("task", "digits", "one of 'squares', 'letters', 'own'"),
        ("shift", 11, "a whole number from 0 to 10, not 11"),
        ("picture", [0] * 19, "a list of 20 numbers from 0 to 1048575"),
        ("picture", [0.5] * 20, "rows that are whole numbers from 0 to 1048575, not 0.5"),
        ("own", [[0, *LEFT[1:]]], "must have labels -1 or 1, not 0.0"),
        ("own", [[1, *[-1] * 20]], "rows that are whole numbers from 0 to 1048575, not -1.0"),
        ("own", 3, "a list of 0 to 20 rows of 21 numbers"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(t.TraitError, match=message):
        Retina(**{name: value})
