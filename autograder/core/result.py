"""What grading one submission gives: plain data that can be pickled and written as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How a cell that carries points ended."""

    PASSED = "passed"  # every point
    PARTIAL = "partial"  # the test cell computed a number of points
    FAILED = "failed"  # the student's code did not do what the test asks
    ERROR = "error"  # the test itself is at fault: no points, and an instructor must look
    NOT_RUN = "not run"  # the time of the submission, or its restarts, were used up
    MANUAL = "manual"  # a person marks this cell


class Reason(StrEnum):
    """Why a submission, or a part of it, needs attention."""

    UNREADABLE = "unreadable"  # no notebook that can be opened: nothing was run
    LANGUAGE = "language"  # written for another language than Python
    LOST_METADATA = "lost metadata"  # cells that were found again all the same
    MISSING_CELL = "missing cell"  # added back from the source
    DUPLICATE_CELL = "duplicate cell"  # the last one counts, as in nbgrader
    UNKNOWN_CELL = "unknown cell"  # a grade id that the source does not have: an ordinary cell
    CHANGED_CELL = "changed cell"  # type, metadata or locked text differed: the source's is used
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    UNJUDGED = "unjudged"  # an answer that is no plain data, where the test runs split
    FORGED = "forged"  # a test inside that did not run to its end in the student's process
    LEFT_OUT = "left out"  # a file that does not fit
    OUTPUT = "output"  # too much of it: shortened
    RESTARTS = "restarts"  # crashed too often: the rest was not run
    INSTRUCTOR = "instructor"  # a fault of the source notebook, not of this student


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong, said so that an instructor can act on it.

    Attributes
    ----------
    reason : Reason
        Which kind of thing.
    message : str
        One sentence for an instructor.
    grade_id : str or None
        The graded cell concerned, if any.
    index : int or None
        Position of the cell concerned in the executed notebook, if any.
    """

    reason: Reason
    message: str
    grade_id: str | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class CellResult:
    """One cell of the executed notebook.

    Attributes
    ----------
    index : int
        Position in the cells of `Result.notebook`.
    grade_id : str or None
        nbgrader's name of the cell; None for a cell of the student's own.
    outputs : list of dict
        Outputs in nbformat 4, the same as in `Result.notebook`.
    seconds : float
        Wall-clock time that the cell took.
    verdict : Verdict or None
        None for a cell that carries no points.
    message : str
        Why the verdict is what it is; may quote a hidden test's assert message, never its source.
    score, max_score : float or None
        Points; `score` is None where a person marks.
    level : str or None
        Where a test ran, ``"split"`` or ``"inside"``, see `levels`; None for other cells.
    """

    index: int
    grade_id: str | None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    verdict: Verdict | None = None
    message: str = ""
    score: float | None = None
    max_score: float | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What the submission used.

    Attributes
    ----------
    seconds : float
        Wall-clock time of the whole `grade_one`.
    start, execution, checks : float
        The parts of it: starting processes, the student's cells, the test cells.
    cpu_seconds : float
        CPU time of the student's and the checker's processes.
    memory : int
        Largest resident memory of a process of the student, in bytes.
    restarts : int
        Fresh processes that were needed after a crash or a timeout.
    """

    seconds: float = 0.0
    start: float = 0.0
    execution: float = 0.0
    checks: float = 0.0
    cpu_seconds: float = 0.0
    memory: int = 0
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What grading one notebook of one submission gave.

    Attributes
    ----------
    notebook : str or None
        The executed notebook as nbformat 4 JSON: locked cells and all nbgrader metadata are the
        source's, missing graded cells are added back. None if the submission is no notebook.
    cells : tuple of CellResult
        One for every cell of `notebook`, in its order.
    failures : tuple of Failure
        Empty if all went as it should; a wrong answer is no failure.
    usage : Usage
        Time and memory.
    """

    notebook: str | None
    cells: tuple[CellResult, ...] = ()
    failures: tuple[Failure, ...] = ()
    usage: Usage = Usage()

    @property
    def score(self) -> float:
        """Points of all cells that were marked by a test."""
        return sum(cell.score or 0.0 for cell in self.cells)

    @property
    def max_score(self) -> float:
        """Points that tests can give."""
        return sum(cell.max_score or 0.0 for cell in self.cells if cell.verdict != Verdict.MANUAL)
