"""The autograded notebook, as nbgrader would write it: made where the submission was run."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines

from autograder.core.notebook import FORMAT
from autograder.core.result import Verdict

if TYPE_CHECKING:
    from autograder.core.result import Result

KEY = "autograder"  # where its metadata holds the key of the task that it shows
SPLIT = {"application/javascript", "image/svg+xml"}  # beside text/*, what nbformat has as lines


def autograded(key: str, result: Result) -> str | None:
    """Return the autograded notebook's text; None if nbformat would refuse it.

    Parameters
    ----------
    key : str
        Of the task.
    result : Result
        What came of it.
    """
    if result.notebook is None:
        return None
    notebook = json.loads(result.notebook)
    sign(notebook, key, result)
    cells = [json.dumps(cell) for cell in notebook["cells"]]
    frame = notebook | {"cells": []}
    written = [_written(cell) for cell in cells]
    if not all(written) or not _is_valid(frame):
        return None
    start, end = _dumped(frame).split("[]", 1)
    inner = ",".join(f"\n  {cell}" for cell in written)
    return f"{start}[{inner}\n ]{end}\n" if cells else f"{start}[]{end}\n"


@functools.lru_cache(maxsize=512)
def _written(content: str) -> str:
    """Return a cell as it stands in a notebook, "" if nbformat would refuse it.

    Most cells of a class are the same: the tests, which passed.
    """
    cell = json.loads(content)
    if not _is_valid({**FORMAT, "metadata": {}, "cells": [cell]}):
        return ""
    _split_lines(cell)
    return _dumped(cell).replace("\n", "\n  ")


def _is_valid(notebook: dict[str, Any]) -> bool:
    try:
        nbformat.validate(notebook, relax_add_props=True)
    except nbformat.ValidationError:
        return False
    return True


def _dumped(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, separators=(",", ": "))


def _split_lines(cell: dict[str, Any]) -> None:
    """Put texts as nbformat does, as lists of lines; its own writer copies the notebook twice."""
    cell["source"] = cell["source"].splitlines(keepends=True)
    for output in cell.get("outputs", ()):
        if output["output_type"] == "stream":
            output["text"] = output["text"].splitlines(keepends=True)
        for kind, shown in output.get("data", {}).items():
            if isinstance(shown, str) and (kind.startswith("text/") or kind in SPLIT):
                output["data"][kind] = shown.splitlines(keepends=True)


def parsed(text: str) -> NotebookNode:
    """Read what `autograded` has written, in half of the time that nbformat takes."""
    return rejoin_lines(json.loads(text, object_hook=NotebookNode))


def sign(notebook: dict[str, Any], key: str, result: Result) -> None:
    """Note which task a notebook shows, and which of its tests are at fault themselves."""
    waiting = [cell.grade_id for cell in result.cells if cell.verdict is Verdict.ERROR]
    notebook["metadata"][KEY] = {"key": key, "waiting": waiting}


def waiting_cells(notebook: NotebookNode) -> frozenset[str]:
    """Return the grade ids of the tests of an autograded notebook that a person must mark."""
    return frozenset(notebook.metadata.get(KEY, {}).get("waiting", ()))
