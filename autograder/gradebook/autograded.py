"""The autograded notebook, as nbgrader would write it: made where the submission was run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat

from autograder.core.result import Verdict

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.core.result import Result

KEY = "autograder"  # where its metadata holds the key of the task that it shows


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
    notebook = nbformat.v4.reads(result.notebook)
    sign(notebook, key, result)
    try:
        nbformat.validate(notebook, relax_add_props=True)
    except nbformat.ValidationError:
        return None
    return f"{nbformat.v4.writes(notebook)}\n"


def sign(notebook: NotebookNode, key: str, result: Result) -> None:
    """Note which task a notebook shows, and which of its tests are at fault themselves."""
    waiting = [cell.grade_id for cell in result.cells if cell.verdict is Verdict.ERROR]
    notebook.metadata[KEY] = {"key": key, "waiting": waiting}


def waiting_cells(notebook: NotebookNode) -> frozenset[str]:
    """Return the grade ids of the tests of an autograded notebook that a person must mark."""
    return frozenset(notebook.metadata.get(KEY, {}).get("waiting", ()))
