"""Which tests must run inside is found before any student's code runs."""

from __future__ import annotations

import pytest

from autograder import Reason, grade_one
from autograder.core.visible import only_inside
from tests.support.toy import QUICK, check, code, notebook, solution

ANSWERS = frozenset({"f", "rate", "Point"})
CLASSES = frozenset({"Point"})
INSIDE = {
    "identity": "assert f(1) is f(1)",
    "no identity": "x = [1]\nassert f(x) is not x",
    "shared memory": "import numpy as np\nassert not np.shares_memory(f(1), f(1))",
    "a changed answer": "r = f(1)\nr.append(2)\nassert f(1) == [1]",
    "a changed item": "rows = [f(1), f(2)]\nrows[0][0] = 3\nassert f(1) == [1]",
    "a changed attribute's value": "p = Point()\np.parts.append(2)\nassert p.total() == 2",
    "a patched builtin": "import builtins\nbuiltins.sum = None\nassert f([1]) == 1",
    "a patched module": "import math\nmath.sqrt = None\nassert f(4) == 2",
    "a mock": "from unittest.mock import patch\nwith patch('math.sqrt'):\n    f(4)",
    "a replaced name": "rate = 2\nassert f(1) == 2",
    "a replaced function": "def f(x):\n    return 1\nassert f(1) == 1",
    "a deleted name": "del f",
    "a redirected stream": "import contextlib\nwith contextlib.redirect_stdout(None):\n    f(1)",
    "a file": "assert open('out.txt').read() == 'x'",
    "the names": "assert 'g' not in globals()",
    "warnings": "import pytest\nwith pytest.warns(UserWarning):\n    f(1)",
    "floating-point errors": "import numpy as np\nwith np.errstate(all='raise'):\n    f(0)",
    "the source": "import inspect\nassert 'for' not in inspect.getsource(f)",
    "memory": "import gc\ngc.collect()",
    "the hash": "assert hash(Point()) == 1",
    "inner attributes": "assert f.__closure__ is None",
    "inner attributes by name": "assert not hasattr(f(1), '__len__')",
    "a magic": "%timeit -n1 -r1 f(1)",
    "a figure": "import matplotlib.pyplot as plt\nassert plt.gcf().axes",
}
SPLIT = {
    "a value": "assert f(1) == 2, 'f(1) is wrong'",
    "None": "assert f(1) is None",
    "the test's own list": "found = []\nfor x in (1, 2):\n    found.append(f(x))\nassert found",
    "the test's own array": "import numpy as np\na = np.zeros(2)\na[0] = 1\nassert f(a) == 1",
    "a function of a library": "import numpy as np\nassert np.append(f(1), 2).sum() == 3",
    "an attribute set": "p = Point()\np.x = 2\nassert p.x == 2",
    "a method of an object": "p = Point()\np.add(2)\nassert p.total() == 2",
    "a copy": "r = f(1).copy()\nr[0] = 2",
    "an exception": "import pytest\nwith pytest.raises(ValueError, match='low'):\n    f(-1)",
    "a local name": "def close(rate):\n    return rate == f(1)\nassert close(1)",
}


@pytest.mark.parametrize("test", INSIDE.values(), ids=INSIDE)
def test_what_cannot_be_seen_from_outside_runs_inside(test):
    assert only_inside(test, ANSWERS, CLASSES)


@pytest.mark.parametrize("test", SPLIT.values(), ids=SPLIT)
def test_what_can_be_seen_runs_split(test):
    assert only_inside(test, ANSWERS, CLASSES) is None


ANSWER = "def f(x):\n    return x"
SPY = f"""{ANSWER}
import gc
def text():
    kept = [str(o) for o in gc.get_objects() if type(o) in (tuple, list, dict)]
    return " ".join([*kept, *map(str, In)])
"""


def test_the_text_of_a_test_inside_is_nowhere_when_the_next_cells_run():
    word = "'-'.join(['the', 'hidden', 'word'])"
    tests = (
        check("import gc\nassert f(1) == 1, 'the-hidden-word'", "one"),
        code(f"print({word} in text())"),
        check(f"import gc\nassert {word} not in text()", "two"),
    )
    source = notebook(solution(SPY), *tests)
    result = grade_one(source, source, QUICK)
    assert [cell.level for cell in result.cells if cell.level] == ["inside", "inside"]
    assert result.score == 4, [cell.message for cell in result.cells]
    assert "False" in str(result.cells[2].outputs)


@pytest.mark.parametrize(
    "attack",
    [
        "class R: error_in_exec = error_before_exec = None\n"
        "get_ipython().run_cell = lambda *_, **__: R",
        "get_ipython().input_transformers_cleanup.append(lambda lines: [])",
        "import os\nos.fork = lambda: os._exit(0)",
    ],
    ids=["no cell runs", "no text is left", "no process is left"],
)
def test_prepared_results_of_a_test_inside_give_nothing(attack):
    test = check("import gc\nassert f(1) == 2")
    source = notebook(solution("def f(x):\n    return 2"), test)
    result = grade_one(notebook(solution(f"{ANSWER}\n{attack}"), test), source, QUICK)
    assert result.score == 0
    assert {failure.reason for failure in result.failures} <= {Reason.FORGED, Reason.CRASHED}
    assert result.failures


def test_an_error_that_is_not_shown_counts():
    attack = "get_ipython().showtraceback = lambda *_, **__: None"
    test = check("import gc\nassert f(1) == 2")
    source = notebook(solution("def f(x):\n    return 2"), test)
    assert grade_one(notebook(solution(f"{ANSWER}\n{attack}"), test), source, QUICK).score == 0


def test_a_tag_goes_before_the_choice():
    test = check("assert f(1) == 1")
    test["metadata"]["tags"] = ["level-inside"]
    source = notebook(solution(ANSWER), test)
    result = grade_one(source, source, QUICK)
    assert (result.cells[1].level, result.score) == ("inside", 2)
