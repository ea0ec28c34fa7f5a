"""The answers that lie, on a real exercise: not one of them earns a point there either.

A test that an answer of nothing passes, such as a loop over a ``zip`` that is not strict, shows here.
"""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

import re

import nbformat
import pytest

from autograder import Limits, grade_one
from tests.exercises.grading import answer, notebook_path, reference
from tests.security.lies import OBJECTS, VALUES

LIMITS = Limits(cell_seconds=3.0, submission_seconds=60.0, restarts=2)
OBJECT = (
    "equals-everything",
    "near-everything",
    "is-any-array",
    "remembers-what-it-was-compared-with",
)
VALUE = ("not-a-number", "empty-array", "empty-list", "true", "none", "stretched-array")
ANSWERS = {
    **{
        name: f"import numpy as np\n{OBJECTS[name][0]}\ngive = lambda *_, **__: Liar()"
        for name in OBJECT
    },
    **{name: f"import numpy as np\ngive = lambda *_, **__: {VALUES[name][0]}" for name in VALUE},
    "raises-stop-iteration": "def give(*_, **__): raise StopIteration",
    "changes-its-arguments": """\
def give(*arguments, **_):
    for argument in arguments:
        if hasattr(argument, "flags") and argument.flags.writeable: argument[...] = 0
        elif isinstance(argument, list): argument.clear()
    return 0.0""",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_it_earns_nothing(name):
    assignment = "01-metrics"
    functions = re.findall(r"^def (\w+)", "\n".join(reference(assignment).values()), re.MULTILINE)
    lie = ANSWERS[name] + "".join(f"\n{function} = give" for function in functions)
    submission = answer(assignment, dict.fromkeys(reference(assignment), lie))
    source = notebook_path("solutions", assignment).read_bytes()
    result = grade_one(nbformat.writes(submission).encode(), source, LIMITS)
    assert [cell.grade_id for cell in result.cells if cell.score] == []
