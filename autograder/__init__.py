"""Isolated, parallel grading of notebooks that stays nbgrader."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder.core.result import CellResult, Failure, Reason, Result, Usage, Verdict
from autograder.limits import Limits

if TYPE_CHECKING:
    from autograder.classroom.grading import Outcome, Summary, grade
    from autograder.core.grade_one import grade_one

__all__ = [
    "CellResult",
    "Failure",
    "Limits",
    "Outcome",
    "Reason",
    "Result",
    "Summary",
    "Usage",
    "Verdict",
    "grade",
    "grade_one",
]

# The sandbox imports this package for its data alone, and must not wait for nbgrader and Dask.
_LATER = {
    "Outcome": "autograder.classroom.grading",
    "Summary": "autograder.classroom.grading",
    "grade": "autograder.classroom.grading",
    "grade_one": "autograder.core.grade_one",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
