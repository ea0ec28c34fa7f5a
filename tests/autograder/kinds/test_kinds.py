"""Kinds of test as nbgrader courses have them: the marks are plain nbgrader's, and isolated.

``kinds.json`` holds for each kind a locked cell, a right and a wrong answer, and a test;
``nbgrader.json`` holds the points that plain nbgrader gives to both, of `POINTS` each.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import Limits, grade_one
from tests.support import foreign
from tests.support.courses import nbgrader
from tests.support.toy import check, code, notebook, solution

HERE = Path(__file__).parent
KINDS = {kind["kind"]: kind for kind in json.loads((HERE / "kinds.json").read_text())}
PLAIN = json.loads((HERE / "nbgrader.json").read_text())
POINTS = 1
DATA = {
    "checks16.py": b"def check16(f):\n    assert f(1) == 2\n",
    "data/table.csv": b"a,b\n1,2\n",
}
LIMITS = Limits(cell_seconds=20.0, submission_seconds=170.0)
ANSWERS = ("right", "wrong")


def cells(answer):
    """Yield the cells of a notebook in which every kind is answered alike."""
    for name, kind in KINDS.items():
        if kind["locked"]:
            locked = {"grade": False, "solution": False, "locked": True, "task": False}
            yield code(kind["locked"], f"{name}-locked", **locked)
        yield solution(kind[answer], f"{name}-answer")
        yield check(kind["test"], name, POINTS)


@functools.cache
def scores(levels):
    """Return the points of each kind's answers at the given level."""
    source = notebook(*cells("right"))
    results = {
        answer: grade_one(notebook(*cells(answer)), source, LIMITS, data=DATA, levels=levels)
        for answer in ANSWERS
    }
    return {
        answer: {cell.grade_id: cell for cell in result.cells if cell.grade_id in KINDS}
        for answer, result in results.items()
    }


@pytest.mark.slow
@pytest.mark.xdist_group("kinds")  # they share what was graded
@pytest.mark.parametrize("levels", ["auto", "inside"])
def test_no_mark_differs_from_nbgraders(levels):
    found = scores(levels)
    lost = {
        name: cell.message
        for name, cell in found["right"].items()
        if cell.score < PLAIN[name]["right"]
    }
    gained = {
        name: cell.level
        for name, cell in found["wrong"].items()
        if cell.score > PLAIN[name]["wrong"]
    }
    assert (lost, gained) == ({}, {})


@pytest.mark.slow
@pytest.mark.xdist_group("kinds")
def test_some_kinds_need_neither_level_to_be_forced():
    found = scores("auto")["right"]
    split = {name for name, cell in found.items() if cell.level == "split"}
    assert {"math_student", "custom_exception_raises", "df_argument", "enum"} <= split
    assert len(split) >= 71, sorted(KINDS.keys() - split)
    assert not split & {"mock_input", "redirect_stdout", "getsource", "read_only_array"}


@pytest.mark.thorough
def test_the_points_are_plain_nbgraders(tmp_path):
    course = tmp_path / "course"
    source = course / "source/kinds"
    source.mkdir(parents=True)
    (source / "kinds.ipynb").write_bytes(notebook(*cells("right")))
    for name, content in DATA.items():
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes(content)
    (course / "nbgrader_config.py").write_text(foreign.CONFIG)
    (course / "nbgrader_config.py").open("a").write(f"c.CourseDirectory.root = {str(course)!r}\n")
    api = nbgrader(course)
    outcome = api.generate_assignment("kinds")
    assert outcome["success"], outcome["log"]
    found = {name: {} for name in KINDS}
    for answer in ANSWERS:
        directory = course / "submitted" / answer / "kinds"
        directory.mkdir(parents=True)
        submitted = nbformat.reads(notebook(*cells(answer)).decode(), as_version=4)
        nbformat.write(submitted, directory / "kinds.ipynb")
        outcome = api.autograde("kinds", answer)
        assert outcome["success"], outcome["log"]
        with Gradebook(api.coursedir.db_url) as gradebook:
            for grade in gradebook.find_submission("kinds", answer).notebooks[0].grades:
                found[grade.name][answer] = grade.auto_score
    assert found == PLAIN, json.dumps(found)
