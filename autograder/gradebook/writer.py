"""The one writer of the gradebook.

A submission that is new, punctual and complete is written as rows, many to a transaction.
Every other one takes nbgrader's own `Autograde`, which here only shares a session, commits once for
each submission, and changes no mark.
"""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.v4 import new_notebook
from nbgrader import preprocessors as nbgrader
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.errors import GraderError
from autograder.files import write_atomically
from autograder.gradebook import kept, preprocessors
from autograder.gradebook.autograded import parsed
from autograder.gradebook.exact import Exact
from autograder.gradebook.preprocessors import Execute, Sanitize
from autograder.gradebook.rows import NewSubmissions
from autograder.gradebook.session import DATABASE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from nbformat import NotebookNode

    from autograder.core.result import Result
    from autograder.course.assignment import Assignment
    from autograder.gradebook.session import GradebookSession

TOGETHER = 50  # new submissions in a transaction


class _Shared(NbGraderPreprocessor):
    """A preprocessor of nbgrader's that uses the writer's session instead of its own."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what nbgrader's does, without opening the gradebook."""
        names = resources["nbgrader"]
        self.student_id, self.assignment_id = names["student"], names["assignment"]
        self.notebook_id = names["notebook"]
        self.gradebook = self.parent.parent.session
        return NbGraderPreprocessor.preprocess(self, nb, resources)


class SaveAutoGrades(_Shared, preprocessors.SaveAutoGrades):
    """Ours, in the writer's session."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what ours does, without opening the gradebook."""
        self.look(nb, resources)
        return _Shared.preprocess(self, nb, resources)


class AssignLatePenalties(nbgrader.AssignLatePenalties):
    """nbgrader's, for submissions that are late or were."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what nbgrader's does, if there is a penalty to set or to drop."""
        names = resources["nbgrader"]
        session = self.parent.parent.session
        notebook = session.find_submission_notebook(
            names["notebook"], names["assignment"], names["student"]
        )
        late = notebook.assignment.total_seconds_late > 0
        if late or notebook.late_submission_penalty is not None:
            session.save()  # nbgrader opens a session of its own, which must see the marks
            return super().preprocess(nb, resources)
        return nb, resources


