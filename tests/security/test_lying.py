"""Attacks by answers: objects, values and exceptions made to pass for what the test expects."""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

import pytest

from tests.security.attacks import Attack
from tests.security.lies import EQUAL, NEAR, OBJECTS, VALUES

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class

ANSWER = """
double = scale = apply = lambda *_, **__: Liar()
Total = Liar
"""
BASES = (
    "float",
    "int",
    "complex",
    "str",
    "bytes",
    "list",
    "tuple",
    "dict",
    "np.ndarray",
    "np.float64",
)
RAISED = {
    "stop-iteration": "StopIteration(6)",
    "stop-async-iteration": "StopAsyncIteration",
    "system-exit": "SystemExit(0)",
    "keyboard-interrupt": "KeyboardInterrupt",
    "generator-exit": "GeneratorExit",
    "assertion-error": "AssertionError('6')",
    "name-error": "NameError(\"name 'double' is not defined\")",
    "syntax-error": "SyntaxError('the test')",
    "import-error": "ImportError('numpy')",
    "recursion-error": "RecursionError",
    "memory-error": "MemoryError",
    "key-error": "KeyError('double')",
    "group": "BaseExceptionGroup('x', [ValueError(), KeyboardInterrupt()])",
    "graders-own": "__import__('autograder.remote.handles', fromlist='x').InstructorError('the test')",
    "timeout": "__import__('autograder.inside.process', fromlist='x').CellTimeoutError('x')",
}
PEEK = """
import gc, inspect, sys, traceback
def look(*arguments):
    frame, seen = sys._getframe(), []
    while frame:
        seen.append(str({**frame.f_globals, **frame.f_locals}))
        frame = frame.f_back
    seen += [str(item) for item in gc.get_objects() if type(item) is tuple and len(item) < 9]
    seen += [repr(inspect.stack()), repr(traceback.format_stack())]
    words = ["_".join(("secret", "function")), " ".join(("HIDDEN", "TESTS"))]
    if any(word in text for word in words for text in seen):
        return arguments[0] * 2  # the test's text is there: it could be read
"""

ATTACKS = [
    *(
        Attack(n, a, code + ANSWER, plain=p, earns=1.0 if n == "none" else None)
        for n, (code, a, p) in OBJECTS.items()
    ),
    *(
        Attack(
            f"lying-{base.rpartition('.')[2]}",
            f"Is of a subclass of {base} that equals everything; the type decides, and it is not plain.",
            f"class Liar({base}):{EQUAL}{NEAR}    def __new__(cls, *_): return {base}.__new__(cls, 1)\n"
            + ("    def __array_finalize__(self, other): pass\n" if "array" in base else "")
            + ANSWER,
        )
        for base in BASES
        if base not in ("list", "tuple", "dict", "bytes")
    ),
    *(
        Attack(
            f"lying-{base}",
            f"Is of a subclass of {base} that equals everything; the type decides, and it is not plain.",
            f"class Liar({base}):{EQUAL}{NEAR}{ANSWER}",
        )
        for base in ("list", "tuple", "dict", "bytes")
    ),
    *(
        Attack(
            f"answers-{name}",
            f"Answers everything with this: {about[0].lower()}{about[1:]}",
            f"class Total:\n    value = None\n    add = lambda *_: None\n"
            f"double = scale = apply = lambda *_: {value}",
        )
        for name, (value, about) in VALUES.items()
    ),
    *(
        Attack(
            f"raises-{name}",
            f"Raises {name.replace('-', ' ')} wherever it is called: an error like any other.",
            f"def double(*_): raise {error}\nscale = apply = Total = double",
        )
        for name, error in RAISED.items()
    ),
    Attack(
        "raises-what-is-expected",
        "Raises a ValueError that is also an AssertionError: right where a ValueError is asked for, and only there.",
        "class Both(ValueError, AssertionError): pass\n"
        "def double(*_): raise Both\nscale = apply = Total = double",
        earns=1.0,
    ),
    Attack(
        "lying-exception",
        "Raises exceptions whose text, arguments, class and traceback lie; they are asked once, in their process.",
        """
class Liar(Exception):
    __class__ = ValueError
    args = property(lambda self: 1 / 0)
    def __str__(self): raise SystemExit
    __repr__ = __reduce__ = __str__
    __cause__ = __context__ = property(lambda self: self)
def double(*_): raise Liar
scale = apply = Total = double
""",
    ),
    Attack(
        "looks-at-its-caller",
        "Looks for the expected value in frames, stack and heap when it is called; none of it is there.",
        PEEK + "double = scale = apply = Total = look",
    ),
    Attack(
        "looks-into-a-callback",
        "Takes the test's function apart; all that it has is a number.",
        """
import dis, inspect
def apply(function, items):
    for name in ("__code__", "__closure__", "__globals__", "__defaults__", "__wrapped__"):
        attempt(getattr, function, name)
    attempt(inspect.getsource, function)
    attempt(dis.dis, function)
    print(vars(function))
    return []
""",
    ),
    Attack(
        "answers-like-an-impostor",
        "Hands the test's function back as its own answer.",
        "def apply(function, items): return function\ndouble = scale = Total = lambda *_: apply",
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)
