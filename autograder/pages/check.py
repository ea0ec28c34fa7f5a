"""Where each test of an assignment runs, and why, as a table of plain text."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING

from sqlalchemy.exc import SAWarning

from autograder.core.levels import Level
from autograder.course.assignment import load
from autograder.gradebook.session import explained

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder.core.levels import Choice

PROMISES = {
    Level.SPLIT: "outside the student's process, which never sees the test",
    Level.INSIDE: "in the student's sandboxed process, as nbgrader does: "
    "a student who attacks it can forge the verdict of this test",
}


def check(coursedir: CourseDirectory, config: Config, assignment: str) -> tuple[str, bool]:
    """Grade the source of an assignment.

    Returns
    -------
    table : str
        Cell, level and reason of each test, and what the levels promise.
    passed : bool
        Whether the source passes each of its tests.

    Raises
    ------
    CourseError
        If the assignment was never generated.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(explained(coursedir))
        stack.enter_context(warnings.catch_warnings(action="ignore", category=SAWarning))
        chosen = load(coursedir, assignment, config).choices
    several = len(chosen) > 1
    rows = [
        (f"{notebook}/{name}" if several else name, *_row(choice))
        for notebook, choices in chosen.items()
        for name, choice in choices.items()
    ]
    head = ("cell", "level", "why")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in (0, 1)]
    first, second = widths
    lines = [f"{name:{first}}  {level:{second}}  {why}" for name, level, why in (head, *rows)]
    used = {choice.level for choices in chosen.values() for choice in choices.values()}
    lines += [f"{level}: {PROMISES[level]}" for level in Level if level in used]
    return "\n".join(lines), not any(c.problem for cs in chosen.values() for c in cs.values())


def _row(choice: Choice) -> tuple[str, str]:
    if choice.problem:
        return "FAILS", f"the source's own answer gives: {_one_line(choice.problem)}"
    return choice.level.value, _one_line(choice.why)


def _one_line(text: str) -> str:
    return " ".join(text.split())
