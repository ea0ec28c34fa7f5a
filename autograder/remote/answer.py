"""What came of one test: what the checker's process tells the worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one test, wherever it ran.

    Attributes
    ----------
    status : str
        ``"passed"``, ``"failed"``, ``"unjudged"``, ``"instructor"``, ``"timeout"``, ``"lost"``
        or ``"forged"``.
    ename, evalue : str
        Of the exception.
    traceback : str
        The student's part of it.
    points : float or None
        The number that the last line gave.
    lost : bool
        Whether the student's process must be replaced.
    stdout, stderr : str
        What was printed.
    shown : list of dict
        Outputs other than streams, errors and the last line's number.
    """

    status: str = "passed"
    ename: str = ""
    evalue: str = ""
    traceback: str = ""
    points: float | None = None
    lost: bool = False
    stdout: str = ""
    stderr: str = ""
    shown: list[dict[str, Any]] = field(default_factory=list)
