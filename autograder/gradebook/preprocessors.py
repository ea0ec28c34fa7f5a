"""What makes nbgrader's own ``Autograde`` grade in isolation, through its configuration.

`Exporter` is ``Autograde.exporter_class``;
`Sanitize` comes first of ``Autograde.sanitize_preprocessors``;
`Execute` takes the place of nbgrader's in ``Autograde.autograde_preprocessors``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader import preprocessors as nbgrader
from nbgrader.api import Grade, Gradebook, MissingEntry, TaskCell

from autograder.core.result import Verdict
from autograder.course import assignment as course
from autograder.course import submissions
from autograder.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from autograder.core.result import Result

KEY = (
    "autograder"  # where an autograded notebook's metadata holds the key of the task that it shows
)


class Exporter(NotebookExporter):
    """nbconvert's, that forgets a submission's earlier marks before it even reads the notebook."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a file; one that is no notebook keeps no mark of an earlier one."""
        if resources and not hasattr(self.parent, "session"):  # the class's writer has done it
            forget(resources["nbgrader"])
        return super().from_filename(filename, resources, **kwargs)


class _Isolated(nbgrader.NbGraderPreprocessor):
    """A preprocessor that knows the result of the submission."""

    def result(self, resources: dict[str, Any]) -> tuple[str, Result]:
        """Return the task's key and its result: from the journal, or graded on the spot."""
        names = resources["nbgrader"]
        converter = (
            self.parent.parent
        )  # a preprocessor belongs to an exporter, that to the converter
        assignment = getattr(converter, "assignment", None) or course.load(
            converter.coursedir, names["assignment"], converter.config
        )
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
        waiting = [cell.grade_id for cell in result.cells if cell.verdict is Verdict.ERROR]
        nb.metadata[KEY] = {"key": key, "waiting": waiting}
        return nb, resources


class SaveAutoGrades(nbgrader.SaveAutoGrades):
    """nbgrader's, that leaves a test which is itself at fault to a person: it takes no marks."""

    waiting: frozenset[str] = frozenset()

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do what nbgrader's does."""
        self.waiting = waiting_cells(nb)
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        if name in self.waiting:
            where = (self.notebook_id, self.assignment_id, self.student_id)
            grade = self.gradebook.find_grade(name, *where)
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()


def waiting_cells(nb: NotebookNode) -> frozenset[str]:
    """Return the grade ids of the tests of an autograded notebook that a person must mark."""
    return frozenset(nb.metadata.get(KEY, {}).get("waiting", ()))


def forget(names: dict[str, str]) -> None:
    """Drop the automatic marks of a submission, so that a regrade never keeps a stale one."""
    with Gradebook(names["db_url"]) as gradebook:
        try:
            notebook = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
        except MissingEntry:
            return
        drop_scores(notebook.grades)
        gradebook.db.commit()


def drop_scores(grades: Iterable[Grade]) -> None:
    """Put grades back to what nbgrader makes of a new submission; marks given by hand stay."""
    for grade in grades:
        if isinstance(grade.cell, TaskCell):
            continue  # marked by hand alone
        grade.auto_score = None
        grade.needs_manual_grade = True
