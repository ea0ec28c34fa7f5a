"""Answers that are objects: each case runs in a real student and a real checker process."""

import pytest

from autograder import Verdict, grade_one
from tests.support.toy import QUICK, check, code, marked, notebook, solution

VALUE = """
class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
        self.backward_step = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def step():
            self.grad += out.grad
            other.grad += out.grad
        out.backward_step = step
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.backward_step = step
        return out

    def __pow__(self, exponent):
        out = Value(self.data ** exponent, (self,))
        def step():
            self.grad += exponent * self.data ** (exponent - 1) * out.grad
        out.backward_step = step
        return out

    __radd__, __rmul__ = __add__, __mul__
    def __neg__(self): return self * -1
    def __sub__(self, other): return self + -other
    def __rsub__(self, other): return -self + other
    def __truediv__(self, other): return self * other ** -1
    def __repr__(self): return f"Value({self.data})"
    def __float__(self): return float(self.data)

    @property
    def twice(self): return 2 * self.data

    def backward(self):
        order, seen = [], set()
        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)
        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.backward_step()
"""

RIGHT = {
    "operators, attributes and methods of a class": (
        VALUE,
        """
a, b = Value(2.0), Value(-3.0)
c = 2 * a + b * a ** 2 - 1
c.backward()
assert (c.data, a.grad, b.grad) == (-9.0, -10.0, 4.0)
assert (1 - a).data == -1.0 and (a / Value(4.0)).data == 0.5
""",
    ),
    "representation, conversion, properties and assignment": (
        VALUE,
        """
a = Value(2.0)
assert repr(a) == str(a) == f"{a}" == "Value(2.0)"
assert float(a) == 2.0 and a.twice == 4.0
a.grad = 5.0
assert a.grad == 5.0
assert isinstance(a, Value) and not isinstance(1, Value)
assert not hasattr(a, "nothing")
del a.grad
assert not hasattr(a, "grad")
assert Value.__name__ == "Value"
""",
    ),
    "a list of objects": (
        VALUE,
        "values = [Value(float(i)) for i in range(3)]\n"
        "total = sum(values, Value(0.0))\n"
        "assert total.data == 3.0 and total.parents[1].data == 2.0\n"
        "assert total.parents[1] is values[2]",
    ),
    "calls with keywords and defaults": (
        "def f(a, *rest, scale=1, **more):\n    return (a, rest, scale, more)",
        "assert f(1, 2, 3, scale=4, z=5) == (1, (2, 3), 4, {'z': 5})\n"
        "assert f(1) == (1, (), 1, {})",
    ),
    "numbers keep their types": (
        "import numpy as np\n"
        "def f(kind):\n"
        "    array = np.eye(2, dtype='f4')\n"
        "    return {'f': np.float32(2), 'i': 2, 'b': np.True_, 'c': 2j, 'a': array}[kind]",
        "import numpy as np\n"
        "assert type(f('f')) is np.float32 and type(f('i')) is int and type(f('c')) is complex\n"
        "assert f('b') is np.True_ or f('b') == np.True_\n"
        "assert f('a').dtype == np.float32 and f('a').shape == (2, 2)",
    ),
    "items, iteration, length and containment": (
        "class Row:\n"
        "    def __init__(self): self.items = [1, 2, 3]\n"
        "    def __getitem__(self, key): return self.items[key]\n"
        "    def __setitem__(self, key, value): self.items[key] = value\n"
        "    def __delitem__(self, key): del self.items[key]\n"
        "    def __len__(self): return len(self.items)\n"
        "    def __iter__(self): return iter(self.items)",
        "row = Row()\n"
        "row[0] = 7\n"
        "del row[1]\n"
        "assert row[0] == 7 and row[0:2] == [7, 3] and len(row) == 2\n"
        "assert list(row) == [7, 3] and 3 in row and 9 not in row\n"
        "first, second = row\n"
        "assert second == 3",
    ),
    "a generator": (
        "def count(n):\n    for i in range(n):\n        yield i",
        "assert list(count(3)) == [0, 1, 2] and sum(count(4)) == 6\n"
        "numbers = count(1)\n"
        "assert next(numbers) == 0 and next(numbers, None) is None",
    ),
    "a context manager": (
        "class Open:\n"
        "    closed = False\n"
        "    def __enter__(self): return 4\n"
        "    def __exit__(self, *error): self.closed = True\n"
        "thing = Open()",
        "with thing as x:\n    assert x == 4\nassert thing.closed",
    ),
    "a named tuple": (
        "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')",
        "p = Point(1, 2)\nx, y = p\nassert (x, y) == tuple(p) == (1, 2) and p.y == p[1] == 2",
    ),
    "exceptions by their builtin class": (
        "import numpy as np\n"
        "class Mine(IndexError): pass\n"
        "def f(): raise ValueError('no', 3)\n"
        "def g(): raise Mine('gone')\n"
        "def h(): np.linalg.inv(np.zeros((2, 2)))\n"
        "def k(): return {}['key']",
        "import pytest\n"
        "with pytest.raises(ValueError, match='no') as caught: f()\n"
        "assert caught.value.args == ('no', 3)\n"
        "with pytest.raises(IndexError): g()\n"
        "with pytest.raises(ValueError): h()\n"
        "with pytest.raises(KeyError, match='key'): k()\n"
        "try: f()\n"
        "except KeyError: raise AssertionError\n"
        "except ValueError: pass",
    ),
    "functions of the test are called back": (
        "def f(function, x):\n    return [function(x), function(x, scale=2)]\n"
        "def same(function):\n    return function",
        "import math\n"
        "seen = []\n"
        "def g(x, scale=1):\n    seen.append(x)\n    return scale * x\n"
        "assert f(g, 3) == [3, 6] and seen == [3, 3]\n"
        "assert same(g) is g and same(math.sqrt)(4) == 2",
    ),
    "a callback may call the student again": (
        "def descend(f, n):\n    return 0 if n == 0 else 1 + f(n - 1)",
        "def again(n):\n    return descend(again, n)\nassert descend(again, 10) == 10",
    ),
    "what the student's function changes in place is seen": (
        "def change(a, items, mapping):\n"
        "    a *= 2\n    items.append(items.pop(0))\n    mapping['k'] = [1]\n"
        "def keep(a):\n    return a * 2",
        "import numpy as np\n"
        "a, items, mapping = np.arange(3.0), [1, 2], {}\n"
        "change(a, items, mapping=mapping)\n"
        "assert a.tolist() == [0, 2, 4] and items == [2, 1] and mapping == {'k': [1]}\n"
        "keep(a)\n"
        "assert a.tolist() == [0, 2, 4]",
    ),
    "a random generator advances": (
        "def draw(rng):\n    return rng.normal(size=2)",
        "import numpy as np\n"
        "one, two = np.random.default_rng(3), np.random.default_rng(3)\n"
        "assert np.array_equal(draw(one), two.normal(size=2))\n"
        "assert np.array_equal(draw(one), two.normal(size=2))",
    ),
    "types as arguments": (
        "import numpy as np\ndef zeros(n, dtype):\n    return np.zeros(n, dtype)",
        "import numpy as np\n"
        "assert zeros(2, dtype=np.float32).dtype == np.float32 and zeros(2, float).dtype == float",
    ),
    "two objects are compared by their class": (
        "class V:\n"
        "    def __init__(self, x): self.x = x\n"
        "    def __eq__(self, other): return self.x == other.x\n"
        "    def __lt__(self, other): return self.x < other.x\n"
        "    def __mul__(self, other): return self.x * other.x",
        "assert V(1) == V(1) and V(1) != V(2) and [V(1)] == [V(1)]\n"
        "assert V(1) < V(2) and [v.x for v in sorted([V(2), V(1)])] == [1, 2]\n"
        "assert V(2) * V(3) == 6 and V(1) != None",
    ),
    "an object has the special methods of its class": (
        "class Box:\n    def __iter__(self): return iter([1])\nbox, other = Box(), object()",
        "import pytest\n"
        "from collections.abc import Iterable, Sized\n"
        "assert isinstance(box, Iterable) and not isinstance(box, Sized)\n"
        "with pytest.raises(TypeError): len(box)\n"
        "with pytest.raises(TypeError): box + 1\n"
        "with pytest.raises(TypeError): box[0]\n"
        "assert not callable(box) and not Box.__doc__",
    ),
    "exceptions by the student's class": (
        "class Mine(KeyError):\n"
        "    def __init__(self, code):\n"
        "        super().__init__('no')\n"
        "        self.code = code\n"
        "class Other(Exception): pass\n"
        "def f(): raise Mine(4)\n"
        "def g(): raise Other('o')",
        "import pytest\n"
        "with pytest.raises(Mine) as caught: f()\n"
        "assert caught.value.code == 4 and issubclass(Mine, KeyError)\n"
        "try: g()\n"
        "except Mine: raise AssertionError\n"
        "except Other as error: assert str(error) == 'o'",
    ),
    "exceptions of libraries": (
        "import json\nimport numpy as np\nimport dataclasses\n"
        "@dataclasses.dataclass(frozen=True)\nclass P:\n    x: int\n"
        "def f(): json.loads('{')\ndef g(): np.linalg.inv(np.zeros((2, 2)))",
        "import dataclasses, json, pytest\nimport numpy as np\n"
        "with pytest.raises(json.JSONDecodeError) as caught: f()\n"
        "assert caught.value.pos == 1\n"
        "with pytest.raises(np.linalg.LinAlgError): g()\n"
        "with pytest.raises(dataclasses.FrozenInstanceError): P(1).x = 2",
    ),
    "exceptions of the test's own functions": (
        "def safe(f):\n"
        "    try: f()\n"
        "    except ValueError as error: return type(error).__name__, str(error)\n"
        "def run(f): return f()",
        "import pytest\n"
        "class Boom(Exception): pass\n"
        "def bad(): raise ValueError('x')\n"
        "def worse(): raise Boom\n"
        "assert safe(bad) == ('ValueError', 'x')\n"
        "with pytest.raises(Boom): run(worse)",
    ),
    "values of the standard library": (
        "import collections, datetime, decimal, enum, fractions, random\n"
        "import numpy as np\n"
        "P = collections.namedtuple('P', 'x y')\n"
        "class Color(enum.Enum):\n    RED = 1\n    BLUE = 2\n"
        "def same(x): return x\n"
        "def count(s): return collections.Counter(s)\n"
        "def point(): return P(1, 2)\n"
        "def color(): return Color.RED\n"
        "def draw(rng): return rng.random()\n"
        "def rows(): return np.array([(1, 2.0)], dtype=[('a', int), ('b', float)])",
        "import collections, datetime, decimal, fractions, random\n"
        "import numpy as np\n"
        "assert count('aab') == {'a': 2, 'b': 1} and count('a').most_common(1) == [('a', 1)]\n"
        "assert isinstance(point(), P) and point() == P(1, 2) and point().y == 2\n"
        "assert color() == Color.RED and color() in {Color.RED: 1} and Color(2) == Color.BLUE\n"
        "for x in (range(3), collections.deque([1]), decimal.Decimal('1.1'),\n"
        "          fractions.Fraction(1, 3), datetime.date(2024, 1, 2), Color.BLUE, P(1, 2)):\n"
        "    assert same(x) == x and type(same(x)) is type(x)\n"
        "assert sum(same(i for i in range(3))) == 3\n"
        "assert rows()['b'].tolist() == [2.0]\n"
        "for make in (np.random.RandomState, random.Random):\n"
        "    one, two = make(3), make(3)\n"
        "    assert [draw(one), draw(one)] == [two.random(), two.random()]",
    ),
    "frames and series": (
        "import pandas as pd\n"
        "table = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})\n"
        "def total(frame): return frame['a'].sum()\n"
        "def add(frame): frame['c'] = frame['a'] * 2",
        "import pandas as pd\n"
        "assert isinstance(table, pd.DataFrame) and list(table.columns) == ['a', 'b']\n"
        "pd.testing.assert_frame_equal(table, pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}))\n"
        "mine = pd.DataFrame({'a': [1, 2]})\n"
        "assert total(mine) == 3\n"
        "add(mine)\n"
        "assert mine['c'].tolist() == [2, 4]",
    ),
    "seeds of the process's generators": (
        "import random\nimport numpy as np\n"
        "def f(): return np.random.rand()\ndef g(): return random.randint(1, 6)",
        "import random\nimport numpy as np\n"
        "np.random.seed(0)\n"
        "assert abs(f() - 0.5488135) < 1e-6\n"
        "random.seed(1)\n"
        "assert g() == 2",
    ),
    "time of the processor, whatever a student's clock says": (
        "import time\n"
        "time.process_time = lambda: 0.0\n"
        "def f():\n"
        "    start = time.thread_time()\n"
        "    while time.thread_time() - start < 0.1: pass",
        "from time import process_time\n"
        "start = process_time()\n"
        "f()\n"
        "assert 0.09 < process_time() - start < 5",
    ),
    "what is listed, formatted and described": (
        "class C:\n"
        "    def __init__(self): self.x = 1\n"
        "    def __format__(self, s): return format('hey', s)\n"
        "def f(a, *, b=2): 'doc'",
        "c = C()\n"
        "assert 'x' in dir(c) and f'{c:>5}' == '  hey' and vars(c) == c.__dict__ == {'x': 1}\n"
        "assert f.__doc__ == 'doc' and f.__kwdefaults__ == {'b': 2}",
    ),
    "what a student prints does no harm": (
        "def f():\n    print('hello')\n    return 1",
        "assert f() == 1",
    ),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_answer_passes(case):
    cell = marked(*RIGHT[case])
    assert (cell.verdict, cell.message) == (Verdict.PASSED, "")
    assert cell.score == cell.max_score


LIARS = {
    "equals everything": (
        "class Liar:\n"
        "    def __eq__(self, other): return True\n"
        "    def __ne__(self, other): return False\n"
        "    __lt__ = __le__ = __gt__ = __ge__ = __eq__\n"
        "    def __bool__(self): return True\n"
        "    def __contains__(self, item): return True\n"
        "def f(): return Liar()"
    ),
    "has no difference to anything": (
        "class Liar(float):\n"
        "    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __truediv__ = __rtruediv__ = __xor__ = __rxor__ = __mod__ = __sub__\n"
        "    __isub__ = __sub__\n"
        "    def __abs__(self): return 0.0\n"
        "def f(): return Liar(3)"
    ),
    "says that it is a float": (
        "class Liar:\n"
        "    @property\n"
        "    def __class__(self): return float\n"
        "    def __eq__(self, other): return True\n"
        "    def __float__(self): return 0.0\n"
        "def f(): return Liar()"
    ),
    "is an array of whatever is asked for": (
        "import numpy as np\n"
        "class Liar(np.ndarray):\n"
        "    def __array_finalize__(self, other): pass\n"
        "    def __eq__(self, other): return np.True_\n"
        "    def __array_ufunc__(self, *a, **k): return np.True_\n"
        "    def __array_function__(self, *a, **k): return True\n"
        "    def __array__(self, *a, **k): return np.array(9)\n"
        "def f(): return np.zeros(1).view(Liar)"
    ),
    "names memory that is not its own": (
        "class Liar:\n"
        "    __array_interface__ = {\n"
        "        'data': (1, False), 'shape': (9,), 'typestr': '<f8', 'version': 3}\n"
        "    __array_struct__ = __array_interface__\n"
        "    def __len__(self): return 1\n"
        "    def __getitem__(self, key): return [1][key]\n"
        "def f(): return Liar()"
    ),
    "is a module": "import math\nf = lambda: math",
    "contains itself": "x = []\nx.append(x)\nf = lambda: x",
    "is far too deep": "x = []\nfor _ in range(10**5): x = [x]\nf = lambda: x",
    "is far too large": "import numpy as np\nf = lambda: np.zeros(10**8)",
    "is an array of objects": "import numpy as np\nf = lambda: np.array([{}, 9], dtype=object)",
}
CLAIMS = {
    "equality": "assert f() == 9",
    "difference": "assert not f() != 9",
    "distance": "assert abs(f() - 9) < 1e-9",
    "reversed distance": "x = 9.0\nx -= f()\nassert x == 0",
    "order": "assert f() >= 9",
    "truth": "assert f()",
    "containment": "assert 9 in f()",
    "numpy": "import numpy as np\nnp.testing.assert_allclose(f(), 9)",
    "numpy's equality": "import numpy as np\nassert np.array_equal(f(), np.array([9.0]))",
    "numpy's distance": "import numpy as np\nassert np.all(np.abs(np.array([9.0]) - f()) < 1e-9)",
    "copy": "import copy\nassert copy.deepcopy(f()) == 9",
    "pickle": "import pickle\npickle.dumps(f())",
    "points": "f()",
}


@pytest.mark.parametrize("liar", LIARS)
def test_no_claim_about_an_object_that_lies_holds(liar):
    """All claims in one notebook, each in a cell of its own."""
    content = notebook(solution(LIARS[liar]), *(check(t, name) for name, t in CLAIMS.items()))
    result = grade_one(content, content, QUICK, levels="split")
    assert result.score == 0, [c.grade_id for c in result.cells if c.score]
    assert result.usage.restarts == 0


@pytest.mark.parametrize(
    ("answer", "test", "message"),
    [
        ("def f(x): return [x]", "f({}) + 1", "TypeError"),
        ("def f(x): return object()", "assert f(1) == 2", "object of type object"),
        ("import math\nf = math", "f.sqrt(2)", "module math"),
        ("def g(): pass", "assert f(1) == 2", "name 'f' is not defined"),
        ("def f(x): raise ValueError(x)", "f(3)", "ValueError: 3"),
        ("def f(x): return x", "assert f(2) == 3, 'two is not three'", "two is not three"),
        ("import sys\ndef f(x): sys.exit(0)", "f(1)", "SystemExit"),
        ("import sys\ndef f(x): print('careful', file=sys.stderr)", "f(1)", "stderr: careful"),
        ("import sys\ndef f(x): print(file=sys.stderr)", "f(1)", "stderr"),
        ("def f(x): raise ValueError('a\\ud800b')", "f(1)", "ValueError: a?b"),
        ("class E(Exception):\n    def __str__(self): 1 / 0\ndef f(x): raise E", "f(1)", "E"),
        ("def f(x): raise ValueError('x' * 10**8)", "f(1)", "ValueError: xxx"),
        ("def f(x):\n    while True: pass", "f(1)", "too long"),
        ("import os\ndef f(x): os._exit(0)", "try:\n    f(1)\nexcept: pass", "ended its process"),
        ("def f(x): return x(x)", "f(lambda g: f(g))", "the test's function raised"),
        ("import numpy as np\nf = np.zeros(2)", "f[0] = 1", "read-only"),
    ],
)
def test_a_wrong_answer_is_told_why(answer, test, message):
    result = grade_one(
        notebook(solution(answer), check(test)),
        notebook(solution("def f(x): return x"), check(test)),
        QUICK,
        levels="split",
    )
    cell = result.cells[1]
    assert (cell.verdict, cell.score) == (Verdict.FAILED, 0.0)
    assert message in cell.message


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("assert unknown(4) == 2", "'unknown', which is neither its own nor the student's"),
        ("import a_module_that_is_not_there", "a_module_that_is_not_there"),
        ("assert f(1) ==", "SyntaxError"),
        ("f(object())", "neither plain data nor a function"),
        ("f(float('nan'))", "gives nan"),
        ("f(-1)", "gives -1"),
        ("f(3)", "gives 3"),
    ],
)
def test_a_test_at_fault_is_the_instructors_error(test, message):
    cell = marked("import numpy as np\ndef f(x):\n    return x", test)
    assert (cell.verdict, cell.score) == (Verdict.ERROR, 0.0)
    assert message in cell.message


