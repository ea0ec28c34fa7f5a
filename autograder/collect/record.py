"""Where in the archive each submission was: the platform wants the same names back."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.collect.platforms import PLATFORMS
from autograder.files import write_table

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

COLUMNS = ("student", "path")


@dataclass(frozen=True)
class Record:
    """Of one submission.

    Attributes
    ----------
    path : str
        Where in the archive it was.
    """

    path: str

    @property
    def ticket(self) -> str:
        """Moodle's number of the student in the assignment; empty without one."""
        match = PLATFORMS["moodle"].patterns[0].search(self.path)
        return match["ticket"] if match else ""

    @property
    def canvas(self) -> str:
        """What Canvas wants a file to begin with that goes back to the student."""
        pattern = PLATFORMS["canvas"].patterns[0]
        match = None if self.ticket else pattern.search(self.path)
        if match is None:
            return ""
        late = "LATE_" if match["late"] else ""
        return f"{match['student']}_{late}{match['number']}_{match['attempt']}_"


def _path(coursedir: CourseDirectory, assignment: str) -> Path:
    return Path(coursedir.root, "grading", "collected", f"{assignment}.csv")


def read(coursedir: CourseDirectory, assignment: str) -> dict[str, Record]:
    """Return what is known of each student's submission."""
    path = _path(coursedir, assignment)
    if not path.exists():
        return {}
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    return {row["student"]: Record(row["path"]) for row in rows}


def keep(coursedir: CourseDirectory, assignment: str, paths: dict[str, str]) -> None:
    """Write down where the submissions of `paths` were, beside what is known."""
    known = {student: record.path for student, record in read(coursedir, assignment).items()}
    write_table(_path(coursedir, assignment), COLUMNS, sorted((known | paths).items()))
