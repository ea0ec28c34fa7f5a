"""The whole way of a class through the gradebook changes no mark of the bank's submissions."""

from itertools import zip_longest

import pytest

import autograder
from tests.autograder.classes import hand_in, marks, nbgrader
from tests.exercises.grading import answer, grade, new_course, reference
from tests.exercises.test_bank import cell_of
from tests.exercises.variants import read_bank

ASSIGNMENT = "01-metrics"


@pytest.mark.slow
def test_class_of_the_bank_gets_the_marks_of_each_alone(tmp_path, scheduler):
    course = new_course(tmp_path, ASSIGNMENT)
    assert nbgrader(course).generate_assignment(ASSIGNMENT)["success"]
    right = reference(ASSIGNMENT)
    variants = [[v for v in read_bank(ASSIGNMENT) if v.question == q] for q in right]
    submissions = {
        f"s{k}": answer(ASSIGNMENT, right | {v.question: cell_of(v, right) for v in row if v})
        for k, row in enumerate(zip_longest(*variants))
    }
    for student, notebook in submissions.items():
        hand_in(course, student, notebook, ASSIGNMENT)
    summary = autograder.grade(course, ASSIGNMENT, scheduler=scheduler)
    assert not summary.failed, str(summary)
    assert marks(course, ASSIGNMENT) == grade(ASSIGNMENT, submissions)
