"""Similar answers: renamed copies are found, the release and what everybody writes are not."""

from __future__ import annotations

import json

import pytest

from autograder.classroom.similar import _answers, _pairs

STUB = "def roc(y, score):\n    '''Return the curve.'''\n    raise NotImplementedError"
LOOP = """
def roc(y, score):
    points = []
    for cut in sorted(set(score), reverse=True):
        hits = sum(1 for t, s in zip(y, score) if s >= cut and t == 1)
        false = sum(1 for t, s in zip(y, score) if s >= cut and t == 0)
        points.append((false / y.count(0), hits / y.count(1)))
    return points
"""
ARRAY = """
def roc(y, score):
    order = np.argsort(-score, kind="stable")
    y = y[order]
    tp = np.cumsum(y)
    fp = np.arange(1, len(y) + 1) - tp
    keep = np.append(np.diff(score[order]) != 0, True)
    return fp[keep] / fp[-1], tp[keep] / tp[-1]
"""
RENAMED = LOOP.replace("points", "result").replace("cut", "threshold").replace("hits", "tp")
CODE, PROSE = ("nb", "roc", "code"), ("nb", "why", "markdown")


def found(cell, answers, stub=""):
    return {(pair.first, pair.second) for pair in _pairs(cell, answers, stub)}


def test_a_renamed_copy_is_found_and_independent_answers_are_not():
    answers = {"ada": LOOP, "bea": f"# mine\n{RENAMED}", "cyd": ARRAY}
    assert found(CODE, answers) == {("ada", "bea")}
    (pair,) = _pairs(CODE, answers, "")
    assert pair.share == pytest.approx(1)
    assert (pair.one, pair.other) == (LOOP, f"# mine\n{RENAMED}")


def test_the_release_and_what_the_class_shares_count_for_nothing():
    assert found(CODE, {"ada": STUB, "bea": STUB}, STUB) == set()
    everybody = {f"s{k}": LOOP for k in range(10)}
    assert found(CODE, everybody) == set(), "the course's own way"
    assert (
        found(CODE, {"ada": "def f(x):\n    return 2 * x", "bea": "def g(y):\n    return 3 * y"})
        == set()
    )


def test_prose_is_compared_by_its_words():
    words = "a mean says little alone because the scatter of the numbers can be just as large " * 2
    other = (
        "without knowing how wide they lie nobody can tell whether a difference is real or not " * 2
    )
    answers = {"ada": words, "bea": words.upper(), "cyd": other}
    assert found(PROSE, answers) == {("ada", "bea")}


def test_what_cannot_be_read_has_no_answers():
    assert _answers("nb", b"{") == {}
    assert _answers("nb", b'{"cells": [{}]}') == {}
    cell = {"cell_type": "code", "source": ["a\n", "b"]}
    cell["metadata"] = {"nbgrader": {"grade_id": "x", "solution": True}}
    content = b"\xef\xbb\xbf" + json.dumps({"cells": [cell]}).encode()
    assert _answers("nb", content) == {("nb", "x", "code"): "a\nb"}