@pytest.mark.parametrize("test", ["'full marks'", "f(3) == 3", "f(3) == 4", "[f(1)]"])
def test_another_value_in_the_last_line_is_all_points_as_in_nbgrader(test):
    cell = marked("def f(x):\n    return x", test)
    assert (cell.verdict, cell.score) == (Verdict.PASSED, 2.0)


def test_a_test_uses_what_any_cell_of_the_source_imports():
    answer = "import numpy as np\nfrom math import isclose as near\ndef f(x):\n    return x"
    cell = marked(answer, "assert near(np.sqrt(4), f(2))\nnp = None")
    assert (cell.verdict, cell.level) == (Verdict.PASSED, "split")


def test_forced_split_sees_prints_source_and_signature():
    answer = "def f(a, b=2):\n    print('hello')\n    return a"
    test = (
        "import contextlib, inspect, io\n"
        "with contextlib.redirect_stdout(io.StringIO()) as out: f(1)\n"
        "assert out.getvalue() == 'hello\\n'\n"
        "assert str(inspect.signature(f)) == '(a, b=2)'\n"
        "assert 'return a' in inspect.getsource(f)"
    )
    content = notebook(solution(answer), check(test))
    cell = grade_one(content, content, QUICK, levels="split").cells[1]
    assert (cell.verdict, cell.message) == (Verdict.PASSED, "")


