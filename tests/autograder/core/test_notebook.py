import json

import pytest

from autograder import Reason, grade_one
from autograder.core.notebook import Source, align, grade_id, read
from autograder.errors import UnreadableError
from tests.support.toy import QUICK, check, code, notebook, solution

ANSWER, CHECK = solution("def f(): return 1"), check("assert f() == 1")
TEXT = {"cell_type": "markdown", "metadata": {}, "source": ["one\n", "two"]}


def aligned(*cells, source=(ANSWER, CHECK), **metadata):
    submitted = read(notebook(*cells, **metadata))
    return align(submitted, Source.read(notebook(*source)))


def reasons(failures):
    return [(failure.reason, failure.grade_id) for failure in failures]


def test_a_notebook_is_read():
    content = read(b"\xef\xbb\xbf" + notebook(TEXT, code("1")))
    assert [cell["source"] for cell in content["cells"]] == ["one\ntwo", "1"]


def test_an_old_notebook_is_converted():
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1", "outputs": []}]}],
    }
    (cell,) = read(json.dumps(old).encode())["cells"]
    assert cell["source"] == "x = 1"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfe{", "not UTF-8"),
        ("{'é'}".encode("latin-1"), "not UTF-8"),
        (b'{"cells": [', "not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b"[]", "no notebook"),
        (b"{}", "no notebook"),
        (b'{"nbformat": true}', "no notebook"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 99, "cells": []}', "unknown notebook format 99"),
        (b'{"nbformat": 3}', "cannot be converted"),
        (b'{"nbformat": 4, "cells": [7]}', "cell 1"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "cell 1"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "sql", "source": ""}]}', "cell 1"),
    ],
)
def test_what_is_no_notebook_is_said_to_be_none(content, message):
    with pytest.raises(UnreadableError, match=message):
        read(content)


def test_a_submission_in_order_has_no_failures():
    content, failures = aligned(TEXT, ANSWER, CHECK, code("x"))
    assert failures == []
    assert len(content["cells"]) == 4


def test_locked_text_and_metadata_are_the_sources():
    forged = check("pass", points=100)
    content, failures = aligned(ANSWER, forged)
    assert content["cells"][1] == {**CHECK, "outputs": []}
    assert reasons(failures) == [(Reason.CHANGED_CELL, "check")]


def test_the_answer_is_the_students_and_its_metadata_the_sources():
    answer = solution("def f(): return 2")
    answer["metadata"]["nbgrader"]["grade"] = True
    answer["metadata"]["tags"] = ["skip-execution"]
    content, failures = aligned(answer, CHECK)
    assert content["cells"][0]["source"] == "def f(): return 2"
    assert content["cells"][0]["metadata"] == ANSWER["metadata"]
    assert reasons(failures) == [(Reason.CHANGED_CELL, "answer")]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_retyped_cell_gets_its_type_back(kind):
    content, failures = aligned(ANSWER | {"cell_type": kind}, CHECK | {"cell_type": kind})
    assert [cell["cell_type"] for cell in content["cells"]] == ["code", "code"]
    assert reasons(failures) == [(Reason.CHANGED_CELL, "answer"), (Reason.CHANGED_CELL, "check")]


def test_missing_cells_are_added_after_their_predecessors():
    other = check("assert True", "other")
    content, failures = aligned(TEXT, ANSWER, TEXT, source=(ANSWER, CHECK, other))
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in content["cells"]]
    assert names == [None, "answer", "check", "other", None]
    assert reasons(failures) == [(Reason.MISSING_CELL, "check"), (Reason.MISSING_CELL, "other")]


def test_a_missing_answer_is_empty():
    content, _ = aligned(CHECK)
    assert [cell["source"] for cell in content["cells"]] == ["", CHECK["source"]]


def test_of_duplicates_the_last_one_counts_as_in_nbgrader():
    content, failures = aligned(solution("first"), solution("last"), CHECK)
    first, last, _ = content["cells"]
    assert (first["source"], first["metadata"]) == ("first", {})
    assert (last["source"], last["metadata"]) == ("last", ANSWER["metadata"])
    assert reasons(failures) == [(Reason.DUPLICATE_CELL, "answer")]


def test_a_renamed_cell_is_an_ordinary_one_and_its_own_is_added_back():
    content, failures = aligned(ANSWER, check("pass", "renamed"))
    assert [cell["source"] for cell in content["cells"]][1] == CHECK["source"]
    assert content["cells"][2]["metadata"] == {}
    assert reasons(failures) == [(Reason.UNKNOWN_CELL, None), (Reason.MISSING_CELL, "check")]


