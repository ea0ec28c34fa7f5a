"""What makes nbgrader's own ``Autograde`` grade in isolation, through its configuration.

`Exporter` is ``Autograde.exporter_class``;
`Sanitize` comes first of ``Autograde.sanitize_preprocessors``;
`Execute` takes the place of nbgrader's in ``Autograde.autograde_preprocessors``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader import preprocessors as nbgrader
from nbgrader.api import Grade, Gradebook, MissingEntry, TaskCell
from nbgrader.utils import is_task

from autograder.course import assignment as course
from autograder.course import submissions
from autograder.errors import UnusableError
from autograder.gradebook import kept
from autograder.gradebook.autograded import sign, waiting_cells

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from autograder.core.result import Result
    from autograder.course.assignment import Assignment


class Exporter(NotebookExporter):
    """nbconvert's, that forgets a submission's earlier marks before it even reads the notebook."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.settled: dict[tuple[str, str, str], frozenset[str]] = {}

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a file; one that is no notebook keeps no mark of an earlier one."""
        if resources and not hasattr(self.parent, "session"):  # the class's writer has done it
            names = resources["nbgrader"]
            where = (names["assignment"], names["student"], names["notebook"])
            known = forget(names)
            self.settled.setdefault(where, known)  # each notebook is read twice
        if getattr(self.parent, "_sanitizing", False) and Execute(config=self.config).enabled:
            # `Sanitize` gives what was graded: nobody else reads what was handed in
            empty = new_notebook()
            return self.from_notebook_node(empty, resources, **kwargs)  # type: ignore[no-untyped-call]
        return super().from_filename(filename, resources, **kwargs)


class _Isolated(nbgrader.NbGraderPreprocessor):
    """A preprocessor that knows the result of the submission."""

    def result(self, resources: dict[str, Any]) -> tuple[str, Result]:
        """Return the task's key and its result: from the journal, or graded on the spot."""
        names = resources["nbgrader"]
        converter = (
            self.parent.parent
        )  # a preprocessor belongs to an exporter, that to the converter
        if hasattr(converter, "results"):
            known: tuple[str, Result] = converter.results[names["notebook"]]
            return known
        assignment = _assignment(converter, names["assignment"])
        submission = submissions.read(converter.coursedir, names["assignment"], names["student"])
        task = assignment.task(submission, names["notebook"])
        return task.key, assignment.result(task)


class Sanitize(_Isolated):
    """Make the student's notebook what it should be: every cell that counts is the instructor's.

    Cells that were deleted, renamed, duplicated, retyped or re-tagged never stop the class.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Replace the notebook by the graded one, without its outputs."""
        if not Execute(config=self.config).enabled:  # `--no-execute` keeps the student's outputs
            return nb, resources
        _, result = self.result(resources)
        if result.notebook is None:
            raise UnusableError("; ".join(failure.message for failure in result.failures))
        graded = nbformat.v4.reads(result.notebook)
        for cell in graded.cells:
            cell.pop("id", None)  # the format that the grader writes, 4.4, has none
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        return graded, resources


class Execute(_Isolated, nbgrader.Execute):
    """Fill in the outputs of the isolated run, where nbgrader would start a kernel."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Take the outputs from the graded notebook, and note which task it was."""
        key, result = self.result(resources)
        graded = nbformat.v4.reads(result.notebook)
        for cell, executed in zip(nb.cells, graded.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = executed.outputs, executed.execution_count
        sign(nb, key, result)
        return nb, resources


class SaveAutoGrades(nbgrader.SaveAutoGrades):
    """nbgrader's, that leaves a test which is itself at fault to a person: it takes no marks.

    A mark that a person gave counts on as marked, if what was marked is as it was.
    """

    waiting: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what nbgrader's does."""
        self.look(nb, resources)
        return super().preprocess(nb, resources)

    def look(self, nb: NotebookNode, resources: dict[str, Any]) -> None:
        """Find out which cells wait for a person, and which a person has marked for good."""
        self.waiting = waiting_cells(nb)
        names = resources["nbgrader"]
        where = (names["assignment"], names["student"], names["notebook"])
        settled = getattr(self.parent, "settled", {}).pop(where, frozenset())
        assignment = _assignment(self.parent.parent, names["assignment"])
        now = kept.digests(nb, assignment.sources[names["notebook"]])
        self.marked = settled & kept.exchange(assignment, names["student"], names["notebook"], now)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what nbgrader's does; a task, which it leaves alone, waits again if work changed."""
        if is_task(cell):
            grade = self._grade(cell)
            grade.needs_manual_grade = cell.metadata.nbgrader.grade_id not in self.marked
        return super().preprocess_cell(cell, resources, cell_index)

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        if name in self.marked:
            self._grade(cell).needs_manual_grade = False
        elif name in self.waiting:
            grade = self._grade(cell)
            grade.auto_score, grade.needs_manual_grade = None, True
        else:
            return
        self.gradebook.db.commit()

    def _grade(self, cell: NotebookNode) -> Grade:
        where = (self.notebook_id, self.assignment_id, self.student_id)
        return self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, *where)


def _assignment(converter: Any, name: str) -> Assignment:
    """Return the assignment: the class's writer has read it, nbgrader's own converter has not."""
    known = getattr(converter, "assignment", None)
    return known or course.load(converter.coursedir, name, converter.config)


def forget(names: dict[str, str]) -> frozenset[str]:
    """Drop the automatic marks of a submission, so that a regrade never keeps a stale one.

    Returns
    -------
    frozenset of str
        The cells that a person has marked.
    """
    with Gradebook(names["db_url"]) as gradebook:
        try:
            notebook = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
        except MissingEntry:
            return frozenset()
        settled = kept.settled(notebook.grades)
        drop_scores(notebook.grades)
        gradebook.db.commit()
    return settled


def drop_scores(grades: Iterable[Grade]) -> None:
    """Put grades back to what nbgrader makes of a new submission; marks given by hand stay."""
    for grade in grades:
        if isinstance(grade.cell, TaskCell):
            continue  # marked by hand alone
        grade.auto_score = None
        grade.needs_manual_grade = True
