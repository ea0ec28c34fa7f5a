"""The whole way of a class through the gradebook changes no mark of the bank's submissions."""

import pytest

import autograder
from tests.exercises.grading import answer_with, bank_rows, grade, new_course
from tests.exercises.variants import ALTERNATIVE, MISCONCEPTION
from tests.support.courses import hand_in, marks, nbgrader

ASSIGNMENT = "01-metrics"


@pytest.mark.slow
def test_class_of_the_bank_gets_the_marks_of_each_alone(tmp_path, scheduler):
    course = new_course(tmp_path, ASSIGNMENT)
    assert nbgrader(course).generate_assignment(ASSIGNMENT)["success"]
    # Some of the bank: all of it is graded, and compared with nbgrader, by `make thorough`.
    rows = [*bank_rows(ASSIGNMENT, MISCONCEPTION)[::3], bank_rows(ASSIGNMENT, ALTERNATIVE)[0]]
    submissions = {f"s{k}": answer_with(ASSIGNMENT, row) for k, row in enumerate(rows)}
    for student, notebook in submissions.items():
        hand_in(course, student, notebook, ASSIGNMENT)
    summary = autograder.grade(course, ASSIGNMENT, scheduler=scheduler)
    assert not summary.failed, str(summary)
    found = marks(course, ASSIGNMENT)
    for cells in found.values():
        cells.pop("grading")  # what the checks share earns no points
    assert found == grade(ASSIGNMENT, submissions)
