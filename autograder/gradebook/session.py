"""nbgrader's gradebook with one connection, committed once for each submission.

nbgrader opens the database nine times and commits thirty-one times for each submission,
which costs more than running it.
"""

from __future__ import annotations

import contextlib
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect, text
from sqlalchemy import exists as exists_clause
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, aliased, joinedload, scoped_session, sessionmaker

from autograder.errors import GradebookError
from autograder.gradebook import kept
from autograder.gradebook.preprocessors import drop_scores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from nbgrader.coursedir import CourseDirectory

DATABASE_ERRORS = (SQLAlchemyError, InvalidEntry)  # nbgrader wraps some of the first in the second

SQLITE = b"SQLite format 3"


@contextlib.contextmanager
def explained(coursedir: CourseDirectory) -> Iterator[None]:
    """Turn errors of the database into a `GradebookError` that says what to do."""
    try:
        yield
    except DATABASE_ERRORS as error:
        raise GradebookError(
            f"the gradebook {address(coursedir)} cannot be used ({error.args[0]}): check that it "
            "exists, its permissions, that no other program holds it, and the space on the disk, "
            "then run the same command again"
        ) from error


def address(coursedir: CourseDirectory) -> str:
    """Return where the gradebook is, without a password."""
    try:
        return make_url(coursedir.db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "whose address is not understood"


def exists(coursedir: CourseDirectory) -> bool:
    """Whether there is a gradebook; nothing is made.

    Raises
    ------
    GradebookError
        If what is there is no gradebook, or one of another nbgrader.
    """
    with explained(coursedir):
        url = make_url(coursedir.db_url)
        if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
            path = Path(url.database)
            if not path.exists() or not path.stat().st_size:
                return False
            with path.open("rb") as file:
                begins = file.read(len(SQLITE))
            if begins != SQLITE:
                raise GradebookError(
                    f"{path} is no gradebook: put yours back, or move this file away "
                    "and begin a new one with `autograder release`"
                )
        try:
            engine = create_engine(url)
        except ModuleNotFoundError as error:
            raise GradebookError(
                f"the gradebook {address(coursedir)} needs the package {error.name}: "
                f"pip install {error.name}"
            ) from None
        try:
            with engine.connect() as connection:
                tables = inspect(connection).get_table_names()
                if not tables:
                    return False
                version: str | None = None
                if {"alembic_version", "submitted_assignment"} <= set(tables):
                    found = connection.execute(text("SELECT version_num FROM alembic_version"))
                    version = found.scalar()
        finally:
            engine.dispose()
    if version != _version():
        raise GradebookError(
            f"the gradebook {address(coursedir)} was made by another version of nbgrader: "
            "make a copy of it, then run `nbgrader db upgrade`"
        )
    return True


@functools.cache
def _version() -> str:
    """Return the version of the tables that this nbgrader makes: the one that none comes after.

    It is read as Alembic reads it, which takes as long to load as all of SQLAlchemy.
    """
    paths = Path(ALEMBIC_DIR, "versions").glob("*.py")
    texts = [path.read_text("utf-8") for path in paths]
    before, after = (
        {match[1] for text in texts if (match := re.search(rf"(?m)^{name} = '(\w+)'", text))}
        for name in ("down_revision", "revision")
    )
    [last] = after - before
    return last


def assignments(coursedir: CourseDirectory) -> list[str]:
    """Return the assignments that can be named: those of the gradebook, and those with a source."""
    before, after = coursedir.format_path(coursedir.source_directory, ".", "\0").split("\0")
    places = Path(before).iterdir() if Path(before).is_dir() else ()
    found = {place.name for place in places if any(Path(f"{place}{after}").glob("*.ipynb"))}
    if exists(coursedir):
        with GradebookSession(coursedir) as session:
            found |= {assignment.name for assignment in session.assignments}
    return sorted(found)


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

    def forget_changes(self) -> None:
        """Drop what was not saved."""
        self.db.rollback()
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

    def settled(self, assignment: str, student: str) -> dict[str, frozenset[str]]:
        """Return the cells that a person has marked, by notebook; see `kept`."""
        try:
            notebooks = self.find_submission(assignment, student).notebooks
        except MissingEntry:
            return {}
        return {notebook.name: kept.settled(notebook.grades) for notebook in notebooks}

    def find_grade(self, *where: str) -> Grade:
        """Find the grade of a cell, of a notebook, of an assignment, of a student."""
        return self._found.get((Grade, *where)) or super().find_grade(*where)

    def find_comment(self, *where: str) -> Comment:
        """Find the comment on a cell, of a notebook, of an assignment, of a student."""
        return self._found.get((Comment, *where)) or super().find_comment(*where)

    def waiting(self, assignment: str) -> int:
        """Return how many answers of the submissions that were graded wait for a person."""
        other, mine = aliased(Grade), aliased(SubmittedNotebook)
        graded = (
            exists_clause()
            .where(other.notebook_id == mine.id)
            .where(mine.assignment_id == SubmittedAssignment.id)
            .where((other.auto_score.is_not(None)) | (other.manual_score.is_not(None)))
        )
        waiting = (
            self.db.query(Grade)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == assignment, Grade.needs_manual_grade, graded)
            .count()
        )
        self.db.remove()
        return waiting

    def marks(self, assignment: str, student: str | None = None) -> dict[tuple[str, str], Marks]:
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
        if student is not None:
            rows = rows.filter(SubmittedAssignment.student_id == student)
        found: dict[tuple[str, str], Marks] = {}
        for name, timestamp, penalty, notebook, cell, *mark in rows:
            marks = found.setdefault((name, notebook), Marks(timestamp, penalty or 0.0))
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
