"""nbgrader's table of marks, which says what is not marked yet."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin

from autograder.classroom.standing import Standing, standings
from autograder.files import write_atomically
from autograder.gradebook.session import GradebookSession

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbgrader.api import Gradebook

# nbgrader's, and what it leaves out.
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status", "waiting"),
)


class CsvExport(CsvExportPlugin):
    """nbgrader's own, with the columns *status* and *waiting*, and with names that hold commas."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the table of all assignments, or of those that were asked for."""
        chosen = {str(name) for name in self.assignment}
        only = {str(name) for name in self.student}
        coursedir = CourseDirectory(config=self.config)
        rows: list[list[Any]] = []
        with GradebookSession(coursedir) as session:
            for assignment in gradebook.assignments:
                if not chosen or assignment.name in chosen:
                    found = standings(coursedir, session, assignment.name)
                    rows += table(
                        assignment.name, (s for s in found if not only or s.student in only)
                    )
        path = Path(self.to or "grades.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text(rows).encode())


def table(assignment: str, found: Iterable[Standing]) -> list[list[Any]]:
    """Return a line for each student."""
    return [
        [
            *(assignment, _time(s.duedate), _time(s.timestamp), s.student),
            *(s.last_name, s.first_name, s.email),
            *(s.raw_score, s.penalty, s.total, s.max_score, s.status, s.waiting),
        ]
        for s in found
    ]


def text(rows: list[list[Any]]) -> str:
    """Return the table as CSV in which no cell is a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return written.getvalue()


def inert(cell: Any) -> Any:
    """Keep a spreadsheet from taking text for a formula."""
    formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if formula else cell


def _time(time: Any) -> str:
    return str(time) if time is not None else ""
