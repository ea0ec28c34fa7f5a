"""Who may hand in later, and who need not: a table in the course, applied to the gradebook.

nbgrader keeps an extension with a submission, which is not there before something was handed in.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.files import write_table

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

    from autograder.gradebook.session import GradebookSession

TABLE = "grading/extensions.csv"
COLUMNS = ("assignment", "student", "extension")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
EXCUSED = "excused"


@dataclass
class Extensions:
    """What was granted.

    Attributes
    ----------
    path : Path
        The table.
    granted : dict of (str, str) to str
        By assignment and student: a time such as ``3d`` or ``36h``, or ``excused``.
    """

    path: Path
    granted: dict[tuple[str, str], str]

    @classmethod
    def read(cls, coursedir: CourseDirectory) -> Extensions:
        """Read the course's table, if there is one.

        Raises
        ------
        CourseError
            If it cannot be understood.
        """
        path = Path(coursedir.root, TABLE)
        if not path.exists():
            return cls(path, {})
        try:
            rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
            granted = {(row["assignment"], row["student"]): row["extension"] for row in rows}
        except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
            raise CourseError(f"{path} needs the columns {', '.join(COLUMNS)}: {error}") from error
        for extension in granted.values():
            parse(extension)
        return cls(path, granted)

    def grant(self, assignment: str, student: str, extension: str) -> None:
        """Write down what a student is granted; ``0`` takes it back.

        Raises
        ------
        CourseError
            If `extension` cannot be understood.
        """
        if parse(extension) == timedelta():
            self.granted.pop((assignment, student), None)
        else:
            self.granted[assignment, student] = extension
        rows = ([*who, granted] for who, granted in sorted(self.granted.items()))
        write_table(self.path, COLUMNS, rows)

    def of(self, assignment: str) -> dict[str, timedelta]:
        """Return how much later each student may hand in."""
        return {
            student: time
            for (name, student), extension in self.granted.items()
            if name == assignment and (time := parse(extension)) is not None
        }

    def excused(self, assignment: str) -> set[str]:
        """Return who need not hand in."""
        return {
            student
            for (name, student), extension in self.granted.items()
            if name == assignment and extension == EXCUSED
        }


def parse(extension: str) -> timedelta | None:
    """Return the time that ``3d``, ``36h``, ``1w`` or ``0`` means, None for ``excused``.

    Raises
    ------
    CourseError
        If it is neither.
    """
    text = extension.strip().lower()
    if text == EXCUSED:
        return None
    if text == "0":
        return timedelta()
    match = re.fullmatch(r"(\d{1,4}(?:\.\d+)?)([mhdw])", text)
    if match is None:
        raise CourseError(
            f"{extension!r} is no extension: write a time such as 3d, 36h or 1w, "
            "excused, or 0 to take it back"
        )
    return timedelta(**{UNITS[match[2]]: float(match[1])})


def apply(
    session: GradebookSession, assignment: str, granted: Mapping[str, timedelta | None]
) -> None:
    """Bring extensions to the submissions that there are; None takes one back."""
    for submission in session.assignment_submissions(assignment):
        student = submission.student.id
        if student in granted and submission.assignment.duedate is not None:
            submission.extension = granted[student]
    session.save()