@pytest.mark.parametrize("nbgrader", [7, [], {"grade_id": 7}, {"grade_id": {}}, {}])
def test_metadata_that_make_no_sense_are_no_metadata(nbgrader):
    content, failures = aligned(ANSWER, CHECK, code("1") | {"metadata": {"nbgrader": nbgrader}})
    assert content["cells"][2]["metadata"] == {}
    assert failures == []


@pytest.mark.parametrize(
    "metadata",
    [{"kernelspec": {"language": "R"}}, {"language_info": {"name": "julia"}}],
)
def test_another_language_is_reported(metadata):
    content, failures = aligned(ANSWER, CHECK, **metadata)
    assert reasons(failures) == [(Reason.LANGUAGE, None)]
    assert content["metadata"] == {}


@pytest.mark.parametrize(
    "metadata", [{}, {"kernelspec": 7}, {"kernelspec": {"language": "python"}}]
)
def test_python_and_silence_are_not(metadata):
    assert aligned(ANSWER, CHECK, **metadata)[1] == []


def test_a_source_knows_its_names_and_what_its_tests_import():
    source = Source.read(
        notebook(
            code("import numpy as np\n%matplotlib inline\nx, y = 1, 2"),
            solution("class A:\n    z = 1\ndef f():\n    w = 2"),
            code("for i in range(3): pass"),
            check("import scipy.stats\nfrom math import pi as p\nq = 1"),
            code("this is ] no Python"),
        )
    )
    assert source.names == {"x", "y", "A", "f", "i"}
    assert source.modules == ("math", "scipy.stats")


def test_a_test_without_points_is_refused():
    with pytest.raises(ValueError, match="'check' of the source notebook has no points"):
        Source.read(notebook(check("x", points=None)))


def test_a_source_with_two_cells_of_a_name_is_refused():
    with pytest.raises(ValueError, match="two cells with the grade id 'check'"):
        Source.read(notebook(CHECK, CHECK))


TWO = (
    solution("def double(x): return 2 * x", "double"),
    check("assert double(3) == 6", "double-test"),
    solution("def half(x): return x / 2", "half"),
    check("assert half(3) == 1.5", "half-test"),
)


def without(cells, *, ids=True, text=True):
    """Return the cells as a platform's copy has them: without metadata."""
    bare = [
        c | {"metadata": {}} | ({"id": c["metadata"]["nbgrader"]["grade_id"]} if ids else {})
        for c in cells
    ]
    return notebook(*(bare if text else [c for c in bare if "assert" not in c["source"]]))


@pytest.mark.parametrize(("ids", "how"), [(True, ["4 cells had"]), (False, ["2 cells", "2 cells"])])
def test_cells_that_lost_their_metadata_are_found_again(ids, how):
    result = grade_one(without(TWO, ids=ids), notebook(*TWO), QUICK)
    assert result.score == 4
    assert [f.reason for f in result.failures] == [Reason.LOST_METADATA] * len(how)
    assert all(f.message.startswith(h) for f, h in zip(result.failures, how, strict=True))
    assert all("found again by" in f.message for f in result.failures)


def manual(source):
    """Return an answer in words, which a person marks."""
    return code(source, "essay", grade=True, solution=True, locked=False, points=3) | {
        "cell_type": "markdown"
    }


WORDS = (
    *TWO[:2],
    {"cell_type": "markdown", "metadata": {}, "source": "# Why is it so?"},
    manual("Write here."),
    *TWO[2:],
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (["Because of the sum."], "Because of the sum."),
        (["Well:", "because of the sum."], "because of the sum."),
        (["My answer\nis long."], "My answer\nis long."),
        ([], ""),
        ([" "], ""),
    ],
)
@pytest.mark.parametrize("at", [3, 4])  # after the heading, and after the next answer
def test_an_answer_in_words_is_found_by_its_place(written, found, at):
    words = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in written]
    bare = [c | {"metadata": {}} for c in (*WORDS[:3], *WORDS[4:])]
    bare[at:at] = words
    aligned, _ = align(read(notebook(*bare)), Source.read(notebook(*WORDS)))
    (essay,) = [c for c in aligned["cells"] if grade_id(c) == "essay"]
    assert essay["source"] == (found if at == 3 else "")


def test_an_answer_that_is_no_python_is_found_by_its_place():
    bare = [c | {"metadata": {}} for c in TWO]
    bare[2]["source"] = "def half(x): return x /"
    result = grade_one(notebook(*bare), notebook(*TWO), QUICK)
    assert [c.grade_id for c in result.cells] == ["double", "double-test", "half", "half-test"]
    assert "found again by place" in result.failures[-1].message
    assert result.score == 2


def test_a_missing_test_goes_after_the_answer_that_it_tests():
    bare = without(reversed(TWO), ids=False, text=False)
    result = grade_one(bare, notebook(*TWO), QUICK)
    assert result.score == 4
    assert [c.grade_id for c in result.cells] == ["half", "half-test", "double", "double-test"]
