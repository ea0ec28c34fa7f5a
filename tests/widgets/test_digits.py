"""The digit pad from Python, and the weights that it ships."""

from __future__ import annotations

import numpy as np
import pytest
import traitlets as t
from sklearn.datasets import load_digits

from shallow import networks
from shallow.widgets import DigitPad
from tools.digits import DECIMALS, train


def test_a_row_of_the_data_is_a_picture():
    row = load_digits().data[7]
    widget = DigitPad(pixels=row.tolist())
    assert widget.pixels == row.tolist()
    assert repr(eval(repr(widget))) == repr(widget)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pixels": [0] * 63}, "a list of 64 numbers from 0 to 16"),
        ({"pixels": [17] * 64}, "a list of 64 numbers from 0 to 16"),
        ({"unit": 33}, "a whole number from 1 to 32"),
        ({"digit": "10"}, "one of 'answer', '0'"),
    ],
)
def test_bad_values_are_refused(changes, message):
    with pytest.raises(t.TraitError, match=message):
        DigitPad(**changes)


def test_the_browser_is_told_the_weights_that_ship():
    told = DigitPad().get_state("_network")["_network"]
    shipped = networks.digit_reader()._asdict()
    assert told == {name: values.tolist() for name, values in shipped.items()}
    assert [values.shape for values in shipped.values()] == [(32, 64), (32,), (10, 32), (10,)]


def test_what_ships_is_what_the_chapter_trains():
    chapter = train()
    for shipped, trained in zip(networks.digit_reader(), chapter["net"], strict=True):
        np.testing.assert_allclose(
            shipped, trained, rtol=0, atol=10**-DECIMALS, err_msg="run python -m tools.digits"
        )
    answers = chapter["forward"](networks.digit_reader(), chapter["x_test"])[1].argmax(axis=1)
    assert (
        answers == chapter["forward"](chapter["net"], chapter["x_test"])[1].argmax(axis=1)
    ).all()
    assert np.mean(answers == chapter["t_test"]) > 0.97
