"""New submissions as rows: what nbgrader's converters would leave in the gradebook.

nbgrader makes each submission's rows one by one and looks each of them up again, which costs more
than running it. Where nothing was there before, the rows follow from the autograded notebook.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrader import utils
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from sqlalchemy import insert, select

from autograder.gradebook.autograded import waiting_cells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from nbformat import NotebookNode

    from autograder.gradebook.session import GradebookSession

TABLES = (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)  # parents first
NO_RESPONSE = "No response."  # what nbgrader says of an answer that is as it was released


@dataclass
class _Notebook:
    """A notebook of the assignment: its cells' identifiers in the gradebook, by name."""

    id: str
    graded: dict[str, str] = field(default_factory=dict)
    commented: dict[str, str] = field(default_factory=dict)


class NewSubmissions:
    """Rows of submissions that the gradebook does not know, until they are inserted together.

    Parameters
    ----------
    session : GradebookSession
        The gradebook.
    assignment : str
        nbgrader's assignment id.

    Attributes
    ----------
    waiting : int
        How many submissions are not inserted yet.
    """

    def __init__(self, session: GradebookSession, assignment: str) -> None:
        self.session = session
        self.waiting = 0
        self._rows: defaultdict[type, list[dict[str, Any]]] = defaultdict(list)
        db = session.db
        known = db.execute(
            select(Assignment.id, Assignment.duedate).where(Assignment.name == assignment)
        ).one()
        self._assignment, self._duedate = known
        self._students = set(db.scalars(select(Student.id)))
        mine = SubmittedAssignment.assignment_id == self._assignment
        self._known = set(db.scalars(select(SubmittedAssignment.student_id).where(mine)))
        self._notebooks: dict[str, _Notebook] = {}
        notebooks = select(Notebook).where(Notebook.assignment_id == self._assignment)
        for notebook in db.scalars(notebooks):
            found = self._notebooks[notebook.name] = _Notebook(notebook.id)
            for kind in (GradeCell, TaskCell, SolutionCell):
                cells = select(kind.name, kind.id).where(kind.notebook_id == notebook.id)
                names: dict[str, str] = dict(db.execute(cells).tuples().all())
                if kind is not SolutionCell:
                    found.graded |= names
                if kind is not GradeCell:
                    found.commented |= names
        db.remove()

    def takes(self, student: str, timestamp: datetime | None, notebooks: Mapping[str, Any]) -> bool:
        """Tell whether a submission is new, punctual and complete."""
        late = timestamp and self._duedate and timestamp > self._duedate
        new = student not in self._known
        return new and not late and notebooks.keys() == self._notebooks.keys()

    def add(
        self, student: str, timestamp: datetime | None, notebooks: Mapping[str, NotebookNode]
    ) -> None:
        """Make the rows of one submission.

        Parameters
        ----------
        student : str
            Who handed it in.
        timestamp : datetime or None
            When.
        notebooks : mapping of str to NotebookNode
            The autograded notebooks by name: all of the assignment's.
        """
        marks = {name: (_grades(nb), _comments(nb)) for name, nb in notebooks.items()}
        if student not in self._students:
            self._add(Student, id=student)
        submission = self._add(
            SubmittedAssignment,
            id=new_uuid(),
            assignment_id=self._assignment,
            student_id=student,
            timestamp=timestamp,
        )
        for name, (grades, comments) in marks.items():
            known = self._notebooks[name]
            notebook = self._add(
                SubmittedNotebook, id=new_uuid(), assignment_id=submission, notebook_id=known.id
            )
            for cell, identifier in known.graded.items():
                score = grades.get(cell)
                self._add(
                    Grade,
                    id=new_uuid(),
                    cell_id=identifier,
                    notebook_id=notebook,
                    auto_score=score,
                    needs_manual_grade=score is None,
                )
            for cell, identifier in known.commented.items():
                self._add(
                    Comment,
                    id=new_uuid(),
                    cell_id=identifier,
                    notebook_id=notebook,
                    auto_comment=comments.get(cell),
                )
        self._known.add(student)
        self.waiting += 1

    def _add(self, table: type, **row: Any) -> str:
        self._rows[table].append(row)
        identifier: str = row["id"]
        return identifier

    def insert(self) -> None:
        """Insert what was added, in one transaction."""
        if not self.waiting:
            return
        for table in TABLES:
            if self._rows[table]:
                self.session.db.execute(insert(table), self._rows[table])
        self.session.save()
        self._rows.clear()
        self.waiting = 0


def _grades(notebook: NotebookNode) -> dict[str, float | None]:
    """Return the points that nbgrader gives each test and each answer that is marked by hand."""
    waiting = waiting_cells(notebook)
    found = {}
    for cell in notebook.cells:
        if utils.is_grade(cell):
            name = cell.metadata.nbgrader.grade_id
            found[name] = None if name in waiting else utils.determine_grade(cell)[0]
    return found


def _comments(notebook: NotebookNode) -> dict[str, str]:
    """Return what nbgrader says of the answers that nobody has touched."""
    return {
        cell.metadata.nbgrader.grade_id: NO_RESPONSE
        for cell in notebook.cells
        if utils.is_solution(cell)
        and not utils.is_task(cell)
        and cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
    }