def test_the_last_cell_that_gives_a_name_counts():
    """A test's name that a later cell of the source gives again is the student's."""
    content = notebook(
        solution("def f(x): return x"),
        check("import math\nresult = f(1)", "one"),
        solution("result = 5", "again"),
        check("assert result == 5 and math.sqrt(4) == 2", "two"),
    )
    result = grade_one(content, content, QUICK, levels="split")
    assert [cell.verdict for cell in result.cells if cell.verdict] == ["passed", "passed"]


def test_no_except_of_the_students_hides_what_a_callback_of_the_test_cannot_judge():
    answer = "def f(g):\n    try: g(object())\n    except BaseException: pass\n    return 1"
    cell = marked(answer, "def g(x): assert x == 3\nassert f(g) == 1")
    assert cell.verdict == Verdict.FAILED
    assert "object of type object" in cell.message


@pytest.mark.parametrize(("points", "verdict"), [(0, "partial"), (0.5, "partial"), (2, "passed")])
def test_a_number_in_the_last_line_is_that_many_points(points, verdict):
    cell = marked("def f(x): return x", f"import numpy as np\nnp.float64(f({points}))")
    assert (cell.verdict, cell.score) == (verdict, points)


def test_a_traceback_shows_the_students_frames_and_nothing_of_the_test():
    cell = marked(
        "def inner(x):\n    return 1 / x\n\ndef f(x):\n    return inner(x)",
        "secret = 'the hidden test'\nassert f(0) == secret",
    )
    (output,) = cell.outputs
    shown = "\n".join(output["traceback"])
    assert output["ename"] == "ZeroDivisionError"
    assert "return 1 / x" in shown
    assert "in f" in shown
    assert "secret" not in shown
    assert "autograder" not in shown


