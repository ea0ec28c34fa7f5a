"""The tests of the exercises, tested: a misconception loses its points, an alternative none."""

import re
from collections import Counter

import pytest

from tests.exercises.grading import (
    ASSIGNMENTS,
    all_points,
    answer,
    answer_with,
    bank_rows,
    grade,
    grade_by_nbgrader,
    new_course,
    questions,
    read_notebook,
    reference,
)
from tests.exercises.running import failures, task
from tests.exercises.variants import ALTERNATIVE, MISCONCEPTION, read_bank

# How many variants each question needs at least.
MISCONCEPTIONS, ALTERNATIVES = 12, 3
# What was given, what was expected, and what came; or what an answer did to its arguments.
TELLING = re.compile(r"(?s).{8}.*(expected.*, got|is not finite|was changed, it is now|shares its)")

# What a misconception does, by the last check that it fails, which looks closest.
KINDS = {
    "error": lambda _, said: not said.startswith("AssertionError"),
    "loop": lambda test, _: "-fast-" in test,
    "argument": lambda _, said: re.search("was changed, it is|shares its", said),
    "form": lambda _, said: re.search(
        r"got (an array of|a list|a tuple|the \w+ number|the float|the t|nothing|a dict|an obj)|"
        r"expected (\d+ values|the keys|the shape|\w+ of (the )?shape)",
        said,
    ),
    "type": lambda test, _: re.search("-types-|-digits-|-any-score-", test),
    "edge": lambda test, _: not re.search("-random-|-example$", test),
    "value": lambda *_: True,
}

QUESTIONS = {name: questions(read_notebook("solutions", name)) for name in ASSIGNMENTS}
CASES = [
    pytest.param(
        assignment,
        question,
        id=f"{assignment}-{question}",
    )
    for assignment in ASSIGNMENTS
    for question in QUESTIONS[assignment]
]
pytestmark = [pytest.mark.slow, pytest.mark.spread]


def kind(test, said):
    """Return the first of KINDS that tells what a failed check found."""
    return next(name for name, holds in KINDS.items() if holds(test, said))


def every_other(assignment, first, these, others):
    """Return the variants of every other question from one row, and the rest from another."""
    chosen = list(QUESTIONS[assignment])[first::2]
    return {
        question: row[question]
        for question in QUESTIONS[assignment]
        if question in (row := these if question in chosen else others)
    }


@pytest.mark.parametrize(("assignment", "question"), CASES)
def test_variants(record_property, assignment, question):
    variants = [variant for variant in read_bank(assignment) if variant.question == question]
    name, tests = task(assignment, question), QUESTIONS[assignment][question]
    by_variant, idle = {}, set(tests)
    for variant in variants:
        enough = set(tests) - idle  # a cell that has shown its use need not run for all
        failed = failures(assignment, question, variant.cell(name), enough=enough)
        by_variant[variant.name] = failed
        idle -= failed.keys() if variant.kind == MISCONCEPTION else set()
    wrong = [variant.name for variant in variants if variant.kind == MISCONCEPTION]
    valid = [variant.name for variant in variants if variant.kind == ALTERNATIVE]
    caught = [name for name in wrong if by_variant[name]]
    passed = [name for name in valid if not by_variant[name]]
    found = f"{len(caught)}/{len(wrong)}", f"{len(passed)}/{len(valid)}"
    kinds = Counter(kind(*list(by_variant[name].items())[-1]) for name in caught)
    record_property("bank", [assignment, question, *found, *(kinds[name] for name in KINDS)])

    problems = [
        *(f"{name} is wrong but gets full marks" for name in wrong if name not in caught),
        *(f"{name} is right but loses {by_variant[name]}" for name in valid if name not in passed),
        *(f"no misconception fails {test}" for test in sorted(idle)),
        *(
            f"{name}: the message says too little: {message}"
            for name in wrong
            for message in by_variant[name].values()
            if message.startswith("AssertionError") and not TELLING.search(message)
        ),
    ]
    assert not problems, "\n".join(problems)
    assert len(wrong) >= MISCONCEPTIONS, f"add misconceptions of {question} to the bank"
    assert len(valid) >= ALTERNATIVES, f"add alternatives of {question} to the bank"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_reference_has_all_points_and_the_release_none(assignment):
    handed_in = {"reference": reference(assignment), "release": {}}
    submissions = {name: answer(assignment, answers) for name, answers in handed_in.items()}
    scores, points = grade(assignment, submissions), all_points(assignment)
    assert scores == {"reference": points, "release": dict.fromkeys(points, 0)}


def rows_of(scores):
    return {(name, *mark) for name, marks in scores.items() for mark in marks.items()}


def compare_with_nbgrader(assignment, submissions, directory):
    theirs = grade_by_nbgrader(new_course(directory, assignment), assignment, submissions)
    ours = grade(assignment, submissions)
    assert theirs.keys() == ours.keys()
    assert not rows_of(theirs) ^ rows_of(ours)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own queries
def test_nbgrader_gives_the_same_marks(tmp_path):
    """One submission of the one assignment that asks for a class; the rest is thorough."""
    assignment = "06-backprop"
    rows = (bank_rows(assignment, kind)[0] for kind in (MISCONCEPTION, ALTERNATIVE))
    submission = answer_with(assignment, every_other(assignment, 0, *rows))
    compare_with_nbgrader(assignment, {"mixed": submission}, tmp_path)


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nbgrader_gives_the_whole_bank_the_same_marks(assignment, tmp_path):
    """Submission k holds the k-th variant of every question."""
    submissions = {
        "reference": answer(assignment, reference(assignment)),
        "release": answer(assignment, {}),
    }
    for kind in (MISCONCEPTION, ALTERNATIVE):
        for k, row in enumerate(bank_rows(assignment, kind)):
            submissions[f"{kind}-{k}"] = answer_with(assignment, row)
    compare_with_nbgrader(assignment, submissions, tmp_path)
