"""What waits for a person, question by question, and what a person says to it."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry

from autograder.course import assignment as course
from autograder.errors import CourseError
from autograder.gradebook.autograded import waiting_cells
from autograder.pages import html as pages
from autograder.pages.questions import titles

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

MARKERS = re.compile(r"^### (?:BEGIN|END) (?:SOLUTION|MARK SCHEME)\s*$", re.MULTILINE)


@dataclass
class Answer:
    """One student's answer to one question.

    Attributes
    ----------
    id : str
        nbgrader's identifier of the grade.
    student : str
        Whose it is; empty if names are hidden.
    html : str
        The answer, cleaned.
    score : float or None
        What counts now; None if it is not marked.
    comment : str
        What a person wrote to it.
    """

    id: str
    student: str
    html: str
    score: float | None
    comment: str


@dataclass
class Question:
    """What a person marks in one cell of the class.

    Attributes
    ----------
    name, title : str
        nbgrader's name of the cell, and the heading above it.
    points : float
        What it can give.
    statement, rubric : str
        HTML of what was asked, and of the source's own answer.
    answers : list of Answer
        In an order that says nothing of who wrote them.
    """

    name: str
    title: str
    points: float
    statement: str
    rubric: str
    answers: list[Answer] = field(default_factory=list)


def questions(
    coursedir: CourseDirectory, config: Config, assignment: str, *, names: bool = False
) -> list[Question]:
    """Return the questions of `assignment` that a person marks, with the answers of the class.

    Raises
    ------
    CourseError
        If none was graded yet.
    """
    known = course.load(coursedir, assignment, config)
    found = []
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        students = [s.student.id for s in gradebook.assignment_submissions(assignment)]
        students.sort(key=lambda student: hashlib.sha256(student.encode()).digest())
        for notebook, source in known.sources.items():
            cells = json.loads(source)["cells"]
            asked = _asked(cells)
            for student in students:
                path = coursedir.format_path(coursedir.autograded_directory, student, assignment)
                graded = _read(Path(path, f"{notebook}.ipynb"))
                for question, shown in _answers(graded, asked) if graded else ():
                    where = (question.name, notebook, assignment, student)
                    answer = _answer(gradebook, where, shown, names=names)
                    if answer is not None:
                        question.answers.append(answer)
            found += [question for question in asked.values() if question.answers]
    if not students:
        raise CourseError(f"nothing of {assignment!r} was graded: run `autograder grade` first")
    return found


def save(coursedir: CourseDirectory, grade: str, score: Any, comment: Any) -> int:
    """Give a mark by hand, as nbgrader's formgrader does; None takes it back.

    Returns
    -------
    int
        1 if the answer waits for a person now, else 0.

    Raises
    ------
    ValueError
        If the mark is no number of points that can be given.
    """
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            row = gradebook.find_grade_by_id(grade)
        except MissingEntry:
            raise ValueError("the gradebook has no such answer: load the page again") from None
        if score is not None:
            if isinstance(score, bool) or not isinstance(score, int | float):
                raise ValueError("give a number of points")
            if not math.isfinite(score) or not 0 <= score <= row.max_score:
                raise ValueError(f"give 0 to {row.max_score:g} points")
        if not isinstance(comment, str):
            raise ValueError("a comment is a text")  # noqa: TRY004  (told as any other)
        where = (row.notebook.name, row.assignment.name, row.student.id)
        try:
            gradebook.find_comment(row.name, *where).manual_comment = comment.strip() or None
        except MissingEntry:
            if comment.strip():
                raise ValueError("this cell takes no comment") from None
        row.manual_score = None if score is None else float(score)
        row.needs_manual_grade = score is None and (
            row.auto_score is None or row.cell.cell_type != "code"
        )
        waits = int(row.needs_manual_grade)
        gradebook.db.commit()
    return waits


def _asked(cells: list[dict[str, Any]]) -> dict[str, Question]:
    """Return the graded cells with the text that asks for them, by name."""
    named, found, statement = titles(cells), {}, ""
    for cell in cells:
        marked, source = cell["metadata"].get("nbgrader", {}), "".join(cell["source"])
        if marked.get("grade") or marked.get("task"):
            by_hand = marked.get("solution") or marked.get("task")
            rubric = MARKERS.sub("", source) if by_hand else f"```\n{source}\n```"
            found[marked["grade_id"]] = Question(
                marked["grade_id"],
                named[marked["grade_id"]],
                float(marked["points"]),
                str(pages.markdown(statement)),
                str(pages.markdown(rubric.strip())),
            )
        elif cell["cell_type"] == "markdown" and not marked.get("solution"):
            statement = source
    return found


def _answers(nb: NotebookNode, asked: dict[str, Question]) -> list[tuple[Question, str]]:
    """Return what a person marks in an autograded notebook, with the HTML of the answer."""
    waiting, found, before = waiting_cells(nb), [], ""
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        code = cell.cell_type == "code"
        shown = str(pages.markdown(f"````\n{cell.source}\n````" if code else cell.source))
        before = shown if utils.is_solution(cell) else before
        by_hand = (utils.is_solution(cell) and utils.is_grade(cell)) or utils.is_task(cell)
        if name in asked and (by_hand or name in waiting):
            found.append((asked[name], shown if utils.is_solution(cell) else before))
    return found


def _answer(
    gradebook: Gradebook, where: tuple[str, str, str, str], html: str, *, names: bool
) -> Answer | None:
    try:
        row = gradebook.find_grade(*where)
    except MissingEntry:
        return None
    try:
        comment = gradebook.find_comment(*where).manual_comment or ""
    except MissingEntry:
        comment = ""
    score = None if row.needs_manual_grade else row.score
    return Answer(row.id, where[3] if names else "", html, score, comment)


def _read(path: Path) -> NotebookNode | None:
    return nbformat.read(path, as_version=4) if path.exists() else None
