"""What an attack is, and the small assignment that all of them are handed in for."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """One thing that a student may try.

    Attributes
    ----------
    name : str
        The student's identifier, too.
    about : str
        What it tries, and what happens, in a sentence or two.
    code : str
        The cell that attacks; it runs after the answers and before the tests.
    right : bool
        Whether the answers are right: then no point may be lost either.
        An attack without answers must not earn a point.
    earns : float or None
        What the honest part deserves, if neither all nor nothing.
    edit : callable or None
        Changes the notebook before it is handed in.
    content : bytes or None
        Handed in instead of a notebook.
    files : mapping of str to bytes
        Handed in besides the notebook.
    prepare : callable or None
        Does to the submission's directory what files cannot do.
    finishes : bool
        Whether the cell runs to its end; an attack that fails by a slip of its own proves nothing.
    says : tuple of str
        What its outputs, or the notes for the instructor, say.
    problem : str or None
        Why it has no marks, if it is not graded.
    plain : bool
        Whether it earns points from nbgrader alone, which is tried.
    """

    name: str
    about: str
    code: str = ""
    right: bool = False
    earns: float | None = None
    edit: Callable[[Notebook], None] | None = None
    content: bytes | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    prepare: Callable[[Path], None] | None = None
    finishes: bool = True
    says: tuple[str, ...] = ()
    problem: str | None = None
    plain: bool = False


FINISHED = "the attack has run to its end"
# Seconds that detached processes sleep, to find them again, and none of another run.
SLEEP = str(10**10 + secrets.randbelow(10**10))
PRELUDE = '''\
def attempt(function, *arguments, **keywords):
    """Show what comes of it."""
    try:
        print(function.__name__, repr(function(*arguments, **keywords))[:3000])
    except BaseException as error:
        print(function.__name__, type(error).__name__, error)

'''
ASSIGNMENT = '''\
%% code setup
import numpy as np
%% solution double
def double(x):
    """Return twice the number."""
    ### BEGIN SOLUTION
    return x + x  # @REFERENCE@
    ### END SOLUTION
%% solution scale
def scale(x):
    """Return the array divided by its sum; a sum of 0 is a ValueError."""
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    if x.sum() == 0:
        raise ValueError("the sum is 0")
    return x / x.sum()
    ### END SOLUTION
%% solution total
class Total:
    """A sum of what is added, and the number of summands as its length."""
    ### BEGIN SOLUTION
    def __init__(self):
        self.items = []

    def add(self, x):
        self.items.append(x)

    def __len__(self):
        return len(self.items)

    @property
    def value(self):
        return sum(self.items)
    ### END SOLUTION
%% solution apply
def apply(function, items):
    """Return the list of what the function gives for each item."""
    ### BEGIN SOLUTION
    return [function(item) for item in items]
    ### END SOLUTION
%% test double-example 1
assert double(3) == 6, "double(3) should be 6"
%% test double-equality 1
### BEGIN HIDDEN TESTS
for x in (17, 23):
    assert double(x) == 2 * x, "wrong for another number"
### END HIDDEN TESTS
%% test double-negation 1
### BEGIN HIDDEN TESTS
assert not double(7) != 14, "wrong for seven"
### END HIDDEN TESTS
%% test double-distance 1
### BEGIN HIDDEN TESTS
assert abs(double(2.5) - 5) < 1e-12, "wrong for a fraction"
### END HIDDEN TESTS
%% test double-close 1
### BEGIN HIDDEN TESTS
import math

assert math.isclose(double(0.3), 0.6), "wrong for a fraction"
### END HIDDEN TESTS
%% test double-member 1
### BEGIN HIDDEN TESTS
assert double(4) in {8}, "wrong for four"
assert double(4) in [8], "wrong for four"
### END HIDDEN TESTS
%% test double-all 1
### BEGIN HIDDEN TESTS
assert all(map(lambda x: double(x) == 2 * x, range(5))), "wrong for a small number"
### END HIDDEN TESTS
%% test scale-close 1
### BEGIN HIDDEN TESTS
import numpy as np

expected = [0.1, 0.2, 0.3, 0.4]
np.testing.assert_allclose(scale(np.array([1, 2, 3, 4])), expected)
### END HIDDEN TESTS
%% test scale-equality 1
### BEGIN HIDDEN TESTS
import numpy as np

assert np.array_equal(scale([1, 1, 2]), [0.25, 0.25, 0.5]), "wrong for a list"
### END HIDDEN TESTS
%% test scale-distance 1
### BEGIN HIDDEN TESTS
import numpy as np

found = scale(np.array([1.0, 3.0]))
assert len(found) == 2, "two numbers expected"
assert np.max(abs(found - np.array([0.25, 0.75]))) < 1e-12, "wrong for two numbers"
### END HIDDEN TESTS
%% test scale-squares 1
### BEGIN HIDDEN TESTS
import numpy as np

found = scale(np.array([2.0, 6.0]))
assert ((found - np.array([0.25, 0.75])) ** 2).sum() < 1e-20, "wrong for two numbers"
### END HIDDEN TESTS
%% test scale-loop 1
### BEGIN HIDDEN TESTS
pairs = zip(scale([1, 4]), [0.2, 0.8], strict=True)
assert max(abs(a - b) for a, b in pairs) < 1e-12, "wrong for two numbers"
### END HIDDEN TESTS
%% test scale-error 1
### BEGIN HIDDEN TESTS
secret = "@HIDDEN@"
try:
    scale([0, 0])
except ValueError:
    pass
else:
    raise AssertionError("a sum of 0 is no error")
### END HIDDEN TESTS
%% test total-value 1
### BEGIN HIDDEN TESTS
total = Total()
total.add(2)
total.add(3)
assert total.value == 5, "the sum is wrong"
### END HIDDEN TESTS
%% test total-length 1
### BEGIN HIDDEN TESTS
total = Total()
total.add(7)
assert len(total) == 1, "the length is wrong"
### END HIDDEN TESTS
%% test apply-callback 1
### BEGIN HIDDEN TESTS
seen = []


def secret_function(x):
    seen.append(x)
    return x + 1  # @HIDDEN@


assert apply(secret_function, [1, 2]) == [2, 3], "the list is wrong"
assert seen == [1, 2], "the function is called once for each item"
### END HIDDEN TESTS
%% written essay 4
Say why.
'''
FULL = 16.0
PLACES = ("hidden", "reference", "gradebook", "student", "journal", "environment", "source")


@cache
def canaries() -> dict[str, str]:
    """Return, for each place that holds a secret, a word that is nowhere else."""
    return {place: f"canary-{place}-{secrets.token_hex(8)}" for place in PLACES}


def attacks() -> list[Attack]:
    """Return every attack, theme by theme."""
    themes = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
    modules = [import_module(f"tests.security.{theme}") for theme in themes]
    return [attack for module in modules for attack in getattr(module, "ATTACKS", ())]
