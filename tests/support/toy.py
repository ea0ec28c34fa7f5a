"""Small notebooks for the tests of the autograder."""

import json

from autograder import CellResult, Limits, Result, grade_one

QUICK = Limits(cell_seconds=2.0, submission_seconds=30.0, restarts=3)


def code(source, name=None, **nbgrader):
    metadata = {"nbgrader": {"grade_id": name, "schema_version": 3, **nbgrader}} if name else {}
    return {
        "cell_type": "code",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def solution(source, name="answer"):
    return code(source, name, grade=False, solution=True, locked=False, task=False)


def check(source, name="check", points=2):
    return code(source, name, grade=True, solution=False, locked=True, task=False, points=points)


def notebook(*cells, **metadata):
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(content).encode()


def marked(answer: str, test: str, limits: Limits = QUICK) -> CellResult:
    """Grade one answer by one test at the split level; the source has the same answer."""
    content = notebook(solution(answer), check(test))
    return grade_one(content, content, limits, levels="split").cells[1]


def ran(*cells: str, limits: Limits = QUICK, **keywords) -> Result:
    """Run cells between a right answer and its test."""
    answer, test = solution("def double(x):\n    return 2 * x"), check("assert double(3) == 6")
    source = notebook(answer, test)
    submission = notebook(answer, *map(code, cells), test)
    return grade_one(submission, source, limits, **keywords)
