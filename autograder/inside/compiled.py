"""A test cell as the checker runs it: compiled by the worker, once for the class.

The code goes from the worker to the checker only; nothing that a student's process sends is code.
"""

from __future__ import annotations

import ast
import functools
import marshal
import warnings
from types import CodeType
from typing import Any

FILENAME = "<test cell>"
Parts = tuple[CodeType, CodeType | None]


@functools.lru_cache(maxsize=512)
def compiled(source: str) -> bytes | str:
    """Return a test cell for `execute`: its text if there is anything to say about it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return marshal.dumps(parts_of(source))
    except Exception:  # noqa: BLE001 - the checker says it, as what came of the test
        return source


def parts_of(source: str) -> Parts:
    """Compile a cell, and its last line apart if that is an expression whose value counts."""
    tree = ast.parse(source, FILENAME)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
    body = compile(tree, FILENAME, "exec")
    return body, None if last is None else compile(last, FILENAME, "eval")


def execute(cell: bytes | str, namespace: dict[str, Any]) -> object:
    """Run what `compiled` gave and return the value of its last line, as a notebook does."""
    body, last = parts_of(cell) if isinstance(cell, str) else marshal.loads(cell)  # noqa: S302
    exec(body, namespace)  # noqa: S102 - the instructor's code
    return None if last is None else eval(last, namespace)  # noqa: S307 - the instructor's code