def test_names_of_a_test_stay_for_later_tests_and_never_reach_the_student():
    content = notebook(
        solution("def f(): return 'secret' in globals()"),
        check("secret = 3", "one"),
        check("assert secret == 3 and f() is False", "two"),
        code("secret"),
    )
    result = grade_one(content, content, QUICK, levels="split")
    assert result.score == 4
    assert result.cells[3].outputs[0]["ename"] == "NameError"


@pytest.mark.parametrize(
    "change",
    [
        "f = lambda: 2",
        "globals()['f'] = lambda: 2",
        "exec('f = lambda: 2', globals())",
    ],
)
def test_a_name_that_the_students_code_gives_a_new_meaning_has_it_at_once(change):
    answer = (
        "def f():\n    return 1\nn = 1\n"
        f"def become():\n    global f, n\n    {change}\n    n += 1\n"
        "def gone():\n    del globals()['f']\n"
        "def rename():\n    become.__name__ = 'other'\n"
        "def twice(g):\n    become()\n    return g()"
    )
    test = (
        "assert (f(), n) == (1, 1)\nbecome()\nassert (f(), n) == (2, 2)\n"
        "become()\nassert twice(lambda: n) == 4\n"
        "assert become.__name__ == 'become'\nrename()\nassert become.__name__ == 'other'\n"
        "gone()\nf()"
    )
    cell = marked(answer, test)
    assert cell.message == "NameError: name 'f' is not defined"


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        pytest.param(solution("def f(): return 2\nn = 2", "again"), 2, id="an-answer"),
        pytest.param(code("def f(): return 2\nn = 2"), 2, id="a-cell-of-the-students-own"),
        pytest.param(check("become()", "call"), 2, id="a-call-of-another-test"),
        pytest.param(code("become()\nimport os\nos._exit(0)"), 1, id="a-crash"),
    ],
)
def test_a_name_is_looked_up_again_when_it_may_mean_something_else(between, expected):
    answer = solution(
        "n = 1\ndef f(): return 1\ndef become():\n    global f, n\n    f, n = (lambda: 2), 2\n"
    )
    one = check("assert (f(), n) == (1, 1)", "one")
    two = check(f"assert (f(), n) == ({expected}, {expected})", "two")
    submission = notebook(answer, one, between, two)
    source = submission if between["metadata"] else notebook(answer, one, two)
    result = grade_one(submission, source, QUICK, levels="split")
    verdicts = {cell.grade_id: cell.verdict for cell in result.cells}
    assert (verdicts["one"], verdicts["two"]) == ("passed", "passed")


