"""`count_steps` of the assignments' first cell tells a loop in Python from one in NumPy."""

import sys

import numpy as np
import pytest

from tests.exercises.grading import ASSIGNMENTS, read_notebook, sources

SETUP = sources(read_notebook("solutions", ASSIGNMENTS[0]))["setup"]
NAMESPACE: dict = {}
exec(SETUP, NAMESPACE)
count_steps = NAMESPACE["count_steps"]


def by_statement(x):
    total = 0.0
    for value in x:
        total += value
    return total


LOOPS = {
    "statement": by_statement,
    "one line": lambda x: [value + 1 for value in x],
    "generator": lambda x: sum(value + 1 for value in x),
    "map": lambda x: list(map(lambda value: value + 1, x)),  # noqa: C417 - this is the case
    "vectorize": np.vectorize(lambda value: value + 1),
    "along an axis": lambda x: np.apply_along_axis(np.sum, 1, x.reshape(-1, 1)),
    "recursion": lambda x: (
        halves := lambda y: y if len(y) < 2 else halves(y[::2]) + halves(y[1::2])
    )(x),
}
WHOLE_ARRAYS = {
    "product": lambda x: x @ x,
    "mean": np.mean,
    "sorting": lambda x: np.unique(x, return_counts=True),
    "choice": lambda x: np.where(x > 0, np.exp(-abs(x)), 1.0),
    "einsum": lambda x: np.einsum("i,i->", x, x),
}


def growth(function):
    """Return how many times more steps a hundred times more numbers take."""
    few, many = (count_steps(function, np.linspace(-1, 1, n)) for n in (10, 1000))
    assert few > 0
    return many / few


@pytest.mark.parametrize("function", LOOPS.values(), ids=LOOPS)
def test_loop_grows(function):
    assert growth(function) > 10


@pytest.mark.parametrize("function", WHOLE_ARRAYS.values(), ids=WHOLE_ARRAYS)
def test_whole_arrays_do_not_grow(function):
    assert growth(function) == 1


def test_same_count_each_time():
    assert len({count_steps(by_statement, range(100)) for _ in range(5)}) == 1


def test_tracer_is_put_back_after_an_error():
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError):
        count_steps(lambda: 1 / 0)
    assert sys.gettrace() is before


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_assignment_has_the_same(assignment):
    assert sources(read_notebook("solutions", assignment))["setup"] == SETUP
