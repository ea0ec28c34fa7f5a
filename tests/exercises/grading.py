"""Make submissions of an assignment, and grade them: by the autograder, and by nbgrader alone."""

import ast
import functools
import shutil
import subprocess
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from autograder import grade_one
from tests.exercises.authoring import CARRIED
from tests.exercises.variants import Variant, read_bank
from tests.support import courses as classes
from tests.support import warm

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))

Scores = dict[str, float]


def notebook_path(kind: str, assignment: str) -> Path:
    """Return the path of an assignment's notebook in ``solutions`` or ``exercises``."""
    return ROOT / kind / assignment / f"{assignment}.ipynb"


def read_notebook(kind: str, assignment: str) -> NotebookNode:
    """Return the notebook of an assignment from ``solutions`` or ``exercises``."""
    return nbformat.read(notebook_path(kind, assignment), as_version=4)


def sources(notebook: NotebookNode) -> dict[str, str]:
    """Return the source of each cell by its grade id."""
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in notebook.cells}


def questions(notebook: NotebookNode) -> dict[str, Scores]:
    """Return the points of each question's test cells.

    A question is a solution cell that is code, by its grade id, with the test cells after it;
    the one before all of them, `grading`, is worth nothing and holds what they share.
    """
    found: dict[str, Scores] = {}
    for cell in notebook.cells:
        role = cell.metadata.nbgrader
        if cell.cell_type == "code" and role.solution:
            found[role.grade_id] = {}
        elif cell.cell_type == "code" and role.grade and role.grade_id != CARRIED:
            found[next(reversed(found))][role.grade_id] = float(role.points)
    return found


def all_points(assignment: str) -> Scores:
    """Return the points of every test cell of an assignment."""
    tests = questions(read_notebook("solutions", assignment)).values()
    return {test: points for question in tests for test, points in question.items()}


@functools.cache
def reference(assignment: str) -> dict[str, str]:
    """Return the reference solution of each question, as `answer` takes them."""
    solution = read_notebook("solutions", assignment)
    return {question: sources(solution)[question] for question in questions(solution)}


def answer(assignment: str, answers: Mapping[str, str]) -> NotebookNode:
    """Return the release with some solution cells filled in, as a student hands it in."""
    submission = read_notebook("exercises", assignment)
    for cell in submission.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return submission


def bank_rows(assignment: str, kind: str) -> list[dict[str, Variant]]:
    """Return the k-th variant of this kind of every question, by question, for each k."""
    bank = read_bank(assignment)
    of_question = [
        [variant for variant in bank if (variant.question, variant.kind) == (question, kind)]
        for question in questions(read_notebook("solutions", assignment))
    ]
    return [{v.question: v for v in row if v} for row in zip_longest(*of_question)]


def answer_with(assignment: str, variants: Mapping[str, Variant]) -> NotebookNode:
    """Return right answers with some of them replaced, each under the name that it needs."""
    answers = dict(reference(assignment))
    for question, variant in variants.items():
        definitions = ast.parse(answers[question]).body
        answers[question] = variant.cell(
            next(node.name for node in definitions if hasattr(node, "name"))
        )
    return answer(assignment, answers)


def grade(assignment: str, submissions: Mapping[str, NotebookNode]) -> dict[str, Scores]:
    """Grade by the autograder; return each student's score of each test cell.

    The submissions are the course's own, so they need no isolation, and any machine will do.
    """
    source = notebook_path("solutions", assignment).read_bytes()
    tests = all_points(assignment)
    scores = {}
    for student, submission in submissions.items():
        result = grade_one(nbformat.writes(submission).encode(), source, isolation="none")
        scores[student] = {
            cell.grade_id: cell.score for cell in result.cells if cell.grade_id in tests
        }
    return scores


def new_course(directory: Path, assignment: str) -> Path:
    """Copy what an instructor needs of one assignment into a course's directory; return that."""
    shutil.copy(ROOT / "nbgrader_config.py", directory)
    shutil.copytree(ROOT / "solutions" / assignment, directory / "solutions" / assignment)
    return directory


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of nbgrader in a course, as an instructor or a student does."""
    return warm.run(course, "nbgrader", *arguments)


def plain_nbgrader(course: Path) -> NbGraderAPI:
    """Return nbgrader's API for a course, without the autograder."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    del config.Autograde  # this is where the course plugs in its autograder
    return classes.nbgrader(course, config)


def grade_by_nbgrader(
    course: Path, assignment: str, submissions: Mapping[str, NotebookNode]
) -> dict[str, Scores]:
    """Grade by nbgrader alone, with the tests in the student's kernel; return what `grade` does."""
    api = plain_nbgrader(course)
    _check(api.generate_assignment(assignment))
    for student, submission in submissions.items():
        path = course / "grading/submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(submission, path)
        _check(api.autograde(assignment, student))
    tests = all_points(assignment)
    with Gradebook(api.coursedir.db_url) as gradebook:
        return {
            student: {
                mark.name: mark.auto_score
                for mark in gradebook.find_submission(assignment, student).notebooks[0].grades
                if mark.name in tests
            }
            for student in submissions
        }


def _check(outcome: Mapping[str, object]) -> None:
    if not outcome["success"]:
        raise RuntimeError(f"nbgrader failed:\n{outcome['log']}")