@pytest.mark.parametrize(
    ("answer", "one", "two"),
    {
        "a-finaliser": (
            "class R:\n    def __del__(self):\n        global n\n        n += 1\n"
            "def f(x):\n    r = R()\n    if x < 0:\n        raise ValueError('no')",
            "try:\n    f(-1)\nexcept ValueError:\n    pass",
            "assert n == 1",
        ),
        "a-text-of-an-error": (
            "class E(Exception):\n    def __str__(self):\n        global n\n        n = 1\n"
            "        return 'no'\n"
            "def f():\n    raise E",
            "try:\n    f()\nexcept Exception:\n    pass",
            "assert n == 1",
        ),
        "a-thread": (
            "import threading\n"
            "def go():\n    global n\n    n = 1\n"
            "def f(): threading.Timer(0.1, go).start()",
            "f()",
            "import time\ntime.sleep(1)\nassert n == 1",
        ),
    }.values(),
    ids=["a-finaliser", "a-text-of-an-error", "a-thread"],
)
def test_what_changes_a_name_between_two_requests_is_seen_by_the_next_test(answer, one, two):
    content = notebook(
        solution(f"n = 0\n{answer}"), check(f"assert n == 0\n{one}", "one"), check(two, "two")
    )
    result = grade_one(content, content, QUICK, levels="split")
    assert [cell.message for cell in result.cells if cell.verdict] == ["", ""]


def test_a_process_that_ends_between_two_tests_is_missed_by_the_next_one():
    answer = "import os, threading\nn = 1\ndef f(): threading.Timer(0.1, os._exit, [0]).start()"
    content = notebook(
        solution(answer),
        check("assert n == 1\nf()", "one"),
        check("import time\ntime.sleep(1)\nassert n == 1", "two"),
    )
    cells = grade_one(content, content, QUICK, levels="split").cells
    assert (cells[1].score, cells[2].score) == (2, 0)
    assert "ended its process" in cells[2].message


def test_a_name_that_the_test_gives_itself_is_its_own_whatever_the_student_renames():
    right = solution("n = 10\ndef make(n): return [0] * n")
    wrong = solution("n = 10\ndef make(k):\n    global n\n    n = 0\n    return []")
    test = check("assert n == 10\nn = 10\nassert len(make(n)) == n")
    result = grade_one(notebook(wrong, test), notebook(right, test), QUICK, levels="split")
    assert result.cells[1].verdict == Verdict.FAILED
