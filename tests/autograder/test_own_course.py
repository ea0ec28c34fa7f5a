"""*Grade your own course*: its commands, on a course that nbgrader alone has made."""

from __future__ import annotations

import csv
import re

import pytest
from nbgrader.api import Gradebook

from autograder.apps import Autograder
from tests.support import foreign, warm
from tests.support.courses import ROOT

pytestmark = pytest.mark.slow
PAGE = (ROOT / "chapters/grading.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [block for kind, block in BLOCKS if kind == "sh"]
CONFIGURATION = next(block for kind, block in BLOCKS if kind == "python")


def run(course, commands):
    """Run a block of commands as a reader of the page does."""
    return warm.run(course, "bash", "-e", "-c", commands)


def marks(course):
    """Return the report's table: the points of each test cell, by student."""
    with (course / "grading/report/cities.csv").open() as table:
        return {row["student"]: row for row in csv.DictReader(table)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return the course after the commands of the page, and what they printed."""
    course = foreign.new_course(tmp_path_factory.mktemp("own") / "course")
    made = run(course, "nbgrader generate_assignment cities")
    assert made.returncode == 0, made.stderr
    foreign.hand_in(course, "right")
    foreign.hand_in(course, "wrong", **foreign.WRONG)
    outcomes = [run(course, block) for block in COMMANDS]
    for outcome in outcomes:
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return course, "\n".join(outcome.stdout for outcome in outcomes)


def test_check_says_where_each_test_runs(graded):
    _, said = graded
    levels = dict(re.findall(r"^(?:tables|figures)/(\S+) +(split|inside) ", said, re.MULTILINE))
    assert levels.keys() == foreign.POINTS.keys()
    assert levels["read-test"] == "split"
    assert levels["hello-test"] == "inside"
    assert "can forge" in said


def test_the_marks_are_nbgraders(graded):
    course, said = graded
    rows = marks(course)
    assert "0 without marks" in said
    assert float(rows["right"]["score"]) == sum(foreign.POINTS.values())
    assert float(rows["wrong"]["score"]) == 0
    assert len(list((course / "feedback").rglob("*.html"))) == 4


def test_nbgraders_own_command_isolates_with_the_lines_of_the_page(tmp_path):
    course = foreign.new_course(tmp_path / "course", foreign.CONFIG + CONFIGURATION)
    made = run(course, "nbgrader generate_assignment cities")
    assert made.returncode == 0, made.stderr
    foreign.hand_in(
        course,
        "right",
        mean=f"import os\nfound = os.path.exists({str(course)!r})\n"
        "def mean(table):\n    return table['height'].mean() + found",
    )
    foreign.hand_in(course, "wrong", **foreign.WRONG)
    done = run(
        course,
        "nbgrader autograde cities && nbgrader generate_feedback cities\nautograder report cities",
    )
    assert done.returncode == 0, done.stderr
    assert {student: float(row["score"]) for student, row in marks(course).items()} == {
        "right": sum(foreign.POINTS.values()),
        "wrong": 0,
    }


def test_a_source_that_fails_its_own_test_stops_the_class(tmp_path, graded):
    course = foreign.new_course(tmp_path / "course")
    source = course / "source/cities/tables.ipynb"
    source.write_text(source.read_text().replace("== 33", "== 34"))
    made = run(course, "nbgrader generate_assignment cities")
    assert made.returncode == 0, made.stderr
    foreign.hand_in(course, "right")
    checked = run(course, "autograder check cities")
    assert checked.returncode == 1
    assert re.search(r"tables/read-test +FAILS", checked.stdout)
    stopped = run(course, "autograder grade cities --workers=1")
    assert stopped.returncode == 1
    assert "read-test" in stopped.stderr
    assert "Mend the test" in stopped.stderr
    assert not (course / "autograded").exists()


def test_a_test_at_fault_takes_no_marks_and_is_reported_once(tmp_path):
    """The test gives more points than there are, to whoever forgets to divide."""
    course = foreign.new_course(tmp_path / "course")
    source = course / "source/cities/tables.ipynb"
    asserts = "assert close(mean(pd.DataFrame({'height': [1, 2]})), 1.5)"
    content = source.read_text().replace(asserts, "2 * mean(pd.DataFrame({'height': [1, 2]}))")
    source.write_text(content)
    made = run(course, "nbgrader generate_assignment cities")
    assert made.returncode == 0, made.stderr
    for student in ("ada", "bob"):
        foreign.hand_in(course, student, mean=foreign.WRONG["mean"])
    foreign.hand_in(course, "eve")
    graded = run(course, "autograder grade cities --workers=1")
    assert graded.returncode == 0, graded.stderr
    (line,) = [line for line in graded.stdout.splitlines() if "mean-test" in line]
    assert "6.0 of 3 points" in line
    assert "(2 submissions)" in line
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        for student, waits in (("ada", True), ("eve", False)):
            tables = gradebook.find_submission_notebook("tables", "cities", student)
            marks_of = {grade.name: grade for grade in tables.grades}
            assert marks_of["mean-test"].needs_manual_grade is waits


def test_every_command_is_documented():
    for command in Autograder().subcommands:
        assert f"autograder {command}" in PAGE + (ROOT / "README.md").read_text(encoding="utf-8")
