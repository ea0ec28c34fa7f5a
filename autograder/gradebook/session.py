"""nbgrader's gradebook with one connection, committed once for each submission.

nbgrader opens the database nine times and commits thirty-one times for each submission,
which costs more than running it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, scoped_session, sessionmaker

from autograder.errors import GradebookError
from autograder.gradebook.preprocessors import drop_scores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from nbgrader.coursedir import CourseDirectory

DATABASE_ERRORS = (SQLAlchemyError, InvalidEntry)  # nbgrader wraps some of the first in the second


@contextlib.contextmanager
def explained(coursedir: CourseDirectory) -> Iterator[None]:
    """Turn errors of the database into a `GradebookError` that says what to do."""
    try:
        yield
    except DATABASE_ERRORS as error:
        raise GradebookError(
            f"the gradebook {coursedir.db_url} cannot be used ({error.args[0]}): check that it "
            "exists, its permissions, that no other program holds it, and the space on the disk, "
            "then run the same command again"
        ) from error


class _Patient(Session):
    """Leaves `commit` to `GradebookSession.save`: the marks of a submission appear together."""

    def commit(self) -> None:
        """Wait."""


class GradebookSession(Gradebook):
    """nbgrader's gradebook with one connection, committed once for each submission.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's; it names the database.
    """

    def __init__(self, coursedir: CourseDirectory) -> None:
        super().__init__(coursedir.db_url, coursedir.course_id)
        self._found: dict[tuple[Any, ...], Any] = {}  # rows of the submission at hand
        self.check_course()  # nbgrader's preprocessors put their work under its default course
        self.db.remove()
        self.db: scoped_session[Session] = scoped_session(
            sessionmaker(bind=self.engine, class_=_Patient, expire_on_commit=False)
        )

    def save(self) -> None:
        """Commit the marks of a submission."""
        Session.commit(self.db())
        self.db.remove()
        self._found = {}

    def forget(
        self, assignment: str, student: str, timestamp: datetime | None = None
    ) -> SubmittedAssignment:
        """Find or make the submission, without the automatic marks that it had.

        Parameters
        ----------
        assignment, student : str
            nbgrader's names.
        timestamp : datetime or None
            When it was handed in; None keeps what the gradebook knows.
        """
        self.update_or_create_student(student)
        known = {} if timestamp is None else {"timestamp": timestamp}
        submission = self.update_or_create_submission(assignment, student, **known)
        self.db.flush()  # gives new rows their identifiers
        self._found = {}
        for notebook in submission.notebooks:
            for kind in (Grade, Comment):
                rows = self.db.query(kind).options(joinedload(kind.cell))
                for row in rows.filter(kind.notebook_id == notebook.id):
                    where = (row.cell.name, notebook.name, assignment, student)
                    self._found[kind, *where] = row
            drop_scores(notebook.grades)
        return submission

    def find_grade(self, *where: str) -> Grade:
        """Find the grade of a cell, of a notebook, of an assignment, of a student."""
        return self._found.get((Grade, *where)) or super().find_grade(*where)

    def find_comment(self, *where: str) -> Comment:
        """Find the comment on a cell, of a notebook, of an assignment, of a student."""
        return self._found.get((Comment, *where)) or super().find_comment(*where)

    def marks(self, assignment: str) -> dict[tuple[str, str], Marks]:
        """Return what the gradebook holds of `assignment`, by student and notebook."""
        rows = (
            self.db.query(
                SubmittedAssignment.student_id,
                SubmittedAssignment.timestamp,
                SubmittedNotebook.late_submission_penalty,
                Notebook.name,
                BaseCell.name,
                Grade.auto_score,
                Grade.score,
                Grade.needs_manual_grade,
            )
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .filter(Assignment.name == assignment)
        )
        found: dict[tuple[str, str], Marks] = {}
        for student, timestamp, penalty, notebook, cell, *mark in rows:
            marks = found.setdefault((student, notebook), Marks(timestamp, penalty or 0.0))
            marks.cells[cell] = Mark(*mark)
        self.db.remove()
        return found


@dataclass(frozen=True)
class Mark:
    """What the gradebook holds of one graded cell.

    Attributes
    ----------
    auto_score : float or None
        Points that the test gave.
    score : float
        Points that count: by hand where there are such, extra credit included.
    by_hand : bool
        Whether a person still has to mark it.
    """

    auto_score: float | None
    score: float
    by_hand: bool


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds of one notebook of one submission.

    Attributes
    ----------
    timestamp : datetime or None
        When it was handed in.
    late_penalty : float
        Points taken off.
    cells : dict of str to Mark
        By nbgrader's name of the cell.
    """

    timestamp: datetime | None
    late_penalty: float = 0.0
    cells: dict[str, Mark] = field(default_factory=dict)
