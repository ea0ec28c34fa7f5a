"""The tests of the exercises, tested: a misconception loses its points, an alternative none."""

import ast
from itertools import zip_longest

import pytest

from tests.exercises.grading import (
    ASSIGNMENTS,
    all_points,
    answer,
    grade,
    grade_by_nbgrader,
    new_course,
    questions,
    read_notebook,
    reference,
)
from tests.exercises.variants import ALTERNATIVE, MISCONCEPTION, read_bank

# How many variants each question needs at least.
MISCONCEPTIONS, ALTERNATIVES = 5, 2

CASES = [
    pytest.param(assignment, question, id=f"{assignment}-{question}")
    for assignment in ASSIGNMENTS
    for question in questions(read_notebook("solutions", assignment))
]
pytestmark = [pytest.mark.slow, pytest.mark.spread]


def cell_of(variant, right):
    """Return the variant as a student writes it: under the name that the solution cell defines."""
    definitions = ast.parse(right[variant.question]).body
    return variant.cell(next(node.name for node in definitions if hasattr(node, "name")))


@pytest.mark.parametrize(("assignment", "question"), CASES)
def test_variants(record_property, assignment, question):
    right = reference(assignment)
    variants = [variant for variant in read_bank(assignment) if variant.question == question]
    submissions = {
        variant.name: answer(assignment, right | {question: cell_of(variant, right)})
        for variant in variants
    }
    scores = grade(assignment, submissions)

    points = all_points(assignment)
    own = set(questions(read_notebook("solutions", assignment))[question])
    lost = {v: {test for test in points if scores[v.name][test] < points[test]} for v in variants}
    wrong = [variant for variant in variants if variant.kind == MISCONCEPTION]
    valid = [variant for variant in variants if variant.kind == ALTERNATIVE]
    killed = [variant for variant in wrong if lost[variant]]
    passed = [variant for variant in valid if not lost[variant]]
    caught, let_pass = f"{len(killed)}/{len(wrong)}", f"{len(passed)}/{len(valid)}"
    record_property("bank", [assignment, question, caught, let_pass])

    problems = [
        *(f"{v.name} is wrong but gets full marks" for v in wrong if not lost[v]),
        *(f"{v.name} is right but loses {sorted(lost[v])}" for v in valid if lost[v]),
        *(f"{v.name} loses elsewhere: {sorted(lost[v] - own)}" for v in wrong if lost[v] - own),
        *(f"no misconception fails {test}" for test in sorted(own - set().union(*lost.values()))),
    ]
    assert not problems, "\n".join(problems)
    assert len(wrong) >= MISCONCEPTIONS, f"add misconceptions of {question} to the bank"
    assert len(valid) >= ALTERNATIVES, f"add alternatives of {question} to the bank"


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own queries
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nbgrader_gives_the_same_marks(assignment, tmp_path):
    """The whole bank through nbgrader: submission k holds the k-th variant of every question."""
    right = reference(assignment)
    bank = read_bank(assignment)
    submissions = {"reference": answer(assignment, right), "untouched": answer(assignment, {})}
    for kind in (MISCONCEPTION, ALTERNATIVE):
        of_question = [[v for v in bank if (v.question, v.kind) == (q, kind)] for q in right]
        for k, row in enumerate(zip_longest(*of_question)):
            answers = {v.question: cell_of(v, right) for v in row if v}
            submissions[f"{kind}-{k}"] = answer(assignment, right | answers)
    scores = grade_by_nbgrader(new_course(tmp_path, assignment), assignment, submissions)
    assert scores == grade(assignment, submissions)

    points = all_points(assignment)
    assert scores["reference"] == points
    assert scores["untouched"] == dict.fromkeys(points, 0)
