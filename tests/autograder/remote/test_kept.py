"""What a function of a test gives and keeps, by its references alone."""

import numpy as np
import pytest

from autograder.remote.kept import is_kept

ROWS = [[1], [2]]
ARRAY = np.ones((2, 2))
PAIR = ([1], [2])
MAKERS = {
    "a number": (lambda: 3, False),
    "a new list": (lambda: [1, [2]], False),
    "a list that is kept": (lambda: ROWS, True),
    "an item of one": (lambda: ROWS[0], True),
    "a new list of kept items": (lambda: [*ROWS], True),
    "a tuple that is kept": (lambda: PAIR, True),
    "a tuple of numbers that is kept": (lambda: (1, 2), False),
    "a new dictionary": (lambda: {"a": np.zeros(2), "b": {3}}, False),
    "a dictionary with a kept value": (lambda: {"a": ROWS}, True),
    "a new array": (lambda: ARRAY * 2, False),
    "an array that is kept": (lambda: ARRAY, True),
    "a part of one": (lambda: ARRAY[0], True),
    "a part of a new one": (lambda: (ARRAY * 2)[0], False),
    "an element of one": (lambda: ARRAY[0, 0], False),
    "an item that is given away": (lambda: [[1], 2].pop(0), False),
}


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_new_each_time_is_not_kept(name):
    make, kept = MAKERS[name]
    assert is_kept([make()], []) is kept


def test_what_the_student_called_with_is_the_students():
    given = [[1], 2]
    assert not is_kept([given[0]], [given])
    assert is_kept([given[0]], [])
