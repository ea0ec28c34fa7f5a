"""Tests that would pass a wrong answer if they ran outside without seeing what they look at.

Each wrong answer gets no points from plain nbgrader, which the level *inside* is.
"""

from __future__ import annotations

import pytest

from autograder import grade_one
from tests.support.toy import QUICK, check, notebook, solution

COPY = "def f(): return [1]", "L = [1]\ndef f(): return L"
KEEPS = (
    "class S:\n    def __init__(self, x): self.x = list(x)\n    def go(self): self.x.append(9)",
    "class S:\n    def __init__(self, x): self.x = x\n    def go(self): self.x.append(9)",
)
ARRAY = (
    "import numpy as np\ndef f(): return np.zeros(2)",
    "import numpy as np\nA = np.zeros(2)\ndef f(): return A",
)
CASES = {
    "an import that is the answer": ("from math import isqrt", "", "assert isqrt(9) == 3"),
    "a module that is the answer": ("import math as m", "m9 = 1", "assert m.isqrt(9) == 3"),
    "a module for a function": (
        "from math import isqrt",
        "import math as isqrt",
        "assert isqrt(9) == 3",
    ),
    "a function of one's own for one to import": (
        "from math import isqrt",
        "def isqrt(x): return 2",
        "assert isqrt(9) == 3",
    ),
    "a helper changes what was returned": (
        *COPY,
        "def grow(x): x.append(3)\ngrow(f())\nassert f() == [1]",
    ),
    "a method without its object": (*COPY, "list.append(f(), 3)\nassert f() == [1]"),
    "a library changes what was returned": (
        "def f(): return [3, 1]",
        "L = [3, 1]\ndef f(): return L",
        "import heapq\nheapq.heapify(f())\nassert f() == [3, 1]",
    ),
    "an array that a ufunc fills": (
        *ARRAY,
        "import numpy as np\na = f()\nnp.exp(a, a)\nassert f().tolist() == [0, 0]",
    ),
    "an array that is out": (
        *ARRAY,
        "import numpy as np\nnp.add(f(), 1, out=f())\nassert f().tolist() == [0, 0]",
    ),
    "an argument that an object keeps": (
        *KEEPS,
        "a = [1]\ns = S(a)\na.append(2)\nassert s.x == [1]",
    ),
    "an argument that a method changes later": (
        *KEEPS,
        "a = [1]\ns = S(a)\ns.go()\nassert a == [1]",
    ),
    "an argument that a closure changes later": (
        "def f(x):\n    y = list(x)\n    return lambda: y.append(1)",
        "def f(x): return lambda: x.append(1)",
        "a = [1]\nf(a)()\nassert a == [1]",
    ),
    "an argument that a generator reads later": (
        "def f(x): return iter(list(x))",
        "def f(x): return (i for i in x)",
        "a = [1]\ng = f(a)\na.append(2)\nassert list(g) == [1]",
    ),
    "a copy or the same list": (
        "def f(a): return a[:]",
        "def f(a): return a",
        "a = [1]\nb = f(a)\na.append(2)\nassert b == [1]",
    ),
    "an exception's name": (
        "e = 0\ndef f(): return 0",
        "e = 0\ndef f(): return e",
        "try: 1 / 0\nexcept ZeroDivisionError as e: pass\nassert f() == 0",
    ),
    "an exception that a block lets through": (
        "class B:\n    def __enter__(s): return s\n    def __exit__(s, *a): return False",
        "class B:\n    def __enter__(s): return s\n    def __exit__(s, *a): return True",
        "try:\n    with B(): raise ValueError\nexcept ValueError: pass\nelse: raise AssertionError",
    ),
    "types of two objects": (
        "class A: pass\nclass B(A): pass\ndef f(): return A()",
        "class A: pass\nclass B(A): pass\ndef f(): return B()",
        "assert type(f()) == type(A())",
    ),
    "a docstring": ("class A:\n    'doc'", "class A: pass", "assert A().__doc__"),
    "a missing length": (
        "class A: pass",
        "class A:\n    def __len__(self): return 0",
        "from collections.abc import Sized\nassert not isinstance(A(), Sized)",
    ),
    "the state of the generator": (
        "import numpy as np\ndef f(): return np.random.default_rng(0).random()",
        "import numpy as np\ndef f():\n    np.random.seed(0)\n    return np.random.rand()",
        "import numpy as np\nnp.random.seed(5)\na = np.random.rand()\n"
        "np.random.seed(5)\nf()\nassert np.random.rand() == a",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_no_wrong_answer_passes(case):
    right, wrong, test = CASES[case]
    source = notebook(solution(right), check(test))
    scores = [
        grade_one(notebook(solution(answer), check(test)), source, QUICK).score
        for answer in (right, wrong)
    ]
    assert scores == [2, 0]


def test_an_argument_that_an_object_shares_is_one_object_on_both_sides():
    """Also at the split level: what either side changes, the other one sees."""
    answer = "class S:\n    def __init__(self, x): self.x = x\n    def go(self): self.x.append(9)"
    test = (
        "a = [1]\ns = S(a)\na.append(2)\nassert s.x == [1, 2]\n"
        "s.go()\nassert a == [1, 2, 9]\nb = S(a)\nb.go()\nassert s.x == a == [1, 2, 9, 9]"
    )
    content = notebook(solution(answer), check(test))
    cell = grade_one(content, content, QUICK).cells[1]
    assert (cell.score, cell.level) == (2, "split")