class Writer(Exact, Autograde):
    """nbgrader's `Autograde` for the whole class: one student after another, nobody stops the rest.

    Parameters
    ----------
    assignment : Assignment
        What `course.load` read.
    session : GradebookSession
        The gradebook.
    extensions : dict of str to timedelta
        How much later each student may hand in.
    """

    def __init__(
        self,
        assignment: Assignment,
        session: GradebookSession,
        extensions: Mapping[str, timedelta] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.assignment = assignment
        self.session = session
        self.extensions = extensions
        self.force = True
        self.update_config(Config({"Exporter": {"optimistic_validation": True}}))  # once a notebook
        self._problem: Exception | None = None
        self._new = NewSubmissions(session, assignment.name)

    def add(
        self, student: str, timestamp: datetime | None, notebooks: Mapping[str, str | None]
    ) -> bool:
        """Bring a submission that is new, punctual and complete into the gradebook, as rows.

        The rows are inserted with those of others, by `save` at the latest. The files are there
        before; if this process ends in between, the next run finds the results in the journal.

        Parameters
        ----------
        student : str
            Who handed it in.
        timestamp : datetime or None
            When.
        notebooks : mapping of str to (str or None)
            The autograded notebooks by name; None if only nbgrader can tell what to make of one.

        Returns
        -------
        bool
            Whether it was: nothing is changed if it must be left to `write`.

        Raises
        ------
        OSError
            If a file cannot be written.
        SQLAlchemyError
            If the gradebook cannot be.
        """
        ordinary = self._is_ordinary and student not in self.extensions
        if not ordinary or not self._new.takes(student, timestamp, notebooks):
            return False
        texts = {name: text for name, text in notebooks.items() if text is not None}
        graded = {name: parsed(text) for name, text in texts.items()}
        if graded.keys() != notebooks.keys() or not all(map(self._is_short, graded.values())):
            return False
        name = self.assignment.name
        self.init_destination(name, student)
        self._copy_files(name, student)
        for notebook, text in texts.items():
            path = Path(self._format_dest(name, student), f"{notebook}.ipynb")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text.encode())
            digests = kept.digests(graded[notebook], self.assignment.sources[notebook])
            kept.exchange(self.assignment, student, notebook, digests)
        self.set_permissions(name, student)
        self._new.add(student, timestamp, graded)
        if self._new.waiting == TOGETHER:
            self.save()
        return True

    def save(self) -> None:
        """Insert the rows that wait."""
        self._new.insert()

    def write(
        self, student: str, timestamp: datetime | None, results: Mapping[str, tuple[str, Result]]
    ) -> str | None:
        """Bring one submission into the gradebook and the directory of autograded notebooks.

        Parameters
        ----------
        student : str
            Who handed it in.
        timestamp : datetime or None
            When.
        results : mapping of str to (str, Result)
            For each notebook, the key of its task and what came of it: what was graded is what is
            stored, whatever lies in the directory by now.

        Returns
        -------
        str or None
            Why it has no marks, or None if it has.

        Raises
        ------
        SQLAlchemyError, InvalidEntry
            If the gradebook cannot be written: a fault of this machine, not of the student.
        """
        self.save()
        self.coursedir.assignment_id = self.assignment.name
        self.student, self._problem = student, None
        self.timestamp, self.results = timestamp, results
        try:
            self.start()
        except Exception as error:  # noqa: BLE001  (one submission must not stop the class)
            self._problem = self._problem or error
        if isinstance(self._problem, DATABASE_ERRORS):
            raise self._problem
        if self._problem:
            self.session.forget_changes()
            expected = isinstance(self._problem, GraderError | NbGraderException)
            kind = "" if expected else f"{type(self._problem).__name__}: "
            return f"{kind}{self._problem}"
        self.session.save()
        return None

    def penalise(self, student: str) -> bool:
        """Let nbgrader set the late penalties of a submission anew; return whether one changed."""
        self.save()
        changed = False
        for name in self.assignment.sources:
            notebook = self.session.find_submission_notebook(name, self.assignment.name, student)
            late, before = notebook.assignment.total_seconds_late, notebook.late_submission_penalty
            if not late and before is None:
                continue
            names = {"notebook": name, "assignment": self.assignment.name, "student": student}
            self.session.save()
            penalties = nbgrader.AssignLatePenalties(parent=self)
            resources = {"nbgrader": {**names, "db_url": self.coursedir.db_url}}
            penalties.preprocess(new_notebook(), resources)
            notebook = self.session.find_submission_notebook(name, self.assignment.name, student)
            changed = changed or notebook.late_submission_penalty != before
        self.session.save()
        return changed

    def reject(self, student: str) -> None:
        """Record a submission that cannot be graded: it keeps no automatic mark and no notebook."""
        self.save()
        self.session.forget(self.assignment.name, student)
        self.session.save()
        shutil.rmtree(self._format_dest(self.assignment.name, student), ignore_errors=True)

    def init_notebooks(self) -> None:
        """Name the notebooks that were graded."""
        where = self._format_source(self.assignment.name, self.student)
        self.assignments = {where: [f"{where}/{name}.ipynb" for name in self.results]}
        self.notebooks: list[str] = []

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Do what nbgrader's does, in the session's session, and forget earlier automatic marks."""
        try:
            self._copy_files(assignment_id, student_id)
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

    def _copy_files(self, assignment_id: str, student_id: str) -> None:
        """Copy what was handed in beside the notebooks, then the assignment's own files."""
        BaseConverter.init_assignment(self, assignment_id, student_id)
        for name in self.assignment.data.keys() - self.assignment.editable:
            path = Path(self._format_dest(assignment_id, student_id), name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(self.assignment.data[name])

    def _init_gradebook(self, assignment_id: str, student_id: str) -> None:
        """Make the submission's rows, mark missing notebooks."""
        if not self.create_student:
            self.session.find_student(student_id)
        settled = self.session.settled(assignment_id, student_id)
        self.exporter.settled = {
            (assignment_id, student_id, notebook): cells for notebook, cells in settled.items()
        }
        submission = self.session.forget(assignment_id, student_id, self.timestamp)
        if submission.assignment.duedate is not None and student_id in self.extensions:
            submission.extension = self.extensions[student_id]
        for notebook in submission.notebooks:
            if notebook.name not in self.results:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False

    @cached_property
    def _is_ordinary(self) -> bool:
        """Whether nothing is configured that only nbgrader's own path can do."""
        named = (*self.sanitize_preprocessors, *self.autograde_preprocessors)
        steps = {import_item(step) if isinstance(step, str) else step for step in named}
        return (
            steps <= DONE_BY_SANITIZE | OURS.keys() | DONE_BY_ROWS
            and self.exporter_class is preprocessors.Exporter
            and Execute(parent=self).enabled
            and SaveAutoGrades(parent=self).enabled
            and not any(step(parent=self).enabled for step in CHANGING)
            and self.create_student
            and self.pre_convert_hook is None
            and self.post_convert_hook is None
        )

    @cached_property
    def _limit(self) -> nbgrader.LimitOutput:
        return nbgrader.LimitOutput(parent=self)

    def _is_short(self, notebook: NotebookNode) -> bool:
        """Tell whether nbgrader leaves every output at its length."""
        most_lines, most_frames = self._limit.max_lines, self._limit.max_traceback
        for cell in notebook.cells:
            outputs = cell.get("outputs", ())
            lines = sum(o.text.count("\n") + 1 for o in outputs if o.output_type == "stream")
            frames = max((len(o.traceback) for o in outputs if o.output_type == "error"), default=0)
            if (0 <= most_lines < lines) or (0 <= most_frames < frames):
                return False
        return True

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
    preprocessors.SaveAutoGrades: SaveAutoGrades,
    nbgrader.AssignLatePenalties: AssignLatePenalties,
}
CHANGING = {nbgrader.IgnorePattern, ClearMetadataPreprocessor}  # outputs, where they are enabled
DONE_BY_ROWS = {Sanitize, Execute, nbgrader.LimitOutput, *CHANGING}
