"""What a worker makes of a task, so that the one writer of the gradebook has little left to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.classroom import said
from autograder.core import grade_one  # noqa: F401  (a pool's server loads it with this module)
from autograder.core.result import Reason, Verdict
from autograder.course.journal import entry_of
from autograder.errors import printable
from autograder.gradebook.autograded import autograded

if TYPE_CHECKING:
    from autograder.core.result import Result
    from autograder.course.task import Task


@dataclass(frozen=True)
class Marked:
    """A result without its outputs: what a summary says of it.

    Attributes
    ----------
    scores : dict of str to float or None
        Points by nbgrader's name of the test; None where the test itself is at fault.
    max_score : float
        Points that the tests can give.
    problem : str or None
        Why there are no marks.
    notes, faults : tuple of str
        For the instructor: about the submission, and about the course's own tests.
    """

    scores: dict[str, float | None] = field(default_factory=dict)
    max_score: float = 0.0
    problem: str | None = None
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graded:
    """A task that was run.

    Attributes
    ----------
    marked : Marked
        What came of it.
    entry : bytes
        The journal's.
    notebook : str or None
        The autograded notebook; None if only nbgrader itself can tell what to make of it.
    """

    marked: Marked
    entry: bytes
    notebook: str | None


def grade(task: Task) -> Graded:
    """Run a task; raise what `Task.run` raises."""
    result = task.run()
    return Graded(marked(result), entry_of(task.key, result), autograded(task.key, result))


def run(task: Task) -> Result:
    """Run a task whose whole result is wanted, such as a source; raise what `Task.run` raises."""
    return task.run()


def marked(result: Result) -> Marked:
    """Return what a summary says of a result."""
    if result.notebook is None:
        return Marked(problem="; ".join(said.lines(result)))
    scores = {
        cell.grade_id: None if cell.verdict is Verdict.ERROR else cell.score
        for cell in result.cells
        if cell.grade_id is not None and cell.score is not None
    }
    own = [f for f in result.failures if f.reason is not Reason.INSTRUCTOR]
    faults = [f for f in result.failures if f.reason is Reason.INSTRUCTOR]
    return Marked(
        scores,
        result.max_score,
        notes=tuple(said.lines(result, own)),
        faults=tuple(printable(f"{f.grade_id}: {f.message}") for f in faults),
    )
