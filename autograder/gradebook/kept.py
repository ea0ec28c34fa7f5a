"""Marks given by hand, and what they were given for.

nbgrader asks for every such mark again after a regrade, because it does not know whether what was
marked has changed. Here it is written down, as a hash for each cell, beside the journal.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader import utils

from autograder.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode
    from nbgrader.api import Grade

    from autograder.course.assignment import Assignment


def settled(grades: Iterable[Grade]) -> frozenset[str]:
    """Return the names of the cells that a person has marked, and that wait for nobody."""
    return frozenset(
        grade.name
        for grade in grades
        if grade.manual_score is not None and not grade.needs_manual_grade
    )


def digests(nb: NotebookNode, source: bytes) -> dict[str, str]:
    """Return a hash of what a person marks, for each graded cell of an autograded notebook.

    For a written answer: the answer, the source's cell with the rubric, and the points.
    For a test or a task: all answers, the cell, and the points.
    """
    rubrics = _rubrics(source)
    answers = [cell.source for cell in nb.cells if utils.is_solution(cell)]
    found = {}
    for cell in nb.cells:
        if not (utils.is_grade(cell) or utils.is_task(cell)):
            continue
        name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        answer = [cell.source] if utils.is_solution(cell) else [*answers, cell.source]
        content = json.dumps([answer, rubrics.get(name), points])
        found[name] = hashlib.sha256(content.encode()).hexdigest()
    return found


@functools.lru_cache(maxsize=8)
def _rubrics(source: bytes) -> dict[str | None, str]:
    """Return the text of each cell of the source by its name."""
    return {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"])
        for cell in json.loads(source)["cells"]
    }


def exchange(
    assignment: Assignment, student: str, notebook: str, now: dict[str, str]
) -> frozenset[str]:
    """Write down `now`, and return the cells for which the same was written before."""
    place = json.dumps([assignment.name, student, notebook])
    name = hashlib.sha256(place.encode()).hexdigest()
    path = Path(assignment.journal.directory, "marked", f"{name}.json")
    try:
        before = json.loads(path.read_bytes())
    except (OSError, ValueError):
        before = {}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(now).encode())
    return frozenset(cell for cell, digest in now.items() if before.get(cell) == digest)
