"""One command brings an assignment into the gradebook, whatever was there, and loses nothing."""

from __future__ import annotations

import shutil

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.session import GradebookSession
from tests.exercises.authoring import pack
from tests.support.commands import run
from tests.support.courses import SMALL, nbgrader

ADDED = """%% solution twice
def twice(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
%% test twice-example 6
assert twice(2) == 4
%% written how 2
Say how.
"""


def content(directory):
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def write(course, text):
    (course / "solutions/small/small.ipynb").write_text(pack(text), "utf-8")


def submitted(course):
    """Put a submission with marks into the gradebook."""
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("small", "ada")
        grade = gradebook.find_grade("mean-example", "small", "small", "ada")
        grade.auto_score, grade.needs_manual_grade = 3, False
        gradebook.db.commit()


def marks(course):
    with GradebookSession(nbgrader(course).coursedir) as session:
        return session.marks("small")["ada", "small"].cells


@pytest.mark.parametrize("there", ["nothing", "release", "gradebook", "both"])
def test_whatever_was_there(course, there):
    if there in {"nothing", "gradebook"}:
        shutil.rmtree(course / "exercises")
    if there in {"nothing", "release"}:
        (course / "grading/gradebook.db").unlink()
    done = run(course, "release", "small")
    assert done.status == 0, done.err
    assert "15 points" in done.out
    assert (course / "exercises/small/small.ipynb").exists()
    assert not list(course.glob(".release*"))
    with Gradebook(nbgrader(course).coursedir.db_url) as gradebook:
        assert gradebook.find_assignment("small").max_score == 15


@pytest.mark.parametrize(
    ("old", "new"),
    [("### END SOLUTION\n%% test double", "%% test double"), ("written why", "written mean")],
)
def test_a_source_that_nbgrader_refuses_changes_nothing(course, old, new):
    before = content(course / "exercises"), content(course / "grading")
    write(course, SMALL.replace(old, new, 1))
    done = run(course, "release", "small")
    assert done.status == 1
    assert "nothing was changed" in done.err
    assert (content(course / "exercises"), content(course / "grading")) == before


def test_a_question_is_added_when_work_is_in(course):
    submitted(course)
    write(course, SMALL + ADDED)
    done = run(course, "release", "small")
    assert done.status == 0, done.err
    assert "Added while work of 1 was in: " in done.out
    assert "The points sum to 23 now, 15 before." in done.out
    found = marks(course)
    assert found["mean-example"].auto_score == 3
    assert found["twice-example"].by_hand, "new cells wait"
    assert found["how"].by_hand
    assert "twice" in (course / "exercises/small/small.ipynb").read_text()
    assert "is as it was" in run(course, "release", "small").out


def test_a_question_that_has_marks_cannot_go(course):
    submitted(course)
    before = content(course / "exercises"), content(course / "grading")
    write(course, SMALL[: SMALL.index("%% solution mean")] + "%% written why 5\nSay why.\n")
    done = run(course, "release", "small")
    assert done.status == 1
    assert "mean-example" in done.err
    assert "0 points" in done.err
    assert (content(course / "exercises"), content(course / "grading")) == before
