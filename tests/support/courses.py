"""Courses with a small assignment, and classes of generated submissions."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader
from traitlets.log import get_logger

import autograder.cli  # noqa: F401  (nbgrader finds its `alembic` then)
from tests.exercises.authoring import pack

ROOT = Path(__file__).parents[2]
SMALL = '''\
%% text intro
# A small assignment
%% code setup
import numpy as np
%% solution double
def double(x):
    """Return twice `x`."""
    ### BEGIN SOLUTION
    return 2 * np.asarray(x)
    ### END SOLUTION
%% test double-example 1
assert double(3) == 6, "double(3) should be 6"
%% test double-hidden 2
### BEGIN HIDDEN TESTS
for secret_number in (17, 23):
    assert double(secret_number) == 2 * secret_number, "double is wrong for other numbers"
### END HIDDEN TESTS
%% solution mean
def mean(x):
    """Return the mean of `x`."""
    ### BEGIN SOLUTION
    return float(np.mean(x))
    ### END SOLUTION
%% test mean-example 3
assert mean([1, 2, 6]) == 3, "mean([1, 2, 6]) should be 3"
%% test mean-hidden 4
### BEGIN HIDDEN TESTS
import numpy as np

secret_values = np.linspace(-5, 12, 9)
assert abs(mean(secret_values) - secret_values.mean()) < 1e-12, "mean is wrong for an array"
### END HIDDEN TESTS
%% written why 5
Say why.
'''
POINTS = {"double-example": 1, "double-hidden": 2, "mean-example": 3, "mean-hidden": 4}
RIGHT = {
    "double": "def double(x):\n    return np.asarray(x) + np.asarray(x)",
    "mean": "def mean(x):\n    return sum(x) / len(x)",
    "why": "Because.",
}


def new_course(directory: Path) -> Path:
    """Make a course with the small assignment, generate its release, return its directory."""
    source = directory / "solutions/small/small.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(pack(SMALL), encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", directory)
    outcome = nbgrader(directory).generate_assignment("small")
    assert outcome["success"], outcome["log"]
    return directory


def nbgrader(course: Path, config: Config | None = None) -> NbGraderAPI:
    """Return nbgrader's own programming interface for the course."""
    get_logger().setLevel("ERROR")
    config = config or PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def release(course: Path, assignment: str = "small") -> NotebookNode:
    """Return what students download."""
    return nbformat.read(course / f"exercises/{assignment}/{assignment}.ipynb", as_version=4)


def answer(course: Path, assignment: str = "small", **answers: str) -> NotebookNode:
    """Return the release with the named solution cells filled in; the rest is right."""
    notebook = copy.deepcopy(release(course, assignment))
    for cell in notebook.cells:
        cell.source = (RIGHT | answers).get(cell.metadata.nbgrader.grade_id, cell.source)
    return notebook


def hand_in(
    course: Path,
    student: str,
    notebook: NotebookNode | bytes,
    assignment: str = "small",
    name: str | None = None,
) -> Path:
    """Put a notebook where nbgrader collects it; return the submission's directory."""
    directory = course / "grading/submitted" / student / assignment
    directory.mkdir(parents=True, exist_ok=True)
    content = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
    (directory / (name or f"{assignment}.ipynb")).write_bytes(content)
    return directory


def marks(course: Path, assignment: str = "small") -> dict[str, dict[str, float | None]]:
    """Return the gradebook: each student's automatic marks."""
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.cell.cell_type == "code"
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def dump(course: Path, assignment: str = "small") -> list[tuple[object, ...]]:
    """Return all that the gradebook says of the assignment, in a fixed order."""
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        rows: list[tuple[object, ...]] = []
        for submission in gradebook.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                who = (submission.student.id, str(submission.timestamp), notebook.name)
                who += (notebook.late_submission_penalty, notebook.score)
                rows += [
                    (
                        *who,
                        grade.name,
                        grade.auto_score,
                        grade.manual_score,
                        grade.needs_manual_grade,
                    )
                    for grade in notebook.grades
                ]
                rows += [
                    (*who, c.name, c.auto_comment, c.manual_comment) for c in notebook.comments
                ]
    return sorted(rows, key=repr)
