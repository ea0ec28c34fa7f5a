"""The class list of a course: its table, or the students that the gradebook knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.collect.roster import Roster
from autograder.gradebook.session import GradebookSession, exists

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

TABLE = "grading/students.csv"
FIELDS = ("id", "first_name", "last_name", "email", "lms_user_id")


def class_list(coursedir: CourseDirectory, path: Path | None = None) -> Roster | None:
    """Return the class: of `path`, of the course's table, or of the gradebook; None without any.

    Raises
    ------
    CourseError
        If `path` is given and missing, or a list cannot be read.
    """
    table = path or Path(coursedir.root, TABLE)
    if path is not None or table.exists():
        return Roster.read(table)
    if not exists(coursedir):
        return None
    with GradebookSession(coursedir) as session:
        # nbgrader makes a student of whoever hands in: only an imported one has a name or address
        known = [
            {name: getattr(student, name) or "" for name in FIELDS} for student in session.students
        ]
    known = [row for row in known if any(row[name] for name in FIELDS[1:])]
    return Roster.of(known) if known else None
