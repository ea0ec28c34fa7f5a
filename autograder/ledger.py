"""The one writer of the gradebook: nbgrader's own `Autograde`, with one connection to it.

nbgrader opens the database nine times and commits thirty-one times for each submission,
which costs more than running it; everything here only shares a session and commits once,
and changes no mark.
"""

from __future__ import annotations

import contextlib
import glob
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader import preprocessors as nbgrader
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
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, scoped_session, sessionmaker
from traitlets.config import Config

from autograder.preprocessors import Execute, Sanitize, drop_scores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from nbformat import NotebookNode
    from nbgrader.coursedir import CourseDirectory

    from autograder.course import Assignment as Loaded


DATABASE_ERRORS = (SQLAlchemyError, InvalidEntry)  # nbgrader wraps some of the first in the second


class GradebookError(Exception):
    """The gradebook cannot be read or written; results are in the journal, nothing is lost."""


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
    """A session that leaves `commit` to `Ledger.save`: a submission's marks appear together."""

    def commit(self) -> None:
        """Wait."""


class Ledger(Gradebook):
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


class _Shared(NbGraderPreprocessor):
    """A preprocessor of nbgrader's that uses the writer's session instead of its own."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what nbgrader's does, without opening the gradebook."""
        names = resources["nbgrader"]
        self.student_id, self.assignment_id = names["student"], names["assignment"]
        self.notebook_id = names["notebook"]
        self.gradebook = self.parent.parent.ledger
        return NbGraderPreprocessor.preprocess(self, nb, resources)


class SaveAutoGrades(_Shared, nbgrader.SaveAutoGrades):
    """nbgrader's, in the writer's session."""


class AssignLatePenalties(nbgrader.AssignLatePenalties):
    """nbgrader's, for submissions that are late or were."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what nbgrader's does, if there is a penalty to set or to drop."""
        names = resources["nbgrader"]
        ledger = self.parent.parent.ledger
        notebook = ledger.find_submission_notebook(
            names["notebook"], names["assignment"], names["student"]
        )
        late = notebook.assignment.total_seconds_late > 0
        if late or notebook.late_submission_penalty is not None:
            ledger.save()  # nbgrader opens a session of its own, which must see the marks
            return super().preprocess(nb, resources)
        return nb, resources


class Writer(Autograde):
    """nbgrader's `Autograde` for the whole class: one student after another, nobody stops the rest.

    Parameters
    ----------
    assignment : Assignment
        What `course.load` read.
    ledger : Ledger
        The gradebook.
    """

    def __init__(self, assignment: Loaded, ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.loaded = assignment
        self.ledger = ledger
        self.force = True
        self.update_config(Config({"Exporter": {"optimistic_validation": True}}))  # once a notebook
        self._problem: Exception | None = None

    def write(self, student: str) -> str | None:
        """Bring one submission into the gradebook and the directory of autograded notebooks.

        Returns
        -------
        str or None
            Why it has no marks, or None if it has.

        Raises
        ------
        SQLAlchemyError, InvalidEntry
            If the gradebook cannot be written: a fault of this machine, not of the student.
        """
        self.coursedir.assignment_id = self.loaded.name
        self.coursedir.student_id = glob.escape(student)
        self._problem = None
        try:
            self.start()
        except NbGraderException as error:
            self._problem = self._problem or error
        if isinstance(self._problem, DATABASE_ERRORS):
            raise self._problem
        self.ledger.save()
        return str(self._problem) if self._problem else None

    def reject(self, student: str) -> None:
        """Record a submission that cannot be graded: it keeps no automatic mark and no notebook."""
        self.ledger.forget(self.loaded.name, student)
        self.ledger.save()
        shutil.rmtree(self._format_dest(self.loaded.name, student), ignore_errors=True)

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Do what nbgrader's does, in the ledger's session, and forget earlier automatic marks."""
        try:
            BaseConverter.init_assignment(self, assignment_id, student_id)
            self._init_gradebook(assignment_id, student_id)
        except Exception as error:
            self._problem = error
            raise

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Do what nbgrader's does, and remember what went wrong."""
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self._problem = error
            raise

    def _init_gradebook(self, assignment_id: str, student_id: str) -> None:
        """Make the submission's rows, copy the assignment's files, mark missing notebooks."""
        if not self.create_student:
            self.ledger.find_student(student_id)
        timestamp = self.coursedir.get_existing_timestamp(
            self._format_source(assignment_id, student_id)
        )
        submission = self.ledger.forget(assignment_id, student_id, timestamp)
        for name in self.loaded.data.keys() - self.loaded.editable:
            path = Path(self._format_dest(assignment_id, student_id), name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(self.loaded.data[name])
        handed_in = {Path(notebook).stem: notebook for notebook in self.notebooks}
        known = [handed_in[name] for name in self.loaded.sources if name in handed_in]
        self.notebooks: list[str] = known
        for notebook in submission.notebooks:
            if notebook.name not in handed_in:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False

    def _init_preprocessors(self) -> None:
        """Take the configured preprocessors, without those that have nothing left to do."""
        super()._init_preprocessors()
        registered = [pp for pp in self.exporter._preprocessors if type(pp) not in DONE_BY_SANITIZE]  # noqa: SLF001  (as nbgrader does)
        if self._sanitizing and not any(isinstance(pp, Sanitize) for pp in registered):
            registered.insert(0, Sanitize(parent=self.exporter))
        self.exporter._preprocessors = [  # noqa: SLF001
            OURS[type(pp)](parent=self.exporter) if type(pp) in OURS else pp for pp in registered
        ]


DONE_BY_SANITIZE = {
    nbgrader.ClearOutput,
    nbgrader.DeduplicateIds,
    nbgrader.OverwriteKernelspec,
    nbgrader.OverwriteCells,
    nbgrader.CheckCellMetadata,
}
OURS = {
    nbgrader.Execute: Execute,
    nbgrader.SaveAutoGrades: SaveAutoGrades,
    nbgrader.AssignLatePenalties: AssignLatePenalties,
}
