"""Isolated, parallel grading of notebooks that stays nbgrader."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder._limits import Limits
from autograder._result import CellResult, Failure, Reason, Result, Usage, Verdict

if TYPE_CHECKING:
    from autograder._grade_one import grade_one
    from autograder.grading import Outcome, Summary, grade

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
    "Outcome": "autograder.grading",
    "Summary": "autograder.grading",
    "grade": "autograder.grading",
    "grade_one": "autograder._grade_one",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
